"""What evidence is worth, and until when, decided on plain values."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis import Refused
from impulse_contracts.codes import EvidenceKind, EvidenceState
from impulse_contracts.parts import Evidence
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.life import CheckEvidence, SubmitEvidence
from impulse_registry.domain import evidence as rules
from tests.registry.given import ident

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def named(name: str = "notice", **fields: object) -> SubmitEvidence:
    return SubmitEvidence.model_validate(
        {
            "actor_id": ident("actor"),
            "evidence_id": ident(name),
            "kind": "exemption_notice",
            "issued_on": "2024-03-14",
            **fields,
        }
    )


def checked(name: str = "notice", **fields: object) -> CheckEvidence:
    return CheckEvidence.model_validate(
        {"actor_id": ident("actor"), "evidence_id": ident(name), "accepted": True, **fields}
    )


def accepted(kind: EvidenceKind, until: date | None, name: str = "other") -> Evidence:
    return Evidence(
        evidence_id=ident(name),
        kind=kind,
        valid_until=until,
        state=EvidenceState.ACCEPTED,
    )


def one(command: CheckEvidence, *known: Evidence, by: UUID | None = None) -> Evidence:
    found = rules.check(known, command, by, TODAY)
    return next(each for each in found if each.evidence_id == command.evidence_id)


@pytest.mark.parametrize(
    ("kind", "issued_on", "until"),
    [
        ("exemption_notice", "2024-03-14", date(2029, 3, 14)),
        ("tax_notice_annex", "2024-02-29", date(2029, 2, 28)),
        ("statute_determination", "2024-03-14", date(2027, 3, 14)),
        ("recipient_register", "2024-03-14", None),
        ("public_law_body", None, None),
    ],
)
def test_the_periods_are_those_of_the_law(kind: str, issued_on: str | None, until: date | None):
    known = rules.submit((), named(kind=kind, issued_on=issued_on), TODAY)
    assert one(checked(), *known).valid_until == until


@pytest.mark.parametrize("kind", ["carrier", "other"])
def test_what_has_no_period_of_its_own_is_looked_at_again_after_five_years(kind: str):
    known = rules.submit((), named(kind=kind, issued_on="2020-01-01"), TODAY)
    assert one(checked(), *known).valid_until == date(2031, 11, 24)
    assert one(checked(accepted=False), *known).valid_until is None


def test_who_checks_may_say_until_when_it_holds():
    known = rules.submit((), named(kind="other"), TODAY)
    assert one(checked(valid_until="2027-06-30"), *known).valid_until == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("kind", "issued_on", "last"),
    [
        ("exemption_notice", "2024-03-14", "2029-03-14"),
        ("statute_determination", "2024-03-14", "2027-03-14"),
        ("exemption_notice", None, "2031-11-24"),
        ("statute_determination", None, "2029-11-24"),
        ("other", None, "2031-11-24"),
    ],
)
def test_nobody_accepts_evidence_for_longer_than_it_holds(kind, issued_on, last):
    known = rules.submit((), named(kind=kind, issued_on=issued_on), TODAY)
    assert one(checked(valid_until=last), *known).valid_until == date.fromisoformat(last)
    longer = date.fromisoformat(last) + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        one(checked(valid_until=longer), *known)
    assert refused.value.reason is Reason.PERIOD_TOO_LONG
    rules.check(known, checked(accepted=False, valid_until=longer), None, TODAY)


def test_a_document_can_not_be_dated_ahead():
    tomorrow = str(TODAY + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        rules.submit((), named(issued_on=tomorrow), TODAY)
    assert refused.value.reason is Reason.DATE_IN_FUTURE
    known = rules.submit((), named(issued_on=str(TODAY)), TODAY)
    with pytest.raises(Refused) as refused:
        rules.check(known, checked(checked_on=tomorrow), None, TODAY)
    assert refused.value.reason is Reason.DATE_IN_FUTURE


def test_what_was_checked_is_not_changed_afterwards():
    known = rules.submit((), named(), TODAY)
    corrected = rules.submit(known, named(issuer="Finanzamt Beispielstadt"), TODAY)
    assert [each.issuer for each in corrected] == ["Finanzamt Beispielstadt"]
    after = rules.check(corrected, checked(), ident("agency"), TODAY)
    assert after[0].checked_by == ident("agency")
    assert after[0].checked_on == TODAY
    with pytest.raises(Refused) as refused:
        rules.submit(after, named(issuer="Finanzamt Anderswo"), TODAY)
    assert refused.value.reason is Reason.WRONG_STATE


def test_what_nobody_named_is_not_checked():
    with pytest.raises(Refused) as refused:
        rules.check((), checked(), None, TODAY)
    assert refused.value.reason is Reason.NOT_FOUND


def test_what_is_rejected_holds_for_nothing():
    known = rules.submit((), named(), TODAY)
    after = rules.check(known, checked(accepted=False), None, TODAY)
    assert not rules.is_verified(after)
    assert rules.holds_until(after) is None
    assert not rules.has_ended(after, TODAY)


def test_a_determination_on_the_statutes_counts_while_there_is_no_notice():
    determination = accepted(
        EvidenceKind.STATUTE_DETERMINATION, TODAY + timedelta(days=400), "statutes"
    )
    assert rules.holds_until((determination,)) == TODAY + timedelta(days=400)
    old_notice = accepted(EvidenceKind.EXEMPTION_NOTICE, TODAY - timedelta(days=1), "notice")
    assert rules.holds_until((determination, old_notice)) == TODAY - timedelta(days=1)
    assert rules.has_ended((determination, old_notice), TODAY)
    assert rules.is_verified((determination, old_notice)), "the status is not lost"


def test_a_missing_entry_in_the_register_takes_nothing_away():
    notice = accepted(EvidenceKind.EXEMPTION_NOTICE, TODAY, "notice")
    looked = Evidence(
        evidence_id=ident("register"),
        kind=EvidenceKind.RECIPIENT_REGISTER,
        state=EvidenceState.REJECTED,
    )
    assert rules.is_verified((notice, looked))
    assert not rules.has_ended((notice, looked), TODAY)


@given(DAYS, st.integers(1, 30))
def test_years_later_is_the_same_day_or_the_end_of_february(day: date, years: int):
    later = rules.years_after(day, years)
    assert (later.year, later.month) == (day.year + years, day.month)
    assert later.day == day.day or (day.month, day.day, later.day) == (2, 29, 28)


@given(st.lists(st.tuples(st.sampled_from(list(EvidenceKind)), st.none() | DAYS)), DAYS)
def test_what_has_ended_was_verified_and_more_of_the_same_kind_never_ends_earlier(pieces, today):
    pieces = [accepted(kind, until, f"{n}") for n, (kind, until) in enumerate(pieces)]
    if rules.has_ended(pieces, today):
        assert rules.is_verified(pieces)
        assert rules.has_ended(pieces, today + timedelta(days=1)), "it does not come back by itself"
    before = rules.holds_until(pieces)
    more = rules.holds_until([*pieces, accepted(EvidenceKind.OTHER, today, "more")])
    assert more is not None
    assert before is None or before <= more
