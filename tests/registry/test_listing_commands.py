"""Confirming, copying, templates, what brokers record for others, and no contacts in texts."""

from datetime import date, timedelta
from typing import Any

import pytest

from impulse_contracts.codes import ActorStatus, IntakeChannel, ListingStatus, SuspensionReason
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.life import ReactivateActor, SuspendActor
from impulse_contracts.registry.listings import (
    ConfirmListing,
    CopyListing,
    ListingState,
    WithdrawListing,
)
from tests.registry.given import (
    RegistryWorld,
    add_person,
    change_listing,
    ident,
    publish_listing,
    register_actor,
)

DAY = timedelta(days=1)
CONFIRM = ConfirmListing(listing_id=ident("listing"))
TOLD = {"channel": "phone", "on": "2026-11-20"}


@pytest.fixture
def known(world: RegistryWorld) -> RegistryWorld:
    """An actor with a listing, its own editor, somebody of another actor, and a broker."""
    world.accepted(register_actor())
    world.accepted(register_actor("other", legal_name="Beispiel-Tafel e.V."))
    world.accepted(publish_listing())
    world.accepted(add_person("editor", roles=["editor"]))
    world.accepted(add_person("stranger", "other", ["admin"]))
    world.accepted(add_person("broker", "other", ["broker"]))
    return world


def newest(world: RegistryWorld, name: str = "listing") -> ListingState:
    found: list[ListingState] = [each.data for each in world.heard(ListingState)]
    return [each for each in found if each.listing_id == ident(name)][-1]


def kinds(world: RegistryWorld, name: str = "listing") -> list[str]:
    """What was said of a listing."""
    return [
        each.attributes.type.removeprefix("impulse.registry.listing.").removesuffix(".v1")
        for each in world.heard(ListingState)
        if each.data.listing_id == ident(name)
    ]


def by(name: str) -> dict[str, Any]:
    return {"principal": str(ident(name))}


# ----------------------------------------------------------------------------- confirming


def test_one_word_opens_a_stale_listing_and_keeps_it_for_90_days(known: RegistryWorld):
    known.advance(76 * DAY)
    known.advance(14 * DAY)
    assert newest(known).status is ListingStatus.STALE
    known.accepted(CONFIRM, **by("editor"))
    assert kinds(known) == ["published", "reminded", "marked_stale", "confirmed"]
    assert (newest(known).status, newest(known).confirmed_at) == (ListingStatus.OPEN, known.now)
    known.advance(75 * DAY)
    assert kinds(known)[-1] == "confirmed"


def test_who_was_reminded_and_confirms_is_not_hidden(known: RegistryWorld):
    known.advance(76 * DAY)
    assert newest(known).confirm_by == known.now + 14 * DAY
    known.accepted(CONFIRM, **by("editor"))
    assert newest(known).confirm_by is None
    known.advance(14 * DAY)
    assert newest(known).status is ListingStatus.OPEN


def test_only_those_may_confirm_who_may_change(known: RegistryWorld):
    known.refused(CONFIRM, Reason.NOT_ALLOWED, **by("stranger"))
    known.refused(ConfirmListing(listing_id=ident("nothing")), Reason.NOT_FOUND)
    known.accepted(WithdrawListing(listing_id=ident("listing")))
    known.refused(CONFIRM, Reason.WRONG_STATE)


def test_nothing_of_a_suspended_actor_comes_in_sight_by_confirming_or_copying(
    known: RegistryWorld,
):
    suspend = SuspendActor(actor_id=ident("actor"), reason=SuspensionReason.UNDER_REVIEW)
    known.accepted(suspend, **by("broker"))
    known.accepted(CONFIRM, **by("editor"))
    assert newest(known).status is ListingStatus.STALE
    known.accepted(copy("second"), **by("editor"))
    assert newest(known, "second").status is ListingStatus.STALE
    known.accepted(ReactivateActor(actor_id=ident("actor")), **by("broker"))
    assert newest(known).status is newest(known, "second").status is ListingStatus.OPEN


@pytest.mark.parametrize("way", ["confirm", "copy"])
def test_who_confirms_or_copies_a_listing_brings_a_stale_actor_back(known: RegistryWorld, way):
    known.advance(76 * DAY)
    known.advance(14 * DAY)
    assert actor_status(known) is ActorStatus.STALE
    known.accepted(CONFIRM if way == "confirm" else copy("listing 2"), **by("editor"))
    assert actor_status(known) is ActorStatus.REGISTERED


