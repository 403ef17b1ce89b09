"""What may be told of persons: nothing from which fewer than five of them could be singled out."""

from collections.abc import Sequence
from fractions import Fraction

FEWEST = 5
"""So many persons a published value is about at least, or about none."""


def suppressed(rows: Sequence[Fraction], total: Fraction) -> tuple[bool, Fraction | None]:
    """Whether the rows of a table that counts persons may be published, and the total if it may.

    A table with a small value publishes its total alone, and not even that where it is small.
    Hiding less would take less from readers, but then *which* rows are hidden tells of their
    values. So nothing can be computed back: of what a total of five or more may be made of, with a
    small value somewhere, each row may be one and each may be two.
    """
    small = any(0 < abs(value) < FEWEST for value in (*rows, total))
    return not small, None if 0 < abs(total) < FEWEST else total
