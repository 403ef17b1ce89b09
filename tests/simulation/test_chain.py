"""All five services under the scheduler: the main job, whatever goes wrong on the way."""

from collections.abc import Iterator
from functools import cache
from uuid import UUID

import pytest

from impulse_booking.domain.cooperation import cooperation_id
from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.notifications import MessageSent
from tests.simulation.auditor import Auditor
from tests.simulation.books import differences, state
from tests.simulation.cast import QUIET
from tests.simulation.chain import scenario
from tests.simulation.comparing import normal
from tests.simulation.mails import Mails
from tests.simulation.scheduler import Simulation
from tests.simulation.seeds import SCENARIOS, guarded, judge, seeds
from tests.simulation.stage import clear


def run(stage, seed, faults=None, *, race=False):
    clear(stage)
    mails = Mails()
    simulation = Simulation(stage, seed, faults, also={"notifications": mails.send})
    guarded(simulation, lambda: simulation.run(scenario(seed % SCENARIOS, race=race)))
    found = Auditor(stage, simulation.world.log).findings()
    found += [*mails.findings(stage), *promised_once(simulation.world)]
    return simulation, found, state(stage, normal)


def promised_once(world) -> Iterator[str]:
    """I1, of the slice: an offer is promised once, and each promise opens one cooperation."""
    promised: dict[UUID, set[UUID]] = {}
    for heard in world.heard(ProposalMutuallyAccepted):
        promised.setdefault(heard.data.offer_id, set()).add(heard.data.proposal_id)
    for offer, proposals in promised.items():
        if len(proposals) > 1:
            yield f"I1 offer {offer} was promised {len(proposals)} times"
    expected = {cooperation_id(each) for found in promised.values() for each in found}
    opened = {heard.data.cooperation_id for heard in world.heard(CooperationOpened)}
    for missing in expected ^ opened:
        yield f"I1 cooperation {missing} without a promise, or a promise without it"


@pytest.fixture(scope="module")
def quiet(five_services):
    """What comes of a scenario where nothing goes wrong; run once."""

    @cache
    def quiet(part):
        simulation, findings, end = run(five_services, part, QUIET)
        judge(simulation, findings)
        return simulation.world, end

    return quiet


@pytest.mark.parametrize("part", range(SCENARIOS))
def test_faults_change_nothing(five_services, quiet, part):
    _, expected = quiet(part)
    for seed in seeds(part):
        simulation, findings, found = run(five_services, seed)
        judge(simulation, [*findings, *differences(expected, found)])


def test_a_seed_goes_the_same_way_again(five_services):
    """One that fails can be looked at: the same faults, the same records at the same places."""
    ways = []
    for _ in range(2):
        simulation, findings, _ = run(five_services, 1)
        judge(simulation, findings)
        records = simulation.world.log.records.items()
        ways.append((simulation.trace, {place: [each.key for each in of] for place, of in records}))
    assert ways[0] == ways[1]


@pytest.mark.parametrize("part", range(SCENARIOS))
def test_needs_that_race_for_offers(five_services, part):
    for seed in seeds(part)[::5]:
        simulation, findings, _ = run(five_services, seed, race=True)
        judge(simulation, findings)


def test_the_scenario_goes_the_whole_way(quiet):
    """Nothing would be proved by a scenario in which nothing happens."""
    opened = mailed = 0
    for part in range(3):
        world, _ = quiet(part)
        opened += len(world.heard(CooperationOpened))
        mailed += len(world.heard(MessageSent))
    assert opened
    assert mailed
