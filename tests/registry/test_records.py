"""What stands of all that was said of one actor: a rule with an algebra."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from impulse_chassis.testing import START
from impulse_contracts.parts import Source
from impulse_registry.domain.records import Heard, Record, record_of, standing
from tests.registry.given import OTHER, SOURCE, actor_reported, at, ident


def heard(
    source: str | None = SOURCE, hours: float = 0, confirmed: bool = False, **said: Any
) -> Heard:
    """What a source said (nobody: by hand) so many hours after the start."""
    name = Source(source=source, external_id="4711") if source else None
    record = record_of(actor_reported(**said), name, confirmed=confirmed)
    return Heard(record, at(hours), f"{source}|4711")


def stands(*said: Heard) -> dict[str, Any]:
    """What stands, the same in whatever order it came."""
    found = [standing(order) for order in permutations(said)]
    assert all(each == found[0] for each in found)
    return found[0]


def test_the_later_stands_over_the_earlier_whoever_said_it():
    early = heard(SOURCE, 1, legal_name="Beispiel A")
    late = heard(OTHER, 2, legal_name="Beispiel B")
    assert stands(early, late)["legal_name"] == "Beispiel B"


def test_what_the_party_confirmed_stands_over_what_others_say_later():
    own = heard(None, 1, confirmed=True, legal_name="Beispiel Eigen")
    late = heard(OTHER, 9, legal_name="Beispiel B")
    assert stands(own, late)["legal_name"] == "Beispiel Eigen"


def test_what_was_entered_by_hand_and_not_confirmed_gives_way_to_a_later_report():
    by_hand = heard(None, 1, legal_name="Beispiel am Telefon")
    assert stands(by_hand, heard(hours=2, legal_name="Neu"))["legal_name"] == "Neu"
    assert stands(by_hand, heard(hours=1, legal_name="Zugleich"))["legal_name"] == (
        "Beispiel am Telefon"
    )


def test_what_the_first_leaves_empty_is_filled_by_the_others():
    full = heard(
        SOURCE, 1, website="https://alt.example", register={"court": "Essen", "number": "VR 1"}
    )
    bare = heard(OTHER, 2, topics=[], legal_form=None)
    found = stands(full, bare)
    assert found["website"] == "https://alt.example"
    assert found["register_entry"].number == "VR 1"
    assert (str(found["legal_form"]), found["topics"]) == ("e_v", ("education_equity",))


def test_a_seat_that_is_not_located_gives_way_to_one_that_is():
    somewhere = heard(OTHER, 2, seat={"postcode": "00000"})
    assert stands(heard(), somewhere)["seat"].postcode == "45144"
    assert stands(somewhere)["seat"].postcode == "00000"


def test_every_field_says_what_it_rests_on():
    full = heard(SOURCE, 1, website="https://alt.example")
    bare = heard(None, 2, confirmed=True, topics=[])
    own, other = stands(full, bare)["provenance"]
    assert (own.source, own.confirmed, own.at) == (None, True, at(2))
    assert {"kind", "legal_name", "seat", "legal_form"} <= set(own.fields)
    assert (other.source, other.at) == (SOURCE, at(1))
    assert set(other.fields) == {"website", "topics"}


def test_nothing_that_stands_says_who_entered_it():
    record = record_of(actor_reported(), recorded_by=ident("somebody"))
    said = repr(standing((Heard(record, START, "hand/1"),)))
    assert str(ident("somebody")) not in said


TEXTS = st.sampled_from([None, "eins", "zwei"])


@st.composite
def sayings(draw: st.DrawFn) -> list[Heard]:
    """Some records of one actor, no two of them under one name."""
    names = draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True))
    return [
        heard(
            None if name == "d" else f"https://{name}.example",
            draw(st.integers(0, 2)),
            draw(st.booleans()),
            legal_name=draw(st.sampled_from(["Beispiel A", "Beispiel B"])),
            display_name=draw(TEXTS),
            website=draw(st.sampled_from([None, "eins.example", "zwei.example"])),
            topics=draw(st.sampled_from([[], ["social_cohesion"]])),
        )
        for name in names
    ]


@given(sayings())
def test_the_order_of_arrival_does_not_matter(said: list[Heard]):
    stands(*said)


@given(sayings())
def test_to_say_the_same_again_changes_nothing(said: list[Heard]):
    """The first of all is known to be so once more, later: it stays the first."""
    ranked = sorted(said, key=lambda each: (each.record.confirmed, each.at))
    if len(ranked) > 1 and ranked[-1].record.confirmed == ranked[-2].record.confirmed:
        assume(ranked[-1].at != ranked[-2].at)
    again = [*ranked[:-1], ranked[-1]._replace(at=ranked[-1].at + timedelta(hours=1))]
    before = standing(said)
    changed = {name for name, value in standing(again).items() if value != before[name]}
    assert changed <= {"provenance"}


@given(sayings())
def test_nothing_stands_that_nobody_said(said: list[Heard]):
    found = standing(said)
    for name in ("legal_name", "display_name", "website", "topics"):
        values = [getattr(each.record, name) for each in said]
        assert found[name] in values
        if any(values):
            assert found[name], f"{name} was said, and is empty"


@pytest.mark.parametrize("field", ["street", "contact", "email", "phone"])
def test_a_record_has_no_place_for_personal_data(field: str):
    assert field not in Record.model_fields
    contact = {"name": "Kontaktstelle Beispiel", "email": "kontakt@stadtwald.example"}
    record = record_of(actor_reported(contact=contact))
    for private in ("Beispielstraße", "Kontaktstelle", "kontakt@"):
        assert private not in record.model_dump_json()
