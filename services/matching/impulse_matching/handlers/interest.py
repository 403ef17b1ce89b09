"""What becomes of somebody's interest in a listing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from impulse_chassis import Handlers, Messages, Received, Refused, Transaction, WaitFor
from impulse_contracts import free_text
from impulse_contracts.codes import Direction
from impulse_contracts.matching import ExpressInterest
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.rights import may_answer
from impulse_matching.domain import interest
from impulse_matching.domain import proposals as decide
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import Proposal
from impulse_matching.handlers.asking import is_brokers, own_memberships, read_people
from impulse_matching.handlers.keeping import (
    capacity_of,
    keep,
    keep_acceptance,
    require_past,
    waits_for,
)
from impulse_matching.settings import Settings
from impulse_matching.store.listings import carriers, listings, listings_of, lock_scoring
from impulse_matching.store.proposals import capacities, lock_with_rivals, partners, proposals
from impulse_matching.view import InForce

first = Handlers()
"""What is locked before anything else; see `impulse_matching.handlers`."""
handlers = Handlers()
LISTING = ("Der Eintrag", "The listing")


@dataclass
class Own:
    """The offers of those who are interested, who bears the actors of all listings, and with whom
    the actors of needs have agreed before."""

    offers: list[Listing] = field(default_factory=list)
    carriers: dict[UUID, UUID] = field(default_factory=dict)
    partners: dict[UUID, set[UUID]] = field(default_factory=dict)


@first.load(ExpressInterest)
def nothing_changes_meanwhile(tx: Transaction, _: Messages) -> None:
    """No listing becomes another one's, or says something else, until the proposal is there: who
    changes listings looks for their proposals before."""
    lock_scoring(tx)


@handlers.load(ExpressInterest)
def load_interests(tx: Transaction, messages: Sequence[Received[ExpressInterest]]) -> None:
    """Reads the listings that may be meant, and locks the proposals that may come of them."""
    commands = [message.data for message in messages]
    named = {each.offer_id for each in commands if each.offer_id is not None}
    listings.read(tx, named | {each.need_id for each in commands})
    found = listings_of(tx, {each.actor_id for each in commands})
    known = listings.loaded(tx, lambda _: True)
    tx.cache(InForce).read(tx)
    memo = tx.memo(Own)
    memo.partners = partners(tx, {each.fact.actor_id for each in known})
    memo.carriers = carriers(tx, {each.actor_id for each in found + [k.fact for k in known]})
    memo.offers = own = [_as_known(tx, each) for each in found if each.direction == Direction.OFFER]
    offers = sorted(named | {each.listing_id for each in own})
    pairs = {
        decide.proposal_id(each.need_id, offer_id)
        for each in commands
        for offer_id in (
            [each.offer_id]
            if each.offer_id
            else [mine.listing_id for mine in own if mine.state.actor_id == each.actor_id]
        )
    }
    capacities.lock(tx, offers)
    lock_with_rivals(tx, sorted(pairs), offers)
    read_people(tx, messages)


@handlers.on(ExpressInterest)
def express(tx: Transaction, command: ExpressInterest) -> Proposal:
    """Opens the proposal that somebody asks for, with their own yes, or adds that to the one that
    stands. Waits for a listing that is not known yet: it may have been published for this."""
    settings: Settings = tx.settings
    _demand_right(tx, command)
    need = _listing(tx, command.need_id)
    side = Direction.NEED if need.state.actor_id == command.actor_id else Direction.OFFER
    offers = _offers(tx, command, side)
    partners_of_need = tx.memo(Own).partners.get(need.state.actor_id, set())
    rules = tx.cache(InForce).rules
    scored = interest.choose(need, offers, rules, tx.now.date(), partners_of_need)
    pair = decide.proposal_id(need.listing_id, scored.offer.listing_id)
    before = proposals.get(tx, pair)
    asked = interest.ask(scored, before, side, command.note, tx.now)
    capacity = capacity_of(tx, asked.offer_id)
    after, reserved = decide.accept(
        asked, capacity, side, tx.now, settings.answer_time, command.on_behalf
    )
    if before is None or not before.is_open:
        keep(tx, before, asked)
    keep_acceptance(tx, asked, after, capacity, reserved)
    return after


def _listing(tx: Transaction, listing_id: UUID) -> Listing:
    known = listings.get(tx, listing_id)
    if known is None:
        raise WaitFor(waits_for(listing_id), LISTING)
    return _as_known(tx, known.fact)


def _as_known(tx: Transaction, fact: ListingState) -> Listing:
    return Listing(fact, tx.memo(Own).carriers.get(fact.actor_id))


def _demand_right(tx: Transaction, command: ExpressInterest) -> None:
    """Refuses whoever may not speak for the organisation, and what must not be said."""
    brokers = is_brokers(tx)
    if not brokers and (command.on_behalf or not may_answer(own_memberships(tx), command.actor_id)):
        raise Refused(Reason.NOT_ALLOWED)
    require_past(tx, command.on_behalf)
    if command.note and free_text.has_contact(command.note):
        raise Refused(Reason.CONTACT_IN_TEXT, detail=("Nachricht", "note"))


def _offers(tx: Transaction, command: ExpressInterest, side: Direction) -> list[Listing]:
    """The offers that may be meant: the one that is named, else all open ones of their own, without
    those that are taken as long as there is another."""
    if command.offer_id is None:
        offers = tx.memo(Own).offers if side is Direction.OFFER else []
        own = [each for each in offers if each.state.actor_id == command.actor_id and each.is_open]
        return [each for each in own if _is_free(tx, command.need_id, each.listing_id)] or own
    offer = _listing(tx, command.offer_id)
    if side is Direction.OFFER and offer.state.actor_id != command.actor_id:
        raise Refused(Reason.NOT_ALLOWED)
    return [offer]


def _is_free(tx: Transaction, need_id: UUID, offer_id: UUID) -> bool:
    """Whether an offer is not reserved for another need."""
    pair = decide.proposal_id(need_id, offer_id)
    return capacity_of(tx, offer_id).reserved_for in (None, pair)
