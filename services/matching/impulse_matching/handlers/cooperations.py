"""What becomes of an offer whose cooperation ends without having been carried out."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.cooperations import (
    CooperationCancelled,
    CooperationDeclined,
    CooperationFact,
    CooperationNotRedeemed,
    CooperationWithdrawn,
)
from impulse_matching.domain.proposals import freed
from impulse_matching.handlers.keeping import capacity_of, keep_capacity
from impulse_matching.store.proposals import capacities

ENDED: tuple[type[CooperationFact], ...] = (
    CooperationDeclined,
    CooperationWithdrawn,
    CooperationCancelled,
    CooperationNotRedeemed,
)
"""After these nothing was carried out, and nothing will be."""

handlers = Handlers()


@handlers.load(*ENDED)
def load_ended(tx: Transaction, messages: Sequence[Received[CooperationFact]]) -> None:
    """Locks the capacities of the offers."""
    capacities.lock(tx, {message.data.offer_id for message in messages})


@handlers.on(*ENDED)
def ended(tx: Transaction, fact: CooperationFact) -> None:
    """The offer can be promised to others again. What was never promised here, as with a
    cooperation that a broker entered, and what was promised to others since stays as it is."""
    capacity = capacity_of(tx, fact.offer_id)
    keep_capacity(tx, capacity, freed(capacity, fact.proposal_id))
