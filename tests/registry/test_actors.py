"""The life of an actor, decided on plain values."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis import Refused
from impulse_contracts.codes import ActorStatus, ActorType, Carrier
from impulse_contracts.partner import ActorReported, ActorWithdrawn
from impulse_contracts.parts import Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import (
    ActorArchived,
    ActorDetailsChanged,
    ActorMerged,
    ActorReactivated,
    ActorRegistered,
    ActorSeparated,
)
from impulse_registry.domain import actors, identity
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.records import record_of
from tests.registry.given import (
    SOURCE,
    actor_reported,
    actor_withdrawn,
    at,
    change_actor,
)

NAME = Source(source=SOURCE, external_id="4711")
Heard = ActorReported | ActorWithdrawn


def after(*messages: Heard) -> tuple[Actor | None, IdentityKey]:
    """What is known after some reports and withdrawals, in this order."""
    actor: Actor | None = None
    key = identity.new_actor(SOURCE, "4711")
    for message in messages:
        at = message.observed_at
        if isinstance(message, ActorWithdrawn):
            key = key.withdrawn(at)
        elif not key.is_later(at):
            key = key.reported(at, record=record_of(message, NAME))
        if actor is not None:
            actor = actors.reworked(actor, [key], at) or actor
        elif key.record is not None:
            actor = actors.registered(key.subject_id, key, at)[-1]
    return actor, key


def known(*messages: Heard) -> Actor:
    actor, _ = after(*messages)
    assert actor is not None
    return actor


def state(*messages: Heard) -> tuple[object, datetime | None, datetime | None]:
    """All that matters later; how many versions it took, and which was the last, does not."""
    actor, key = after(*messages)
    said = actor and actor.model_dump(exclude={"version", "confirmed_at", "provenance"})
    return said, key.reported_at, key.withdrawn_at


# ------------------------------------------------------------------------------- profiles


def test_a_report_registers_an_actor_with_defaults_and_a_located_seat():
    actor = known(actor_reported())
    assert (actor.version, actor.status) == (1, ActorStatus.REGISTERED)
    assert actor.actor_type is ActorType.NONPROFIT_ASSOCIATION
    assert actor.carrier is Carrier.NONPROFIT
    assert (actor.seat.ags, actor.seat.located_by) == ("05113000", "postcode")
    assert actor.sources == (NAME,)
    assert "Beispielstraße" not in actor.model_dump_json()


def test_what_a_report_says_stands_over_the_defaults():
    actor = known(actor_reported(actor_type="social_facility", carrier="municipal"))
    assert (actor.actor_type, actor.carrier) == (ActorType.SOCIAL_FACILITY, Carrier.MUNICIPAL)


def test_an_unknown_postcode_is_registered_but_not_located():
    seat = known(actor_reported(seat={"postcode": "99999", "city": "Essen"})).seat
    assert (seat.postcode, seat.city) == ("99999", "Essen")
    assert (seat.latitude, seat.longitude, seat.located_by) == (None, None, None)


def test_blank_optional_texts_are_none():
    actor = known(actor_reported(unit=" ", website="", display_name=" Stadtwald "))
    assert (actor.unit, actor.website, actor.display_name) == (None, None, "Stadtwald")


# --------------------------------------------------------------------------------- order

NAMES = st.sampled_from(["Beispiel-Verein Eins e.V.", "Beispiel-Verein Zwei e.V."])
TIMES = st.lists(st.integers(-50, 50), min_size=1, max_size=7, unique=True)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Heard], list[Heard]]:
    """Reports and withdrawals, each observed at another time, in two orders."""
    messages: list[Heard] = [
        actor_reported(observed_at=at(hour), legal_name=draw(NAMES))
        if draw(st.booleans())
        else actor_withdrawn(observed_at=at(hour))
        for hour in draw(TIMES)
    ]
    return messages, draw(st.permutations(messages))


@given(histories())
def test_the_order_of_arrival_does_not_matter(history):
    one, other = history
    assert state(*one) == state(*other)


@given(histories())
def test_the_newest_message_decides(history):
    messages, _ = history
    in_time = sorted(messages, key=lambda message: message.observed_at)
    reports = [each for each in in_time if isinstance(each, ActorReported)]
    actor, _ = after(*messages)
    if not reports:
        assert actor is None
        return
    assert actor is not None
    assert actor.legal_name == reports[-1].legal_name
    assert actor.is_archived == isinstance(in_time[-1], ActorWithdrawn)


@given(histories())
def test_every_version_is_there_once_and_says_something_new(history):
    messages, _ = history
    actor: Actor | None = None
    for count in range(1, len(messages) + 1):
        before, (actor, _) = actor, after(*messages[:count])
        steps = (actor.version if actor else 0) - (before.version if before else 0)
        assert 0 <= steps <= (2 if before is None else 1)
        if before and actor and steps:
            changed = {"version", "confirmed_at", "provenance"}
            assert before.model_dump(exclude=changed) != actor.model_dump(exclude=changed)


def test_of_two_reports_at_the_same_time_the_later_arrival_wins():
    actor = known(actor_reported(legal_name="Beispiel A"), actor_reported(legal_name="Beispiel B"))
    assert actor.legal_name == "Beispiel B"


def test_at_the_same_time_the_later_of_report_and_withdrawal_wins_once_the_actor_is_known():
    assert known(actor_reported(), actor_withdrawn()).is_archived
    assert not known(actor_reported(), actor_withdrawn(), actor_reported()).is_archived


def test_a_withdrawal_that_came_first_is_applied_unless_the_report_is_newer():
    assert known(actor_withdrawn(observed_at=at(1)), actor_reported()).is_archived
    assert known(actor_withdrawn(), actor_reported()).is_archived
    assert not known(actor_withdrawn(), actor_reported(observed_at=at(1))).is_archived


def test_the_same_again_is_no_new_version():
    again = actor_reported(observed_at=at(1))
    assert known(actor_reported(), again).version == 1


# ------------------------------------------------------------------------------ commands


def by_hand(hand: IdentityKey, at: datetime, **fields: str) -> IdentityKey:
    """The key of what people say of an actor by hand, after they said something of it."""
    return hand.reported(at, record=record_of(change_actor(**fields)))


def test_reports_from_before_a_change_by_hand_do_not_stand():
    actor, key = after(actor_reported())
    assert actor is not None
    hand = by_hand(identity.new_hand(actor.actor_id), at(2), legal_name="Von Hand")
    earlier = key.reported(at(1), record=record_of(actor_reported(legal_name="Alt"), NAME))
    later = key.reported(at(3), record=record_of(actor_reported(legal_name="Neu"), NAME))
    for reported, stands in ((earlier, "Von Hand"), (later, "Neu")):
        for names in ([reported, hand], [hand, reported]):
            worked_out = actors.reworked(actor, names, at(3))
            assert worked_out is not None and worked_out.legal_name == stands


def test_what_was_withdrawn_under_all_names_is_back_with_a_later_report_of_one():
    actor, key = after(actor_reported())
    assert actor is not None
    other = identity.new_actor(SOURCE, "other").reported(at(1), record=key.record)
    over = [key.withdrawn(at(2)), other.withdrawn(at(2))]
    assert actors.reworked(actor, [over[0], other], at(2)) is None
    archived = actors.reworked(actor, over, at(2))
    assert archived is not None and archived.is_archived
    later = over[1].reported(at(2.5), record=key.record)
    back = actors.reworked(archived, [over[0], later], at(2.5))
    assert back is not None and back.status is ActorStatus.REGISTERED


def test_an_archived_or_merged_actor_is_not_active():
    actor = known(actor_reported())
    actor.require_active()
    for status in (ActorStatus.ARCHIVED, ActorStatus.MERGED):
        with pytest.raises(Refused) as refusal:
            actor.evolve(status=status).require_active()
        assert refusal.value.reason is Reason.WRONG_STATE


def test_the_kind_of_fact_follows_from_the_change():
    new = known(actor_reported())
    changed = new.evolve(legal_name="Beispiel-Verein Neu e.V.")
    archived = new.evolve(status=ActorStatus.ARCHIVED)
    merged = new.evolve(status=ActorStatus.MERGED)
    assert actors.fact_of(None, new) is ActorRegistered
    assert actors.fact_of(new, changed) is ActorDetailsChanged
    assert actors.fact_of(new, archived) is ActorArchived
    assert actors.fact_of(archived, new) is ActorReactivated
    assert actors.fact_of(new, merged) is ActorMerged
    assert actors.fact_of(merged, new) is ActorSeparated


@given(st.text("ab|%/7C", max_size=6), st.text("ab|%/7C", max_size=6))
def test_no_two_names_share_a_key(one, other):
    bar = "|"
    first = identity.actor_key(one + bar + other, "x")
    second = identity.actor_key(one, other + bar + "x")
    assert first != second
