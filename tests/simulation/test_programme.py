"""The programme under the scheduler: places are given out once, whatever goes wrong on the way."""

from collections import Counter

import pytest

from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.simulation.auditor import Auditor
from tests.simulation.cast import QUIET
from tests.simulation.mails import Mails
from tests.simulation.programme import broken, newest, scenario
from tests.simulation.scheduler import Simulation
from tests.simulation.seeds import guarded, judge, seeds
from tests.simulation.stage import clear


def run(stage, seed, faults=None):
    clear(stage)
    mails = Mails()
    simulation = Simulation(stage, seed, faults, also={"notifications": mails.send})
    guarded(simulation, lambda: simulation.run(scenario(seed)))
    found = Auditor(stage, simulation.world.log).findings()
    judge(simulation, [*found, *mails.findings(stage), *broken(simulation.world)])
    return simulation.world


@pytest.mark.parametrize("part", range(2))
def test_no_fault_gives_a_place_twice(five_services, part):
    for seed in seeds(part)[::2]:
        world = run(five_services, seed)
        assert not [each for each in world.heard(Outcome) if each.data.reason == "handler_error"]


def test_the_scenario_goes_the_whole_way(five_services):
    """Nothing would be proved by a scenario in which nothing happens."""
    states: Counter[str] = Counter()
    reasons: Counter[str | None] = Counter()
    for seed in range(3):
        world = run(five_services, seed, QUIET)
        states.update(str(each.state) for each in newest(world))
        reasons.update(each.data.reason for each in world.heard(Outcome))
    assert {"attended", "expired", "cancelled_by_booker", "cancelled_by_provider"} <= states.keys()
    assert {None, Reason.DUPLICATE_BOOKING} <= reasons.keys()
    assert Reason.HANDLER_ERROR not in reasons
