"""The spellings that the proof is made of: the same from a seed, and as different as they say."""

import pytest

from impulse_registry.domain import registers
from tests.bench import variants
from tests.bench.variants import AGENCY, CITY, NETWORK, Organisation

pytestmark = pytest.mark.skipif(
    variants.folder() is None, reason=f"the real data is not here; {variants.FOLDER} names it"
)


@pytest.fixture(scope="module")
def sample() -> list[Organisation]:
    return variants.organisations(1_000)


def test_they_follow_from_the_seed(sample: list[Organisation]) -> None:
    first, again, other = (
        [list(variants.variants(each, seed)) for each in sample] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_no_two_organisations_have_one_entry() -> None:
    every = variants.organisations()
    entries = {registers.parse(each.court, f"{each.kind} {each.entry}") for each in every}
    assert None not in entries
    assert len(entries) == len(every)


def test_an_entry_is_one_in_every_spelling_and_the_spellings_differ(
    sample: list[Organisation],
) -> None:
    differing = 0
    for each in sample:
        agency, city, network = variants.variants(each)
        assert (agency.source, city.source, network.source) == (AGENCY, CITY, NETWORK)
        stated = [
            (one.court, one.number)
            for one in (agency, city, network)
            if one.court is not None and one.number is not None
        ]
        assert len({registers.parse(*one) for one in stated}) == 1
        differing += len(set(stated)) > 1
    assert differing == len(sample)


def test_the_shares_are_as_documented(sample: list[Organisation]) -> None:
    network = [list(variants.variants(each))[2] for each in sample]
    without = [one for one in network if one.court is None]
    assert 0.55 < len(without) / len(network) < 0.65
    names = {each.number: each.name for each in sample}
    changed = sum(one.name != names[one.organisation] for one in without)
    assert 0.4 < changed / len(without) < 0.8
