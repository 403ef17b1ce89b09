"""People: contacts of reports, commands, memberships, and that the erased stay erased."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from impulse_chassis.testing import START
from impulse_contracts.codes import PersonRole
from impulse_contracts.purposes import Purpose
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ArchiveActor
from impulse_contracts.registry.consents import GiveConsent
from impulse_contracts.registry.people import (
    AddPerson,
    ChangeDetails,
    ErasePerson,
    MembershipsState,
    PersonAdded,
    PersonState,
)
from impulse_registry.domain import identity, people
from impulse_registry.domain.people import Memberships
from tests.registry.given import (
    CONTACT,
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    add_person,
    at,
    ident,
    register_actor,
)

PERSON = ident("person")
ERASE = ErasePerson(person_id=PERSON)
CONTACT_ID = people.contact_id(SOURCE, "4711")
ERASE_CONTACT = ErasePerson(person_id=CONTACT_ID)


def roles(world: RegistryWorld, person_id: UUID) -> list[tuple[str, ...]]:
    """The roles that a person holds, actor by actor, as the newest fact says."""
    said = [h.data for h in world.heard(MembershipsState) if h.data.person_id == person_id]
    return [tuple(str(role) for role in each.roles) for each in said[-1].memberships]


def kept(world: RegistryWorld) -> Iterator[str]:
    """Every row of every table of the registry's database, as text."""
    with world.engine.connect() as connection:
        tables = connection.execute(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        ).scalars()
        for table in list(tables):
            for row in connection.execute(text(f'SELECT t.* FROM "{table}" AS t')):
                yield " ".join(
                    bytes(value).decode("utf-8", "replace")
                    if isinstance(value, bytes | memoryview)
                    else str(value)
                    for value in row
                )


# ------------------------------------------------------------------------------- contacts


