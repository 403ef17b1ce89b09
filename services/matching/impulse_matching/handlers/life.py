"""What becomes of a suggestion: brokers release it, the sides answer it, its time runs out.

Every broker may release and answer for every side, in charge of it or not: they stand in for one
another (docs/network.md).
"""

from dataclasses import dataclass, field
from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.codes import Direction, ProposalState
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
    ProposalReminded,
    ReleaseProposal,
    ReleaseSuggestions,
    RemindProposal,
)
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.rights import may_answer
from impulse_matching.domain import proposals as decide
from impulse_matching.domain import refusals, scoring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import Proposal
from impulse_matching.handlers.asking import is_brokers, own_memberships, read_people
from impulse_matching.handlers.keeping import (
    capacity_of,
    keep,
    keep_acceptance,
    keep_capacity,
    require_past,
)
from impulse_matching.settings import Settings
from impulse_matching.store.listings import carriers, listings
from impulse_matching.store.proposals import (
    capacities,
    lock_releases,
    lock_with_rivals,
    proposals,
    read_released,
    sides_of,
)
from impulse_matching.view import InForce

first = Handlers()
"""What is locked before anything else; see `impulse_matching.handlers`."""
handlers = Handlers()


@first.load(ReleaseProposal, ReleaseSuggestions)
def one_release_at_a_time(tx: Transaction, _: Messages) -> None:
    """No other replica releases meanwhile."""
    lock_releases(tx)


@dataclass
class Bearers:
    """Which legal entities bear the actors of a batch, where these are others."""

    of: dict[UUID, UUID] = field(default_factory=dict)


@handlers.load(
    ReleaseProposal,
    ReleaseSuggestions,
    AcceptProposal,
    DeclineProposal,
    RemindProposal,
    ExpireProposal,
)
def load_proposals(tx: Transaction, messages: Messages) -> None:
    """Locks capacities and proposals, and reads their listings, the rules and who is who."""
    tx.cache(InForce).read(tx)
    data = [message.data for message in messages]
    suggested_of = [each.listing_id for each in data if isinstance(each, ReleaseSuggestions)]
    named = {each.proposal_id for each in data if not isinstance(each, ReleaseSuggestions)}
    found = sides_of(tx, sorted(named), suggested_of)
    offers = sorted({sides.offer_id for sides in found})
    capacities.lock(tx, offers)
    ids = named | {sides.proposal_id for sides in found}
    lock_with_rivals(tx, sorted(ids), offers)
    both = {each for sides in found for each in (sides.need_id, sides.offer_id)}
    listings.read(tx, both)
    sides_now = proposals.loaded(tx, lambda each: each.proposal_id in ids)
    tx.memo(Bearers).of = carriers(tx, {a for each in sides_now for a in each.actors})
    read_people(tx, messages)


@handlers.load(ReleaseProposal, ReleaseSuggestions)
def load_released(tx: Transaction, _: Messages) -> None:
    """Reads what is released and unanswered of the listings concerned."""
    loaded = proposals.loaded(tx, lambda each: each.state is ProposalState.SUGGESTED)
    both = {each for proposal in loaded for each in (proposal.need_id, proposal.offer_id)}
    read_released(tx, sorted(both))


# -------------------------------------------------------------------------------- releases


@handlers.on(ReleaseProposal)
def release(tx: Transaction, command: ReleaseProposal) -> Proposal:
    """A broker lets the two sides see a suggestion."""
    before = proposals.require(tx, command.proposal_id)
    if not is_brokers(tx):
        raise Refused(Reason.NOT_ALLOWED)
    return _release(tx, before)


@handlers.on(ReleaseSuggestions)
def release_suggestions(tx: Transaction, timer: ReleaseSuggestions) -> None:
    """The best suggestions of a listing reach both sides, as many as there is room for."""
    of_it = proposals.loaded(
        tx,
        lambda each: (
            each.state is ProposalState.SUGGESTED
            and timer.listing_id in (each.need_id, each.offer_id)
        ),
    )
    for suggestion in sorted(of_it, key=lambda each: (-each.lifted, each.proposal_id)):
        try:
            _release(tx, suggestion)
        except Refused:
            continue  # there is no room for it


