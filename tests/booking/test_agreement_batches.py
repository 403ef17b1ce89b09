"""Agreements of an edition in batches: a result for each line, whatever is sent twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_contracts.booking.agreement_batches import AgreementsEntered, EnterAgreements
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.bookings import RecordAttendance
from impulse_contracts.booking.cooperation_commands import CancelCooperation, WithdrawCooperation
from impulse_contracts.booking.cooperations import CooperationAgreed, CooperationFact
from impulse_contracts.booking.editions import CloseEdition, EditionCounted, EditionResults, Sides
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import BROKER, FIRM, HOST, NEED, OFFER, TERMS, said
from tests.booking.editing import EDITION, WEEK, EditionWorld, announcement
from tests.booking.programme import ident
from tests.booking.test_machine import EXAMPLES
from tests.fixtures.shelf import Shelf

SIGNED = {"on_behalf": {"channel": "event_floor", "on": "2027-01-19"}}
FAULTS: tuple[tuple[dict[str, Any], Reason], ...] = (
    ({"offer_actor_id": NEED}, Reason.SAME_ORGANISATION),
    ({"need_actor_id": ident("unheard")}, Reason.NOT_FOUND),
    ({"need_title": "Anruf: 0201 1234567"}, Reason.CONTACT_IN_TEXT),
    ({"terms": {**TERMS, "redeem_by": "2026-01-01"}}, Reason.DATE_IN_PAST),
    ({"signing": {"on_behalf": {"channel": "phone", "on": "2029-01-01"}}}, Reason.DATE_IN_FUTURE),
    ({"signing": {**SIGNED, "need_signatory_id": FIRM}}, Reason.NOT_OF_SIDE),
    ({"signing": {**SIGNED, "offer_signatory_id": ident("nobody")}}, Reason.NOT_OF_SIDE),
    ({"terms": {**TERMS, "witness_id": HOST}}, Reason.WITNESS_OF_SIDE),
)


def line(name: str, **fields: Any) -> dict[str, Any]:
    """An agreement that is complete and signed."""
    return {
        "cooperation_id": str(ident(f"cooperation {name}")),
        "need_actor_id": NEED,
        "offer_actor_id": OFFER,
        "need_title": "Zwei Räume streichen",
        "offer_title": "Ein Malerteam",
        "terms": TERMS,
        "signing": SIGNED,
        **fields,
    }


def batch(name: str, *lines: dict[str, Any]) -> EnterAgreements:
    """A batch of them."""
    return EnterAgreements.model_validate(
        {"batch_id": ident(f"batch {name}"), "edition_id": EDITION, "lines": lines}
    )


class Floor(EditionWorld):
    """A Marktplatz on its day."""

    def begun(self) -> None:
        self.announced(registration_closes=None)
        self.move_to(8 * WEEK)

    def result(self, name: str) -> list[tuple[Any, ...]]:
        """What was said of a batch."""
        [found] = [
            each.data
            for each in self.heard(AgreementsEntered)
            if each.data.batch_id == ident(f"batch {name}")
        ]
        return [(each.outcome, each.number, each.edition_number) for each in found.lines]

    def counted(self) -> EditionResults:
        """What came of the edition, as it was said last."""
        results: EditionResults | None = self.said()[-1].results
        assert results is not None
        return results


@pytest.fixture
def world(engine_of):
    floor = Floor(engine_of(service))
    floor.begun()
    return floor


def test_one_faulty_line_stops_no_other(world):
    faulty = [line(f"faulty {count}", **fields) for count, (fields, _) in enumerate(FAULTS)]
    lacking = line("draft", terms={**TERMS, "performance": " "})
    outcome = world.accepted(batch("A", line("1"), *faulty, lacking, line("2")))
    assert outcome.aggregate_id == str(ident("batch A"))
    assert world.result("A") == [
        ("agreed", "2027-1", 1),
        *[("refused", None, None)] * len(faulty),
        ("draft", None, None),
        ("agreed", "2027-2", 2),
    ]
    [said_of] = [each.data for each in world.heard(AgreementsEntered)]
    refused = [each for each in said_of.lines if each.outcome == "refused"]
    assert [each.reason for each in refused] == [reason for _, reason in FAULTS]
    assert refused[0].message.de == "Eine Kooperation haben zwei verschiedene Organisationen."
    assert refused[0].message.en == "A cooperation is one of two different organisations."
    assert said_of.lines[-2].missing == ("performance",)
    results = world.counted()
    assert (results.agreements, results.drafts, results.estimated_value_eur) == (2, 1, 2400)
    agreed = world.now_is(ident("cooperation 2"))
    assert (agreed.edition_id, agreed.edition_number, agreed.version) == (EDITION, 2, 1)


def test_another_agreement_under_a_known_number_is_refused_and_none_is_lost(world):
    world.know("N9")
    world.companies("C9")
    world.accepted(batch("A", line("1"), line("2", signing=None)))
    others = (
        {"need_actor_id": ident("N9"), "offer_actor_id": ident("C9"), "need_title": "Anderes"},
        {"terms": {**TERMS, "performance": "Etwas anderes."}},
        {"offer_title": "Ein anderes Team"},
    )
    unsigned = {"signing": None, "terms": {**TERMS, "estimated_value_eur": 9}}
    wrong = [line("1", **other) for other in others]
    world.accepted(batch("B", *wrong, line("2", **others[0]), line("2", **unsigned), line("1")))
    assert world.result("B") == [*[("refused", None, None)] * 5, ("known", "2027-1", 1)]
    said_of = world.heard(AgreementsEntered)[-1].data
    assert {each.reason for each in said_of.lines[:5]} == {Reason.ALREADY_EXISTS}
    assert "andere Vereinbarung unter dieser Nummer" in said_of.lines[0].message.de
    stands = world.now_is(ident("cooperation 1"))
    assert (stands.need_actor_id, stands.version) == (NEED, 1)


def test_a_draft_that_comes_again_complete_and_signed_is_completed(world):
    lacking = line("1", terms={**TERMS, "performance": None})
    world.accepted(batch("A", lacking, line("2", signing=None)))
    world.accepted(batch("B", lacking, line("2"), line("1"), line("1")))
    assert world.result("B") == [
        ("known", None, None),
        ("agreed", "2027-1", 1),
        ("agreed", "2027-2", 2),
        ("known", "2027-2", 2),
    ]
    now = world.now_is(ident("cooperation 1"))
    assert isinstance(now, CooperationAgreed)
    assert (now.state, now.version, now.missing) == ("agreed", 2, ())
    assert (world.counted().agreements, world.counted().drafts) == (2, 0)


def test_what_is_of_another_edition_is_not_known_in_this_one(world):
    """Neither a batch nor an agreement of one stands for what is sent for the other."""
    other = {"edition_id": ident("other edition"), "registration_opens": None}
    world.accepted(batch("A", line("1")))
    times = {"starts": world.now + timedelta(hours=1), "ends": world.now + timedelta(hours=2)}
    world.accepted(announcement(**other, **times, registration_closes=None))
    world.advance(timedelta(hours=1))
    there = {"edition_id": ident("other edition")}
    world.refused(batch("A", line("1")).model_copy(update=there), Reason.ALREADY_EXISTS)
    world.accepted(batch("B", line("1")).model_copy(update=there))
    assert world.result("B") == [("refused", None, None)]


def test_an_agreement_of_the_floor_has_both_sides_and_needs_no_place(world):
    world.companies("C8", "C9")
    world.know("N8", "N9")
    between = [("C8", "C9"), ("N8", "N9"), ("N9", "C9"), ("C8", "N8")]
    lines = [
        line(f"{need} {offer}", need_actor_id=ident(need), offer_actor_id=ident(offer))
        for need, offer in between
    ]
    world.accepted(batch("A", *lines))
    assert [outcome for outcome, *_ in world.result("A")] == [*["refused"] * 2, *["agreed"] * 2]
    assert world.heard(AgreementsEntered)[-1].data.lines[0].reason == Reason.SAME_SIDE


def test_what_was_sent_is_answered_the_same_and_changes_nothing(world):
    first = world.accepted(batch("A", line("1"), line("2")))
    facts = len(world.heard(CooperationFact)), len(world.heard(EditionCounted))
    again = world.accepted(batch("A", line("2")), principal=str(BROKER))
    assert (again.aggregate_id, again.version) == (first.aggregate_id, first.version)
    assert facts == (len(world.heard(CooperationFact)), len(world.heard(EditionCounted)))
    world.refused(batch("A", line("3")), Reason.ALREADY_EXISTS)
    world.accepted(batch("B", line("2"), line("3"), line("3")))
    assert world.result("B") == [
        ("known", "2027-2", 2),
        ("agreed", "2027-3", 3),
        ("known", "2027-3", 3),
    ]


def test_corrected_lines_are_a_batch_of_their_own(world):
    """Under the same id they are refused, and not answered as what was sent before."""
    wrong, other = line("1", signing=None), line("2", need_actor_id=ident("unheard"))
    world.accepted(batch("A", wrong, other))
    for corrected in (line("1"), line("2")):
        refused = world.refused(batch("A", wrong, corrected), Reason.ALREADY_EXISTS)
        assert "Stapel mit anderen Zeilen unter dieser Nummer" in refused.message.de
    world.accepted(batch("A", wrong, other))
    world.accepted(batch("B", line("1"), line("2")))
    assert world.result("B") == [("agreed", "2027-1", 1), ("agreed", "2027-2", 2)]


def test_a_draft_of_the_floor_gets_its_numbers_when_both_sign(world):
    world.accepted(batch("A", line("1"), line("2", signing=None), line("3")))
    key = ident("cooperation 2")
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side))
    now = world.now_is(key)
    assert (now.number, now.edition_number) == ("2027-3", 3)
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side))
    assert world.now_is(key).edition_number == 3, "it keeps it"


def test_brokers_enter_them_from_the_day_until_it_is_closed(world, engine_of):
    early = EditionWorld(engine_of(service))
    early.announced()
    early.refused(batch("A", line("1")), Reason.WRONG_STATE)
    early.refused(
        batch("A", line("1")).model_copy(update={"edition_id": ident("none")}), Reason.NOT_FOUND
    )
    world.refused(batch("A", line("1")), Reason.NOT_ALLOWED, principal=str(HOST))
    world.move_to(9 * WEEK)
    world.accepted(batch("A", line("1")))
    world.accepted(CloseEdition(edition_id=EDITION))
    world.refused(batch("B", line("2")), Reason.WRONG_STATE)


def test_results_count_only_what_both_sides_signed(world):
    world.accepted(batch("A", line("1"), line("2")))
    dear = {"terms": {**TERMS, "estimated_value_eur": 9_000_000}}
    world.accepted(said(DraftAgreement, ident("cooperation 2"), side="offer", **dear))
    results = world.counted()
    assert (results.agreements, results.estimated_value_eur) == (2, 1200)
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, ident("cooperation 2"), side=side))
    assert world.counted().estimated_value_eur == 9_001_200


def test_results_follow_what_becomes_of_drafts_also_when_it_is_closed(world):
    world.accepted(batch("A", line("1"), *(line(each, signing=None) for each in "234")))
    world.advance(timedelta(hours=3))
    _sign(world, "2")
    assert (world.counted().agreements, world.counted().drafts) == (2, 2)
    world.accepted(CloseEdition(edition_id=EDITION))
    _sign(world, "3")
    world.accepted(said(WithdrawCooperation, ident("cooperation 4"), reason="other"))
    results, facts = world.counted(), len(world.said())
    assert (results.agreements, results.drafts, results.estimated_value_eur) == (3, 0, 3600)
    assert world.said()[-1].stage == "closed"
    world.accepted(said(CancelCooperation, ident("cooperation 3"), reason="other"))
    world.advance(timedelta(days=1))
    assert len(world.said()) == facts, "an agreement counts whatever becomes of it"


def _sign(world: Floor, name: str) -> None:
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, ident(f"cooperation {name}"), side=side))


def test_results_count_who_was_registered_and_who_came(engine_of):
    world = Floor(engine_of(service))
    world.announced(registration_closes=None)
    world.companies("C1")
    world.know("N1", "N2", "N3")
    world.register("C1", "N1", "N2", "N3")
    world.move_to(8 * WEEK)
    for name, presence in (("C1", "present"), ("N1", "no_show"), ("N2", "late")):
        came = {"booking_id": ident(f"booking/{name}"), "attendance": [{"presence": presence}]}
        world.accepted(RecordAttendance.model_validate(came))
    world.advance(timedelta(hours=2))
    results = world.counted()
    assert results.registered == Sides(companies=1, nonprofits=2), "one waited in vain"
    assert results.attended == Sides(companies=1, nonprofits=1)


# ------------------------------------------------------------------------------- any split


lines = st.integers(1, 6).map(str)
batches = st.lists(
    st.tuples(st.integers(1, 3).map(str), st.lists(lines, min_size=1, max_size=5)), max_size=6
)


def test_however_it_is_split_and_repeated_each_is_entered_once(shelf: Shelf) -> None:
    """Numbers have no gap, and a batch that was answered is answered the same."""

    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(batches)
    def check(asked: list[tuple[str, list[str]]]) -> None:
        with shelf.engine(service) as engine:
            world = Floor(engine)
            world.begun()
            for name, numbers in asked:
                faulty = [line("none", offer_actor_id=NEED)]
                world.ask(batch(name, *faulty, *(line(each) for each in numbers)))
            _judge(world, asked)

    check()


def _judge(world: Floor, asked: list[tuple[str, list[str]]]) -> None:
    held: dict[str, set[str]] = {}
    for name, numbers in asked:
        held.setdefault(name, set(numbers))
    entered = set().union(*held.values())
    facts = [each.data for each in world.heard(CooperationFact)]
    assert {each.cooperation_id for each in facts} == {_key(each) for each in entered}
    assert [each.version for each in facts] == [1] * len(entered)
    assert sorted(each.edition_number for each in facts) == list(range(1, len(entered) + 1))
    assert all(each.number == f"2027-{each.edition_number}" for each in facts)
    said_of = [each.data for each in world.heard(AgreementsEntered)]
    assert {each.batch_id for each in said_of} == {ident(f"batch {name}") for name in held}
    assert len(said_of) == len(held), "each is said once"
    for each in said_of:
        known = {result.cooperation_id: result for result in each.lines}
        assert known[ident("cooperation none")].outcome == "refused"
    if entered:
        assert world.counted().agreements == len(entered)


def _key(name: str) -> UUID:
    return ident(f"cooperation {name}")