def test_the_contact_of_a_report_becomes_a_person_and_a_member(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    [added] = world.heard(PersonAdded)
    assert added.data.model_dump(include=set(CONTACT)) == CONTACT
    assert added.data.person_id == CONTACT_ID
    [granted] = world.heard(MembershipsState)
    [membership] = granted.data.memberships
    assert membership.actor_id == identity.new_actor(SOURCE, "4711").subject_id
    assert membership.roles == (PersonRole.CONTACT,)


def test_contacts_of_two_partners_are_two_people(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(actor_reported(contact=CONTACT), source=OTHER)
    assert len({heard.data.person_id for heard in world.heard(PersonAdded)}) == 2


def test_a_changed_contact_is_one_fact_and_the_same_again_none(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(actor_reported(observed_at=at(1), contact=CONTACT))
    changed = CONTACT | {"email": "neu@stadtwald.example", "phone": " "}
    assert world.accepted(actor_reported(observed_at=at(2), contact=changed)).version == 1
    late = CONTACT | {"email": "alt@stadtwald.example"}
    world.accepted(actor_reported(observed_at=at(1.5), contact=late))
    said = [(heard.data.version, heard.data.email) for heard in world.heard(PersonState)]
    assert said == [(1, "kontakt@stadtwald.example"), (2, "neu@stadtwald.example")]
    assert world.heard(PersonState)[-1].data.phone is None
    assert len(world.heard(MembershipsState)) == 1


def test_what_people_say_of_themselves_outlasts_what_a_partner_says(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    corrected = ChangeDetails(person_id=CONTACT_ID, name="Beispielstelle Richtig", phone=None)
    world.accepted(corrected, principal=str(CONTACT_ID))
    facts = world.facts()
    changed = CONTACT | {"phone": "0201 111111"}
    for hours, contact in ((1, CONTACT), (2, changed)):
        told = world.accepted(actor_reported(observed_at=at(hours), contact=contact))
        assert "selbst" in told.message.de
    assert world.facts() == facts
    newest = world.heard(PersonState)[-1].data
    assert (newest.name, newest.phone, newest.confirmed_at) == (corrected.name, None, START)
    # Another address is somebody else's, who said nothing yet.
    other = CONTACT | {"email": "neu@stadtwald.example"}
    world.accepted(actor_reported(observed_at=at(3), contact=other))
    newest = world.heard(PersonState)[-1].data
    assert (newest.name, newest.confirmed_at) == (CONTACT["name"], None)


def test_confirming_what_stands_is_said_once(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    same = ChangeDetails.model_validate({**CONTACT, "person_id": CONTACT_ID})
    world.accepted(same, principal=str(CONTACT_ID))
    facts = world.facts()
    world.now = at(1)
    world.accepted(same, principal=str(CONTACT_ID))
    assert world.facts() == facts
    assert world.heard(PersonState)[-1].data.confirmed_at == START


def test_a_contact_that_a_report_names_no_more_is_gone(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(actor_reported(observed_at=at(1)))
    assert world.short()[-2:] == ["person.added", "tombstone"]
    assert roles(world, CONTACT_ID) == []
    assert not [row for row in kept(world) if "stadtwald.example" in row]
    # It was not erased: whom the partner names again, is there again.
    world.accepted(actor_reported(observed_at=at(2), contact=CONTACT))
    assert world.short()[-3:] == ["person.added", "tombstone", "person.added"]
    assert roles(world, CONTACT_ID) == [("contact",)]


def test_named_no_more_and_named_again_in_one_batch(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.send(actor_reported(observed_at=at(1)))
    world.send(actor_reported(observed_at=at(2), contact=CONTACT))
    world.settle()
    assert world.short()[-3:] == ["person.added", "tombstone", "person.added"]
    assert world.rows("person") == 1
    assert world.rows("dead_letter") == 0


def test_a_contact_with_other_roles_stays_a_member(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    actor_id = identity.new_actor(SOURCE, "4711").subject_id
    command = AddPerson.model_validate(
        {"person_id": CONTACT_ID, "actor_id": actor_id, "roles": ["contact", "admin"], **CONTACT}
    )
    world.accepted(command)
    assert roles(world, CONTACT_ID) == [("contact", "admin")]
    world.accepted(actor_reported(observed_at=at(1)))
    assert roles(world, CONTACT_ID) == [("admin",)]
    assert world.rows("person") == 1
    assert "tombstone" not in world.short()
    world.accepted(actor_reported(observed_at=at(2), contact=CONTACT))
    assert roles(world, CONTACT_ID) == [("admin", "contact")]


def test_a_report_does_not_hand_over_what_a_contact_has_become(world: RegistryWorld):
    """Whoever has the address signs in: another one must not get rights, nor consents."""
    world.accepted(actor_reported(contact=CONTACT))
    actor_id = identity.new_actor(SOURCE, "4711").subject_id
    consent = GiveConsent(
        person_id=CONTACT_ID, purpose=Purpose.PROGRAMME_NEWS, text_version="2026-11"
    )
    world.accepted(consent, principal=str(CONTACT_ID))
    successor = CONTACT | {"name": "Kontaktstelle Neu", "email": "neu@stadtwald.example"}
    world.accepted(actor_reported(observed_at=at(1), contact=successor))
    said = world.heard(PersonState)[-1].data
    assert (said.email, said.consents) == ("neu@stadtwald.example", ())

    command = AddPerson.model_validate(
        {"person_id": CONTACT_ID, "actor_id": actor_id, "roles": ["contact", "admin"], **successor}
    )
    world.accepted(command)
    outcome = world.accepted(actor_reported(observed_at=at(2), contact=CONTACT))
    assert "nicht geändert" in outcome.message.de and "not changed" in outcome.message.en
    assert world.heard(PersonState)[-1].data.email == "neu@stadtwald.example"


def test_where_an_erased_contact_is_named_the_one_before_is_gone_too(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(ERASE_CONTACT)
    before = CONTACT | {"email": "vorher@stadtwald.example"}
    world.accepted(actor_reported("9", legal_name="Beispiel-Werk", contact=before), source=OTHER)
    assert world.rows("person") == 1
    world.accepted(
        actor_reported("9", observed_at=at(1), legal_name="Beispiel-Werk", contact=CONTACT),
        source=OTHER,
    )
    assert world.rows("person") == 0
    # Nor does a known person get an address that was erased.
    world.accepted(register_actor())
    world.accepted(add_person())
    world.refused(add_person(email=CONTACT["email"]), Reason.PERSON_ERASED)


def test_the_order_of_reports_does_not_matter_for_contacts(world: RegistryWorld):
    newest = CONTACT | {"name": "Kontaktstelle Neu"}
    world.accepted(actor_reported(observed_at=at(2), contact=newest))
    world.accepted(actor_reported(observed_at=at(0)))
    world.accepted(actor_reported(observed_at=at(1), contact=CONTACT))
    assert [heard.data.name for heard in world.heard(PersonState)] == ["Kontaktstelle Neu"]


# ------------------------------------------------------------------------------- commands


def test_a_person_is_added_and_corrected(world: RegistryWorld):
    world.accepted(register_actor())
    outcome = world.accepted(add_person(roles=["admin"]))
    assert (outcome.aggregate_id, outcome.version) == (str(PERSON), 1)
    assert world.accepted(add_person(roles=["admin"])).version == 1, "nothing new"
    assert world.accepted(add_person(roles=["viewer"])).version == 1
    assert roles(world, PERSON) == [("viewer",)]
    assert world.accepted(add_person(email="neu@stadtwald.example")).version == 2
    assert world.short() == [
        "actor.registered",
        *["membership.granted"] * 3,
        "person.added",
        "person.contact_changed",
    ]


def test_a_person_may_belong_to_several_actors(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(register_actor("second"))
    world.accepted(add_person(roles=["admin"]))
    world.accepted(add_person(actor="second", roles=["viewer", "viewer"]))
    assert roles(world, PERSON) == [("admin",), ("viewer",)]


def test_a_person_waits_for_their_actor(world: RegistryWorld):
    first = world.send(add_person())
    reported = identity.new_actor(SOURCE, "4711").subject_id
    second = world.send(add_person("other", actor=reported))
    world.settle()
    assert world.outcome(first) is world.outcome(second) is None
    world.accepted(register_actor())
    world.accepted(actor_reported(legal_name="Beispiel-Turnverein 08"))
    for waiting in (first, second):
        outcome = world.outcome(waiting)
        assert outcome is not None and outcome.reason is None


def test_a_person_whose_actor_never_comes_is_refused(world: RegistryWorld):
    waiting = world.send(add_person())
    world.settle()
    world.advance(timedelta(seconds=603))
    outcome = world.outcome(waiting)
    assert outcome is not None and outcome.reason is Reason.WAITED_TOO_LONG


def test_refusals_about_people(world: RegistryWorld):
    world.refused(ERASE, Reason.NOT_FOUND)
    world.accepted(register_actor())
    world.accepted(add_person(roles=["admin"]))
    stranger = str(ident("stranger"))
    world.refused(add_person("another"), Reason.NOT_ALLOWED, principal=stranger)
    world.refused(add_person("another"), Reason.NOT_ALLOWED, principal=None)
    world.refused(ERASE, Reason.NOT_ALLOWED, principal=stranger)
    # A member adds colleagues, but does not get at their addresses afterwards.
    member = str(PERSON)
    world.accepted(add_person("colleague"), principal=member)
    changed = add_person("colleague", email="anders@stadtwald.example")
    world.refused(changed, Reason.NOT_ALLOWED, principal=member)
    world.refused(add_person("boss", roles=["operator"]), Reason.NOT_ALLOWED, principal=member)
    world.accepted(ArchiveActor(actor_id=ident("actor")))
    world.refused(add_person("late"), Reason.WRONG_STATE)


# -------------------------------------------------------------------------------- erasure


def test_an_erased_person_is_gone_and_stays_gone(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person(roles=["admin"], phone="0201 000000"))
    outcome = world.accepted(ERASE)
    assert (outcome.aggregate_id, outcome.version) == (str(PERSON), 1)
    assert world.short()[-2:] == ["person.added", "tombstone"]
    ended = world.heard(MembershipsState)[-1]
    assert ended.attributes.type == "impulse.registry.membership.ended.v1"
    assert (ended.data.version, ended.data.memberships) == (2, ())
    assert world.rows("person") == world.rows("membership") == 0

    world.refused(add_person(), Reason.PERSON_ERASED)
    facts = world.facts()
    # The version that stands: one service, this one, has obeyed.
    assert world.accepted(ERASE).version == 2
    assert world.accepted(ERASE, principal=str(PERSON)).version == 2
    assert world.facts() == facts


def test_everybody_may_have_themselves_erased(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person())
    world.accepted(ERASE, principal=str(PERSON))


def test_an_erased_contact_is_not_taken_up_from_later_reports(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(ERASE_CONTACT)
    successor = CONTACT | {"name": "Kontaktstelle Neu"}
    for hours, contact in ((1, CONTACT), (2, None), (3, successor)):
        world.accepted(actor_reported(observed_at=at(hours), contact=contact))
    # Nor when the actor leaves and comes back.
    world.accepted(actor_withdrawn(observed_at=at(4)))
    world.accepted(actor_reported(observed_at=at(5), contact=CONTACT))
    assert world.short().count("person.added") == 1
    assert world.rows("person") == world.rows("membership") == 0
    [row] = [row for row in kept(world) if str(CONTACT_ID) in row and "4711" in row]
    assert "Kontaktstelle" not in row, "only ids are remembered"


def test_the_contact_of_a_withdrawn_actor_goes_with_it(world: RegistryWorld):
    """In whatever order the two reports come, and back with the actor's next report."""
    for reports in (
        (actor_reported(contact=CONTACT), actor_withdrawn(observed_at=at(1))),
        (actor_withdrawn("4712", observed_at=at(1)), actor_reported("4712", contact=CONTACT)),
    ):
        for report in reports:
            world.accepted(report)
        assert world.rows("person") == 0
    world.accepted(actor_reported(observed_at=at(2), contact=CONTACT))
    assert world.rows("person") == 1


def test_nothing_of_an_erased_person_can_be_read(world: RegistryWorld):
    private = ["Kontaktstelle", "kontakt@", "0201", "Beispielstelle", "person@"]
    world.accepted(actor_reported(contact=CONTACT))
    actor_id = identity.new_actor(SOURCE, "4711").subject_id
    world.accepted(add_person(actor=actor_id, phone="0201 111111"))
    found = [row for row in kept(world) if any(word in row for word in private)]
    assert len(found) == 2, "the test would find them"

    world.accepted(ERASE)
    world.accepted(ERASE_CONTACT)
    world.accepted(actor_reported(observed_at=at(1), contact=CONTACT))
    world.refused(add_person(actor=actor_id), Reason.PERSON_ERASED)

    assert not [row for row in kept(world) if any(word in row for word in private)]
    incoming = ("impulse.actor-reports", "impulse.people.commands")
    for (topic, _), records in world.log.records.items():
        last_word: dict[bytes | None, bytes | None] = {r.key: r.value for r in records}
        for key, value in last_word.items():
            said = (value or b"").decode()
            if topic not in incoming:
                assert not any(word in said for word in private), (topic, key)
    people_of = [r for r in world.log.of("impulse.people") if r.key == str(PERSON).encode()]
    assert [record.value is None for record in people_of] == [False, True]


def test_a_person_who_waits_for_an_actor_is_refused_once_erased(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person())
    waiting = world.send(add_person(actor="nowhere"))
    world.settle()
    world.accepted(ERASE)
    world.advance(timedelta(seconds=3))
    outcome = world.outcome(waiting)
    assert outcome is not None and outcome.reason is Reason.PERSON_ERASED
    assert not [row for row in kept(world) if "person@" in row]


def test_added_and_erased_in_one_batch(world: RegistryWorld):
    world.accepted(register_actor())
    added, erased, again = (world.send(each) for each in (add_person(), ERASE, add_person()))
    world.settle()
    reasons = [getattr(world.outcome(each), "reason", "open") for each in (added, erased, again)]
    assert reasons == [None, None, Reason.PERSON_ERASED]
    assert world.rows("person") == 0


# -------------------------------------------------------------------- memberships, plainly

ROLES = st.lists(st.sampled_from(PersonRole), max_size=4)
ACTORS = st.sampled_from([ident("a"), ident("b"), ident("c")])


@given(st.lists(st.tuples(ACTORS, ROLES), max_size=6), ACTORS)
def test_naming_a_contact_and_dropping_them_again_leaves_the_other_roles(grants, actor_id):
    held = Memberships(person_id=PERSON)
    for where, granted in grants:
        held = people.grant(held, where, granted) or held
    assert len({each.actor_id for each in held.memberships}) == len(held.memberships)
    before = {each.actor_id: set(each.roles) for each in held.memberships}

    named = people.name_contact(held, actor_id) or held
    assert people.name_contact(named, actor_id) is None
    dropped = people.drop_contact(named, actor_id)
    assert dropped is not None
    assert people.drop_contact(dropped, actor_id) is None
    after = {each.actor_id: set(each.roles) for each in dropped.memberships}
    left = before.get(actor_id, set()) - {PersonRole.CONTACT}
    expected = {**before, actor_id: left}
    assert after == {
        where: found for where, found in expected.items() if found or where != actor_id
    }
