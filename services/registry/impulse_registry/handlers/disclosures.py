"""Contacts are disclosed when both sides accept, and hidden again when their time is over."""

from collections.abc import Container, Sequence
from uuid import UUID

from impulse_chassis import Handlers, Messages, Received, Transaction
from impulse_contracts import topics
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationCancelled,
    CooperationCompleted,
    CooperationDeclined,
    CooperationDueSoon,
    CooperationNotRedeemed,
    CooperationOpened,
    CooperationOverdue,
    CooperationWithdrawn,
)
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.registry.disclosures import (
    DisclosureEnded,
    DisclosureMade,
    DisclosureMoved,
    DisclosureProlonged,
    DisclosureState,
    EndDisclosure,
    ForgetDisclosure,
)
from impulse_registry.domain import disclosures as rules
from impulse_registry.domain.disclosures import Disclosure, Pair
from impulse_registry.domain.joining import named_contacts
from impulse_registry.handlers.common import standing_id
from impulse_registry.store.actors import actors
from impulse_registry.store.disclosures import (
    disclosures,
    disclosures_at,
    disclosures_for,
    lock_disclosures_for,
)
from impulse_registry.store.people import members_of, read_members

handlers = Handlers()

PAIRS: tuple[type[Pair], ...] = (
    ProposalMutuallyAccepted,
    CooperationOpened,
    CooperationAgreed,
    CooperationDueSoon,
    CooperationOverdue,
    CooperationDeclined,
    CooperationWithdrawn,
    CooperationCancelled,
    CooperationNotRedeemed,
    CooperationCompleted,
)
"""The facts that say who works with whom, and until when."""


@handlers.load(*PAIRS)
def load_pairs(tx: Transaction, messages: Sequence[Received[Pair]]) -> None:
    """Both sides, held so that none is merged meanwhile, their people, and what was disclosed."""
    pairs = [message.data for message in messages]
    actors.lock(tx, {actor_id for pair in pairs for actor_id, _ in rules.sides(pair)})
    read_members(tx, {actor_id for pair in pairs for actor_id, _ in _sides(tx, pair)})
    lock_disclosures_for(tx, {pair.proposal_id for pair in pairs})
    disclosures.lock(
        tx,
        {
            rules.disclosure_id(pair.proposal_id, person_id, to_actor_id)
            for pair in pairs
            for actor_id, to_actor_id in _sides(tx, pair)
            for person_id in named_contacts(members_of(tx, actor_id), actor_id)
        },
    )


@handlers.on(*PAIRS)
def agreed(tx: Transaction, pair: Pair) -> None:
    """Discloses the contacts of both sides to each other, and says until when."""
    known_before = disclosures_for(tx, pair.proposal_id)
    shown = {(each.person_id, each.to_actor_id) for each in known_before}
    for known in known_before:
        prolonged = rules.prolong(known, pair, tx.now)
        if prolonged is not None:
            _keep(tx, prolonged, DisclosureProlonged)
    for actor_id, to_actor_id in _sides(tx, pair):
        for person_id in named_contacts(members_of(tx, actor_id), actor_id):
            key = rules.disclosure_id(pair.proposal_id, person_id, to_actor_id)
            # One that moved with a merge keeps the id that it was made with.
            if (person_id, to_actor_id) in shown or disclosures.get(tx, key) is not None:
                continue
            made = rules.disclose(pair, person_id, actor_id, to_actor_id, tx.now)
            if made is not None:
                _keep(tx, made, DisclosureMade)


@handlers.load(EndDisclosure, ForgetDisclosure)
def load_ended(tx: Transaction, messages: Messages) -> None:
    """The disclosures."""
    disclosures.lock(tx, {message.data.disclosure_id for message in messages})


@handlers.on(EndDisclosure)
def end_disclosure(tx: Transaction, timer: EndDisclosure) -> None:
    """Hides a contact again whose time is over."""
    disclosure = disclosures.get(tx, timer.disclosure_id)
    ended = rules.end(disclosure, tx.now) if disclosure else None
    if ended is not None:
        _end(tx, ended)


@handlers.on(ForgetDisclosure)
def forget_disclosure(tx: Transaction, timer: ForgetDisclosure) -> None:
    """Deletes a disclosure that is over, also of somebody who was erased meanwhile."""
    if disclosures.get(tx, timer.disclosure_id) is not None:
        disclosures.remove(tx, timer.disclosure_id)
    tx.delete(topics.DISCLOSURES.name, str(timer.disclosure_id))


def move_disclosures(
    tx: Transaction, giver_id: UUID, taker_id: UUID, wanted: Container[UUID] | None = None
) -> tuple[UUID, ...]:
    """Puts one actor in the place of another in what was disclosed by or to it; returns what moved.

    All that `lock_disclosures_at` has loaded, or of that the `wanted` alone.
    """
    moved = []
    for known in disclosures_at(tx, giver_id):
        after = rules.moved(known, giver_id, taker_id)
        if after is not None and (wanted is None or after.disclosure_id in wanted):
            disclosures.put(tx, after)
            tx.publish(DisclosureMoved.of(after))
            moved.append(after.disclosure_id)
    return tuple(moved)


def end_now(tx: Transaction, disclosure: Disclosure) -> None:
    """Ends the disclosure of a contact that is erased."""
    ended = rules.end_now(disclosure, tx.now)
    if ended is not None:
        _end(tx, ended)
        tx.unschedule(EndDisclosure, ended.disclosure_id)


def _sides(tx: Transaction, pair: Pair) -> tuple[tuple[UUID, UUID], ...]:
    """Whose contacts are disclosed to whom, by those who go on for actors that were merged."""
    found = [(standing_id(tx, one), standing_id(tx, other)) for one, other in rules.sides(pair)]
    return tuple((one, other) for one, other in found if one != other)


def _end(tx: Transaction, ended: Disclosure) -> None:
    disclosures.put(tx, ended)
    tx.publish(DisclosureEnded.of(ended))
    at = tx.now + rules.KNOWN_AFTERWARDS
    tx.schedule(ForgetDisclosure(disclosure_id=ended.disclosure_id), at=at)


def _keep(tx: Transaction, disclosure: Disclosure, fact: type[DisclosureState]) -> None:
    disclosures.put(tx, disclosure)
    tx.publish(fact.of(disclosure))
    tx.schedule(EndDisclosure(disclosure_id=disclosure.disclosure_id), at=disclosure.until)
