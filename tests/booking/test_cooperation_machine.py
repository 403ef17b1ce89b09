"""Any commands on a cooperation in any order, and time: nothing is forgotten, nobody is told twice.

The model knows only what was said on the topic, and judges it by the rules as people read them.
"""

from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from impulse_booking.app import service
from impulse_booking.domain.cooperation import OPEN, Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.store.cooperations import cooperations
from impulse_chassis.testing import START
from impulse_chassis.transaction import transact
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_codes import PreparationItem
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    CooperationCommand,
    DeclineCooperation,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperation_steps import possible
from impulse_contracts.booking.cooperations import (
    CooperationCompleted,
    CooperationContinued,
    CooperationFact,
    DeliveryReported,
    DeliveryStarted,
)
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import HOST, TERMS, CooperationWorld, entry
from tests.booking.reminders import REMINDERS, demand_in_time
from tests.booking.test_machine import EXAMPLES
from tests.fixtures.shelf import Shelf

REFUSALS = {
    None,
    Reason.WRONG_STATE,
    Reason.AGREEMENT_INCOMPLETE,
    Reason.DATE_IN_PAST,
    Reason.DATE_TOO_FAR,
    Reason.NOT_OF_SIDE,
    Reason.NOT_APPROVING,
    Reason.NOT_BEGUN,
    Reason.NOT_DECIDED,
    Reason.REASON_MISSING,
}
PLAIN = (ResumeCooperation, CompleteCooperation, ContinueCooperation)
ENDINGS = (DeclineCooperation, WithdrawCooperation, CancelCooperation, EndUnredeemed)
sides = st.sampled_from(["need", "offer"])
outcomes = st.sampled_from(["done", "partly", "not_done"])


