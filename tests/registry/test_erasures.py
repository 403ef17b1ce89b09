"""Erasures: demanded, obeyed by every service, completed when the log has forgotten too."""

import json
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from impulse_chassis import transact
from impulse_chassis.testing import START
from impulse_contracts.erasures import OBEYING, ErasureAcknowledged, ErasureFact
from impulse_registry.domain import people
from impulse_registry.settings import Settings
from impulse_registry.store.erasures import forgetting
from impulse_registry.watching import look
from tests.registry.given import (
    CONTACT,
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
    # And the contact stays away.
    world.accepted(actor_reported(contact=CONTACT, observed_at=at(1)))
    assert world.rows("person") == 0
