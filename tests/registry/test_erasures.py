"""Erasures: demanded, obeyed by every service, completed when the log has forgotten too."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from pydantic import ValidationError

from impulse_chassis import transact
from impulse_chassis.testing import START
from impulse_contracts.erasures import OBEYING, ErasureAcknowledged, ErasureFact
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.joining import ClaimActor, IntroducePerson, InvitePerson
from impulse_contracts.registry.people import ErasePerson, ObjectToReport, PersonAdded
from impulse_registry.domain import people
from impulse_registry.domain.blocking import digest, mark
from impulse_registry.settings import Settings
from impulse_registry.store.erasures import forgetting
from impulse_registry.watching import look
from tests.registry.given import (
    CONTACT,
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    add_person,
    at,
    ident,
    register_actor,
)
from tests.registry.test_people import ERASE, ERASE_CONTACT, PERSON, kept

BOUND = timedelta(days=7)
OTHERS = [name for name in OBEYING if name != "registry"]


@pytest.fixture
def erased(world: RegistryWorld) -> RegistryWorld:
    """The registry, and a person whose erasure is demanded."""
    world.accepted(register_actor())
    world.accepted(add_person(roles=["admin"]))
    world.accepted(ERASE)
    return world


def obey(world: RegistryWorld, *services: str) -> None:
    """What services say that have forgotten the person."""
    for name in services:
        world.say(
            ErasureAcknowledged(
                version=1, person_id=PERSON, service=name, acknowledged_at=world.now
            ),
            source=f"urn:impulse:{name}",
        )
    world.settle()


def said(world: RegistryWorld) -> list[tuple[str, int, str]]:
    """The facts about the erasure: type, version, state."""
    return [
        (heard.attributes.type.split(".")[3], heard.data.version, str(heard.data.state))
        for heard in world.heard(ErasureFact)
    ]


def test_the_registry_obeys_itself(erased: RegistryWorld):
    assert said(erased) == [("requested", 1, "requested"), ("progressed", 2, "requested")]
    assert erased.heard(ErasureFact)[-1].data.acknowledged == ("registry",)


def test_it_is_completed_when_all_have_obeyed_and_the_bound_is_over(erased: RegistryWorld):
    obey(erased, *OTHERS)
    assert said(erased)[-1] == ("progressed", 6, "requested")
    erased.advance(BOUND - timedelta(seconds=1))
    assert said(erased)[-1][0] == "progressed", "the log may still hold it"
    erased.advance(timedelta(seconds=2))
    assert said(erased)[-1] == ("completed", 7, "completed")
    last = erased.heard(ErasureFact)[-1].data
    assert set(last.acknowledged) == set(last.expected) == set(OBEYING)
    assert last.completed_at == erased.now


def test_it_is_completed_by_the_last_who_obeys_late(erased: RegistryWorld):
    obey(erased, *OTHERS[1:])
    erased.advance(BOUND * 2)
    assert said(erased)[-1][0] == "progressed"
    obey(erased, OTHERS[0], OTHERS[0])
    assert [kind for kind, _, _ in said(erased)][-2:] == ["progressed", "completed"]
    assert [version for _, version, _ in said(erased)] == list(range(1, 8))


def test_an_operator_sees_what_is_overdue(erased: RegistryWorld):
    with erased.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE erasure SET requested_at = now() - interval '8 days'")
        assert look(connection, BOUND.total_seconds()) == (1, 1)
        assert look(connection, 2 * BOUND.total_seconds()) == (1, 0)
        connection.exec_driver_sql("UPDATE erasure SET completed_at = now()")
        assert look(connection, BOUND.total_seconds()) == (0, 0)


def test_what_was_said_of_an_erased_person_holds_no_name(erased: RegistryWorld):
    for record in erased.log.of("impulse.erasures"):
        assert b"person@" not in (record.value or b"")
        assert b"Beispiel" not in (record.value or b"")
    [first, *_] = erased.heard(ErasureFact)
    assert set(json.loads(first.record.value or b"")) == set(ErasureFact.model_fields)


def test_dead_letters_that_name_the_person_go_too(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    for address in (CONTACT["email"], "andere@beispiel.example"):
        # It can't be handled, and has no id of the person anywhere.
        report = {"external_id": "9", "contact": {"name": "Andere", "email": address}}
        world.log.append("impulse.actor-reports", b"x|9", json.dumps(report).encode(), [], START)
    world.settle()
    assert world.rows("dead_letter") == 2
    world.accepted(ERASE_CONTACT)
    assert world.rows("dead_letter") == 1
    assert not [row for row in kept(world) if str(CONTACT["email"]) in row]


@pytest.mark.parametrize(
    "spelling",
    ["KONTAKT@Bücher.example", "kontakt@xn--bcher-kva.example", "Kontakt@XN--Bcher-KVA.example"],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_dead_letter_goes_however_the_address_is_written(
    world: RegistryWorld, spelling: str, ascii_only: bool
):
    world.accepted(actor_reported(contact=CONTACT | {"email": "kontakt@bücher.example"}))
    for address in (spelling, "kontakt@tücher.example"):
        report = {"external_id": "9", "contact": {"email": address}}
        value = json.dumps(report, ensure_ascii=ascii_only).encode()
        world.log.append("impulse.actor-reports", b"x|9", value, [], START)
    world.settle()
    assert world.rows("dead_letter") == 2
    [person] = world.heard(PersonAdded)
    world.accepted(ErasePerson(person_id=person.data.person_id))
    assert world.rows("dead_letter") == 1
    # Nor does any partner bring them back under that spelling.
    named = CONTACT | {"email": spelling}
    world.accepted(actor_reported("9", legal_name="Beispiel-Werk e.V.", contact=named))
    assert world.rows("person") == 0


def test_an_address_goes_as_it_is_written(world: RegistryWorld):
    """In small letters it may be another text: ß becomes ss, and only some know the small Ü."""
    named = CONTACT | {"email": "Straßen.ÜBUNG@beispiel.example"}
    world.accepted(actor_reported(contact=named))
    world.accepted(elsewhere(email=named["email"]), source=OTHER)
    value = json.dumps({"external_id": "9", "contact": named}, ensure_ascii=False).encode()
    world.log.append("impulse.actor-reports", b"x|9", value, [], START)
    world.settle()
    assert (world.rows("dead_letter"), world.rows("person")) == (1, 2)
    world.accepted(ERASE_CONTACT)
    assert (world.rows("dead_letter"), world.rows("person")) == (0, 0)


def test_a_restored_database_forgets_again(world: RegistryWorld):
    """It remembers the person, and nothing of the erasure, which the log alone knows."""
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(register_actor())
    world.accepted(add_person())
    contact = people.contact_id(SOURCE, "4711")

    def reapply(*persons: UUID) -> int:
        return transact(
            world.engine,
            "registry",
            partial(forgetting.reapply, persons=persons),
            Settings.defaults(),
        )

    assert reapply(contact, PERSON, ident("stranger")) == 3
    assert world.rows("person") == world.rows("membership") == 0
    assert reapply(contact, PERSON) == 0, "once is enough"
    world.settle()
    gone = {record.key for record in world.log.of("impulse.people") if record.value is None}
    assert gone == {str(each).encode() for each in (contact, PERSON)}
    # And they stay away: the contact from any partner, and who came after the backup was made.
    world.accepted(actor_reported(contact=CONTACT, observed_at=at(1)))
    world.accepted(elsewhere(), source=OTHER)
    world.refused(add_person("stranger"), Reason.PERSON_ERASED)
    assert world.rows("person") == 0
    with world.engine.begin() as connection:
        assert look(connection, BOUND.total_seconds())[0] == 3
    world.advance(datetime.now(UTC) + BOUND - world.now + timedelta(seconds=1))
    with world.engine.begin() as connection:
        assert look(connection, BOUND.total_seconds())[0] == 0, "it ends, nobody has to see to it"


def test_a_name_that_is_any_word_takes_no_dead_letters_of_others_away(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person(phone="1").model_copy(update={"name": "nonprofit"}))
    for name in ("Andere", "nonprofit"):
        report = {"kind": "nonprofit", "contact": {"name": name, "phone": "011"}}
        world.log.append("impulse.actor-reports", b"x|9", json.dumps(report).encode(), [], START)
    world.settle()
    assert world.rows("dead_letter") == 2
    world.accepted(ERASE)
    assert world.rows("dead_letter") == 1


# -------------------------------------------------------------------- the block list


def elsewhere(**contact: str) -> ActorReported:
    """Another organisation that names the person, as another partner knows it."""
    return actor_reported("9", legal_name="Beispiel-Werk e.V.", contact=CONTACT | contact)


def test_an_erased_address_is_dropped_from_every_report_and_the_outcome_says_so(
    world: RegistryWorld,
):
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(ERASE_CONTACT)
    for report, source in (
        (actor_reported(contact=CONTACT, observed_at=at(1)), SOURCE),
        (elsewhere(email=f" {str(CONTACT['email']).upper()}".strip()), OTHER),
    ):
        outcome = world.accepted(report, source=source)
        assert "hat ihre Daten löschen lassen" in outcome.message.de
        assert "had their data erased" in outcome.message.en
    assert world.rows("person") == 0
    assert world.accepted(elsewhere(email="neu@beispiel.example"), source=OTHER).message.de == (
        "Angenommen."
    )
    assert world.rows("person") == 1


def test_whom_two_partners_name_is_erased_as_one(world: RegistryWorld):
    """Or they would go on under the other id, and never get to see it."""
    world.accepted(actor_reported(contact=CONTACT))
    address = str(CONTACT["email"]).upper()
    world.accepted(elsewhere(email=address), source=OTHER)
    world.accepted(register_actor("office"))
    world.accepted(add_person("officer", actor="office", roles=["admin"], email=CONTACT["email"]))
    world.accepted(ERASE_CONTACT)
    assert world.rows("erasure") == 2
    assert world.rows("person") == 1, "whoever acts for an organisation decides for themselves"
    world.accepted(ErasePerson(person_id=ident("officer")))
    assert not [row for row in kept(world) if str(CONTACT["email"]) in row.lower()]


def test_only_they_themselves_bring_an_erased_address_back(erased: RegistryWorld):
    again = add_person("again", email=add_person().email)
    erased.refused(again, Reason.PERSON_ERASED)
    erased.accepted(register_actor("other"))
    invite = InvitePerson(
        person_id=ident("third"), actor_id=ident("other"), name="Beispiel", email=again.email
    )
    erased.refused(invite, Reason.PERSON_ERASED)
    assert erased.rows("blocked_address") == 1

    # Whoever claims an organisation has been sent a link to that address, and followed it.
    visitor = ident("visitor")
    erased.accepted(IntroducePerson(person_id=visitor, name="Beispiel", email=again.email))
    assert erased.rows("blocked_address") == 1
    claim = ClaimActor(person_id=visitor, actor_id=ident("other"))
    erased.accepted(claim, principal=str(visitor))
    assert erased.rows("blocked_address") == 0


# ------------------------------------------------------------------------------- objections


def objection(address: str) -> ObjectToReport:
    """By the link that was sent to the contact when they had that address."""
    return ObjectToReport(person_id=ERASE_CONTACT.person_id, mark=mark("", address))


def test_an_objection_erases_whom_the_link_was_sent_to(world: RegistryWorld):
    world.accepted(actor_reported(contact=CONTACT))
    stranger = str(ident("stranger"))
    world.refused(objection(CONTACT["email"]), Reason.NOT_ALLOWED, principal=stranger)
    by_link = {"principal": str(ERASE_CONTACT.person_id)}
    world.accepted(objection(CONTACT["email"].upper()), **by_link)
    assert world.rows("person") == 0
    assert said(world)[0] == ("requested", 1, "requested")
    assert not [row for row in kept(world) if CONTACT["email"] in row]


@pytest.mark.parametrize("successor", [CONTACT | {"email": "neu@stadtwald.example"}, None])
def test_that_of_a_predecessor_keeps_their_address_away_and_touches_nobody_else(
    world: RegistryWorld, successor: dict[str, str] | None
):
    old = CONTACT["email"]
    world.accepted(actor_reported(contact=CONTACT))
    world.accepted(actor_reported(contact=successor, observed_at=at(1)))
    people_now = [row for row in kept(world) if "neu@stadtwald.example" in row]
    before = world.facts()
    world.accepted(objection(old), principal=str(ERASE_CONTACT.person_id))
    assert world.facts() == before
    assert [row for row in kept(world) if "neu@stadtwald.example" in row] == people_now
    assert world.rows("erasure") == 0

    outcome = world.accepted(elsewhere(email=old.upper()), source=OTHER)
    assert "hat ihre Daten löschen lassen" in outcome.message.de
    assert not [fact for fact in world.heard(PersonAdded) if fact.data.email == old.upper()]
    world.accepted(register_actor())
    world.refused(add_person(email=old), Reason.PERSON_ERASED)
    world.advance(timedelta(days=3653))
    assert world.rows("blocked_address") == 0, "after ten years nothing is left of it"


def test_the_block_list_holds_no_address_and_needs_the_key(erased: RegistryWorld):
    address = add_person().email
    [row] = [row for row in kept(erased) if digest("", address) in row]
    assert address not in row
    assert digest("one key", address) != digest("another key", address)
    assert digest("one key", f" {address.upper()} ") == digest("one key", address)


def test_without_a_privacy_key_the_registry_does_not_start():
    with pytest.raises(ValidationError, match="at least 32 characters"):
        Settings(database_url="postgresql://127.0.0.1/nothing")
