"""One organisation, one entry, whoever reports it: on the database and the log."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from impulse_contracts.codes import ListingStatus
from impulse_contracts.partner import ActorReported
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import MembershipsState
from impulse_registry.domain import identity
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    at,
    change_actor,
    listing_reported,
    listing_withdrawn,
    register_actor,
)

THIRD = "https://stadt.beispielstadt.example/api"
ENTRY = {"court": "Essen", "number": "VR 4321"}
NUMBER = "DE123456789-00001"


def tell(world: RegistryWorld, external_id: str = "4711", source: str = SOURCE, **said: Any) -> str:
    """The id of the actor that a report is found to speak of."""
    outcome = world.accepted(actor_reported(external_id, **said), source=source)
    assert outcome.aggregate_id is not None
    return outcome.aggregate_id


def newest(world: RegistryWorld, actor_id: str) -> Any:
    """The newest fact of an actor."""
    found = [each.data for each in world.heard(ActorState) if str(each.data.actor_id) == actor_id]
    return max(found, key=lambda each: each.version)


# -------------------------------------------------------------------------- the legal entity


@pytest.mark.parametrize(
    "spelling",
    [
        {"court": "Amtsgericht Essen", "number": "VR4321"},
        {"court": "AG Essen", "number": "VR 04321"},
        {"court": "essen", "number": "Vereinsregister Nr. 4321"},
    ],
)
def test_a_register_entry_in_any_spelling_is_one_organisation(
    world: RegistryWorld, spelling: dict[str, str]
):
    one = tell(world, register=ENTRY)
    other = tell(
        world, "X", OTHER, register=spelling, legal_name="Ganz anders", seat={"postcode": "44787"}
    )
    assert one == other
    assert world.rows("actor") == 1
    assert [each.source for each in newest(world, one).sources] == [SOURCE, OTHER]


def test_a_number_without_its_place_of_business_is_one_organisation(world: RegistryWorld):
    one = tell(world, w_idnr=NUMBER)
    other = tell(world, "X", OTHER, w_idnr="DE 123456789", legal_name="Ganz anders")
    assert one == other


@pytest.mark.parametrize(
    "entry",
    [
        {"court": "Essen", "number": "HRB 4321"},
        {"court": "Essen", "number": "VR 4322"},
        {"court": "Bochum", "number": "VR 4321"},
    ],
)
def test_other_entries_are_other_organisations_even_of_one_name_and_number(
    world: RegistryWorld, entry: dict[str, str]
):
    one = tell(world, register=ENTRY, w_idnr=NUMBER)
    other = tell(world, "X", OTHER, register=entry, w_idnr=NUMBER)
    assert one != other
    assert newest(world, other).carrier_actor_id is None


def test_examples_are_never_mixed_with_real_organisations(world: RegistryWorld):
    assert tell(world, register=ENTRY) != tell(world, "X", OTHER, register=ENTRY, example=True)


# ------------------------------------------------------------------------------------- units


def test_a_unit_of_a_legal_entity_is_an_actor_of_its_own(world: RegistryWorld):
    bearer = tell(world, register=ENTRY)
    unit = tell(world, "U", OTHER, register=ENTRY, unit="Kita Regenbogen")
    assert unit != bearer
    assert str(newest(world, unit).carrier_actor_id) == bearer
    assert tell(world, "V", THIRD, register=ENTRY, unit="KITA Regenbogen") == unit
    assert tell(world, "W", THIRD, register=ENTRY) == bearer
    assert tell(world, "X", THIRD, register=ENTRY, unit="Kita Sonne") not in {bearer, unit}


@pytest.mark.parametrize("entry", [ENTRY, None])
def test_what_begins_to_state_a_unit_leaves_the_entity_and_is_borne_by_it(
    world: RegistryWorld, entry: dict[str, str] | None
):
    bearer = tell(world, register=ENTRY)
    assert tell(world, "U", OTHER, register=entry) == bearer
    said = {"unit": "Kita Regenbogen", "actor_type": "school_or_daycare", "register": entry}
    unit = tell(world, "U", OTHER, observed_at=at(1), **said)
    assert unit != bearer
    assert (newest(world, unit).unit, str(newest(world, unit).carrier_actor_id)) == (
        "Kita Regenbogen",
        bearer,
    )
    whole = newest(world, bearer)
    assert (whole.unit, [each.source for each in whole.sources]) == (None, [SOURCE])
    # Both go on as what they are.
    assert tell(world, "W", THIRD, register=ENTRY) == bearer
    assert tell(world, "V", THIRD, register=entry, unit="Kita Regenbogen") == unit
    assert tell(world, "U", OTHER, observed_at=at(2), **said, website="u.example") == unit


def test_so_is_one_of_another_type(world: RegistryWorld):
    bearer = tell(world, register=ENTRY, actor_type="welfare_association")
    house = tell(world, "U", OTHER, register=ENTRY, actor_type="multigenerational_house")
    assert str(newest(world, house).carrier_actor_id) == bearer
    # Who states no type speaks of the legal entity itself.
    assert tell(world, "W", THIRD, register=ENTRY) == bearer


def test_a_bearer_that_is_reported_after_its_unit_bears_it(world: RegistryWorld):
    unit = tell(world, "U", OTHER, register=ENTRY, unit="Kita Regenbogen")
    assert newest(world, unit).carrier_actor_id is None
    bearer = tell(world, register=ENTRY)
    assert bearer != unit
    assert str(newest(world, unit).carrier_actor_id) == bearer


@pytest.mark.parametrize("bearer_first", [True, False])
def test_a_report_names_the_bearer(world: RegistryWorld, bearer_first: bool):
    def bearer() -> str:
        return tell(world, "B", legal_name="Beispiel-Caritas e.V.", register=ENTRY)

    def unit() -> str:
        return tell(world, "U", carrier_external_id="B", legal_name="Haus Beispiel", register=ENTRY)

    ids = [bearer(), unit()] if bearer_first else [unit(), bearer()][::-1]
    assert ids[0] != ids[1]
    assert str(newest(world, ids[1]).carrier_actor_id) == ids[0]
    assert newest(world, ids[0]).carrier_actor_id is None


@pytest.mark.parametrize("bearer_first", [True, False])
def test_so_it_does_in_one_batch(world: RegistryWorld, bearer_first: bool):
    both = [
        actor_reported("B", legal_name="Beispiel-Caritas e.V."),
        actor_reported("U", legal_name="Haus Beispiel", carrier_external_id="B"),
    ]
    for report in both if bearer_first else both[::-1]:
        world.send(report)
    world.settle()
    bearer, unit = (str(identity.new_actor(SOURCE, each).subject_id) for each in "BU")
    assert str(newest(world, unit).carrier_actor_id) == bearer
    # Who waited for it is not taken for a thing that is known.
    assert newest(world, bearer).version == 1


def test_who_names_itself_as_bearer_has_none(world: RegistryWorld):
    assert newest(world, tell(world, "B", carrier_external_id="B")).carrier_actor_id is None


def test_offices_that_only_share_a_number_stay_apart_for_the_partner_that_tells_them_apart(
    world: RegistryWorld,
):
    town = tell(world, "1", w_idnr=NUMBER, legal_name="Stadt Beispielstadt", kind="municipal")
    office = tell(world, "2", w_idnr=NUMBER, legal_name="Bürgerbüro", kind="municipal")
    assert town != office
    assert str(newest(world, office).carrier_actor_id) == town


# ------------------------------------------------------------------------- a name and its place


@pytest.mark.parametrize(
    "name",
    [
        "Beispiel-Förderverein Stadtwald",
        "BEISPIEL FOERDERVEREIN STADTWALD eingetragener Verein",
        "Beispiel-Förderverein „Stadtwald“ e. V.",
    ],
)
def test_one_name_at_one_place_is_one_organisation(world: RegistryWorld, name: str):
    one = tell(world)
    assert tell(world, "X", OTHER, legal_name=name, legal_form=None) == one


@pytest.mark.parametrize(
    "said",
    [
        {"seat": {"postcode": "44787"}},
        {"legal_name": "Beispiel-Förderverein Stadtpark e.V."},
        {"legal_name": "Beispiel-Förderverein Stadtwald gGmbH", "legal_form": "ggmbh"},
        {"unit": "Jugendabteilung"},
        {"kind": "company", "legal_form": None},
        {"example": True},
        {"seat": {"postcode": "00000"}},
    ],
    ids=lambda said: ", ".join(said),
)
def test_whatever_says_otherwise_keeps_them_apart(world: RegistryWorld, said: dict[str, Any]):
    one = tell(world)
    assert tell(world, "X", OTHER, **said) != one


def firm(name: str, **said: Any) -> dict[str, Any]:
    """A company of that name."""
    return {"legal_name": name, "legal_form": None, "kind": "company"} | said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (firm("Beispielbau GmbH"), firm("BEISPIELBAU G.m.b.H."), True),
        (firm("Beispielbau GmbH"), firm("Beispielbau", legal_form="gmbh"), True),
        (firm("Beispielbau GmbH"), firm("Beispielbau"), False),
        (firm("Beispielbau GmbH"), firm("Beispielbau GmbH & Co. KG"), False),
        (firm("Beispielbau GmbH"), firm("Beispielbau mbH"), False),
        (firm("B u. M GmbH"), firm("B & M GmbH"), False),
        ({"legal_name": "Türkischer Verein e.V."}, {"legal_name": "Türkischer Verein"}, False),
        ({"unit": "Kita Regenbogen"}, {"unit": "KITA Regenbogen"}, True),
        ({"register": ENTRY}, {"w_idnr": NUMBER}, False),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_only_a_whole_name_that_tells_something_is_one_organisation(
    world: RegistryWorld, one: dict[str, Any], other: dict[str, Any], same: bool, turned: bool
):
    first, second = (other, one) if turned else (one, other)
    assert (tell(world, **first) == tell(world, "X", OTHER, **second)) is same


def test_entries_that_differ_keep_one_name_apart_and_one_entry_does_not(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    assert tell(world, "X", OTHER, register={"court": "Essen", "number": "VR 99"}) != one
    world_of_one = tell(
        world, "Y", OTHER, legal_name="Beispiel Allein", register=ENTRY | {"number": "VR 7"}
    )
    assert tell(world, "Z", THIRD, legal_name="Beispiel Allein") == world_of_one


def test_a_partner_never_means_one_by_two_ids_unless_the_register_says_so(world: RegistryWorld):
    assert tell(world, "1") != tell(world, "2")
    assert tell(world, "3", register=ENTRY) == tell(world, "4", register=ENTRY)


def test_a_name_that_two_have_tells_nothing(world: RegistryWorld):
    both = {tell(world, "1"), tell(world, "2")}
    assert tell(world, "X", OTHER) not in both


def test_a_name_that_very_many_have_costs_no_more_than_one_that_few_have(world: RegistryWorld):
    for number in range(40):
        world.send(actor_reported(str(number)))
    world.settle()
    assert world.rows("actor") == 40
    with world.engine.connect() as connection:
        [(crowded, holders)] = connection.execute(
            text("SELECT crowded, jsonb_array_length(holders) FROM natural_key")
        ).all()
    assert crowded and holders == 0


def test_an_old_name_is_given_up_when_nobody_uses_it(world: RegistryWorld):
    one = tell(world)
    tell(world, observed_at=at(1), legal_name="Beispiel-Verein Umbenannt e.V.")
    assert tell(world, "X", OTHER) != one
    assert tell(world, "Y", THIRD, legal_name="Beispiel-Verein Umbenannt") == one


# ------------------------------------------------------------------- several sources of one actor


def test_two_systems_with_one_id_are_kept_apart_by_source(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    other = tell(world, "4711", OTHER, legal_name="Beispiel-Turnverein 08")
    assert one != other


def test_reports_of_two_partners_make_one_actor_with_all_that_is_known(world: RegistryWorld):
    one = tell(world, register=ENTRY, website="https://stadtwald.example")
    tell(world, "X", OTHER, observed_at=at(1), register=ENTRY, legal_name="Förderverein Stadtwald")
    actor = newest(world, one)
    assert (actor.version, actor.legal_name) == (2, "Förderverein Stadtwald")
    assert actor.website == "https://stadtwald.example"
    assert {(each.source, str(each.channel)) for each in actor.provenance} == {
        (SOURCE, "import"),
        (OTHER, "import"),
    }
    # The first partner's next report is older than the second's: it is heard, and does not stand.
    assert world.accepted(actor_reported(observed_at=at(0.5), register=ENTRY)).version == 3
    assert newest(world, one).legal_name == "Förderverein Stadtwald"


def test_an_actor_is_archived_when_the_last_partner_withdraws_it(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    tell(world, "X", OTHER, register=ENTRY)
    world.accepted(listing_reported("A-1"))
    world.accepted(listing_reported("B-1", actor_external_id="X"), source=OTHER)

    world.accepted(actor_withdrawn(observed_at=at(1)))
    assert str(newest(world, one).status) == "registered"
    states = {each.data.sources[0].source: each.data.status for each in world.heard(ListingState)}
    assert states == {SOURCE: ListingStatus.WITHDRAWN, OTHER: ListingStatus.OPEN}

    world.accepted(actor_withdrawn("X", observed_at=at(1)), source=OTHER)
    assert str(newest(world, one).status) == "archived"
    assert world.heard(ListingState)[-1].data.status is ListingStatus.WITHDRAWN


def test_listings_of_all_partners_hang_on_one_actor(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    waiting = world.send(listing_reported(actor_external_id="X"), source=OTHER)
    world.settle()
    assert world.outcome(waiting) is None
    tell(world, "X", OTHER, register=ENTRY)
    assert world.outcome(waiting) is not None
    assert str(world.heard(ListingState)[-1].data.actor_id) == one


def test_who_registers_by_hand_is_found_by_a_report(world: RegistryWorld):
    by_hand = world.accepted(register_actor(register=ENTRY, channel="phone")).aggregate_id
    assert by_hand is not None
    assert newest(world, by_hand).provenance[0].channel == "phone"
    assert tell(world, register={"court": "AG Essen", "number": "VR4321"}) == by_hand
    assert len(newest(world, by_hand).sources) == 1


def test_a_change_by_hand_keeps_what_partners_said_beside(world: RegistryWorld):
    one = tell(world, website="https://stadtwald.example")
    command = change_actor(legal_name="Von Hand").model_copy(update={"actor_id": UUID(one)})
    world.now = at(1)
    world.accepted(command)
    actor = newest(world, one)
    assert (actor.legal_name, actor.website) == ("Von Hand", "https://stadtwald.example")


# ----------------------------------------------------------------------------------- history


def history(world: RegistryWorld) -> list[tuple[bool, str]]:
    """What was said and does not stand: whether it ever did, and the name that it said."""
    with world.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT applied, record->>'legal_name' FROM actor_history ORDER BY id")
        )
        return [(applied, name) for applied, name in rows]


def test_a_late_report_is_kept_and_does_not_stand(world: RegistryWorld):
    contact = {"name": "Kontaktstelle Beispiel", "email": "kontakt@stadtwald.example"}
    one = tell(world, observed_at=at(2))
    outcome = world.accepted(
        actor_reported(observed_at=at(1), legal_name="Beispiel Alt", contact=contact)
    )
    assert (outcome.aggregate_id, outcome.version) == (one, 1)
    assert "later" in outcome.message.en
    assert history(world) == [(False, "Beispiel Alt")]
    assert "later" in world.accepted(actor_withdrawn(observed_at=at(1))).message.en
    world.accepted(listing_reported(observed_at=at(2)))
    assert "later" in world.accepted(listing_reported(observed_at=at(1))).message.en
    assert "later" in world.accepted(listing_withdrawn(observed_at=at(1))).message.en
    with world.engine.connect() as connection:
        kept = connection.execute(text("SELECT actor_history::text FROM actor_history")).scalars()
        assert "ontakt" not in "".join(kept)


def test_what_a_later_report_replaces_is_kept(world: RegistryWorld):
    for hour, name in enumerate(("Beispiel A", "Beispiel A", "Beispiel B")):
        tell(world, observed_at=at(hour), legal_name=name)
    assert history(world) == [(True, "Beispiel A")]


def test_an_unreadable_entry_finds_nothing_and_harms_nothing(world: RegistryWorld):
    report = ActorReported.model_validate(
        actor_reported(register={"court": "?", "number": "folgt"}).model_dump(by_alias=True)
    )
    world.accepted(report)
    world.accepted(actor_reported("X", legal_name="Ganz anders", register=report.register_entry))
    assert world.rows("actor") == 2


# ------------------------------------------------------- the entry that a partner says later on

OTHER_ENTRY = {"court": "Essen", "number": "VR 9876"}
WHOM = {"name": "Kontaktstelle Beispiel", "email": "kontakt@stadtwald.example"}


def test_a_name_that_states_another_entry_later_is_another_organisation(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    assert tell(world, "X", OTHER, contact=WHOM) == one
    other = tell(world, "X", OTHER, observed_at=at(1), register=OTHER_ENTRY, contact=WHOM)
    assert other != one
    assert newest(world, one).register_entry.number == "VR 4321"
    assert [each.source for each in newest(world, one).sources] == [SOURCE]
    assert newest(world, other).register_entry.number == "VR 9876"
    held = world.heard(MembershipsState)[-1].data.memberships
    assert [str(each.actor_id) for each in held] == [other]
    # From here on each entry, and each name, is known by itself.
    assert tell(world, "Y", THIRD, register=OTHER_ENTRY) == other
    assert tell(world, "X", OTHER, observed_at=at(2), register=OTHER_ENTRY) == other
    assert tell(world, observed_at=at(2), register=ENTRY) == one


def test_a_name_that_states_the_entry_of_a_known_one_later_is_that_one(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    known = tell(world, "Y", THIRD, register=OTHER_ENTRY, legal_name="Anders")
    assert tell(world, "X", OTHER) == one
    assert tell(world, "X", OTHER, observed_at=at(1), register=OTHER_ENTRY) == known
    assert [each.source for each in newest(world, one).sources] == [SOURCE]


def test_the_first_of_a_name_may_turn_out_to_be_another(world: RegistryWorld):
    one = tell(world)
    assert tell(world, "X", OTHER, register=ENTRY) == one
    other = tell(world, observed_at=at(1), register=OTHER_ENTRY)
    assert other != one
    assert newest(world, one).register_entry.number == "VR 4321"


def test_all_in_one_batch_is_as_one_after_the_other(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    for entry in (None, OTHER_ENTRY, None, ENTRY):
        world.send(actor_reported("X", observed_at=at(1), register=entry), source=OTHER)
    world.settle()
    assert len(newest(world, one).sources) == 1
    assert world.rows("actor") == 2


def test_a_partner_that_corrects_its_own_entry_speaks_of_the_same(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    assert tell(world, observed_at=at(1), register=OTHER_ENTRY) == one


def test_contacts_go_with_the_names_that_stand_by_themselves(world: RegistryWorld):
    one = tell(world, register=ENTRY)
    assert tell(world, "X", OTHER, contact=WHOM) == one
    tell(world, "Y", THIRD, register=OTHER_ENTRY)
    held = world.heard(MembershipsState)[-1].data.memberships
    alone = tell(world, "X", OTHER, observed_at=at(1), contact=WHOM)
    assert alone != one
    assert [str(each.actor_id) for each in held] == [alone]
