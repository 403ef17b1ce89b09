"""What a batch on cooperations costs: as many statements for 500 of them as for 50."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from impulse_booking.app import service
from impulse_chassis.testing import START
from impulse_contracts.booking.agreements import DraftAgreement, EnterCooperation, SignAgreement
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    DeclineCooperation,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
    WithdrawCooperation,
)
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)
from impulse_contracts.booking.preparations import (
    ChangePreparation,
    LookForContacts,
    NameContacts,
)
from impulse_contracts.message import Message
from impulse_contracts.registry.people import MembershipsEnded
from tests.booking.cooperating import NEED, OFFER, belongs
from tests.booking.programme import ident, organisation
from tests.fixtures.statements import refusals, statements_for

PERSON = ident("somebody")
EACH = object()
"""Another person for each cooperation."""
DATE = {"starts": START + timedelta(days=30), "ends": START + timedelta(days=31)}


def test_statements_do_not_depend_on_the_number_of_messages(engine_of):
    counts: dict[int, list[tuple[str, int]]] = {}
    for size in (50, 500):
        engine = engine_of(service)
        sides = [organisation("the need"), organisation("the offer")]
        people = (PERSON, *(_id("contact", count) for count in range(size)))
        there = [belongs(person, NEED, OFFER) for person in people]
        statements_for(service, engine, [*sides, *there], now=START)
        counts[size] = [
            (type(messages[0]).__name__, statements_for(service, engine, messages, now=now))
            for messages, now in of_cooperations(size)
        ]
        assert refusals(engine) == 0
    assert counts[50] == counts[500]
    assert max(taken for _, taken in counts[500]) <= 24


def of_cooperations(size: int) -> list[tuple[Sequence[Message], datetime]]:
    """All commands on cooperations: agreed, on hold, cancelled; left before that; carried out."""
    terms = {"performance": "Streichen", "redeem_by": "2027-10-01"}
    hold = {"reason": "other", "until": "2027-01-15"}
    action = {"text": "Anrufen", "responsible": "both", "due": "2027-01-15"}
    grades = {"structure": 4, "process": 4, "result": 5}
    entered = {"need_title": "Bedarf", "offer_title": "Angebot", "terms": terms}
    later: tuple[tuple[type[Message], str, dict[str, Any]], ...] = (
        (DraftAgreement, "first", {"terms": terms}),
        (SignAgreement, "first", {"side": "need"}),
        (SignAgreement, "first", {"side": "offer", "signatory_id": PERSON}),
        (HoldCooperation, "first", hold),
        (ResumeCooperation, "first", {}),
        (SetNextAction, "first", action),
        (PlanDelivery, "first", {"dates": [DATE]}),
        (ChangePreparation, "first", {"item": "profile", "done": True}),
        (NameContacts, "first", {"side": "need", "contact_id": EACH}),
        (MembershipsEnded, "first", {"person_id": EACH, "version": 2}),
        (LookForContacts, "first", {"person_id": EACH}),
        (CancelCooperation, "first", {"reason": "other"}),
        (DeclineCooperation, "second", {"reason": "other"}),
        (WithdrawCooperation, "third", {"reason": "other"}),
        (ReportDelivery, "fourth", {"side": "offer", "outcome": "done"}),
        (DecideDelivery, "fourth", {"side": "need", "outcome": "not_done", "reason": "other"}),
        (EndUnredeemed, "fourth", {"reason": "other"}),
        (ReportDelivery, "fifth", {"side": "offer", "outcome": "done"}),
        (EvaluateCooperation, "fifth", {"side": "need", **grades}),
        (CompleteCooperation, "fifth", {}),
        (ReportDelivery, "sixth", {"side": "offer", "outcome": "done"}),
        (ContinueCooperation, "sixth", {}),
    )
    told = {"on_behalf": {"channel": "event_floor", "on": "2026-11-24"}}
    signed = {**entered, "signing": told}
    return [
        *((_entered(name, size, entered), START) for name in ("first", "second", "third")),
        *((_entered(name, size, signed), START) for name in ("fourth", "fifth", "sixth")),
        *(
            (
                [
                    kind.model_validate({"cooperation_id": _id(name, count), **_of(fields, count)})
                    for count in range(size)
                ],
                START,
            )
            for kind, name, fields in later
        ),
    ]


def _of(fields: dict[str, Any], count: int) -> dict[str, Any]:
    return {
        name: _id("contact", count) if value is EACH else value for name, value in fields.items()
    }


def _entered(name: str, size: int, fields: dict[str, Any]) -> list[Message]:
    sides = {"need_actor_id": NEED, "offer_actor_id": OFFER}
    return [
        EnterCooperation.model_validate({"cooperation_id": _id(name, count), **sides, **fields})
        for count in range(size)
    ]


def _id(name: str, count: int) -> UUID:
    return uuid5(ident(f"cooperation {name}"), str(count))
