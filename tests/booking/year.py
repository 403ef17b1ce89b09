"""A RUHRDAX and the year after it, made from a seed: who says what, and when.

It says nothing of what booking makes of that, but for what has to be refused.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from impulse_booking.domain.editions import day_id
from impulse_chassis.testing import START
from impulse_contracts.booking.agreement_batches import EnterAgreements
from impulse_contracts.booking.bookings import (
    CancelBooking,
    RecordAttendance,
    RequestBooking,
    TakePlace,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.cooperation_commands import DeclineCooperation, WithdrawCooperation
from impulse_contracts.booking.editions import AnnounceEdition, CloseEdition
from impulse_contracts.codes import PersonRole
from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import belongs
from tests.booking.life import Pair, Said, lived, terms
from tests.booking.programme import ident, organisation

TOWNS = ("05113000", "05913000", "05911000", "05112000", "05513000")
EDITION, AGENCY, BROKERS = ident("ruhrdax"), ident("agency"), (ident("broker 1"), ident("broker 2"))
DAY = START + timedelta(weeks=8)
NONPROFITS, COMPANIES, AGREEMENTS = 40, 25, 41
DRAFTS, FAULTY = 5, 4
"""Of the agreements so many are not complete at first, and so many are entered wrongly at first."""
FLOOR = timedelta(minutes=90)


class Year(NamedTuple):
    """What is known before, and what is said then, in order."""

    known: tuple[Message, ...]
    said: tuple[Said, ...]


def year(seed: int) -> Year:
    """The RUHRDAX of a seed."""
    chance = random.Random(seed)
    sides = {
        "nonprofit": [ident(f"non-profit {number}") for number in range(NONPROFITS + 1)],
        "company": [ident(f"company {number}") for number in range(COMPANIES)],
    }
    facts = tuple(known(chance, sides))
    said = [*_registration(chance, sides), *_floor(chance, sides)]
    # Nobody says two things in one moment; what is said of one thing stays in its order.
    return Year(facts, tuple(sorted(said, key=lambda each: each.at)))


def known(chance: random.Random, sides: dict[str, list[UUID]]) -> Iterator[Message]:
    """The organisations, and somebody of each who may speak for it."""
    for kind, actors in sides.items():
        company = kind == "company"
        more = {"actor_type": "company_small", "carrier": "private"} if company else {}
        for actor_id in actors:
            seat = {"postcode": "45144", "city": "Ort", "ags": chance.choice(TOWNS)}
            fields = {"actor_id": actor_id, "kind": kind, "seat": seat, "in_charge": AGENCY, **more}
            yield organisation(str(actor_id), **fields)
            yield belongs(uuid5(actor_id, "contact"), actor_id)
            yield belongs(uuid5(actor_id, "successor"), actor_id)
    for broker in BROKERS:
        yield belongs(broker, AGENCY, role=PersonRole.BROKER)


def _registration(chance: random.Random, sides: dict[str, list[UUID]]) -> Iterator[Said]:
    """Who takes part, who can't any more, who waited, and who came."""
    yield Said(
        START,
        AnnounceEdition.model_validate(
            {
                **{"edition_id": EDITION, "title": "Beispiel-RUHRDAX", "format": "marktplatz"},
                **{"starts": DAY, "ends": DAY + timedelta(hours=2)},
                **{"nonprofit_places": NONPROFITS, "company_places": COMPANIES},
                "registration_opens": START + timedelta(weeks=1),
            }
        ),
    )
    opened, waits = START + timedelta(weeks=1, hours=1), sides["nonprofit"][-1]
    for actor_id in (*sides["nonprofit"][:-1], *sides["company"]):
        at = opened + timedelta(days=chance.randrange(35))
        yield Said(at, _wish(actor_id), str(uuid5(actor_id, "contact")))
    yield Said(opened + timedelta(weeks=6), _wish(waits), str(uuid5(waits, "contact")))
    [gone] = chance.sample(sides["nonprofit"][:-1], 1)
    cancels = CancelBooking(booking_id=uuid5(gone, "booking"), by=CancelledBy.BOOKER)
    yield Said(DAY - timedelta(days=4), cancels, str(uuid5(gone, "contact")))
    takes = TakePlace(booking_id=uuid5(waits, "booking"))
    yield Said(DAY - timedelta(days=3, hours=1), takes, str(uuid5(waits, "contact")))
    for actor_id in (*sides["nonprofit"], *sides["company"]):
        presence = chance.choices(("present", "late", "no_show"), (16, 2, 2))[0]
        there = {"booking_id": uuid5(actor_id, "booking"), "attendance": [{"presence": presence}]}
        if actor_id != gone:
            at = DAY + timedelta(hours=1, minutes=5 * chance.randrange(10))
            yield Said(at, RecordAttendance.model_validate(there))
    sides["nonprofit"].remove(gone)


def _wish(actor_id: UUID) -> RequestBooking:
    wish = {"booking_id": uuid5(actor_id, "booking"), "session_id": day_id(EDITION)}
    return RequestBooking.model_validate({**wish, "actor_id": actor_id, "party_size": 2})


