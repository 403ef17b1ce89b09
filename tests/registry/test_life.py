"""The life of an actor: evidence, confirmation, staleness, suspension, entry on behalf."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from impulse_contracts.codes import ActorStatus, SuspensionReason
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.listings import ListingState
from impulse_registry.domain import actors, identity, life
from impulse_registry.domain.freshness import Patience
from impulse_registry.domain.records import record_of
from impulse_registry.settings import Settings
from impulse_registry.store.network import PORTION, keep_sweeping
from tests.registry.given import (
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    add_person,
    at,
    change_actor,
    ident,
    listing_reported,
    publish_listing,
    register_actor,
)

DAY = timedelta(days=1)
REPORTED = identity.new_actor("https://ehrenamt.beispielstadt.example/api", "4711").subject_id


@pytest.fixture
def known(world: RegistryWorld) -> RegistryWorld:
    """With an actor, its member, an intermediary with its broker, and an operator."""
    for message in (
        register_actor(),
        register_actor("agency", kind="intermediary", legal_name="Beispiel-Agentur e.V."),
        register_actor("programme", kind="programme", legal_name="Beispiel-Programm"),
        add_person("member", "actor", ["contact"]),
        add_person("broker", "agency", ["broker"]),
        add_person("operator", "programme", ["operator"]),
    ):
        world.accepted(message)
    return world


def by(name: str) -> dict[str, Any]:
    return {"principal": str(ident(name))}


def newest(world: RegistryWorld, actor_id: object = None) -> ActorState:
    wanted = actor_id or ident("actor")
    facts: list[ActorState] = [each.data for each in world.heard(ActorState)]
    return max((fact for fact in facts if fact.actor_id == wanted), key=lambda fact: fact.version)


def kinds(world: RegistryWorld, actor_id: object = None) -> list[str]:
    wanted = actor_id or ident("actor")
    facts = [each.data for each in world.heard(ActorState) if each.data.actor_id == wanted]
    return [fact.ce_type.split(".")[3] for fact in sorted(facts, key=lambda each: each.version)]


def submit(kind: str = "exemption_notice", issued_on: str | None = "2024-03-14") -> SubmitEvidence:
    return SubmitEvidence.model_validate(
        {
            "actor_id": ident("actor"),
            "evidence_id": ident(kind),
            "kind": kind,
            "issued_on": issued_on,
        }
    )


def check(kind: str = "exemption_notice", **fields: object) -> CheckEvidence:
    return CheckEvidence.model_validate(
        {"actor_id": ident("actor"), "evidence_id": ident(kind), "accepted": True, **fields}
    )


def confirm(channel: str | None = None, said_on: str | None = None) -> ConfirmActor:
    return ConfirmActor.model_validate(
        {"actor_id": ident("actor"), "channel": channel, "said_on": said_on}
    )


# ------------------------------------------------------------------------------- evidence


def test_an_intermediary_checks_evidence_and_the_actor_is_verified(known: RegistryWorld):
    known.accepted(submit(), **by("member"))
    assert newest(known).status is ActorStatus.REGISTERED
    known.accepted(check(), **by("broker"))
    actor = newest(known)
    assert kinds(known)[-2:] == ["evidence_submitted", "verified"]
    assert actor.status is ActorStatus.VERIFIED
    assert actor.evidence[0].checked_by == ident("agency")
    assert actor.evidence[0].valid_until == date(2029, 3, 14)
    known.accepted(change_actor(), **by("member"))
    assert newest(known).status is ActorStatus.VERIFIED, "it stays so when its profile changes"


def test_who_may_submit_and_who_may_check(known: RegistryWorld):
    known.refused(submit(), Reason.NOT_ALLOWED, principal=str(ident("nobody")))
    known.accepted(submit(), **by("member"))
    known.refused(check(), Reason.NOT_ALLOWED, **by("member"))
    own = submit().model_copy(update={"actor_id": ident("agency")})
    known.accepted(own, **by("broker"))
    of_own = check().model_copy(update={"actor_id": ident("agency")})
    known.refused(of_own, Reason.OWN_EVIDENCE, **by("broker"))
    known.accepted(of_own, **by("operator"))
    assert newest(known, ident("agency")).evidence[0].checked_by is None


def test_a_notice_without_a_date_is_accepted_only_with_its_end(known: RegistryWorld):
    known.accepted(submit(issued_on=None), **by("member"))
    known.refused(check(), Reason.DATE_MISSING, **by("broker"))
    known.accepted(check(valid_until="2027-03-14"), **by("broker"))
    assert newest(known).evidence[0].valid_until == date(2027, 3, 14)


def test_evidence_that_ends_is_said_before_and_after_and_the_status_stays(known: RegistryWorld):
    known.accepted(submit(issued_on="2022-03-14"), **by("member"))
    known.accepted(check(), **by("broker"))
    known.advance(50 * DAY)
    assert "evidence_due_soon" not in kinds(known)
    known.advance(1 * DAY)
    assert kinds(known)[-1] == "evidence_due_soon", "60 days before the end of 14 March 2027"
    for _ in range(7):
        known.accepted(confirm(), **by("member"))
        known.advance(10 * DAY)
    actor = newest(known)
    assert kinds(known).count("evidence_due_soon") == kinds(known).count("evidence_ended") == 1
    assert actor.status is ActorStatus.VERIFIED
    assert actor.needs_renewal
    known.accepted(submit("tax_notice_annex", "2027-01-10"), **by("member"))
    known.accepted(check("tax_notice_annex"), **by("broker"))
    assert not newest(known).needs_renewal


# ----------------------------------------------------------------------------- staleness


def test_first_a_reminder_then_stale_then_back_by_a_confirmation(known: RegistryWorld):
    known.accepted(publish_listing(), **by("member"))
    known.advance(75 * DAY)
    assert "confirmation_due" not in kinds(known)
    known.advance(DAY)
    assert kinds(known)[-1] == "confirmation_due"
    known.advance(13 * DAY)
    assert newest(known).status is ActorStatus.REGISTERED
    known.advance(DAY)
    assert kinds(known)[-1] == "marked_stale"
    listing = known.heard(ListingState)[-1].data
    assert listing.status == "stale"
    known.accepted(confirm(), **by("member"))
    assert kinds(known)[-1] == "confirmed_current"
    assert newest(known).status is ActorStatus.REGISTERED
    known.advance(90 * DAY)
    assert kinds(known).count("confirmation_due") == 2, "it begins anew"


def test_nobody_is_stale_without_a_reminder_even_when_the_clock_stood_still(known: RegistryWorld):
    known.advance(400 * DAY)
    assert kinds(known)[-1] == "confirmation_due"
    known.advance(13 * DAY)
    assert newest(known).status is ActorStatus.REGISTERED
    known.advance(DAY)
    assert newest(known).status is ActorStatus.STALE


def test_a_report_that_says_nothing_new_confirms(world: RegistryWorld):
    world.accepted(actor_reported())
    world.advance(70 * DAY)
    before = world.facts()
    world.accepted(actor_reported(observed_at=world.now))
    assert world.facts() == before, "no fact, and no timer, with a report that says nothing new"
    assert world.timers() == 0
    world.advance(30 * DAY)
    assert kinds(world, REPORTED) == ["registered", "confirmed_current"]
    assert newest(world, REPORTED).confirmed_at == at(70 * 24)


def test_a_stale_actor_is_back_by_the_next_report_with_its_listings(world: RegistryWorld):
    world.accepted(actor_reported())
    world.accepted(listing_reported())
    world.advance(100 * DAY)
    world.advance(20 * DAY)
    assert newest(world, REPORTED).status is ActorStatus.STALE
    assert world.heard(ListingState)[-1].data.status == "stale"
    world.accepted(listing_reported(observed_at=world.now))
    assert newest(world, REPORTED).status is ActorStatus.REGISTERED
    assert world.heard(ListingState)[-1].data.status == "open"


def test_a_listing_that_stood_is_back_with_its_actor(known: RegistryWorld):
    known.accepted(publish_listing(), **by("member"))
    known.accepted(
        SuspendActor(actor_id=ident("actor"), reason=SuspensionReason.UNDER_REVIEW), **by("broker")
    )
    assert known.heard(ListingState)[-1].data.status == "stale"
    known.accepted(publish_listing("second"), **by("member"))
    assert known.heard(ListingState)[-1].data.status == "stale", "nothing of it is in sight"
    known.accepted(ReactivateActor(actor_id=ident("actor")), **by("broker"))
    newest_of = {each.data.listing_id: each.data.status for each in known.heard(ListingState)}
    assert set(newest_of.values()) == {"open"}


def test_a_longer_patience_holds_for_those_who_were_planned_before(world: RegistryWorld):
    for number in range(PORTION):
        world.say(register_actor(f"actor {number}", legal_name=f"Beispiel {number} e.V."))
    world.settle()
    [node] = world.nodes
    node.settings = Settings(
        database_url="postgresql://127.0.0.1/unused",
        privacy_key=SecretStr("only for tests, 32 characters long"),
        stale_days=365,
    )
    node.restart()
    world.advance(76 * DAY)
    assert not any("confirmation_due" in fact for fact in world.facts())
    world.advance((365 - 14 - 76) * DAY)
    assert sum("confirmation_due" in fact for fact in world.facts()) == PORTION


# ---------------------------------------------------------------------------- suspension


def test_staff_suspend_and_no_report_lifts_it(world: RegistryWorld):
    world.accepted(actor_reported())
    world.accepted(SuspendActor(actor_id=REPORTED, reason=SuspensionReason.FALSE_STATEMENTS))
    assert newest(world, REPORTED).suspended_for == "false_statements"
    world.accepted(actor_reported(observed_at=at(1), legal_name="Beispiel-Verein Neu e.V."))
    assert newest(world, REPORTED).status is ActorStatus.SUSPENDED
    world.accepted(actor_withdrawn(observed_at=at(2)))
    world.accepted(actor_reported(observed_at=at(3)))
    assert newest(world, REPORTED).status is ActorStatus.SUSPENDED, "nor does a withdrawal"
    world.refused(ConfirmActor(actor_id=REPORTED), Reason.WRONG_STATE)
    world.accepted(ReactivateActor(actor_id=REPORTED))
    assert newest(world, REPORTED).status is ActorStatus.REGISTERED
    assert newest(world, REPORTED).suspended_for is None
    world.refused(ReactivateActor(actor_id=REPORTED), Reason.WRONG_STATE)


def test_its_own_people_neither_suspend_nor_reactivate(known: RegistryWorld):
    suspend = SuspendActor(actor_id=ident("actor"), reason=SuspensionReason.UNDER_REVIEW)
    known.refused(suspend, Reason.NOT_ALLOWED, **by("member"))
    known.accepted(suspend, **by("broker"))
    reactivate = ReactivateActor(actor_id=ident("actor"))
    known.refused(reactivate, Reason.NOT_ALLOWED, **by("member"))


# ----------------------------------------------------------------------------- on behalf


def confirmed_by_it(world: RegistryWorld, actor_id: object = None) -> bool:
    return any(each.confirmed for each in newest(world, actor_id).provenance)


def test_what_a_broker_records_is_not_confirmed_until_the_actor_does(known: RegistryWorld):
    known.accepted(change_actor(unit="Büro", channel="phone"), **by("broker"))
    assert [each.channel for each in newest(known).provenance] == ["phone"]
    assert not confirmed_by_it(known)
    known.accepted(confirm("phone"), **by("broker"))
    assert not confirmed_by_it(known), "nor is it by what the broker says they said"
    known.accepted(confirm(), **by("member"))
    assert confirmed_by_it(known)
    assert newest(known).unit == "Büro"


def test_what_a_partner_said_is_confirmed_by_the_party_until_it_says_otherwise(
    world: RegistryWorld,
):
    def confirmed() -> set[str]:
        told = newest(world, REPORTED).provenance
        return {name for each in told if each.confirmed for name in each.fields}

    world.accepted(actor_reported(website="https://eins.example"))
    world.accepted(add_person("member", REPORTED, ["contact"]))
    assert confirmed() == set()
    world.accepted(ConfirmActor(actor_id=REPORTED), **by("member"))
    every = {name for each in newest(world, REPORTED).provenance for name in each.fields}
    assert confirmed() == every >= {"legal_name", "seat", "website"}
    unchanged = actor_reported(observed_at=at(1), website="https://eins.example")
    world.accepted(unchanged)
    assert confirmed() == every
    world.accepted(actor_reported(observed_at=at(2), website="https://zwei.example"))
    assert confirmed() == every - {"website"}


def test_a_broker_says_how_they_said_it_and_not_ahead_of_time(known: RegistryWorld):
    known.refused(confirm(), Reason.CHANNEL_MISSING, **by("broker"))
    ahead = confirm("letter", "2026-11-26")
    known.refused(ahead, Reason.DATE_IN_FUTURE, **by("broker"))
    known.accepted(confirm("letter", "2026-11-23"), **by("broker"))


# ------------------------------------------------------------------------------ the rule


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(2, 200))
def test_whatever_the_steps_of_the_clock_stale_comes_after_a_reminder(steps, stale_days):
    patience = Patience(timedelta(days=stale_days), timedelta(days=1))
    name = identity.new_hand(ident("actor")).reported(at(0), record=record_of(register_actor()))
    [actor] = actors.registered(ident("actor"), name, at(0))
    now: datetime = at(0)
    reminded: datetime | None = None
    for days in steps:
        now += timedelta(days=days)
        due = life.due_at(actor, patience)
        states = life.pass_time(actor, (), now, patience)
        assert bool(states) == (due is not None and due <= now), "due when something changes"
        assert life.pass_time(states[-1][1], (), now, patience) == () if states else True
        for fact, actor in states:
            if fact.ce_type.endswith("confirmation_due.v1"):
                reminded = now
            else:
                assert actor.status is ActorStatus.STALE
                assert reminded is not None
                assert now >= reminded + patience.remind_before
                assert now >= at(0) + patience.stale_after


def test_when_the_party_said_it_is_kept_and_not_ahead(known: RegistryWorld):
    ahead = change_actor(unit="Büro", channel="phone", said_on="2026-11-26")
    known.refused(ahead, Reason.DATE_IN_FUTURE, **by("broker"))
    known.refused(
        register_actor("new", channel="letter", said_on="2030-01-01"),
        Reason.DATE_IN_FUTURE,
        **by("broker"),
    )
    said = change_actor(unit="Büro", channel="phone", said_on="2026-11-20")
    known.accepted(said, **by("broker"))
    [told] = newest(known).provenance
    assert (told.channel, told.said_on, told.confirmed) == ("phone", date(2026, 11, 20), False)
    known.accepted(confirm(), **by("member"))
    assert [each.confirmed for each in newest(known).provenance] == [True]


def test_staff_speak_for_the_organisation_that_they_belong_to(known: RegistryWorld):
    known.accepted(change_actor("agency", kind="intermediary", unit="Haus"), **by("operator"))
    assert not confirmed_by_it(known, ident("agency"))
    known.accepted(change_actor("agency", kind="intermediary", unit="Büro"), **by("broker"))
    assert confirmed_by_it(known, ident("agency"))
    heard = change_actor("agency", kind="intermediary", unit="Laden", channel="phone")
    known.accepted(heard, **by("broker"))
    assert not confirmed_by_it(known, ident("agency")), "what they heard is to be confirmed"


def test_a_sweep_that_was_lost_is_set_again(known: RegistryWorld):
    [node] = known.nodes
    with node.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM timer")
    known.advance(100 * DAY)
    assert kinds(known) == ["registered"], "nobody looks"
    with node.engine.begin() as connection:
        assert keep_sweeping(connection, known.now)
        assert not keep_sweeping(connection, known.now), "one is enough"
    known.settle()
    assert kinds(known) == ["registered", "confirmation_due"]
    with node.engine.begin() as connection:
        assert not keep_sweeping(connection, known.now), "each sets the next"
