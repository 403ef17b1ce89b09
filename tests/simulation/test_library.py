"""Two services under a scheduler by seed: whatever goes wrong, the end is that of a quiet run."""

import pytest

from tests.chassis.conftest import emptied
from tests.simulation.auditor import Auditor, differences, state
from tests.simulation.library import scenario
from tests.simulation.scheduler import QUIET, Simulation
from tests.simulation.seeds import SCENARIOS, guarded, judge, seeds


def run(stage, seed, faults=None):
    for _, engine in stage:
        emptied(engine)
    simulation = Simulation(stage, seed, faults)
    guarded(simulation, lambda: simulation.run(scenario(seed % SCENARIOS)))
    return simulation, Auditor(stage, simulation.world.log).findings(), state(stage)


@pytest.mark.parametrize("part", range(SCENARIOS))
def test_faults_change_nothing(library, part):
    crashes = 0
    quiet, findings, expected = run(library, part, QUIET)
    judge(quiet, findings)
    for seed in seeds(part):
        simulation, findings, found = run(library, seed)
        judge(simulation, [*findings, *differences(expected, found)])
        crashes += simulation.crashes
    assert crashes or not seeds(part), "something must go wrong for this to say anything"
