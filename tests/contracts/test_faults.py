"""What is wrong is said in words that its sender understands, and never repeats the value."""

import json

import pytest
from pydantic import ValidationError

from impulse_contracts.faults import in_words
from impulse_contracts.partner import ActorReported, ListingReported

ACTOR = {
    "external_id": "4711",
    "kind": "nonprofit",
    "legal_name": "Beispiel e. V.",
    "seat": {"postcode": "45144"},
    "observed_at": "2026-11-24T12:00:00Z",
}


def words(message, value):
    with pytest.raises(ValidationError) as caught:
        message.model_validate_json(json.dumps(value))
    [fault] = caught.value.errors(include_url=False)
    return ".".join(map(str, fault["loc"])), *in_words(fault)


@pytest.mark.parametrize(
    ("change", "place", "german", "english"),
    [
        ({"legal_name": None}, "legal_name", "muss ein Text sein", "must be a text"),
        (
            {"legal_name": "  "},
            "legal_name",
            "ist leer",
            "is empty",
        ),
        (
            {"legal_name": "\u00a0\u200b"},
            "legal_name",
            "ist leer",
            "is empty",
        ),
        (
            {"legal_name": "x" * 301},
            "legal_name",
            "ist zu lang (höchstens 300 Zeichen)",
            "is too long (at most 300 characters)",
        ),
        (
            {"seat": {}},
            "seat",
            "braucht eines von postcode, city und ags",
            "needs one of postcode, city and ags",
        ),
        *(
            (
                {"legal_name": text},
                "legal_name",
                "enthält Steuerzeichen, die nicht erlaubt sind",
                "holds control characters that are not allowed",
            )
            for text in ("Verein\u202e.V.e", "Verein\u2066", "Ver\x07ein")
        ),
        (
            {"seat": {"ags": "Essen"}},
            "seat.ags",
            "muss ein Gemeindeschlüssel sein: 8 Ziffern, oder 5 für einen Kreis",
            "must be a municipality key: 8 digits, or 5 for a district",
        ),
        *(
            (
                {"website": text},
                "website",
                "muss eine Webadresse sein wie https://www.verein.example",
                "must be a web address like https://www.verein.example",
            )
            for text in (
                "javascript:alert(document.domain)",
                "JavaScript://verein.example/%0aalert(1)",
                "data:text/html,x.y",
                "//verein.example",
                "https://post@verein.example",
                "siehe unten",
            )
        ),
        ({"seat": 7}, "seat", "muss ein Objekt sein", "must be an object"),
        (
            {"observed_at": "2026-11-24T12:00:00"},
            "observed_at",
            "ist keine Zeit nach RFC 3339",
            "is not a time of RFC 3339",
        ),
    ],
)
def test_a_fault_in_words(change, place, german, english):
    assert words(ActorReported, {**ACTOR, **change}) == (place, german, english)


def test_what_is_missing():
    value = {name: value for name, value in ACTOR.items() if name != "legal_name"}
    assert words(ActorReported, value) == ("legal_name", "fehlt", "is missing")


def test_the_values_that_are_allowed():
    place, german, english = words(ActorReported, {**ACTOR, "kind": "club"})
    assert place == "kind"
    assert german.startswith("muss einer dieser Werte sein: 'company', ")
    assert german.endswith(" oder 'programme'")
    assert english.startswith("must be one of 'company', ")
    assert english.endswith(" or 'programme'")


@pytest.mark.parametrize("message", [ActorReported, ListingReported])
def test_every_field_of_a_report_has_words_for_a_wrong_type(message):
    """Nothing of pydantic's own wording reaches a partner, and no fault is without words."""
    for name in message.model_fields:
        with pytest.raises(ValidationError) as caught:
            message.model_validate_json(json.dumps({name: {"a": [1.5]}}))
        for fault in caught.value.errors(include_url=False):
            german, english = in_words(fault)
            assert fault["msg"] not in (german, english)
            assert "{" not in german + english


@pytest.mark.parametrize(
    "website",
    [
        "https://verein.example",
        "HTTP://www.verein.example:8080/über uns?a=b#c",
        "www.verein.example",
        "täglich-gut.example/",
        " ",
        "",
    ],
)
def test_websites(website):
    assert ActorReported.model_validate({**ACTOR, "website": website}).website == website
