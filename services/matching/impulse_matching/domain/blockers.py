"""What rules a pair out, whatever else fits, and what the sentences about it may name."""

from __future__ import annotations

from enum import StrEnum
from string import Formatter


class Blocker(StrEnum):
    """What rules a pair out. Rule sets say it in words, German and English."""

    NOT_OPEN = "not_open"
    IMPOSSIBLE = "impossible"
    SAME_DIRECTION = "same_direction"
    OTHER_CATEGORY = "other_category"
    EXAMPLE = "example"
    SAME_PARTY = "same_party"
    NOT_VALID = "not_valid"
    IN_THE_PAST = "in_the_past"
    DATES_APART = "dates_apart"
    NEVER_TOGETHER = "never_together"
    TOO_SHORT = "too_short"
    NOT_LOCATED = "not_located"
    OTHER_PLACE = "other_place"
    TOO_FAR = "too_far"
    TEAM_SIZE = "team_size"
    REQUIREMENT_MISSING = "requirement_missing"


DETAILS: dict[Blocker, tuple[str, ...]] = {
    Blocker.NOT_OPEN: ("title",),
    Blocker.IMPOSSIBLE: (
        "title",
        "fault",
    ),
    Blocker.OTHER_CATEGORY: (
        "need",
        "offer",
    ),
    Blocker.NOT_VALID: ("day",),
    Blocker.IN_THE_PAST: ("day",),
    Blocker.DATES_APART: (
        "need",
        "offer",
    ),
    Blocker.NEVER_TOGETHER: (
        "need",
        "offer",
    ),
    Blocker.TOO_SHORT: (
        "both",
        "needed",
    ),
    Blocker.OTHER_PLACE: (
        "need",
        "offer",
    ),
    Blocker.TOO_FAR: (
        "km",
        "reach",
    ),
    Blocker.TEAM_SIZE: (
        "need",
        "offer",
    ),
    Blocker.REQUIREMENT_MISSING: ("missing",),
}
"""What the sentences on a blocker may name in braces; those on the others name nothing."""


def unknown_details(blocker: Blocker, sentence: str) -> list[str]:
    """What a sentence names in braces and nobody can tell; raises ValueError for a brace alone."""
    told = DETAILS.get(blocker, ())
    return [
        named
        for _, named, how, converted in Formatter().parse(sentence)
        if named is not None and (named not in told or how or converted)
    ]