class Cooperating(RuleBasedStateMachine):
    """One cooperation, its two sides, and a clock."""

    shelf: ClassVar[Shelf]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.asked: list[str] = []

    @initialize(known=st.sampled_from(["nothing", "terms", "signed"]))
    def begin(self, known: str) -> None:
        self.world = CooperationWorld(self.stack.enter_context(self.shelf.engine(service)))
        told = {"on_behalf": {"channel": "event_floor", "on": "2026-11-24"}}
        command = entry(
            cooperation_id=UUID(int=1),
            terms=None if known == "nothing" else TERMS,
            signing=told if known == "signed" else None,
        )
        self.key = command.cooperation_id
        self.world.accepted(command)

    def teardown(self) -> None:
        self.stack.close()

    def ask(self, kind: type[CooperationCommand], **fields: Any) -> None:
        """Says a command, and remembers it."""
        said = kind.model_validate({"cooperation_id": self.key, **fields})
        self.asked.append(self.world.say(said))
        self.world.settle()

    def later(self, days: int) -> str:
        """A day as it is written."""
        return str(day_of(self.world.now + timedelta(days=days)))

    # ------------------------------------------------------------------------------- rules

    @rule(performance=st.sampled_from(["", "Streichen"]), days=st.sampled_from([2, 40, 400]))
    def draft(self, performance: str, days: int) -> None:
        terms = {**TERMS, "performance": performance, "redeem_by": self.later(days)}
        self.ask(DraftAgreement, terms=terms)

    @rule(side=sides)
    def sign(self, side: str) -> None:
        self.ask(SignAgreement, side=side)

    @rule()
    def both_sign(self) -> None:
        for side in ("need", "offer"):
            self.ask(SignAgreement, side=side)

    @rule(days=st.sampled_from([1, 10, 70]))
    def plan(self, days: int) -> None:
        starts = self.world.now + timedelta(days=days, hours=3)
        self.ask(PlanDelivery, dates=[{"starts": starts, "ends": starts + timedelta(hours=8)}])

    @rule(item=st.sampled_from(list(PreparationItem)), done=st.booleans())
    def prepare(self, item: str, done: bool) -> None:
        self.ask(ChangePreparation, item=item, done=done)

    @rule(side=sides)
    def name_contact(self, side: str) -> None:
        self.ask(NameContacts, side=side, contact_id=HOST)

    @rule(side=sides, outcome=outcomes, deciding=st.booleans())
    def report(self, side: str, outcome: str, deciding: bool) -> None:
        said = {"side": side, "outcome": outcome, "reason": "other", "hours": 8.0}
        self.ask(DecideDelivery if deciding else ReportDelivery, **said)

    @rule(side=sides)
    def evaluate(self, side: str) -> None:
        self.ask(EvaluateCooperation, side=side, structure=3, process=3, result=3)

    @rule(days=st.sampled_from([-1, 20, 180, 190]))
    def hold(self, days: int) -> None:
        self.ask(HoldCooperation, reason="staff_change", until=self.later(days))

    @rule(days=st.sampled_from([0, 5, 30, 3000]))
    def set_action(self, days: int) -> None:
        self.ask(SetNextAction, text="Anrufen", responsible="broker", due=self.later(days))

    @rule(kind=st.sampled_from(PLAIN), side=st.sampled_from([None, "need"]))
    def go_on(self, kind: type[CooperationCommand], side: str | None) -> None:
        self.ask(kind, side=side)

    @rule(kind=st.sampled_from(ENDINGS), earnest=st.sampled_from([False, False, True]))
    def end(self, kind: type[CooperationCommand], earnest: bool) -> None:
        if earnest:
            self.ask(kind, reason="other")

    @rule(hours=st.sampled_from([1, 24, 24 * 3, 24 * 30, 24 * 100]))
    def time_passes_at_once(self, hours: int) -> None:
        """As after an outage: what came due meanwhile is found late."""
        self.world.advance(timedelta(hours=hours))

    @rule(days=st.sampled_from([4, 15]))
    def time_passes(self, days: int) -> None:
        for _ in range(days):
            self.world.advance(timedelta(days=1))

    # -------------------------------------------------------------------------- invariants

    def facts(self) -> list[tuple[CooperationFact, datetime]]:
        """What was said of it, in order, and when."""
        heard = self.world.heard(CooperationFact)
        return [(each.data, each.attributes.time or START) for each in heard]

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """What is open has something to do next, a way on, and a day on which it is looked at again
        before it is forgotten; what is over has nothing to do."""
        for fact, _ in self.facts():
            is_open = fact.state in OPEN
            assert (fact.next_action is not None) == is_open
            assert bool(possible(fact)) == is_open
        newest, _ = self.facts()[-1]
        if newest.state in OPEN:
            assert self.next_timer() - self.world.now < timedelta(days=200)

    def next_timer(self) -> datetime:
        """When the cooperation is looked at again."""
        with self.world.engine.connect() as connection:
            query = text("SELECT due FROM timer WHERE key = :key")
            [found] = connection.execute(query, {"key": str(self.key)}).scalars()
        assert isinstance(found, datetime)
        return found

    @invariant()
    def no_side_ends_what_was_not_decided(self) -> None:
        for fact, _ in self.facts():
            if isinstance(fact, CooperationCompleted | CooperationContinued):
                assert fact.decision or fact.steps[-1].side is None

    @invariant()
    def nothing_is_done_before_it_begins(self) -> None:
        for fact, at in self.facts():
            if isinstance(fact, DeliveryReported) and fact.dates:
                newest = max(fact.reports, key=lambda each: each.at)
                assert newest.outcome == "not_done" or at >= fact.dates[0].starts

    @invariant()
    def nothing_begins_on_a_day_on_which_it_rests(self) -> None:
        for fact, _ in self.facts():
            if isinstance(fact, DeliveryStarted):
                [*_, then] = [each for each in fact.steps if each.at <= fact.dates[0].starts]
                assert then.state != "on_hold"

    @invariant()
    def versions_have_no_gap(self) -> None:
        versions = [fact.version for fact, _ in self.facts()]
        assert versions == list(range(1, len(versions) + 1))

    @invariant()
    def reminders_come_once_and_in_time(self) -> None:
        before = 0
        for fact, at in self.facts():
            assert len(set(fact.reminded)) == len(fact.reminded), "once"
            new, before = len(fact.reminded) - before, len(fact.reminded)
            assert new in (0, 1)
            if isinstance(fact, REMINDERS):
                assert new == 1
                demand_in_time(fact, at)

    @invariant()
    def every_command_has_one_outcome_and_says_what_is_possible(self) -> None:
        answers = {each.data.command_id: each.data for each in self.world.heard(Outcome)}
        for message_id in self.asked:
            said = answers[message_id]
            assert said.reason in REFUSALS
            if said.reason == Reason.WRONG_STATE:
                assert "möglich ist" in said.message.de or "beendet" in said.message.de

    @invariant()
    def the_newest_fact_is_the_whole_state(self) -> None:
        """What the service holds can be made again of what it said."""
        newest, _ = self.facts()[-1]

        def stored(tx: Any) -> Cooperation:
            [found] = cooperations.select(tx, "true", lock="")
            return found

        kept = transact(self.world.engine, "booking", stored)
        assert kept == Cooperation.model_validate(newest.model_dump())


def test_whatever_is_said_of_a_cooperation_it_goes_on_or_ends(shelf: Shelf) -> None:
    Cooperating.shelf = shelf
    machine = Cooperating.TestCase
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    machine.settings = settings(max_examples=EXAMPLES, stateful_step_count=20, phases=phases)
    machine().runTest()
