"""A batch costs a handful of statements, for few messages as for many; for every handler."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count, islice
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_chassis.testing import START
from impulse_contracts.booking.cooperations import CooperationCancelled
from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    EventFormat,
    ListingStatus,
    ProposalState,
)
from impulse_contracts.markets import PlanMarket
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
    ExpressInterest,
    ReleaseProposal,
    ReleaseSuggestions,
    RemindProposal,
)
from impulse_contracts.message import Message
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingConfirmed,
    ListingMarkedStale,
    ListingPublished,
    ListingReminded,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_contracts.rulesets import ActivateRuleSet
from impulse_matching.app import service
from impulse_matching.domain.rules import shipped
from impulse_matching.handlers.cooperations import ENDED
from impulse_matching.store.proposals import Sides
from tests.fixtures.services import Engines
from tests.fixtures.statements import every_handler_is_counted, refusals, statements_for
from tests.matching.given import changed, ended, need, offer

Make = Callable[[Engine, int], Sequence[Message]]
"""Prepares a database and makes so many messages."""
SIZES = (50, 500)
LATER = timedelta(days=15)
"""Longer than a side has to answer."""


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


def _published(_: Engine, number: int) -> Sequence[Message]:
    return [need(f"Bedarf {uuid4()}").state for _ in range(number)]


def _followed(fact: type[ListingState], **changes: object) -> Make:
    """Offers that are proposed, and now change or go."""

    def make(engine: Engine, number: int) -> Sequence[Message]:
        offers = [offer(f"Angebot {uuid4()}") for _ in range(number)]
        entries = [need(f"Bedarf {uuid4()}"), *offers]
        statements_for(service, engine, [entry.state for entry in entries])
        return [fact.model_validate(changed(each, **changes).state.model_dump()) for each in offers]

    return make


def _pairs(engine: Engine, number: int) -> list[UUID]:
    """Proposals, each of another offer that has a second one: two needs, and many offers."""
    offers = [offer(f"Angebot {uuid4()}").state for _ in range(number)]
    needs = [need(f"Bedarf {uuid4()}").state for _ in range(2)]
    statements_for(service, engine, [*needs, *offers])
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT proposal_id FROM proposal WHERE state = 'suggested' AND need_id = %(need)s"
            " AND offer_id = ANY(%(offers)s)",
            {"need": needs[0].listing_id, "offers": [each.listing_id for each in offers]},
        ).scalars()
        pairs = list(found)
    assert len(pairs) == number
    return pairs


def _acceptances(pairs: Sequence[UUID], side: Direction) -> list[AcceptProposal]:
    return [AcceptProposal(proposal_id=pair, side=side) for pair in pairs]


def _accepted(engine: Engine, number: int) -> list[UUID]:
    pairs = _pairs(engine, number)
    statements_for(service, engine, _acceptances(pairs, Direction.NEED))
    return pairs


def _passed_on(engine: Engine, number: int) -> Sequence[Message]:
    """Offers that a need accepted and that another organisation goes on with."""
    pairs = _accepted(engine, number)
    with engine.connect() as connection:
        facts = connection.exec_driver_sql(
            "SELECT fact FROM listing JOIN proposal ON offer_id = listing_id"
            " WHERE proposal_id = ANY(%(pairs)s)",
            {"pairs": pairs},
        ).scalars()
        offers = [ListingChanged.model_validate(fact) for fact in facts]
    assert len(offers) == number
    return [
        each.model_copy(update={"version": each.version + 1, "actor_id": uuid4()})
        for each in offers
    ]


def _first_answers(engine: Engine, number: int) -> Sequence[Message]:
    return _acceptances(_pairs(engine, number), Direction.NEED)


def _second_answers(engine: Engine, number: int) -> list[AcceptProposal]:
    return _acceptances(_accepted(engine, number), Direction.OFFER)


def _refusing(engine: Engine, number: int) -> Sequence[Message]:
    return [
        DeclineProposal(proposal_id=pair, side=Direction.OFFER, reason=DeclineReason.OTHER)
        for pair in _accepted(engine, number)
    ]


def _timers(engine: Engine, number: int) -> Sequence[Message]:
    return [ExpireProposal(proposal_id=pair, need_id=pair) for pair in _accepted(engine, number)]


def _reminders(engine: Engine, number: int) -> Sequence[Message]:
    return [RemindProposal(proposal_id=pair, need_id=pair) for pair in _accepted(engine, number)]


def _markets(engine: Engine, number: int) -> Sequence[Message]:
    offers = [offer(f"Angebot {uuid4()}").state for _ in range(number)]
    needs = [need(f"Bedarf {uuid4()}").state for _ in range(number)]
    statements_for(service, engine, [*needs, *offers])
    return [
        PlanMarket(
            edition_id=uuid4(),
            format=EventFormat.MARKTPLATZ,
            companies=(giving.actor_id,),
            nonprofits=(asking.actor_id,),
        )
        for giving, asking in zip(offers, needs, strict=True)
    ]


_TOWNS = count()


def _towns(engine: Engine, number: int) -> Sequence[Sides]:
    """Proposals of listings that have one each, as each pair is in a town of its own."""
    entries = []
    for town in islice(_TOWNS, number):
        place = {"latitude": town % 60 - 30, "longitude": 2 * (town // 60)}
        entries += [need(f"Bedarf {town}", place=place), offer(f"Angebot {town}", place=place)]
    statements_for(service, engine, [entry.state for entry in entries])
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT proposal_id, need_id, offer_id FROM proposal WHERE state = 'suggested'"
        )
        pairs = [Sides(*row) for row in found]
    assert len(pairs) == number
    return pairs


def _releases(engine: Engine, number: int) -> Sequence[Message]:
    return [ReleaseProposal(proposal_id=each.proposal_id) for each in _towns(engine, number)]


def _room(engine: Engine, number: int) -> Sequence[Message]:
    return [ReleaseSuggestions(listing_id=each.need_id) for each in _towns(engine, number)]


def _rules(_: Engine, number: int) -> Sequence[Message]:
    document = shipped().model_dump(mode="json")
    versions = [f"tried-{uuid4()}" for _ in range(number)]
    return [
        ActivateRuleSet(ruleset_version=version, rules={**document, "version": version})
        for version in versions
    ]


def _interests(engine: Engine, number: int) -> Sequence[Message]:
    far = {"latitude": 1, "longitude": 1}
    offers = [offer(f"Angebot {uuid4()}", place=far).state for _ in range(number)]
    wanted = need(f"Bedarf {uuid4()}").state
    statements_for(service, engine, [wanted, *offers])
    return [
        ExpressInterest(interest_id=uuid4(), need_id=wanted.listing_id, actor_id=each.actor_id)
        for each in offers
    ]


def _ended(engine: Engine, number: int) -> Sequence[Message]:
    """What was promised, and was not carried out."""
    answers = _second_answers(engine, number)
    statements_for(service, engine, answers)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT need_id, offer_id FROM proposal WHERE proposal_id = ANY(%(pairs)s)",
            {"pairs": [each.proposal_id for each in answers]},
        )
        return [ended(CooperationCancelled, *row) for row in found]


CASES: dict[str, tuple[type[Message], Make, ProposalState | None]] = {
    "published": (ListingPublished, _published, None),
    "changed": (
        ListingChanged,
        _followed(ListingChanged, title="Streichen"),
        ProposalState.SUGGESTED,
    ),
    "passed on": (ListingChanged, _passed_on, ProposalState.ACCEPTED_BY_NEED),
    "confirmed": (
        ListingConfirmed,
        _followed(ListingConfirmed, confirmed_at=START + timedelta(hours=1)),
        ProposalState.SUGGESTED,
    ),
    "reminded": (
        ListingReminded,
        _followed(ListingReminded, confirm_by=START + timedelta(days=14)),
        ProposalState.SUGGESTED,
    ),
    "stale": (
        ListingMarkedStale,
        _followed(ListingMarkedStale, status=ListingStatus.STALE),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "closed": (
        ListingClosed,
        _followed(ListingClosed, status=ListingStatus.CLOSED),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "withdrawn": (
        ListingWithdrawnFact,
        _followed(ListingWithdrawnFact, status=ListingStatus.WITHDRAWN),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "accepted by one": (AcceptProposal, _first_answers, ProposalState.ACCEPTED_BY_NEED),
    "accepted by both": (AcceptProposal, _second_answers, ProposalState.MUTUALLY_ACCEPTED),
    "declined": (DeclineProposal, _refusing, ProposalState.DECLINED),
    "released": (ReleaseProposal, _releases, ProposalState.SENT),
    "released by themselves": (ReleaseSuggestions, _room, ProposalState.SENT),
    "interest": (ExpressInterest, _interests, ProposalState.ACCEPTED_BY_OFFER),
    "reminded of the answer": (RemindProposal, _reminders, ProposalState.ACCEPTED_BY_NEED),
    "expired": (ExpireProposal, _timers, ProposalState.EXPIRED),
    "not carried out": (CooperationCancelled, _ended, ProposalState.MUTUALLY_ACCEPTED),
    "market": (PlanMarket, _markets, None),
    "rules": (ActivateRuleSet, _rules, None),
}
"""What is said, how it is made, and what proposals it leaves behind."""


def states(engine: Engine) -> Counter[str]:
    """How many proposals there are in which state."""
    with engine.connect() as connection:
        return Counter(connection.exec_driver_sql("SELECT state FROM proposal").scalars())


@pytest.mark.parametrize("case", CASES)
def test_a_batch_costs_the_same_for_few_and_for_many(engine: Engine, case: str) -> None:
    kind, make, left = CASES[case]
    costs = set()
    for size in SIZES:
        messages = make(engine, size)
        assert {type(message) for message in messages} == {kind}
        now = START + LATER if case == "expired" else START
        costs.add(statements_for(service, engine, messages, now=now))
    assert len(costs) == 1
    assert max(costs) <= 30
    assert refusals(engine) == 0
    if left:
        assert states(engine)[left] >= sum(SIZES), "it is another case"
    if case == "accepted by both":
        assert states(engine)[ProposalState.INVALIDATED_BY_OTHER_AGREEMENT] >= sum(SIZES)


def test_every_handler_is_counted() -> None:
    # However it ends, the same handler hears of it.
    every_handler_is_counted(service, [*(kind for kind, _, _ in CASES.values()), *ENDED])