def _release(tx: Transaction, before: Proposal) -> Proposal:
    settings: Settings = tx.settings
    _demand_two_parties(tx, before)
    sent = proposals.loaded(tx, lambda each: each.state is ProposalState.SENT)
    waiting = decide.unanswered(sent)
    capacity = capacity_of(tx, before.offer_id)
    after = decide.release(before, capacity, waiting, tx.now, settings.answer_time)
    keep(tx, before, after)
    return after


# --------------------------------------------------------------------------------- answers


@handlers.on(AcceptProposal)
def accept(tx: Transaction, command: AcceptProposal) -> Proposal:
    """One side says yes; if it is the second, the offer's other proposals are over."""
    settings: Settings = tx.settings
    before = _answered(tx, command.proposal_id, command.side, command.on_behalf)
    _demand_two_parties(tx, before)
    capacity = capacity_of(tx, before.offer_id)
    after, reserved = decide.accept(
        before, capacity, command.side, tx.now, settings.answer_time, command.on_behalf
    )
    keep_acceptance(tx, before, after, capacity, reserved)
    return after


@handlers.on(DeclineProposal)
def decline(tx: Transaction, command: DeclineProposal) -> Proposal:
    """One side says no; the offer is free again."""
    before = _answered(tx, command.proposal_id, command.side, command.on_behalf)
    capacity = capacity_of(tx, before.offer_id)
    after, freed = decide.decline(
        before,
        capacity,
        command.side,
        command.reason,
        tx.now,
        _rests_on(tx, before, command),
        command.on_behalf,
    )
    keep(tx, before, after)
    keep_capacity(tx, capacity, freed)
    return after


@handlers.on(RemindProposal)
def remind(tx: Transaction, timer: RemindProposal) -> None:
    """The time to answer is over soon: who has not answered is told, by this fact."""
    before = proposals.require(tx, timer.proposal_id)
    after = decide.remind(before, tx.now)
    if after is not before:
        proposals.put(tx, after)
        tx.publish(ProposalReminded.of(after))


@handlers.on(ExpireProposal)
def expire(tx: Transaction, timer: ExpireProposal) -> None:
    """The time to answer is over, if not both have answered."""
    before = proposals.require(tx, timer.proposal_id)
    capacity = capacity_of(tx, before.offer_id)
    after, freed = decide.expire(before, capacity, tx.now, _says(tx, before))
    if after is not before:
        keep(tx, before, after)
        keep_capacity(tx, capacity, freed)


def _demand_two_parties(tx: Transaction, proposal: Proposal) -> None:
    """Refuses with `blocked` what became one party's own affair since it was suggested."""
    bearers = tx.memo(Bearers).of
    if len({bearers.get(actor_id, actor_id) for actor_id in proposal.actors}) == 1:
        said = tx.cache(InForce).rules.blockers[Blocker.SAME_PARTY]
        raise Refused(Reason.BLOCKED, detail=(said.de, said.en))


def _answered(
    tx: Transaction, proposal_id: UUID, side: Direction, said: OnBehalf | None
) -> Proposal:
    """The proposal that somebody answers.

    Refuses with `not_found`, with `not_allowed` who may not answer for that side, or says that they
    were told, and with `not_released` a side that answers what it can't have seen. Brokers
    and the system may answer before.
    """
    proposal = proposals.require(tx, proposal_id)
    brokers = is_brokers(tx)
    if not brokers and (said or not may_answer(own_memberships(tx), proposal.actor_of(side))):
        raise Refused(Reason.NOT_ALLOWED)
    if not brokers:
        decide.require_seen(proposal)
    require_past(tx, said)
    return proposal


def _rests_on(tx: Transaction, proposal: Proposal, command: DeclineProposal) -> str | None:
    """What the refusal rests on, as the two listings are known now."""
    both = _listings(tx, proposal)
    return refusals.basis(*both, command.reason, command.side) if both else None


def _says(tx: Transaction, proposal: Proposal) -> str | None:
    """What the two listings say, as they are known now."""
    both = _listings(tx, proposal)
    return scoring.content_hash(Listing(both[0]), Listing(both[1])) if both else None


def _listings(tx: Transaction, proposal: Proposal) -> tuple[ListingState, ListingState] | None:
    need = listings.get(tx, proposal.need_id)
    offer = listings.get(tx, proposal.offer_id)
    return (need.fact, offer.fact) if need and offer else None