def actor_status(world: RegistryWorld) -> object:
    facts: list[ActorState] = [each.data for each in world.heard(ActorState)]
    own = [fact for fact in facts if fact.actor_id == ident("actor")]
    return max(own, key=lambda fact: fact.version).status


# ---------------------------------------------------------------------- copies, templates


def copy(name: str, original: str = "listing", template: bool = False) -> CopyListing:
    return CopyListing(listing_id=ident(name), original_id=ident(original), template=template)


def test_a_template_is_neither_shown_nor_ever_hidden_and_copies_of_it_are_open(
    known: RegistryWorld,
):
    known.accepted(copy("template", template=True), **by("editor"))
    template = newest(known, "template")
    assert (template.status, template.version) == (ListingStatus.TEMPLATE, 1)
    known.accepted(WithdrawListing(listing_id=ident("listing")))
    known.advance(400 * DAY)
    assert newest(known, "template").version == 1, "time does nothing to it"
    known.accepted(change_listing(ident("template"), title="Gartentag"))
    assert newest(known, "template").status is ListingStatus.TEMPLATE
    known.accepted(copy("copy", "template"), **by("editor"))
    said = newest(known, "copy")
    assert (said.status, said.title, said.time.start) == (ListingStatus.OPEN, "Gartentag", None)
    known.advance(76 * DAY)
    assert newest(known, "copy").confirm_by is not None, "it lives as any other"
    known.refused(ConfirmListing(listing_id=ident("template")), Reason.WRONG_STATE)
    known.accepted(WithdrawListing(listing_id=ident("template")))


def test_a_template_may_be_made_from_nothing(known: RegistryWorld):
    known.accepted(publish_listing("template", template=True))
    assert str(newest(known, "template").status) == "template"
    assert kinds(known, "template") == ["published"]


def test_refusals_of_copies(known: RegistryWorld):
    known.refused(copy("listing"), Reason.ALREADY_EXISTS)
    known.refused(copy("copy", "nothing"), Reason.NOT_FOUND)
    known.refused(copy("copy"), Reason.NOT_ALLOWED, **by("stranger"))


# ------------------------------------------------------------------------ on behalf of others


def test_what_a_broker_records_is_marked_until_the_actor_confirms_it(known: RegistryWorld):
    known.accepted(publish_listing("told", on_behalf=TOLD), **by("broker"))
    assert newest(known, "told").model_dump(mode="json")["on_behalf"] == TOLD
    said = [each for each in known.heard(ListingState) if each.data.listing_id == ident("told")]
    header = dict(said[-1].record.headers)["ce_onbehalfof"]
    assert header == str(ident("actor")).encode()
    known.accepted(change_listing("told", title="Gartentag"), **by("broker"))
    assert newest(known, "told").on_behalf is not None, "a correction by the broker is no answer"
    told = ConfirmListing(
        listing_id=ident("told"),
        on_behalf=ReportedOnBehalf(channel=IntakeChannel.LETTER, on=date(2026, 11, 20)),
    )
    known.accepted(told, **by("broker"))
    assert newest(known, "told").model_dump()["on_behalf"] == told.model_dump()["on_behalf"]
    known.accepted(ConfirmListing(listing_id=ident("told")), **by("editor"))
    assert newest(known, "told").on_behalf is None
    last = [each for each in known.heard(ListingState) if each.data.listing_id == ident("told")]
    assert "ce_onbehalfof" not in dict(last[-1].record.headers)


def test_only_brokers_speak_for_others(known: RegistryWorld):
    for message in (
        publish_listing("told", on_behalf=TOLD),
        change_listing(on_behalf=TOLD),
        ConfirmListing.model_validate({"listing_id": ident("listing"), "on_behalf": TOLD}),
    ):
        known.refused(message, Reason.NOT_ALLOWED, **by("editor"))


# ------------------------------------------------------------------------------ free text


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("title", "Anruf genügt: 0201 / 123 45 67", "Titel"),
        ("description", "Schreiben Sie an kontakt@beispiel.example", "Beschreibung"),
        (
            "counter_offers",
            [{"title": "kontakt (at) beispiel . example", "resource_category": "contacts"}],
            "Gegenleistung",
        ),
    ],
)
def test_contacts_in_what_people_enter_are_refused_and_the_field_is_named(
    known: RegistryWorld, field: str, value: Any, named: str
):
    said: dict[str, Any] = {field: value}
    for message in (publish_listing("new", **said), change_listing(**said)):
        known.refused(message, Reason.CONTACT_IN_TEXT)
    outcome = known.tell(change_listing(**said))
    assert outcome is not None
    assert named in outcome.message.de
