"""A partner's own topic takes what that partner says, and nothing under another's name."""

import json

import pytest
from sqlalchemy import Engine

from impulse_chassis.envelope import Attributes, render
from impulse_contracts.outcomes import Outcome
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from impulse_registry.app import service
from impulse_registry.settings import Settings
from tests.fixtures.services import Engines
from tests.registry.given import OTHER, SOURCE, RegistryWorld, actor_reported
from tests.registry.test_app import run

TOPIC = "impulse.actor-reports.stadt"


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    return engine_of(service)


@pytest.fixture
def world(engine: Engine) -> RegistryWorld:
    return RegistryWorld(engine, Settings.defaults(partners=f"stadt={SOURCE}"))


def say(
    world: RegistryWorld, source: str, message_id: str = "17", report: ActorReported | None = None
) -> list[Outcome]:
    """Reports on the partner's topic; the outcomes that there are then for this id."""
    report = report or actor_reported()
    attributes = Attributes(id=message_id, source=source, type=report.ce_type, time=world.now)
    key, value = f"{source}|{report.key}".encode(), report.model_dump_json().encode()
    world.say_raw(TOPIC, key, value, render(attributes))
    world.settle()
    return [each.data for each in world.heard(Outcome) if each.data.command_id == message_id]


def test_its_own_source_is_taken(world: RegistryWorld) -> None:
    [outcome] = say(world, SOURCE)
    assert (outcome.reason, outcome.source) == (None, SOURCE)
    # The same message on the common topic is the same message.
    world.send(actor_reported(legal_name="Beispiel anders"), message_id="17")
    world.settle()
    assert world.rows("actor") == 1
    assert world.short() == ["actor.registered"]


def test_another_source_is_a_dead_letter_that_names_the_one_allowed(world: RegistryWorld) -> None:
    [outcome] = say(world, OTHER)
    assert outcome.reason is Reason.BAD_HEADER
    assert outcome.source == SOURCE, "the partner is told, not whom it named"
    assert f"ce_source muss {SOURCE} sein" in outcome.message.de
    assert f"ce_source must be {SOURCE}" in outcome.message.en
    [letter] = world.log.of("impulse.dead-letters")
    headers = dict(letter.headers)
    assert headers["dl_reason"] == b"bad_header"
    assert headers["dl_topic"] == TOPIC.encode()
    assert dict(letter.headers)["ce_source"] == OTHER.encode()
    assert world.rows("actor") == 0


def test_it_stands_in_nobodys_way(world: RegistryWorld) -> None:
    """The other partner's message with this id is handled, and so is the same one, mended."""
    say(world, OTHER)
    assert world.accepted(actor_reported(), source=OTHER, message_id="18").source == OTHER
    theirs = world.tell(actor_reported("4712"), source=OTHER, message_id="19")
    assert theirs is not None and theirs.reason is None
    say(world, OTHER, message_id="19")
    assert [each.reason for each in say(world, SOURCE)] == [Reason.BAD_HEADER, None]


def test_structured_mode_is_taken_and_checked_there_too(world: RegistryWorld) -> None:
    for number, source in enumerate((SOURCE, OTHER)):
        event = {
            "specversion": "1.0",
            "id": str(number),
            "source": source,
            "type": ActorReported.ce_type,
            "data": json.loads(actor_reported().model_dump_json()),
        }
        headers = [("content-type", b"application/cloudevents+json")]
        world.say_raw(TOPIC, b"key", json.dumps(event).encode(), headers)
    world.settle()
    heard = {each.data.command_id: each.data.reason for each in world.heard(Outcome)}
    assert heard == {"0": None, "1": Reason.BAD_HEADER}


def test_a_partner_that_is_not_named_is_not_read(engine: Engine) -> None:
    world = RegistryWorld(engine)
    assert say(world, SOURCE) == []
    assert TOPIC not in service.topics


def test_a_setting_that_names_no_partner_ends_the_process() -> None:
    ended = run(
        IMPULSE_DATABASE_URL="postgresql://127.0.0.1:1/nothing", IMPULSE_REGISTRY_PARTNERS="stadt"
    )
    assert ended.returncode == 2
    assert "IMPULSE_REGISTRY_PARTNERS" in ended.stderr
    assert "name=source" in ended.stderr
