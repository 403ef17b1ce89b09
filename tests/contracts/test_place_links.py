"""Links that answer an offered place: they say what was sealed, also late; nothing else does."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from impulse_contracts import confirmations
from impulse_contracts.place_links import READ_LATE, PlaceLink, read, token

KEY = "a key of the tests that is long enough"
UNTIL = datetime(2026, 12, 1, 12, tzinfo=UTC)
LINK = PlaceLink(uuid4(), uuid4(), UNTIL)


def test_it_says_what_was_sealed_and_is_read_late_but_not_for_ever():
    text = token(KEY, LINK)
    assert read(KEY, text, UNTIL - timedelta(hours=1)) == LINK
    assert read(KEY, text, UNTIL + READ_LATE - timedelta(seconds=1)) == LINK
    assert read(KEY, text, UNTIL + READ_LATE) is None


def test_nothing_else_makes_one():
    other = confirmations.token(KEY, confirmations.Confirmation(*LINK))
    changed = token(KEY, LINK)[:-4] + "AAAA"
    for text in (token("another key", LINK), other, changed, "nonsense", ""):
        assert read(KEY, text, UNTIL) is None
