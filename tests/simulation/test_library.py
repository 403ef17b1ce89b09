"""Two services under a scheduler by seed: whatever goes wrong, the end is that of a quiet run."""

import pytest

from tests.simulation.auditor import Auditor
from tests.simulation.books import differences, state
from tests.simulation.cast import QUIET
from tests.simulation.library import scenario
from tests.simulation.scheduler import Simulation
from tests.simulation.seeds import SCENARIOS, guarded, judge, seeds
from tests.simulation.stage import clear


def run(stage, seed, faults=None):
    clear(stage)
    simulation = Simulation(stage, seed, faults)
    guarded(simulation, lambda: simulation.run(scenario(seed % SCENARIOS)))
    return simulation, Auditor(stage, simulation.world.log).findings(), state(stage)


@pytest.mark.parametrize("part", range(SCENARIOS))
def test_faults_change_nothing(library, part):
    crashes = 0
    quiet, findings, expected = run(library, part, QUIET)
    judge(quiet, findings)
    for seed in seeds(part)[::2]:
        simulation, findings, found = run(library, seed)
        judge(simulation, [*findings, *differences(expected, found)])
        crashes += simulation.crashes
    assert crashes or not seeds(part)[::2], "something must go wrong for this to say anything"
