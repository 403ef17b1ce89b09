"""The best counterparts of a listing, whatever happened to the index before."""

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.codes import (
    MONEY_BEARING,
    CcInstrument,
    Direction,
    ResourceCategory,
    Visibility,
)
from impulse_matching.domain import bound, criteria, rules, scoring, search
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import ASIDE, UNSAID, Listing
from impulse_matching.domain.pairs import pairs
from impulse_matching.domain.rules import Criterion
from impulse_matching.domain.scoring import Scored, score
from tests.matching.given import (
    BOCHUM,
    ESSEN,
    ESSEN_WEST,
    HAMM,
    TODAY,
    changed,
    fitting,
    listings,
    markets,
    need,
    offer,
)

RULES = rules.shipped()

changes = st.lists(
    st.one_of(fitting(Direction.OFFER), listings(), st.integers(1, 12).map(lambda n: UUID(int=n)))
)


def indexed(*entries: Listing) -> Index:
    index = Index(RULES)
    for entry in entries:
        if entry.is_open:
            index.put(entry.entry)
    return index


def told(index: Index, query: Listing, entries: Iterable[Listing], n: int = 10) -> list[Scored]:
    """The best counterparts of an open listing, in words."""
    if not query.is_open:
        return []
    of = {entry.listing_id: entry for entry in entries}
    found = index.best(query.features, TODAY, n)
    return [scoring.told(each, query, of[each.listing_id], RULES, TODAY) for each in found]


def exhaustive(query: Listing, entries: Iterable[Listing]) -> list[Scored]:
    """Every pair scored, the blocked ones left out: what the index must agree with."""
    pairs = [
        score(query, entry, RULES, TODAY) if query.is_need else score(entry, query, RULES, TODAY)
        for entry in entries
    ]
    found = [pair for pair in pairs if not pair.blockers]
    return sorted(found, key=lambda s: (-s.score, s.counterpart(query).listing_id))


@given(changes, fitting(Direction.NEED))
def test_after_any_changes_it_equals_one_built_at_once(
    changes: list[Listing | UUID], query: Listing
) -> None:
    index, state = Index(RULES), dict[UUID, Listing]()
    for change in changes:
        listing_id = change if isinstance(change, UUID) else change.listing_id
        state.pop(listing_id, None)
        if isinstance(change, UUID) or not change.is_open:
            index.remove(listing_id)
        else:
            index.put(change.entry)
            state[listing_id] = change
    at_once, loaded = indexed(*state.values()), Index(RULES)
    if state:
        loaded.extend(np.concatenate([entry.entry for entry in state.values()]))
    assert len(index) == len(at_once) == len(loaded) == len(state)
    found = told(index, query, state.values())
    assert found == told(at_once, query, state.values()) == told(loaded, query, state.values())
    for listing_id, entry in state.items():
        assert index.version(listing_id) == entry.state.version


@given(markets(), st.integers(1, 5), st.sampled_from([1, search.FIRST]))
def test_it_finds_what_scoring_every_pair_finds(
    market: tuple[Listing, list[Listing]], n: int, first: int
) -> None:
    """However few it looks at first."""
    query, entries = market
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FIRST", first)
        assert told(indexed(*entries), query, entries, n) == exhaustive(query, entries)[:n]


@given(markets())
def test_pairs_that_are_judged_at_once_are_judged_as_each_alone(
    market: tuple[Listing, list[Listing]],
) -> None:
    query, entries = market
    others = [each for each in entries if each.is_open and each.market == query.opposite]
    if query.is_open:
        ids = [each.listing_id for each in reversed(others)]
        found = indexed(*entries).judged(query.features, [*ids, UUID(int=99)], TODAY)
        assert [
            scoring.told(each, query, other, RULES, TODAY)
            for each, other in zip(found, reversed(others), strict=True)
        ] == [
            score(*((query, other) if query.is_need else (other, query)), RULES, TODAY)
            for other in reversed(others)
        ]


