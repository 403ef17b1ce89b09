"""What a batch costs: the number of statements depends on what is in it, not on how much."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine

from impulse_booking.app import service
from impulse_booking.domain.advice import slot_id
from impulse_booking.domain.cooperation import cooperation_id
from impulse_chassis.testing import START
from impulse_contracts.booking.advice import OpenSlots, RecordAdvice, SetAdviceHours
from impulse_contracts.booking.bookings import (
    CancelBooking,
    CheckEligibility,
    DecideApplication,
    DeclinePlace,
    EndOffer,
    OfferPlace,
    RecordAttendance,
    RequestBooking,
    TakePlace,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.cooperations import RemindOfCooperation
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    ChangeProgrammeOffer,
    DrawLots,
    EndWaiting,
    PublishProgrammeOffer,
    RescheduleSession,
    ScheduleSession,
    WithdrawProgrammeOffer,
)
from impulse_contracts.booking.reports import CutReport, SubmitReport
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    WithdrawSupport,
)
from impulse_contracts.codes import PersonRole
from impulse_contracts.message import Message
from impulse_contracts.registry.actors import ActorMerged, ActorSeparated
from impulse_contracts.registry.people import Membership, MembershipGranted
from tests.booking.given import mutually_accepted
from tests.booking.programme import NEXT_WEEK, at, ident, organisation
from tests.booking.test_cooperation_statements import of_cooperations
from tests.booking.test_edition_statements import of_editions
from tests.booking.test_handlers import passed_on
from tests.fixtures.statements import every_handler_is_counted, refusals, statements_for

PERSON = ident("somebody")


def test_statements_do_not_depend_on_the_number_of_messages(engine_of):
    counts: dict[int, list[tuple[str, int]]] = {}
    seen: set[type[Message]] = set()
    for size in (50, 500):
        engine = engine_of(service)
        counts[size] = []
        for messages, now in batches(size):
            if isinstance(messages[0], SubmitReport):
                _counted(engine)
            taken = statements_for(service, engine, messages, now=now)
            counts[size].append((type(messages[0]).__name__, taken))
            seen |= {type(message) for message in messages}
        assert refusals(engine) == 0
    assert counts[50] == counts[500]
    assert max(taken for _, taken in counts[500]) <= 24
    elsewhere = {type(each[0]) for each, _ in (*of_cooperations(1), *of_editions(1))}
    every_handler_is_counted(service, seen | elsewhere)


def batches(size: int) -> list[tuple[Sequence[Message], datetime]]:
    """Batches of every kind, each with what it needs said before."""
    made = _Made(size)
    soon, later = START + timedelta(days=1), START + timedelta(days=340)
    begun, later_that_week = at(NEXT_WEEK + 1), START + timedelta(days=2)
    tuesday = {"weekday": 1, "begins": "10:00", "ends": "10:45"}
    wish: dict[str, Any] = {"wish": "Moderation", "actor_id": ident("actor 0")}
    member = Membership(actor_id=ident("actor 0"), roles=(PersonRole.CONTACT,))
    proposals = [mutually_accepted() for _ in range(size)]
    cooperations = [cooperation_id(each.proposal_id) for each in proposals]
    return [
        (proposals, START),
        ([passed_on(each, PERSON) for each in proposals], START),
        ([RemindOfCooperation(cooperation_id=each) for each in cooperations], later),
        ([MembershipGranted(version=1, person_id=PERSON, memberships=(member,))], START),
        ([organisation(f"actor {count}") for count in range(size)], START),
        (made.of(PublishProgrammeOffer, title="Beispiel", category="qualification"), START),
        (made.of(ChangeProgrammeOffer, title="Beispiel", category="qualification"), START),
        (made.of(ScheduleSession, **made.times(NEXT_WEEK), capacity=1), START),
        (made.of(RescheduleSession, **made.times(NEXT_WEEK + 1)), START),
        (made.of(RequestBooking, actors=0), START),
        (made.of(CheckEligibility, actors=1), START),
        (made.of(RequestBooking, "second", actors=1), START),
        (made.of(RequestBooking, "third", actors=2), START),
        (made.of(CancelBooking, by=CancelledBy.BOOKER), START),
        (made.of(DeclinePlace, "second"), START),
        (made.of(TakePlace, "third"), START),
        (made.of(ChangeCapacity, capacity=2), START),
        (made.of(RequestBooking, "fourth", actors=3), START),
        (made.of(RequestBooking, "fifth", actors=4), START),
        (made.of(CancelBooking, "fourth", by=CancelledBy.PROVIDER), START),
        (made.of(EndOffer, "fifth"), START + timedelta(days=3)),
        (made.of(RequestBooking, "sixth", actors=5), at(NEXT_WEEK - 1)),
        (made.of(RequestBooking, "seventh", actors=6), at(NEXT_WEEK - 1)),
        (made.of(CancelBooking, "sixth", by=CancelledBy.BOOKER), at(NEXT_WEEK - 1)),
        (made.of(OfferPlace, "seventh"), at(NEXT_WEEK - 1)),
        (made.of(EndWaiting), begun),
        (made.of(RecordAttendance, "third", attendance=[{"presence": "present"}]), begun),
        (made.lottery(PublishProgrammeOffer), START),
        (made.lottery(ScheduleSession, **made.times(NEXT_WEEK), capacity=9), START),
        (made.lottery(RequestBooking, actors=0), START),
        (made.lottery(DecideApplication, accepted=True), START),
        (made.lottery(RequestBooking, "second", actors=1), START),
        (made.lottery(DrawLots, seed="x"), START),
        (made.lottery(CancelSession), soon),
        (made.lottery(WithdrawProgrammeOffer), soon),
        (made.merged("merged", ActorMerged, 2), START),
        (made.merged("registered", ActorSeparated, 3), START),
        (made.advice(PublishProgrammeOffer, title="Beratung", category="advice"), START),
        (made.advice(SetAdviceHours, weekly=[tuesday], weeks_ahead=1), START),
        (made.advice(OpenSlots), later_that_week),
        (made.advice(RequestBooking), later_that_week),
        (made.advice(RecordAdvice, topic_of_talk="Erstes", outcome="Gutes"), begun),
        (made.support(PublishProgrammeOffer, title="Beispiel", category="support"), START),
        (made.support(RequestSupport, **wish), START),
        (made.support(AcceptSupport, person_id=PERSON, until="2026-12-24"), START),
        (made.support(StartSupport), START),
        (made.support(FinishSupport, hours=1.0, result="fertig"), START),
        (made.support(RequestSupport, "second", **wish), START),
        (made.support(DeclineSupport, "second", reason="keine Zeit"), START),
        (made.support(RequestSupport, "third", **wish), START),
        (made.support(WithdrawSupport, "third"), START),
        (made.of(CutReport, begins="2026-01-01", cut_off="2026-12-31"), START),
        (made.of(SubmitReport, submitted_on="2027-03-01"), START),
    ]


def _counted(engine: Engine) -> None:
    """All reports that were asked for are cut, as `beside` leaves them."""
    with engine.begin() as connection:
        cut = "UPDATE report SET cut_at = requested_at, preliminary = false, digest = ''"
        connection.exec_driver_sql(cut)


class _Made:
    """Messages with ids that are the same wherever they are named."""

    def __init__(self, size: int) -> None:
        self.size = size

    def of(
        self, kind: type[Message], name: str = "first", actors: int = 0, **fields: Any
    ) -> list[Message]:
        return self._all(kind, "ordinary", name, actors, fields)

    def lottery(
        self, kind: type[Message], name: str = "first", actors: int = 0, **fields: Any
    ) -> list[Message]:
        if kind is PublishProgrammeOffer:
            terms = {"title": "Los", "category": "qualification", "selection_mode": "lottery"}
            fields = {**terms, **fields}
        return self._all(kind, "lottery", name, actors, fields)

    def advice(
        self, kind: type[Message], name: str = "first", actors: int = 0, **fields: Any
    ) -> list[Message]:
        return self._all(kind, "advice", name, actors, fields)

    def support(self, kind: type[Message], name: str = "first", **fields: Any) -> list[Message]:
        return self._all(kind, "support", name, 0, fields)

    def merged(self, status: str, kind: type[Message], version: int) -> list[Message]:
        return [
            kind.model_validate(
                organisation(f"actor {count}").model_dump()
                | {"status": status, "version": version}
                | ({"merged_into": ident("another")} if status == "merged" else {})
            )
            for count in range(self.size)
        ]

    @staticmethod
    def times(hours: float) -> dict[str, Any]:
        return {"starts": at(hours), "ends": at(hours + 2)}

    def _all(
        self, kind: type[Message], what: str, name: str, actors: int, fields: dict[str, Any]
    ) -> list[Message]:
        return [
            kind.model_validate(
                {
                    "programme_offer_id": _id(what, "offer", count),
                    "session_id": _session(what, count),
                    "adviser_id": _id(what, "adviser", count),
                    "booking_id": _id(what, f"booking {name}", count),
                    "report_id": _id(what, "report", count),
                    "request_id": _id(what, f"request {name}", count),
                    "actor_id": ident(f"actor {(count + actors) % self.size}"),
                    **fields,
                }
            )
            for count in range(self.size)
        ]


def _session(what: str, count: int) -> UUID:
    if what == "advice":
        return slot_id(_id(what, "adviser", count), at(NEXT_WEEK))
    return _id(what, "session", count)


@cache
def _id(what: str, noun: str, count: int) -> UUID:
    return uuid5(ident(f"{what} {noun}"), str(count))
