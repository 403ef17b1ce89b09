"""What a batch on editions costs: as many statements for 500 as for 50, whatever they hold."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from impulse_booking.app import service
from impulse_booking.domain.editions import day_id
from impulse_booking.domain.projects import cooperation_id
from impulse_chassis.testing import START
from impulse_contracts.booking.agreement_batches import EnterAgreements
from impulse_contracts.booking.bookings import RequestBooking
from impulse_contracts.booking.cooperation_commands import DeclineCooperation
from impulse_contracts.booking.editions import (
    AdvanceEdition,
    AnnounceEdition,
    CancelEdition,
    ChangeEdition,
    CloseEdition,
)
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_contracts.message import Message
from tests.booking.cooperating import NEED, OFFER
from tests.booking.editing import DEADLINES, PREPARED, TERMS, WEEK
from tests.booking.programme import at, ident, organisation
from tests.fixtures.statements import refusals, statements_for


def test_statements_do_not_depend_on_the_number_of_messages(engine_of):
    counts: dict[int, list[tuple[str, int]]] = {}
    for size in (50, 500):
        engine = engine_of(service)
        sides = [organisation("the need"), organisation("the offer", kind="company")]
        statements_for(service, engine, sides, now=START)
        counts[size] = [
            (type(messages[0]).__name__, statements_for(service, engine, messages, now=now))
            for messages, now in of_editions(size)
        ]
        assert refusals(engine) == 0
    assert counts[50] == counts[500]
    assert max(taken for _, taken in counts[500]) <= 24


def of_editions(size: int) -> list[tuple[Sequence[Message], datetime]]:
    """All commands on editions: announced, moved and booked, over and closed; and cancelled. The
    more messages, the more lines a batch of agreements has as well."""
    made = _Made(size)
    lines = max(1, size // 100)
    now, over = at(WEEK), at(8 * WEEK + 2)
    return [
        (made.of(AnnounceEdition, workshop=PREPARED), START),
        (made.of(AnnounceEdition, "second"), START),
        (made.of(CancelEdition, "second"), START),
        (made.of(AdvanceEdition), now),
        (made.of(RequestBooking, "needing", actor_id=NEED), now),
        (made.of(RequestBooking, "offering", actor_id=OFFER), now),
        (made.of(ChangeEdition, nonprofit_places=3), now),
        (made.of(SubmitProject, actor_id=NEED, resource_category="hands"), now),
        (made.of(ChangeProject, resource_category="minds"), now),
        (made.of(ClaimProject, actor_id=OFFER), now),
        (made.of(ReleaseProject), now),
        (made.of(ClaimProject, actor_id=OFFER), now),
        (made.of(DeclineCooperation, reason="other"), now),
        (made.of(WithdrawProject), now),
        (made.of(AdvanceEdition), over),
        (made.of(EnterAgreements, lines=lines), over),
        (made.of(CloseEdition), over),
    ]


class _Made:
    """Messages with ids that are the same wherever they are named."""

    def __init__(self, size: int) -> None:
        self.size = size

    def of(
        self, kind: type[Message], name: str = "first", lines: int = 0, **fields: Any
    ) -> list[Message]:
        return [
            kind.model_validate(
                {
                    **TERMS,
                    "deadlines": DEADLINES,
                    "edition_id": _edition(name, count),
                    "session_id": day_id(_edition("first", count)),
                    "booking_id": _id(f"booking {name}", count),
                    "batch_id": _id("batch", count),
                    "project_id": _id("project", count),
                    "cooperation_id": cooperation_id(_id("project", count), 2),
                    "lines": [_line(count, number) for number in range(lines)],
                    **fields,
                }
            )
            for count in range(self.size)
        ]


def _line(count: int, number: int) -> dict[str, Any]:
    return {
        "cooperation_id": _id("cooperation", count * 1000 + number),
        "need_actor_id": NEED,
        "offer_actor_id": OFFER,
        "need_title": "Bedarf",
        "offer_title": "Angebot",
        "terms": {"performance": "Streichen", "redeem_by": "2027-10-01"},
        "signing": {"on_behalf": {"channel": "event_floor", "on": "2026-11-24"}},
    }


def _edition(name: str, count: int) -> UUID:
    return _id(f"edition {name}", count)


@cache
def _id(noun: str, count: int) -> UUID:
    return uuid5(ident(noun), str(count))
