"""The agreement of a cooperation: who gives what and gets what, drafted and signed by both."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.booking.cooperation_codes import Cover, ValueMethod
from impulse_contracts.booking.cooperation_commands import CooperationCommand
from impulse_contracts.codes import CvMode, Direction, SocietalTopic, WorktimeBasis
from impulse_contracts.message import Command, Part
from impulse_contracts.parts import OnBehalf, ReportedOnBehalf
from impulse_contracts.types import Day, Description, Flag, Moment, Open, Title, Whole

Performance = Annotated[Description, Field(max_length=2_000)]
"""What an organisation does; without e-mail addresses and telephone numbers."""


class Terms(Part):
    """What both sides agree on. No money is paid: the value is an estimate for statistics."""

    performance: Performance | None = None
    """What the side with the offer gives."""
    counter_performance: Performance | None = None
    """What the side with the need gives in return; usual, and not necessary."""
    redeem_by: Day | None = None
    """The last day to carry it out; necessary."""
    estimated_value_eur: Annotated[Whole, Field(ge=0, le=10_000_000)] | None = None
    """In whole euros, a rough estimate; with the method that it was estimated by."""
    value_method: Open[ValueMethod] | None = None
    worktime_basis: Open[WorktimeBasis] | None = None
    liability: Open[Cover] | None = None
    insurance: Open[Cover] | None = None
    witness_id: UUID | None = None
    """The person who checked that nothing is missing: the “Marktplatz-Notar:in”, no notary, and of
    neither side."""


class ReportedTerms(Terms):
    """What both sides agree on, as somebody enters it."""

    value_method: ValueMethod | None = None
    worktime_basis: WorktimeBasis | None = None
    liability: Cover | None = None
    insurance: Cover | None = None


class Signature(Part):
    """That a side agrees to the terms as they are."""

    side: Open[Direction]
    person_id: UUID | None = None
    """Who signed; null: not named."""
    at: Moment
    on_behalf: OnBehalf | None = None
    """Recorded by a broker, whom the side told."""
    on_both_sides: bool = False
    """Whether who signed belongs to both organisations."""


class Signing(Part):
    """Both sides signed an agreement in a broker's presence, as at a Marktplatz."""

    need_signatory_id: UUID | None = None
    offer_signatory_id: UUID | None = None
    on_behalf: ReportedOnBehalf


class Entry(Part):
    """Two organisations that want to work together, and what they agree on, as brokers enter it."""

    cooperation_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: Title
    offer_title: Title
    topics: Annotated[tuple[SocietalTopic, ...], Field(max_length=6)] = ()
    format: CvMode | None = None
    terms: ReportedTerms | None = None
    signing: Signing | None = None


class EnterCooperation(
    Entry,
    Command,
    ce_type="impulse.booking.enter_cooperation.v1",
    topic=topics.BOOKING_COMMANDS,
    key="cooperation_id",
):
    """For brokers: two organisations want to work together, and no proposal was made of it.

    With terms that are complete and signed it is agreed at once. What lacks something is kept as a
    draft, and the cooperation says what is missing. Waits for the organisations.
    """

    example: Flag = False


class DraftAgreement(CooperationCommand, ce_type="impulse.booking.draft_agreement.v1"):
    """The terms are to be these. What was signed before is void; both sides sign anew."""

    terms: ReportedTerms
    format: CvMode | None = None
    """How employees take part; null: as it was."""


class SignAgreement(CooperationCommand, ce_type="impulse.booking.sign_agreement.v1"):
    """A side agrees to the terms as they are. When both have, it is agreed, and gets a number."""

    side: Direction
    signatory_id: UUID | None = None
    """Who signs; whoever asks, where it is not said."""
