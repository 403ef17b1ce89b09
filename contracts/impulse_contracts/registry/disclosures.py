"""Facts about contacts that were disclosed to the other side of a cooperation; ids only."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.message import Fact, Timer
from impulse_contracts.types import Moment


class EndDisclosure(
    Timer,
    ce_type="impulse.registry.end_disclosure.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="disclosure_id",
):
    """A disclosure has reached its end."""

    disclosure_id: UUID


class ForgetDisclosure(
    Timer,
    ce_type="impulse.registry.forget_disclosure.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="disclosure_id",
):
    """It was known long enough that a contact was disclosed."""

    disclosure_id: UUID


class DisclosureState(Fact, topic=topics.DISCLOSURES, key="disclosure_id"):
    """Whose contact (`person_id`, of `actor_id`) the people of `to_actor_id` may see, what for,
    and until when."""

    disclosure_id: UUID
    person_id: UUID
    actor_id: UUID
    to_actor_id: UUID
    proposal_id: UUID
    cooperation_id: UUID | None = None
    disclosed_at: Moment
    until: Moment
    ended_at: Moment | None = None


class DisclosureMade(DisclosureState, ce_type="impulse.registry.disclosure.made.v1"):
    """Both sides accepted a proposal: a contact is disclosed to the other side."""


class DisclosureProlonged(DisclosureState, ce_type="impulse.registry.disclosure.prolonged.v1"):
    """A disclosure ends at another time than was said before: its cooperation says so."""


class DisclosureMoved(DisclosureState, ce_type="impulse.registry.disclosure.moved.v1"):
    """One of its two actors is another: they were merged, or the merge was undone."""


class DisclosureEnded(DisclosureState, ce_type="impulse.registry.disclosure.ended.v1"):
    """A disclosure is over; those who saw the contact have to delete it."""
