"""Contacts are disclosed when both sides accept, and hidden again when their time is over."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Messages, Received, Transaction
from impulse_contracts import topics
from impulse_contracts.booking import CooperationDueSoon, CooperationOpened, CooperationOverdue
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.registry.disclosures import (
    DisclosureEnded,
    DisclosureMade,
    DisclosureProlonged,
    DisclosureState,
    EndDisclosure,
    ForgetDisclosure,
)
from impulse_registry.domain import disclosures as rules
from impulse_registry.domain.disclosures import Disclosure, Pair
from impulse_registry.domain.joining import named_contacts
from impulse_registry.store.disclosures import disclosures, lock_disclosures_for
from impulse_registry.store.people import members_of, read_members

handlers = Handlers()

PAIRS: tuple[type[Pair], ...] = (
    ProposalMutuallyAccepted,
    CooperationOpened,
    CooperationDueSoon,
    CooperationOverdue,
)
"""The facts that say who works with whom."""


@handlers.load(*PAIRS)
def load_pairs(tx: Transaction, messages: Sequence[Received[Pair]]) -> None:
    """The people of both sides, and what was disclosed before."""
    pairs = [message.data for message in messages]
    read_members(tx, {actor_id for pair in pairs for actor_id, _ in rules.sides(pair)})
    lock_disclosures_for(tx, {pair.proposal_id for pair in pairs})
    disclosures.lock(
        tx,
        {
            rules.disclosure_id(pair.proposal_id, person_id, to_actor_id)
            for pair in pairs
            for actor_id, to_actor_id in rules.sides(pair)
            for person_id in named_contacts(members_of(tx, actor_id), actor_id)
        },
    )


@handlers.on(*PAIRS)
def agreed(tx: Transaction, pair: Pair) -> None:
    """Discloses the contacts of both sides to each other, and says until when."""
    for known in disclosures.loaded(tx, lambda each: each.proposal_id == pair.proposal_id):
        prolonged = rules.prolong(known, pair, tx.now)
        if prolonged is not None:
            _keep(tx, prolonged, DisclosureProlonged)
    for actor_id, to_actor_id in rules.sides(pair):
        for person_id in named_contacts(members_of(tx, actor_id), actor_id):
            key = rules.disclosure_id(pair.proposal_id, person_id, to_actor_id)
            if disclosures.get(tx, key) is not None:
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


def end_now(tx: Transaction, disclosure: Disclosure) -> None:
    """Ends the disclosure of a contact that is erased."""
    ended = rules.end_now(disclosure, tx.now)
    if ended is not None:
        _end(tx, ended)
        tx.unschedule(EndDisclosure, ended.disclosure_id)


def _end(tx: Transaction, ended: Disclosure) -> None:
    disclosures.put(tx, ended)
    tx.publish(DisclosureEnded.of(ended))
    at = tx.now + rules.KNOWN_AFTERWARDS
    tx.schedule(ForgetDisclosure(disclosure_id=ended.disclosure_id), at=at)


def _keep(tx: Transaction, disclosure: Disclosure, fact: type[DisclosureState]) -> None:
    disclosures.put(tx, disclosure)
    tx.publish(fact.of(disclosure))
    tx.schedule(EndDisclosure(disclosure_id=disclosure.disclosure_id), at=disclosure.until)
