"""A market's talks, said so shortly that the plan fits into one record, however long titles are."""

from collections.abc import Sequence

from impulse_contracts.markets import SuggestedTalk

MOST_BYTES = 900_000
"""So much all talks may take; with the names of who takes part that stays below the 1 MiB of a
record."""
_SHORTER = ((160, 8), (80, 3), (60, 1), (60, 0))
"""The bytes of a title and the reasons of a talk that are kept, from long to short. With the last,
the largest market fits in any case."""


def fitting(talks: Sequence[SuggestedTalk], most_bytes: int = MOST_BYTES) -> list[SuggestedTalk]:
    """The talks with as much of their titles and reasons as fits; each of them stays."""
    said = list(talks)
    for title, reasons in _SHORTER:
        if sum(map(size, said)) <= most_bytes:
            break
        said = [_shortened(each, title, reasons) for each in talks]
    return said


def size(talk: SuggestedTalk) -> int:
    """The bytes that a talk takes in a record, with what parts it from the next."""
    return len(talk.model_dump_json().encode()) + 1


def _shortened(talk: SuggestedTalk, title: int, reasons: int) -> SuggestedTalk:
    return talk.model_copy(
        update={
            "need_title": _cut(talk.need_title, title),
            "offer_title": _cut(talk.offer_title, title),
            "reasons": talk.reasons[:reasons],
        }
    )


def _cut(text: str, most: int) -> str:
    """A text of so many bytes at most; one that was cut says so."""
    whole = text.encode()
    if len(whole) <= most:
        return text
    mark = "…"
    return whole[: most - len(mark.encode())].decode(errors="ignore").rstrip() + mark
