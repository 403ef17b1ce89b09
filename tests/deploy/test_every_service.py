"""A service is named in many places; here is the list (docs/contributing.md says it in words)."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from impulse_chassis import ServiceSettings, cli
from impulse_local.settings import SERVICES, Settings

ROOT = Path(__file__).parents[2]
FOUND = sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))


@cache
def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def missing_places(service: str) -> list[str]:
    """Where `service` is not named and must be."""
    package, upper = f"impulse_{service}", service.upper()
    tools: Any = tomllib.loads(text("pyproject.toml"))["tool"]
    linter = tools["importlinter"]
    contracts = {each["name"]: each for each in linter["contracts"]}
    compose = yaml.safe_load(text("docker-compose.yml"))["services"]
    scraped = yaml.safe_load(text("deploy/prometheus/prometheus.yml"))["scrape_configs"][0]
    alert = text("deploy/prometheus/alerts.yml")
    loop = re.findall(r"for service in (.*);", text("deploy/postgres/create-databases.sh"))[0]
    environment = "a service knows nothing of the environment that it runs in"
    layers = "app -> handlers, sender, web -> batch -> queue, view -> store -> domain"
    chassis = "the chassis knows no service and nothing of the environment"
    nothing = "contracts know nothing of ours and do no I/O"
    places = {
        "pyproject.toml, mypy_path": f"$MYPY_CONFIG_FILE_DIR/services/{service}"
        in tools["mypy"]["mypy_path"],
        "pyproject.toml, isort's known-first-party": package
        in tools["ruff"]["lint"]["isort"]["known-first-party"],
        "pyproject.toml, importlinter's root_packages": package in linter["root_packages"],
        f"pyproject.toml, {nothing!r}": package in contracts[nothing]["forbidden_modules"],
        f"pyproject.toml, {chassis!r}": package in contracts[chassis]["forbidden_modules"],
        "pyproject.toml, 'a service imports no other service'": package
        in contracts["a service imports no other service"]["modules"],
        f"pyproject.toml, {environment!r}": package in contracts[environment]["source_modules"],
        f"pyproject.toml, {layers!r}": package in contracts[layers]["containers"],
        "pyproject.toml, 'the domain does no I/O'": f"{package}.domain"
        in contracts["the domain does no I/O"]["source_modules"],
        "requirements.in (then `make lock`)": f"./services/{service}"
        in text("requirements.in").splitlines(),
        "chassis/impulse_chassis/cli.py, SERVICES": service in cli.SERVICES,
        "deploy/local/impulse_local/settings.py, SERVICES": service in SERVICES,
        "deploy/local/impulse_local/settings.py, its metrics port": f"{service}_metrics_port"
        in Settings.model_fields,
        "deploy/Dockerfile, the error without SERVICE": service
        in re.findall(r"SERVICE=(\S+) is missing", text("deploy/Dockerfile"))[0].split("|"),
        "docker-compose.yml, the service": compose.get(service, {}).get("image")
        == f"impulse-{service}",
        "docker-compose.yml, its password at postgres": f"IMPULSE_{upper}_DATABASE_PASSWORD"
        in compose["postgres"]["environment"],
        "deploy/postgres/create-databases.sh": service in loop.split(),
        "deploy/prometheus/prometheus.yml": service in scraped["dns_sd_configs"][0]["names"],
        "deploy/prometheus/alerts.yml, no replica answers": service
        in re.findall(r'up\{job=~"(.*)"\}', alert)[0].split("|"),
        "deploy/prometheus/alerts.yml, none exists": f'absent(up{{job="{service}"}})' in alert,
        "docs/operating.md, its metrics port": re.search(
            rf"METRICS_PORT` \|.*\b{service} \d+", text("docs/operating.md")
        ),
        f"tests/{service}": (ROOT / "tests" / service).is_dir(),
    }
    return [place for place, named in places.items() if not named]


@pytest.mark.parametrize("service", FOUND)
def test_a_service_is_named_in_every_place(service: str):
    assert not missing_places(service)


def test_a_new_service_is_told_of_every_place():
    assert len(missing_places("nothing-of-the-kind")) > 20


@pytest.mark.parametrize("service", FOUND)
def test_a_service_has_the_parts_of_its_sisters(service: str):
    package = ROOT / "services" / service / f"impulse_{service}"
    parts = ("__init__.py", "__main__.py", "app.py", "settings.py", "migrations/versions")
    missing = [part for part in parts if not (package / part).exists()]
    several = [  # modules, or packages of modules
        part
        for part in ("handlers", "store", "domain")
        if not (package / f"{part}.py").exists() and not (package / part / "__init__.py").exists()
    ]
    assert not missing + several


@pytest.mark.parametrize("service", FOUND)
def test_the_local_stack_has_the_service_on_its_own_port(service: str):
    own: type[ServiceSettings] = import_module(f"impulse_{service}.settings").Settings
    port = Settings.model_fields[f"{service}_metrics_port"].default
    assert own.model_fields["metrics_port"].default == port


def test_every_place_names_services_that_are_there():
    assert sorted(SERVICES) == sorted(cli.SERVICES) == FOUND


@pytest.mark.parametrize("service", FOUND)
def test_a_number_has_bounds_that_no_clock_overflows_with(service: str):
    settings = import_module(f"impulse_{service}.settings").Settings
    assert not settings.model_config["allow_inf_nan"]
    for name, field in settings.model_json_schema()["properties"].items():
        if {"integer", "number"} & {kind.get("type") for kind in field.get("anyOf", [field])}:
            assert {"minimum", "exclusiveMinimum"} & field.keys(), name
            assert {"maximum", "exclusiveMaximum"} & field.keys(), name
            unit = name.rpartition("_")[2]
            if unit in ("seconds", "hours", "days"):
                datetime.now(UTC) + timedelta(**{unit: field["maximum"]})
