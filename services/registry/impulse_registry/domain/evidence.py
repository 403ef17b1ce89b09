"""Evidence of an actor: what is named, what checking it says, how long it holds.

The periods are those of section 63 (5) AO for donation receipts, counted to the day. An actor is
never turned down because a register lacks an entry: without evidence it is simply not verified.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import EvidenceKind, EvidenceState
from impulse_contracts.parts import Evidence, InheritedEvidence
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.life import CheckEvidence, SubmitEvidence

NOTICES = frozenset({EvidenceKind.EXEMPTION_NOTICE, EvidenceKind.TAX_NOTICE_ANNEX})
YEARS: dict[str, int] = {
    EvidenceKind.EXEMPTION_NOTICE: 5,
    EvidenceKind.TAX_NOTICE_ANNEX: 5,
    EvidenceKind.STATUTE_DETERMINATION: 3,
}
"""How many years after its date a document holds (section 63 (5) AO)."""
LONGEST = max(YEARS.values())
"""How many years after the check anything else is accepted for: then somebody looks again."""
LOOKED_AT = frozenset({EvidenceKind.CARRIER, EvidenceKind.OTHER})
"""Kinds that hold for the longest after the check where nobody says until when."""


def submit(known: Sequence[Evidence], command: SubmitEvidence, today: date) -> tuple[Evidence, ...]:
    """The evidence with another piece, or with one that is not checked yet corrected.

    Refuses what is dated ahead, and to correct what was checked.
    """
    _not_ahead(command.issued_on, today)
    before = find(known, command.evidence_id)
    if before is not None and before.state is not EvidenceState.SUBMITTED:
        raise Refused(Reason.WRONG_STATE, state=_state(before))
    named = Evidence(
        evidence_id=command.evidence_id,
        kind=command.kind,
        issuer=(command.issuer or "").strip() or None,
        issued_on=command.issued_on,
    )
    return _with(known, named)


def check(
    known: Sequence[Evidence],
    command: CheckEvidence,
    checked_by: UUID | None,
    today: date,
) -> tuple[Evidence, ...]:
    """The evidence with one piece checked, by an intermediary or (None) the operator.

    It can be checked again: a register is looked into every now and then. Refuses a check that is
    dated ahead, evidence that nobody named, and to accept a document whose period cannot be counted
    and is not said, or is said to be longer than the law has it: it would hold for ever.
    """
    _not_ahead(command.checked_on, today)
    before = find(known, command.evidence_id)
    if before is None:
        raise Refused(Reason.NOT_FOUND, subject=("Der Nachweis", "The evidence"))
    state = EvidenceState.ACCEPTED if command.accepted else EvidenceState.REJECTED
    until = command.valid_until or period_end(before.kind, before.issued_on)
    if until is None and before.kind in LOOKED_AT:
        until = years_after(today, LONGEST)
    if command.accepted and until is None and before.kind in YEARS:
        raise Refused(Reason.DATE_MISSING)
    longest = period_end(before.kind, before.issued_on) or years_after(today, _years(before.kind))
    if command.accepted and until is not None and until > longest:
        raise Refused(Reason.PERIOD_TOO_LONG, detail=longest.isoformat())
    checked = before.model_copy(
        update={
            "state": state,
            "valid_until": until if command.accepted else None,
            "checked_on": command.checked_on or today,
            "checked_by": checked_by,
        }
    )
    return _with(known, checked)


def period_end(kind: str, issued_on: date | None) -> date | None:
    """The last day on which a document of this kind and date holds; None: no end is known."""
    years = YEARS.get(kind)
    return None if years is None or issued_on is None else years_after(issued_on, years)


def _years(kind: str) -> int:
    return YEARS.get(kind, LONGEST)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the last of the month (§ 188 (3) BGB)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_verified(evidence: Sequence[Evidence], inherited: InheritedEvidence | None = None) -> bool:
    """Whether evidence was accepted; that it came to its end does not take the status away."""
    return inherited is not None or any(each.state is EvidenceState.ACCEPTED for each in evidence)


def holds_until(
    evidence: Sequence[Evidence], inherited: InheritedEvidence | None = None
) -> date | None:
    """The last day on which some accepted evidence holds; `date.max` where it has no end.

    None where there is none, own or inherited. A determination on the statutes counts only while no
    notice exists: the tax office has looked at what is really done since (section 63 (5) no. 2 AO).
    """
    accepted = [each for each in evidence if each.state is EvidenceState.ACCEPTED]
    if any(each.kind in NOTICES for each in accepted):
        accepted = [each for each in accepted if each.kind != EvidenceKind.STATUTE_DETERMINATION]
    ends = [each.valid_until or date.max for each in accepted]
    if inherited:
        ends.append(inherited.valid_until or date.max)
    return max(ends, default=None)


def has_ended(
    evidence: Sequence[Evidence], today: date, inherited: InheritedEvidence | None = None
) -> bool:
    """Whether there is accepted evidence, and none of it holds any more ("zu erneuern")."""
    until = holds_until(evidence, inherited)
    return until is not None and until < today


def find(evidence: Sequence[Evidence], evidence_id: UUID) -> Evidence | None:
    """A piece by its id."""
    return next((each for each in evidence if each.evidence_id == evidence_id), None)


def _with(known: Sequence[Evidence], named: Evidence) -> tuple[Evidence, ...]:
    others = (each for each in known if each.evidence_id != named.evidence_id)
    return (*others, named)


def _not_ahead(day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise Refused(Reason.DATE_IN_FUTURE)


def _state(evidence: Evidence) -> tuple[str, str]:
    return next((state.de, state.en) for state in EvidenceState if state == evidence.state)
