"""Who asks for something, and what they may."""

from uuid import UUID

from impulse_booking.domain.eligibility import KnownActor
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.store.people import actors, memberships
from impulse_chassis import SYSTEM, Messages, Refused, Transaction, WaitFor
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership
from impulse_contracts.rights import is_staff, may_answer, may_manage


def read_people(tx: Transaction, messages: Messages) -> None:
    """Reads what those are who ask."""
    people = {message.attributes.person_id for message in messages}
    memberships.read(tx, (person for person in people if person is not None))


def demand_runs(tx: Transaction, provider_actor_id: UUID | None) -> None:
    """Refuses with `not_allowed` who does not run the programme: staff do, and the people of the
    organisation that gives an offer."""
    if tx.attributes.principal == SYSTEM:
        return
    own = _memberships(tx)
    gives = provider_actor_id is not None and may_manage(own, provider_actor_id)
    if not (is_staff(own) or gives):
        raise Refused(Reason.NOT_ALLOWED)


def demand_acts_for(
    tx: Transaction, actor_id: UUID, on_behalf: OnBehalf | None, *, for_brokers: bool = False
) -> None:
    """Refuses with `not_allowed` who may not bind the organisation, and who says to speak for
    another one, or asks for what is `for_brokers`, without being a broker."""
    if tx.attributes.principal == SYSTEM:
        return
    own = _memberships(tx)
    if is_staff(own):
        return
    if on_behalf is not None or for_brokers or not may_answer(own, actor_id):
        raise Refused(Reason.NOT_ALLOWED)


def demand_brokers(tx: Transaction) -> None:
    """Refuses with `not_allowed` who is no broker."""
    if tx.attributes.principal != SYSTEM and not is_staff(_memberships(tx)):
        raise Refused(Reason.NOT_ALLOWED)


def known_actor(tx: Transaction, actor_id: UUID) -> KnownActor:
    """The organisation, or the one that goes on for it. Waits for one not known yet."""
    actor = actors.get(tx, goes_on_as(tx, actor_id))
    if actor is None:
        raise WaitFor(f"actor/{actor_id}", actors.subject)
    return actor


def demand_acts_for_party(tx: Transaction, actor_id: UUID, on_behalf: OnBehalf | None) -> None:
    """As `demand_acts_for`, for who booked before: whoever goes on for them speaks for them."""
    demand_acts_for(tx, goes_on_as(tx, actor_id), on_behalf)


def demand_own(tx: Transaction, actor_id: UUID) -> None:
    """Refuses with `channel_missing` who is not of the organisation, or the one that goes on for
    it, themselves: they say how it told them."""
    if tx.attributes.principal == SYSTEM:
        return
    actor_id = goes_on_as(tx, actor_id)
    there = [each for each in _memberships(tx) if each.actor_id == actor_id]
    if not may_answer(there, actor_id):
        raise Refused(Reason.CHANNEL_MISSING)


def goes_on_as(tx: Transaction, actor_id: UUID) -> UUID:
    """The one that goes on for an organisation after all merges; itself without one."""
    before: set[UUID] = set()
    while actor_id not in before:
        before.add(actor_id)
        actor = actors.get(tx, actor_id)
        actor_id = (actor and actor.merged_into) or actor_id
    return actor_id


def provider_of(offer: ProgrammeOffer | None) -> UUID | None:
    """Who gives an offer, if it is known."""
    return offer.provider_actor_id if offer else None


def _memberships(tx: Transaction) -> tuple[Membership, ...]:
    person_id = tx.attributes.person_id
    person = memberships.get(tx, person_id) if person_id else None
    return person.memberships if person else ()
