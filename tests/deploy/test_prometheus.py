"""The alerts: right by promtool, and about metrics that exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import prometheus_client
import pytest
import yaml

import impulse_chassis.metrics  # noqa: F401 (registers them)
import impulse_notifications.metrics  # noqa: F401
import impulse_registry.watching  # noqa: F401
from tests.fixtures.missing import require_promtool

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
RULES = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", str(FOLDER / "prometheus.yml")],
        ["test", "rules", str(FOLDER / "alerts_test.yml")],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_has_nothing_to_say(arguments: list[str]):
    told = subprocess.run([require_promtool(), *arguments], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_it_means_and_what_to_do(rule: dict[str, Any]):
    assert rule["annotations"].keys() == {"summary", "impact", "action"}
    assert rule["labels"]["severity"] in ("warning", "critical")


def test_alerts_ask_for_metrics_that_services_export():
    exported = {metric.name for metric in prometheus_client.REGISTRY.collect()}
    exported |= {f"{name}_total" for name in exported}
    asked = {name for rule in RULES for name in re.findall(r"impulse_\w+", rule["expr"])}
    assert asked <= exported


def test_every_alert_is_tested():
    tested = (FOLDER / "alerts_test.yml").read_text("utf-8")
    assert {rule["alert"] for rule in RULES} <= set(re.findall(r"alertname: (\w+)\n", tested))
