"""Agreements of an edition, entered in a batch: one command, and a result for each of its lines."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.booking.agreements import Entry
from impulse_contracts.booking.cooperation_codes import AgreementGap
from impulse_contracts.booking.edition_codes import LineOutcome
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.outcomes import BothLanguages
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Moment, Open

MOST_LINES = 200
"""So many agreements are entered at once at most."""


class EnterAgreements(
    Command,
    ce_type="impulse.booking.enter_agreements.v1",
    topic=topics.BOOKING_COMMANDS,
    key="edition_id",
):
    """For brokers: the agreements of an edition, as they were made on the floor.

    A line that is refused stops no other. The same batch again changes nothing and is answered the
    same; corrected lines are a batch of their own. A line that was entered before completes a
    draft, if it is complete and signed; what says the same is known, and another agreement under
    the same id is refused.
    """

    batch_id: UUID
    edition_id: UUID
    lines: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=MOST_LINES)]


class LineResult(Part):
    """What became of a line."""

    cooperation_id: UUID
    outcome: Open[LineOutcome]
    number: str | None = None
    """Of the agreement: the year, and which one of it."""
    edition_number: int | None = None
    """Which agreement of the edition it is, counted from 1."""
    missing: tuple[Open[AgreementGap], ...] = ()
    """What a draft lacks to be complete; without anything it lacks signatures."""
    reason: Open[Reason] | None = None
    """Why it was refused."""
    message: BothLanguages | None = None
    """The same as a sentence."""
    digest: str | None = None
    """SHA-256 of the line as it was sent; null: entered before there were digests."""


class AgreementsEntered(
    Fact,
    ce_type="impulse.booking.agreement_batch.entered.v1",
    topic=topics.EDITIONS,
    key="batch_id",
):
    """A batch of agreements was entered; its lines say what became of each, in their order."""

    batch_id: UUID
    edition_id: UUID
    entered_at: Moment
    lines: tuple[LineResult, ...]
