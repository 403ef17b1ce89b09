"""What facts mean to the gateway besides its read model: activities, and outcomes of operations."""

from collections.abc import Sequence
from uuid import UUID

from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts import matching, notifications
from impulse_contracts.booking import cooperations
from impulse_contracts.message import Fact
from impulse_contracts.outcomes import Outcome, OutcomeAccepted, OutcomeRefused
from impulse_contracts.registry import actors, listings
from impulse_gateway.domain.activity import Activity, tell
from impulse_gateway.domain.operation import resolve
from impulse_gateway.store.activity import activities, activity_id
from impulse_gateway.store.operations import operations

handlers = Handlers()

SOURCE = "urn:impulse:gateway"
"""The `ce_source` of what this service asks for."""

TOLD: tuple[type[Fact], ...] = (
    actors.ActorRegistered,
    actors.ActorDetailsChanged,
    actors.ActorArchived,
    actors.ActorReactivated,
    listings.ListingPublished,
    listings.ListingChanged,
    listings.ListingConfirmed,
    listings.ListingMarkedStale,
    listings.ListingClosed,
    listings.ListingWithdrawnFact,
    matching.ProposalSuggested,
    matching.ProposalReleased,
    matching.ProposalAccepted,
    matching.ProposalMutuallyAccepted,
    matching.ProposalDeclined,
    matching.ProposalExpired,
    cooperations.CooperationOpened,
    cooperations.CooperationAgreed,
    cooperations.CooperationCompleted,
    cooperations.CooperationContinued,
    cooperations.CooperationDueSoon,
    cooperations.CooperationOverdue,
    notifications.MessageSent,
    notifications.MessageFailed,
)
"""The facts that make an activity."""


@handlers.load(*TOLD)
def load_activities(tx: Transaction, messages: Sequence[Received[Fact]]) -> None:
    """Reads the activities that exist already."""
    activities.read(tx, {activity_id(message) for message in messages})


@handlers.on(*TOLD)
def note(tx: Transaction, fact: Fact) -> None:
    """Something happened that everybody may know of."""
    received = tx.received
    assert received is not None
    told = tell(fact)
    key = activity_id(received)
    if told is None or activities.get(tx, key) is not None:
        return
    activities.put(
        tx,
        Activity(
            version=1,
            activity_id=key,
            at=received.attributes.time or tx.now,
            ce_type=fact.ce_type,
            subject_id=UUID(fact.key),
            **told._asdict(),
        ),
    )


@handlers.load(OutcomeAccepted, OutcomeRefused)
def load_operations(tx: Transaction, messages: Sequence[Received[Outcome]]) -> None:
    """Locks the operations that the outcomes resolve."""
    operations.lock(tx, {key for each in messages if (key := _operation_id(each.data))})


@handlers.on(OutcomeAccepted, OutcomeRefused)
def answered(tx: Transaction, outcome: Outcome) -> None:
    """A command of this service took effect, or was refused."""
    key = _operation_id(outcome)
    operation = operations.get(tx, key) if key else None
    if operation is None:
        return
    resolved = resolve(operation, outcome, tx.now)
    if resolved is not operation:
        operations.put(tx, resolved)


def _operation_id(outcome: Outcome) -> UUID | None:
    """The operation that an outcome resolves; None for what others asked for."""
    if outcome.source != SOURCE:
        return None
    try:
        return UUID(outcome.command_id)
    except ValueError:
        return None
