"""Nobody's listing is hidden unasked: the reminder reaches its people, and one word keeps it."""

from datetime import timedelta

import pytest

from impulse_chassis.testing import Node, World
from impulse_contracts.codes import Channel, ListingStatus
from impulse_contracts.notifications import MessageFact, MessageQueued, MessageSent
from impulse_contracts.registry.listings import ConfirmListing, ListingState
from impulse_notifications.app import service as notifications
from impulse_registry.app import service as registry
from tests.fixtures.services import Engines
from tests.registry.given import (
    add_person,
    change_listing,
    ident,
    publish_listing,
    register_actor,
)

DAY = timedelta(days=1)


@pytest.fixture
def office(engine_of: Engines) -> World:
    """Registry and notifications, an actor with a listing, its editor and somebody who looks on."""
    world = World([Node(each, engine_of(each)) for each in (registry, notifications)])
    world.say(register_actor())
    world.settle()
    world.say(publish_listing())
    world.say(add_person("editor", roles=["editor"]))
    world.say(add_person("viewer", roles=["viewer"]))
    world.settle()
    return world


def status(world: World) -> str:
    return str(world.heard(ListingState)[-1].data.status)


def reminders(world: World, template: str = "listing_unconfirmed") -> list[MessageFact]:
    found: list[MessageFact] = [heard.data for heard in world.heard(MessageFact)]
    return [each for each in found if each.template == template]


def test_reminded_first_then_hidden_and_open_again_when_confirmed(office: World):
    office.advance(75 * DAY)
    assert reminders(office) == []
    office.advance(DAY)
    told = {(type(each), each.channel, each.person_id) for each in reminders(office)}
    assert told == {
        (MessageQueued, Channel.EMAIL, ident("editor")),
        (MessageSent, Channel.IN_APP, ident("editor")),
    }
    [inbox] = [each for each in reminders(office) if each.channel is Channel.IN_APP]
    assert inbox.text is not None
    assert "Streichaktion im Jugendzentrum" in inbox.text
    assert status(office) == ListingStatus.OPEN
    office.advance(14 * DAY)
    assert status(office) == ListingStatus.STALE
    office.say(ConfirmListing(listing_id=ident("listing")), principal=str(ident("editor")))
    office.settle()
    assert status(office) == ListingStatus.OPEN
    assert len(reminders(office)) == 2, "told once"


def test_who_confirms_in_time_is_asked_again_after_another_76_days(office: World):
    office.advance(76 * DAY)
    office.say(ConfirmListing(listing_id=ident("listing")), principal=str(ident("editor")))
    office.settle()
    office.advance(75 * DAY)
    assert (status(office), len(reminders(office))) == (ListingStatus.OPEN, 2)
    office.advance(DAY)
    assert (status(office), len(reminders(office))) == (ListingStatus.OPEN, 4)


def test_whose_listing_is_nowhere_is_told_once_whatever_else_changes(office: World):
    def change(postcode: str, title: str) -> list[MessageFact]:
        office.say(change_listing(title=title, place={"postcode": postcode}))
        office.settle()
        return reminders(office, "listing_not_located")

    assert change("45127", "Gartentag") == []
    told = change("00000", "Gartentag")
    assert {(each.channel, each.person_id) for each in told} == {
        (channel, ident("editor")) for channel in (Channel.EMAIL, Channel.IN_APP)
    }
    assert change("00000", "Sommerfest") == told
    assert change("45127", "Sommerfest") == told