def _floor(chance: random.Random, sides: dict[str, list[UUID]]) -> Iterator[Said]:
    """What brokers enter on the day and complete later, and the lives of it."""
    pairs = [
        Pair(
            ident(f"agreement {number}"),
            chance.choice(sides["nonprofit"]),
            chance.choice(sides["company"]),
            chance.choice(BROKERS),
        )
        for number in range(AGREEMENTS + 2)
    ]
    drafts = chance.sample(pairs[:AGREEMENTS], DRAFTS)
    lines = {each.key: line(chance, each, signed=each not in drafts) for each in pairs}
    ended = pairs[AGREEMENTS:]
    for each, incomplete in zip(ended, (True, False), strict=True):
        lines[each.key] |= {"terms": None} if incomplete else {"signing": None}
    faulty = chance.sample([each for each in pairs if each not in drafts + ended], FAULTY)
    said, at = _entered(chance, _batches(chance, pairs), lines, faulty)
    yield from said
    for each in pairs[:AGREEMENTS]:
        yield from lived(each, at[str(each.key)], chance, draft=each in drafts)
    on = DAY + timedelta(days=chance.randrange(5, 30))
    whose = [{"cooperation_id": each.key, "side": "offer"} for each in ended]
    declined = DeclineCooperation.model_validate({**whose[0], "reason": "too_far"})
    withdrawn = WithdrawCooperation.model_validate({**whose[1], "reason": "need_gone"})
    yield Said(on, declined, ended[0].speaks("offer"))
    yield Said(on, withdrawn, ended[1].speaks("offer"))
    yield Said(DAY + timedelta(days=60), CloseEdition(edition_id=EDITION))


def _entered(
    chance: random.Random,
    batches: list[list[Pair]],
    lines: dict[UUID, dict[str, Any]],
    faulty: list[Pair],
) -> tuple[list[Said], dict[str, datetime]]:
    """The batches, some sent twice, what is faulty entered properly with the next one, some of it
    known already; and when each agreement is entered."""
    said: list[Said] = []
    at: dict[str, datetime] = {}
    asked: list[EnterAgreements] = []
    again: list[dict[str, Any]] = []
    for number, batch in enumerate([*batches, []]):
        moment = DAY + (number + 1) * FLOOR / (len(batches) + 2)
        entered = [*again, *(_wrong(lines[each.key], each in faulty) for each in batch)]
        again = [lines[each.key] for each in batch if each in faulty]
        if at and (not batch or chance.random() < 0.4):
            entered.append(lines[UUID(chance.choice(sorted(at)))])
        asked.append(_batch(number, entered))
        said.append(Said(moment, asked[-1], str(chance.choice(BROKERS))))
        for own in entered:
            if own["need_actor_id"] != own["offer_actor_id"]:
                at.setdefault(own["cooperation_id"], moment)
        if chance.random() < 0.4:
            twice = Said(moment + timedelta(minutes=1), asked[-1], str(chance.choice(BROKERS)))
            said.append(twice)
    other = asked[0].model_copy(update={"lines": asked[1].lines})
    last = DAY + FLOOR - timedelta(minutes=2)
    said.append(Said(last, other, str(BROKERS[1]), Reason.ALREADY_EXISTS))
    return said, at


def line(chance: random.Random, pair: Pair, *, signed: bool) -> dict[str, Any]:
    """An agreement as it is entered; one that is not signed may lack its performance, too."""
    lacks = {"performance": None} if not signed and chance.random() < 0.5 else {}
    told = {"on_behalf": {"channel": "event_floor", "on": str(DAY.date())}}
    return {
        **{"cooperation_id": str(pair.key)},
        **{"need_actor_id": str(pair.need), "offer_actor_id": str(pair.offer)},
        **{"need_title": "Zwei Räume streichen", "offer_title": "Ein Malerteam"},
        "topics": chance.sample(("social_cohesion", "education_equity"), chance.randrange(3)),
        "format": chance.choice(("social_day", "pro_bono", "mentoring", None)),
        "terms": {**terms(chance, DAY), **lacks},
        "signing": told if signed else None,
    }


def _wrong(line: dict[str, Any], faulty: bool) -> dict[str, Any]:
    """A line as it is, or with one organisation on both sides."""
    return {**line, "offer_actor_id": line["need_actor_id"]} if faulty else line


def _batches(chance: random.Random, pairs: list[Pair]) -> list[list[Pair]]:
    """They come in batches of a few, in any order."""
    left, batches = chance.sample(pairs, len(pairs)), []
    while left:
        size = chance.randrange(3, 7)
        batches.append(left[:size])
        left = left[size:]
    return batches


def _batch(number: int, lines: list[dict[str, Any]]) -> EnterAgreements:
    return EnterAgreements.model_validate(
        {"batch_id": ident(f"batch {number}"), "edition_id": EDITION, "lines": lines}
    )
