"""The example of docs/publishing-actor-events.md, run as it stands there."""

import json
import os
import re
import subprocess
from pathlib import Path

from impulse_contracts.outcomes import OutcomeAccepted
from tests.fixtures.missing import require_kcat
from tests.fixtures.stack import Wire

PAGE = Path(__file__).parents[2] / "docs" / "publishing-actor-events.md"


def example() -> str:
    """The one code block of the page that is marked `sh kcat`."""
    [block] = re.findall(r"^```sh kcat\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)
    return str(block)


def test_the_example_reports_an_actor_and_prints_its_outcome(stack: Wire) -> None:
    require_kcat()
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example()],
        env={**os.environ, "BOOTSTRAP": stack.bootstrap},
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert result.returncode == 0, result.stderr
    [line] = result.stdout.splitlines()
    ce_id, _, value = line.partition(" ")
    outcome = OutcomeAccepted.model_validate_json(value)
    assert outcome.command_id == ce_id
    assert outcome.command_type == "impulse.partner.actor.reported.v1"
    assert outcome.source == "https://ehrenamt.beispielstadt.example/api"
    assert outcome.reason is None, outcome.message
    assert outcome.aggregate_id
    assert outcome.version
    assert json.loads(value)["attempt"] == 1
