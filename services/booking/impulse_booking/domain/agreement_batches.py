"""Batches of agreements: what became of each line."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from impulse_booking.domain.cooperation import OPEN, Cooperation
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.agreement_batches import LineResult
from impulse_contracts.booking.agreements import Entry
from impulse_contracts.booking.edition_codes import LineOutcome
from impulse_contracts.booking.editions import EditionResults, Sides
from impulse_contracts.outcomes import BothLanguages

OTHER_LINES = (
    "Ein Stapel mit anderen Zeilen unter dieser Nummer",
    "A batch of other lines under this id",
)


class AgreementBatch(Aggregate, key="batch_id"):
    """A batch. Fields as in `AgreementsEntered`."""

    batch_id: UUID
    edition_id: UUID
    entered_at: datetime
    lines: tuple[LineResult, ...]

    def holds(self, edition_id: UUID, lines: Iterable[Entry]) -> bool:
        """Whether all of these are lines of it, as they were sent, and it is of this edition."""
        own = {(each.cooperation_id, each.digest) for each in self.lines}
        return self.edition_id == edition_id and all(
            not own.isdisjoint({(each.cooperation_id, said) for said in (digest(each), None)})
            for each in lines
        )


def digest(line: Entry) -> str:
    """SHA-256 of what a line says."""
    return sha256(line.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def digested(result: LineResult, line: Entry) -> LineResult:
    """What became of a line, with its digest: so it is known again."""
    return result.model_copy(update={"digest": digest(line)})


def entered(cooperation: Cooperation) -> LineResult:
    """A line that was entered, as an agreement or as a draft."""
    agreed = cooperation.number is not None
    return _result(cooperation, LineOutcome.AGREED if agreed else LineOutcome.DRAFT)


def known(cooperation: Cooperation) -> LineResult:
    """A line that was entered before, and says the same: it stays as it is."""
    return _result(cooperation, LineOutcome.KNOWN)


def refused(cooperation_id: UUID, refusal: Refused) -> LineResult:
    """A line that can't be entered, and why."""
    de, en = (refusal.reason.text(language, **refusal.details) for language in ("de", "en"))
    return LineResult(
        cooperation_id=cooperation_id,
        outcome=LineOutcome.REFUSED,
        reason=refusal.reason,
        message=BothLanguages(de=de, en=en),
    )


def results(
    cooperations: Iterable[Cooperation], registered: Sides, attended: Sides, now: datetime
) -> EditionResults:
    """What came of an edition: its agreements whatever became of them later, and open drafts. Terms
    that are drafted anew are worth nothing until both sides have signed them."""
    all_of_it = list(cooperations)
    agreed = [each for each in all_of_it if each.number is not None]
    values = (each.terms.estimated_value_eur for each in agreed if each.terms and each.is_signed)
    return EditionResults(
        counted_at=now,
        registered=registered,
        attended=attended,
        agreements=len(agreed),
        drafts=sum(each.number is None and each.state in OPEN for each in all_of_it),
        estimated_value_eur=sum(value or 0 for value in values),
    )


def _result(cooperation: Cooperation, outcome: LineOutcome) -> LineResult:
    return LineResult(
        cooperation_id=cooperation.cooperation_id,
        outcome=outcome,
        number=cooperation.number,
        edition_number=cooperation.edition_number,
        missing=cooperation.missing,
    )
