"""What a report may hold: texts, times, numbers, places."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from impulse_contracts.message import Message
from impulse_contracts.partner import ActorReported, ListingReported
from impulse_contracts.schemas import examples, schema_of
from impulse_contracts.types import Day, Moment

GOLDEN = {name: data for name, _, data in examples()}
ACTOR = GOLDEN["impulse.partner.actor.reported.v1.json"]
LISTING = GOLDEN["impulse.partner.listing.reported.v1.json"]


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(data))
    place = copy
    *way, last = path.split(".")
    for step in way:
        place = place[step]
    place[last] = value
    return copy


def accepts(message: type[Message], data: dict[str, Any]) -> bool:
    try:
        message.model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True


def actor(path: str, value: Any) -> bool:
    return accepts(ActorReported, changed(ACTOR, path, value))


def listing(path: str, value: Any) -> bool:
    return accepts(ListingReported, changed(LISTING, path, value))


# ---------------------------------------------------------------------------------- texts

LENGTHS = {
    "external_id": (actor, 200),
    "legal_name": (actor, 300),
    "display_name": (actor, 300),
    "seat.city": (actor, 300),
    "register.number": (actor, 200),
    "contact.name": (actor, 300),
    "actor_external_id": (listing, 200),
    "title": (listing, 200),
    "description": (listing, 10_000),
}


@pytest.mark.parametrize("field", LENGTHS)
def test_a_text_is_as_long_as_its_limit(field):
    check, limit = LENGTHS[field]
    assert check(field, "ü" * limit)
    assert check(field, "𝔘" * limit)
    assert not check(field, "x" * (limit + 1))


INVISIBLE = {
    "zero width space": "\u200b",
    "no-break space, byte order mark": "\u00a0\ufeff",
    "word joiners": "\u2060\u2060",
    "soft hyphen": "\u00ad",
    "variation selector": "\ufe0f",
    "Hangul filler": "\u3164",
    "Braille blank": "\u2800",
    "tags": "\U000e0041\U000e007f",
}.values()


@pytest.mark.parametrize("field", ["external_id", "legal_name", "register.court", "contact.name"])
@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "\u2003 ", *INVISIBLE])
def test_a_needed_text_is_not_blank(field, blank):
    assert not actor(field, blank)


@pytest.mark.parametrize("invisible", INVISIBLE)
def test_a_text_may_hold_what_is_not_seen(invisible):
    """Joiners make emoji, soft hyphens and spaces stand in names."""
    assert actor("legal_name", f"Beispiel{invisible}Verein")


@pytest.mark.parametrize("field", LENGTHS)
@pytest.mark.parametrize("character", ["\0", "\x01", "\t", "\x1f", "\x7f", "\x85", "\x9f"])
def test_no_text_holds_control_characters(field, character):
    check, _ = LENGTHS[field]
    assert not check(field, f"Beispiel{character}Verein")
    assert not check(field, f"Beispiel{character}")


@pytest.mark.parametrize("field", LENGTHS)
def test_only_descriptions_hold_line_breaks(field):
    check, _ = LENGTHS[field]
    for line_break in ("\n", "\r\n"):
        assert check(field, f"Beispiel{line_break}Verein") == (field == "description")


@pytest.mark.parametrize("surrogate", ["\ud800", "\udfff", "a\udc00b"])
def test_no_text_holds_unpaired_surrogates(surrogate):
    assert not actor("legal_name", surrogate)
    assert not listing("description", surrogate)
    with pytest.raises(ValidationError):
        ActorReported.model_validate(changed(ACTOR, "legal_name", surrogate))


UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
FILLERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def permitted(text: str, limit: int, breaks: str = "", blank: bool = False) -> bool:
    """The rule for texts, said once more in another way."""
    bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in breaks]
    seen = [c for c in text if unicodedata.category(c) not in UNSEEN and c not in FILLERS]
    return not bad and len(text) <= limit and (blank or bool(seen))


TEXTS = st.text(
    st.characters(categories=["L", "N", "Z", "Cc", "Cs", "Cf", "So", "P"]), max_size=210
)


@given(TEXTS)
def test_titles_and_descriptions_follow_the_rule(text):
    text = json.loads(json.dumps(text))  # Two surrogates that make a pair are one character.
    assert listing("title", text) == permitted(text, 200)
    assert listing("description", text) == permitted(text, 10_000, breaks="\r\n", blank=True)


@given(TEXTS)
def test_what_is_accepted_is_valid_by_the_schema(text):
    data = changed(LISTING, "title", text)
    if accepts(ListingReported, data):
        assert Draft202012Validator(schema_of(ListingReported)).is_valid(data)


@pytest.mark.parametrize(
    ("email", "fine"),
    [
        ("kontakt@verein.example", True),
        ("kontakt@grün.example", True),
        ("kontakt", False),
        ("@verein.example", False),
        ("kontakt@verein.example\n", False),
        ("kontakt@a@b", False),
        ("kon takt@verein.example", False),
        ("kontakt\x7f@verein.example", False),
        ("x" * 250 + "@a.example", False),
    ],
)
def test_addresses_have_two_parts(email, fine):
    assert actor("contact.email", email) == fine


# ---------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("time", "fine"),
    [
        ("2026-11-20T08:15:00+01:00", True),
        ("2026-11-20T08:15:00Z", True),
        ("2026-11-20t08:15:00z", True),
        ("2026-11-20T08:15:00.123456789-00:30", True),
        ("2026-11-20T08:15:00", False),
        ("2026-11-20", False),
        ("2026-11-20T08:15+01:00", False),
        ("2026-11-20 08:15:00+01:00", False),
        ("2026-11-20T08:15:00+0100", False),
        ("20261120T081500Z", False),
        ("2026-02-30T08:15:00Z", False),
        ("2026-11-20T24:00:00Z", False),
        ("1700000000", False),
        (1700000000, False),
        (1.5, False),
        (True, False),
        ("", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-10:00", False),
        ("12026-11-20T08:15:00Z", False),
    ],
)
def test_times_are_rfc_3339_with_offset(time, fine):
    assert actor("observed_at", time) == fine
    assert listing("time.start", time) == (fine and time != "")


OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(), OFFSETS)
def test_every_time_with_an_offset_is_read_as_it_is(time, offset):
    assume(2 < time.year < 9998)
    moment = time.replace(tzinfo=offset)
    read = TypeAdapter(Moment).validate_json(json.dumps(moment.isoformat()))
    assert read == moment
    assert TypeAdapter(Moment).validate_python(moment) == moment


def test_every_time_can_be_told_in_every_offset():
    moment = TypeAdapter(Moment)
    for text in ("0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z"):
        for hours in (-23, 23):
            offset = timezone(timedelta(hours=hours))
            assert moment.validate_python(text).astimezone(offset).tzinfo is offset


def test_times_in_python_need_a_zone():
    with pytest.raises(ValidationError, match="timezone"):
        TypeAdapter(Moment).validate_python(datetime(2026, 11, 20))  # noqa: DTZ001
    fine = datetime(2026, 11, 20, tzinfo=UTC)
    assert TypeAdapter(Moment).validate_python(fine) == fine


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        ("2027-02-28", True),
        ("2027-02-29", False),
        ("2027-2-8", False),
        ("2027-02-28T00:00:00Z", False),
        ("1700000000", False),
        (0, False),
        (86400, False),
    ],
)
def test_days_are_days(day, fine):
    assert listing("valid_until", day) == fine


def test_a_fault_of_a_time_is_said_in_words():
    with pytest.raises(ValidationError, match="with its offset: 2026-11-20T08:15:00"):
        ActorReported.model_validate_json(json.dumps(changed(ACTOR, "observed_at", "gestern")))
    with pytest.raises(ValidationError, match="must be a day as RFC 3339 writes it"):
        TypeAdapter(Day).validate_json('"morgen"')


# ------------------------------------------------------------------------ numbers, places


@pytest.mark.parametrize(
    ("path", "value", "fine"),
    [
        ("quantity.value", 0.5, True),
        ("quantity.value", 0, False),
        ("quantity.value", -1, False),
        ("quantity.value", 1_000_001, False),
        ("quantity.value", "8", False),
        ("quantity.value", True, False),
        ("quantity.unit", "bushel", False),
        ("team_size", {"max": 5}, True),
        ("team_size", {"min": 6, "max": 5}, False),
        ("team_size", {"min": 0, "max": 5}, False),
        ("team_size", {"min": 1.0, "max": 5}, False),
        ("time", {}, True),
        ("time", {"mode": "fixed"}, False),
        ("time", {"mode": "fixed", "start": "2026-12-01T09:00:00+01:00"}, True),
        ("time", {"mode": "window", "start": "2026-12-01T09:00:00+01:00"}, False),
        ("time", {"mode": "sometimes"}, False),
        ("time.end", "2026-11-01T09:00:00+01:00", False),
        ("time.flexibility_days", 367, False),
        ("place", None, True),
        ("place", {}, True),
        ("place.mode", "on_the_moon", False),
        ("place.max_distance_km", -1, False),
        ("direction", "both", False),
        ("direction", "OFFER", False),
        ("resource_category", "money", False),
        ("skills", ["Streichen!"], False),
        ("skills", "renovation", False),
        ("topics", ["unknown"], False),
        ("counter_offers", [{"title": " ", "resource_category": "means"}], False),
    ],
)
def test_listings(path, value, fine):
    assert listing(path, value) == fine


@pytest.mark.parametrize(
    ("path", "value", "fine"),
    [
        ("seat", {"postcode": "45144"}, True),
        ("seat", {"city": "Essen"}, True),
        ("seat", {"ags": "05113000"}, True),
        ("seat", {"ags": "05113"}, True),
        ("seat", {"ags": "5113"}, False),
        ("seat", {"postcode": " ", "city": ""}, False),
        ("seat", {"postcode": "\u2060", "city": "\u200b"}, False),
        ("seat", {"street": "Beispielstraße 12"}, False),
        ("seat", {}, False),
        ("seat", None, False),
        ("kind", "club", False),
        ("kind", "unknown", False),
        ("icnpo_group", 12, True),
        ("icnpo_group", 13, False),
        ("icnpo_group", "2", False),
        ("icnpo_group", True, False),
        ("languages", ["de", "tr"], True),
        ("languages", ["Deutsch"], False),
        ("example", "yes", False),
        ("legal_name", None, False),
        ("legal_name", 4711, False),
        ("contact", {"name": "Geschäftsstelle"}, False),
        ("register", {"court": "Essen"}, False),
    ],
)
def test_actors(path, value, fine):
    assert actor(path, value) == fine


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400"])
def test_numbers_are_finite(number):
    text = json.dumps(changed(LISTING, "quantity.value", 0)).replace(
        '"value": 0', f'"value": {number}'
    )
    assert number in text
    with pytest.raises(ValidationError):
        ListingReported.model_validate_json(text)
