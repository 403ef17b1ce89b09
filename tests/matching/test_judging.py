"""What was found beforehand and made good is what a search of now finds."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.codes import Direction, ListingStatus
from impulse_matching.domain import proposals, rules
from impulse_matching.domain.choosing import CANDIDATES
from impulse_matching.domain.index import Index
from impulse_matching.domain.judging import Earlier, judge
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import Proposal
from impulse_matching.domain.scoring import score
from tests.matching.given import NOW, TODAY, changed, fitting, markets, need, offer
from tests.matching.test_plan import accepted, declined

RULES = rules.shipped()


def _index(listings: Sequence[Listing]) -> Index:
    index = Index(RULES)
    _put(index, listings)
    return index


def _put(index: Index, listings: Sequence[Listing]) -> None:
    for each in listings:
        if each.is_open:
            index.put(each.entry)
        else:
            index.remove(each.listing_id)


def _proposed(chance: st.DataObject, one: Listing, others: Sequence[Listing]) -> list[Proposal]:
    """Some of the pairs were proposed, accepted or declined before."""
    made = []
    for other in others:
        wanted, given_ = (one, other) if one.is_need else (other, one)
        become = chance.draw(st.sampled_from([None, None, lambda each: each, accepted, declined]))
        if become and one.is_need != other.is_need:
            made.append(become(proposals.suggest(score(wanted, given_, RULES, TODAY), NOW)))
    return made


@given(st.data(), markets(ids=60))
def test_what_is_made_good_is_what_would_be_found(
    chance: st.DataObject, market: tuple[Listing, list[Listing]]
) -> None:
    """Whatever changed, came or went, and whatever was answered, after the first look."""
    one, others = market
    other_side = Direction.OFFER if one.is_need else Direction.NEED
    known = {each.listing_id: each for each in others}
    index, standing = _index(others), _proposed(chance, one, others)
    before = judge(index, one, standing, known, TODAY)

    several = st.lists(fitting(other_side, ids=60), unique_by=lambda each: each.listing_id)
    gone = [changed(each, status=ListingStatus.CLOSED) for each in others if chance.draw(_RARELY)]
    since = [*gone, *chance.draw(several)]
    known |= {each.listing_id: each for each in since}
    _put(index, since)
    standing = _proposed(chance, one, list(known.values()))
    made_good = judge(
        index, one, standing, known, TODAY, earlier=Earlier(before, {e.listing_id for e in since})
    )
    assert made_good == judge(index, one, standing, known, TODAY)


_RARELY = st.integers(0, 5).map(lambda number: number == 0)


def test_who_came_after_the_best_moves_up_when_one_of_these_goes() -> None:
    """More fit than are looked at, and the gap that one leaves is filled by who was not found."""
    one = need("Streichen")
    others = [offer(f"Angebot {number}", title="Streichen") for number in range(CANDIDATES + 5)]
    index = _index(others)
    before = judge(index, one, [], {}, TODAY)
    first, last = before.best[0].listing_id, before.best[-1].listing_id
    index.remove(first)
    after = judge(index, one, [], {}, TODAY, earlier=Earlier(before, {first}))
    assert after == judge(index, one, [], {}, TODAY)
    assert len(after.best) == CANDIDATES
    assert after.best[-1].listing_id not in {each.listing_id for each in before.best}
    assert after.best[-2].listing_id == last
