"""Any commands on a session in any order, and time: what always holds, whatever was asked.

The model knows only what was said on the topics: it adds up who holds what from the facts, and
judges every place that was given by the rules as people would read them.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from impulse_booking.app import service
from impulse_booking.store.bookings import bookings
from impulse_booking.store.programme import sessions
from impulse_chassis.transaction import transact
from impulse_contracts.booking.bookings import (
    BookingFact,
    BookingSkipped,
    CancelBooking,
    DecideApplication,
    DeclinePlace,
    OfferPlace,
    PlaceOffered,
    TakePlace,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import (
    ChangeCapacity,
    DrawLots,
    RescheduleSession,
    SessionFact,
)
from impulse_contracts.message import Command
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.booking.programme import BookingWorld, ident, request, session
from tests.fixtures.shelf import Shelf

LAST_OFFER = 24
HOLDING = {"offered", "confirmed", "attended", "no_show"}
NAMES = [f"N{count}" for count in range(8)]
FIRMS = NAMES[:3]
EXAMPLES = int(os.environ.get("IMPULSE_EXAMPLES", "30"))
names = st.sampled_from(NAMES)


class Sessions(RuleBasedStateMachine):
    """One session with few places, and eight organisations that want them."""

    shelf: ClassVar[Shelf]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.asked: list[str] = []
        self.by_hand: set[UUID] = set()
        self.count = 0

    @initialize(
        capacity=st.integers(0, 4),
        policy=st.sampled_from(["hold_for_group", "skip_with_notice"]),
        mode=st.sampled_from(["first_come", "first_come", "application_review", "lottery"]),
        waiting_list=st.sampled_from([True, True, True, False]),
        reserved=st.integers(0, 2),
        more=st.integers(0, 2),
    )
    def begin(
        self, capacity: int, policy: str, mode: str, waiting_list: bool, reserved: int, more: int
    ) -> None:
        self.world = BookingWorld(self.stack.enter_context(self.shelf.engine(service)))
        self.policy = policy
        self.quota: dict[str, Any] = {
            "kind": "company",
            "reserved": min(reserved, capacity),
            "at_most": min(reserved, capacity) + more,
        }
        terms = {"selection_mode": mode, "waiting_list": waiting_list, "group_policy": policy}
        self.world.offered(0, capacity_unit="person", last_offer_hours=LAST_OFFER, **terms)
        self.session_id = ident("the session")
        self.world.accepted(session(self.session_id, capacity=capacity, quotas=[self.quota]))
        self.world.know(*FIRMS, kind="company")
        self.world.know(*(name for name in NAMES if name not in FIRMS))

    def teardown(self) -> None:
        self.stack.close()

    def ask(self, command: Command) -> None:
        """Says a command, and remembers it."""
        self.asked.append(self.world.say(command))
        self.world.settle()

    def new_id(self) -> UUID:
        """The same in every run of an example."""
        self.count += 1
        return UUID(int=self.count)

    def in_state(self, *states: str) -> list[UUID]:
        """The bookings that are in one of these states."""
        newest = {fact.booking_id: str(fact.state) for fact in self.facts()}
        return [key for key, state in newest.items() if state in states]

    # ------------------------------------------------------------------------------- rules

    @rule(name=names, size=st.integers(1, 3), priority=st.sampled_from([0, 0, 0, 1]))
    def book(self, name: str, size: int, priority: int) -> None:
        wish = {"booking_id": self.new_id(), "party_size": size, "priority": priority}
        self.ask(request(name, self.session_id, **wish))

    @rule(those=st.lists(st.tuples(names, st.integers(1, 3)), min_size=2, max_size=5))
    def book_in_one_batch(self, those: list[tuple[str, int]]) -> None:
        for name, size in those:
            wish = {"booking_id": self.new_id(), "party_size": size}
            self.asked.append(self.world.say(request(name, self.session_id, **wish)))
        self.world.settle()

    @precondition(lambda self: self.in_state("confirmed", "offered"))
    @rule(data=st.data(), by=st.sampled_from(list(CancelledBy)))
    def cancel_a_place(self, data: st.DataObject, by: CancelledBy) -> None:
        booking_id = data.draw(st.sampled_from(self.in_state("confirmed", "offered")))
        self.ask(CancelBooking(booking_id=booking_id, by=by))

    @precondition(lambda self: self.count)
    @rule(data=st.data(), command=st.sampled_from([CancelBooking, TakePlace, DeclinePlace]))
    def say_to_any(self, data: st.DataObject, command: type[Command]) -> None:
        booking_id = UUID(int=data.draw(st.integers(1, self.count)))
        said = {"booking_id": booking_id, "by": "booker"}
        self.ask(command.model_validate(said))

    @precondition(lambda self: self.in_state("offered"))
    @rule(data=st.data(), command=st.sampled_from([TakePlace, DeclinePlace]))
    def answer(self, data: st.DataObject, command: type[Command]) -> None:
        booking_id = data.draw(st.sampled_from(self.in_state("offered")))
        self.ask(command.model_validate({"booking_id": booking_id}))

    @precondition(lambda self: self.in_state("waitlisted"))
    @rule(data=st.data())
    def offer(self, data: st.DataObject) -> None:
        booking_id = data.draw(st.sampled_from(self.in_state("waitlisted")))
        self.by_hand.add(booking_id)
        self.ask(OfferPlace(booking_id=booking_id))

    @precondition(lambda self: self.in_state("requested"))
    @rule(data=st.data(), accepted=st.booleans())
    def decide(self, data: st.DataObject, accepted: bool) -> None:
        booking_id = data.draw(st.sampled_from(self.in_state("requested")))
        self.ask(DecideApplication(booking_id=booking_id, accepted=accepted))

    @precondition(lambda self: self.in_state("requested"))
    @rule(seed=st.sampled_from("abc"))
    def draw(self, seed: str) -> None:
        self.ask(DrawLots(session_id=self.session_id, seed=seed))

    @rule(more=st.integers(-2, 3))
    def change_capacity(self, more: int) -> None:
        held = self.world.session(self.session_id)
        # Fewer places than are reserved leave nothing to check the reserve by.
        if more > 0 or self.quota["reserved"] == 0:
            capacity = max(0, held.capacity + more)
            self.ask(ChangeCapacity(session_id=self.session_id, capacity=capacity))

    @rule(hours=st.sampled_from([30, 300]))
    def reschedule(self, hours: int) -> None:
        starts = self.world.now + timedelta(hours=hours)
        times = {"starts": starts, "ends": starts + timedelta(hours=3)}
        self.ask(RescheduleSession.model_validate({"session_id": self.session_id, **times}))

    @rule(hours=st.sampled_from([1, 24, 49, 100]))
    def time_passes(self, hours: int) -> None:
        self.world.advance(timedelta(hours=hours))

    # -------------------------------------------------------------------------- invariants

    def facts(self) -> Iterator[BookingFact]:
        """The facts of the session's bookings, in the order that `session_version` says."""
        heard = [each.data for each in self.world.heard(BookingFact)]
        yield from sorted(heard, key=lambda fact: fact.session_version)

    @invariant()
    def places_add_up_and_are_given_in_order(self) -> None:
        known: dict[UUID, BookingFact] = {}
        held: dict[int, SessionFact] = {
            each.data.version: each.data
            for each in self.world.heard(SessionFact)
            if each.data.session_id == self.session_id
        }
        assert sorted(held) == list(range(1, len(held) + 1))
        owed: set[UUID] = set()
        for fact in self.facts():
            before, after = held[fact.session_version - 1], held[fact.session_version]
            if isinstance(fact, BookingSkipped):
                owed.discard(fact.booking_id)
            elif self.gives_a_place(fact, known.get(fact.booking_id)):
                owed |= self.passed_over(fact, known, before)
            known[fact.booking_id] = fact
            taken = [each for each in known.values() if each.state in HOLDING]
            assert after.taken == sum(each.party_size for each in taken) <= after.capacity
            assert after.waiting == sum(each.state == "waitlisted" for each in known.values())
            firms = sum(each.party_size for each in taken if self.is_firm(each))
            assert firms <= self.quota["at_most"]
            if self.gives_a_place(fact, None) and not self.is_firm(fact):
                assert after.capacity - after.taken >= self.quota["reserved"] - firms
        untold = [known[each] for each in owed if known[each].state == "waitlisted"]
        assert all(each.reason == Reason.QUOTA_FULL_FOR_GROUP for each in untold)
        self.nothing_is_idle(known)

    def gives_a_place(self, fact: BookingFact, before: BookingFact | None) -> bool:
        """Whether a place was given by the order: not one that was held, nor one by hand."""
        newly = before is None or before.state in {"waitlisted", "requested"}
        by_order = isinstance(fact, PlaceOffered) or (fact.state == "confirmed" and newly)
        return by_order and fact.booking_id not in self.by_hand

    def passed_over(
        self, fact: BookingFact, known: dict[UUID, BookingFact], before: SessionFact
    ) -> set[UUID]:
        """Who waited before the one that got a place, and could not have it."""
        passed = set()
        turn = self.turn(fact)
        for each in known.values():
            if each.state != "waitlisted" or each.booking_id == fact.booking_id:
                continue
            if self.turn(each) > turn:
                continue
            passed.add(each.booking_id)
            if not self.blocked_by_quota(each, known, before):
                assert each.party_size > before.capacity - before.taken, "somebody was passed over"
                assert not self.is_held_for(each, before), "places were to be held for the group"
        return passed

    def is_held_for(self, fact: BookingFact, held: SessionFact) -> bool:
        """Whether places are held until there are enough; not for more than there can be."""
        most = min(held.capacity, self.quota["at_most"])
        if not self.is_firm(fact):
            most = held.capacity - self.quota["reserved"]
        return self.policy == "hold_for_group" and fact.party_size <= most

    def nothing_is_idle(self, known: dict[UUID, BookingFact]) -> None:
        """No place is free that the first who waits could have."""
        held = self.world.session(self.session_id)
        if self.world.now > held.starts - timedelta(hours=LAST_OFFER):
            return
        waiting = [each for each in known.values() if each.state == "waitlisted"]
        for each in sorted(waiting, key=self.turn):
            if self.blocked_by_quota(each, known, held):
                continue
            assert each.party_size > held.capacity - held.taken, "a place is idle"
            if self.is_held_for(each, held):
                break

    def blocked_by_quota(
        self, fact: BookingFact, known: dict[UUID, BookingFact], held: SessionFact
    ) -> bool:
        taken = [each for each in known.values() if each.state in HOLDING]
        firms = sum(each.party_size for each in taken if self.is_firm(each))
        free = held.capacity - held.taken
        if self.is_firm(fact):
            return bool(firms + fact.party_size > self.quota["at_most"])
        return free >= fact.party_size and bool(
            fact.party_size > free - max(0, self.quota["reserved"] - firms)
        )

    def is_firm(self, fact: BookingFact) -> bool:
        return fact.actor_id in {ident(name) for name in FIRMS}

    @staticmethod
    def turn(fact: BookingFact) -> tuple[int, float]:
        number = fact.waiting_number
        return (-fact.priority, float("inf") if number is None else number)

    @invariant()
    def every_command_has_one_outcome(self) -> None:
        answered: dict[str, int] = {}
        for each in self.world.heard(Outcome):
            answered[each.data.command_id] = answered.get(each.data.command_id, 0) + 1
            assert each.data.reason != Reason.HANDLER_ERROR
        assert [answered.get(message_id) for message_id in self.asked] == [1] * len(self.asked)

    @invariant()
    def the_facts_say_what_the_database_says(self) -> None:
        newest: dict[UUID, BookingFact] = {}
        for fact in self.facts():
            newest[fact.booking_id] = fact
        said: dict[UUID, Any] = {
            key: type(fact).of(fact, session_version=0, place_in_list=None, online_link=None)
            for key, fact in newest.items()
        }

        def stored(tx: Any) -> tuple[dict[UUID, Any], Any]:
            found = bookings.select(tx, "true", lock="")
            [held] = sessions.select(tx, "t.session_id = %b", (self.session_id,), lock="")
            kept = {
                each.booking_id: type(newest[each.booking_id]).of(
                    each, session_version=0, place_in_list=None, online_link=None
                )
                for each in found
            }
            return kept, held

        kept, held = transact(self.world.engine, "booking", stored)
        assert kept == said
        newest_of_session = self.world.session(self.session_id)
        assert type(newest_of_session).of(held) == newest_of_session


def test_nothing_that_can_be_asked_breaks_what_holds(shelf: Shelf) -> None:
    Sessions.shelf = shelf
    machine = Sessions.TestCase
    # What fails is printed as it was found: to make it smaller would take minutes.
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    machine.settings = settings(max_examples=EXAMPLES, stateful_step_count=20, phases=phases)
    machine().runTest()
