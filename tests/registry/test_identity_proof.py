"""The proof on real data in a small form; `make bench ONLY=registry.identity` takes all of it."""

from random import Random
from uuid import UUID

import pytest
from sqlalchemy import text

from impulse_registry.app import service
from tests.bench import identity, judging, variants
from tests.bench.rivals import rivals
from tests.bench.variants import AGENCY, CITY, NETWORK, Organisation, Variant
from tests.fixtures.services import Engines

real = pytest.mark.skipif(
    variants.folder() is None, reason=f"the real data is not here; {variants.FOLDER} names it"
)

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def said(organisation: str, source: str, *, entry: bool = True) -> Variant:
    """A report on an organisation."""
    court, number = ("Essen", f"VR {organisation}") if entry else (None, None)
    return Variant(
        organisation, source, organisation, court, number, {"city": "Essen"}, "nonprofit"
    )


REPORTS = [said("1", AGENCY), said("1", CITY), said("2", AGENCY), said("2", NETWORK, entry=False)]


def actor_of(*actors: UUID) -> dict[tuple[str, str], UUID]:
    """What the reports became."""
    return {
        (each.source, each.external_id): actor for each, actor in zip(REPORTS, actors, strict=True)
    }


def test_what_is_right_is_judged_right() -> None:
    verdict = judging.judge(REPORTS, actor_of(A, A, B, C), [(B, C)])
    assert (verdict.precision, verdict.entry_recall) == (1, 1)
    assert (verdict.remaining, verdict.found) == (1, 1)
    assert verdict.suggestions_a_true_one == 1


def test_a_wrong_merge_is_seen() -> None:
    verdict = judging.judge(REPORTS, actor_of(A, A, A, C), [])
    assert verdict.precision == pytest.approx(1 / 3)
    assert ("1", "2") in verdict.wrong
    assert verdict.outcome != judging.judge(REPORTS, actor_of(A, A, B, C), []).outcome


def test_a_missed_entry_and_a_missed_suggestion_are_seen() -> None:
    verdict = judging.judge(REPORTS, actor_of(A, B, C, UUID(int=4)), [(A, C)])
    assert verdict.entry_recall == 0
    assert verdict.suggestion_recall == 0
    assert verdict.suggestions_a_true_one == 1


@real
def test_no_two_organisations_become_one_and_the_order_makes_no_difference(
    engine_of: Engines,
) -> None:
    all_of_them = variants.organisations()
    said = rivals([each for some in all_of_them for each in variants.variants(some)])
    assert len(said) > 600
    outcomes = set()
    for order in (1, 2, 3):
        engine = engine_of(service)
        identity.report(engine, Random(order).sample(said, len(said)))
        verdict = judging.judge(said, judging.actors_of(engine), [])
        assert verdict.precision == 1, verdict.wrong
        assert verdict.entry_recall == 1
        outcomes.add(verdict.outcome)
    assert len(outcomes) == 1


@real
def test_some_hundred_organisations_in_two_orders(engine_of: Engines) -> None:
    chosen: list[Organisation] = variants.organisations(300)
    reports = [each for organisation in chosen for each in variants.variants(organisation)]
    for order in (1, 2):
        engine = engine_of(service)
        identity.report(engine, Random(order).sample(reports, len(reports)))
        with engine.connect() as connection:
            refused = connection.execute(
                text("SELECT count(*) FROM inbox WHERE outcome::jsonb ->> 'reason' IS NOT NULL")
            )
            assert refused.scalar_one() == 0
        verdict = judging.judge(reports, judging.actors_of(engine), judging.alike(engine))
        assert verdict.precision == 1, verdict.wrong
        assert verdict.entry_recall == 1
        assert verdict.remaining > 50
        assert verdict.suggestion_recall >= 0.9
        assert verdict.suggestions_a_true_one <= 3