ALONE = {
    only: RULES.model_validate(
        {**RULES.model_dump(), "weights": {each: float(each is only) for each in Criterion}}
    )
    for only in Criterion
}
"""Rules by which one criterion counts, and no other."""


@given(listings(), listings(), st.booleans())
def test_no_score_is_above_its_bound(one: Listing, other: Listing, of_need: bool) -> None:
    """Else the best could be overlooked in a market of more than are looked at first."""
    sides = [Direction.NEED, Direction.OFFER]
    mine, theirs = (
        changed(each, direction=side, resource_category=ResourceCategory.HANDS, example=True)
        for each, side in zip((one, other), sides if of_need else sides[::-1], strict=True)
    )
    for only, rules_alone in ALONE.items():
        of = pairs(mine.features, theirs.features, rules_alone, TODAY)
        with np.errstate(divide="ignore", invalid="ignore"):
            assert criteria.values(of, [only])[0, 0] * 100 <= bound.most(of)[0], only


@given(markets())
def test_a_blocked_pair_never_appears(market: tuple[Listing, list[Listing]]) -> None:
    query, entries = market
    for found in told(indexed(*entries), query, entries, 100):
        assert not score(found.need, found.offer, RULES, TODAY).blockers
        assert found.score > 0


def test_the_nearest_of_equals_comes_first() -> None:
    near, nearer, far = (
        offer("Wände streichen", place=place, listing_id=UUID(int=number))
        for number, place in enumerate((BOCHUM, ESSEN_WEST, HAMM))
    )
    offers = near, nearer, far
    found = told(indexed(*offers), need("Wände streichen", place=ESSEN), offers)
    assert [scored.offer for scored in found] == [nearer, near]


def test_equal_scores_are_in_the_order_of_the_ids() -> None:
    twins = [offer("Streichen", listing_id=UUID(int=number)) for number in (3, 1, 4, 2)]
    found = indexed(*twins).best(need("Streichen").features, TODAY, n=2)
    assert [each.listing_id.int for each in found] == [1, 2]


def test_some_can_be_left_out() -> None:
    first, second = offer("Streichen"), offer("Tapezieren")
    wanted = need("Streichen").features
    found = indexed(first, second).best(wanted, TODAY, without=[first.listing_id])
    assert [each.listing_id for each in found] == [second.listing_id]


def test_a_listing_that_changes_its_market_leaves_no_trace() -> None:
    old = offer("Streichen")
    index = indexed(old)
    index.put(changed(old, example=False).entry)
    assert index.best(need("Streichen").features, TODAY) == []
    assert len(index.best(need("Streichen", example=False).features, TODAY)) == 1
    assert len(index) == 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, True),
        ({"visibility": Visibility.NETWORK}, True),
        ({"visibility": Visibility.BROKERS}, False),
        ({"visibility": "unknown"}, False),
        ({"cc_instrument": CcInstrument.CORPORATE_VOLUNTEERING}, True),
        *(({"cc_instrument": each}, False) for each in MONEY_BEARING),
    ],
)
def test_what_only_brokers_see_and_where_money_flows_is_not_matched(
    fields: dict[str, object], found: bool
) -> None:
    query, entry = need("Streichaktion"), changed(offer("Malerteam"), **fields)
    assert entry.is_open is changed(query, **fields).is_open is found
    assert bool(told(indexed(entry), query, [entry])) is found


def test_fields_that_came_later_say_nothing_new_where_they_are_not_used() -> None:
    """Else a pair that was declined would be proposed again after an update."""
    entry = need("Streichaktion")
    content = entry.state.model_dump(mode="json", exclude={*ASIDE, *UNSAID})
    del content["place"]["mode_stated"]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    before = hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()
    assert entry.content_hash == before
    for news in (changed(entry, visibility=Visibility.NETWORK), changed(entry, title="Neu")):
        assert news.content_hash != before
    for same in (changed(entry, confirm_by=entry.state.confirmed_at), changed(entry, version=9)):
        assert same.content_hash == before
