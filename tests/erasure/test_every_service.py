"""Every service forgets a person, says so with the same commit, and has left no table out."""

import json
import re
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from impulse_chassis import Service, cli, transact
from impulse_chassis.forgetting import RECORDS, Forgetting
from impulse_chassis.testing import START, Node, World
from impulse_contracts.codes import ErasureState
from impulse_contracts.erasures import OBEYING, ErasureAcknowledged, ErasureRequested
from impulse_local.settings import SERVICES
from tests.fixtures.services import Engines
from tests.fixtures.statements import statements_for

ON_PERSONS = re.compile(r"person|email|phone|memberships|principal|recorded_by|contact_of")
"""What columns with something on persons are called."""


def service_of(name: str) -> Service:
    found: Service = import_module(f"impulse_{name}.app").service
    return found


def forgetting_of(service: Service) -> Forgetting:
    assert service.forgetting is not None, f"{service.name} obeys no erasure"
    return service.forgetting


def requested(person_id: UUID | None = None) -> ErasureRequested:
    return ErasureRequested(
        version=1,
        person_id=person_id or uuid4(),
        state=ErasureState.REQUESTED,
        requested_at=START,
    )


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    """One service after the other."""
    return service_of(request.param)


@pytest.fixture
def engine(service: Service, engine_of: Engines) -> Engine:
    """Its database."""
    return engine_of(service)


def columns(engine: Engine) -> list[tuple[str, str]]:
    """Table and column, all there are."""
    statement = text(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(statement)]


def test_all_who_run_are_expected_to_obey():
    assert set(OBEYING) == set(SERVICES)


def test_no_table_with_something_on_persons_is_left_out(service: Service, engine: Engine):
    """The export reads the same list, so it is complete as well."""
    declared = {held.table for held in (*forgetting_of(service).tables, *RECORDS)}
    declared.add("forgotten")
    found = {table for table, column in columns(engine) if ON_PERSONS.search(column)}
    assert found
    assert found <= declared, f"not declared: {found - declared}"


def test_it_forgets_acknowledges_and_does_so_once(service: Service, engine: Engine):
    world = World([Node(service, engine)])
    person_id = uuid4()
    fill(engine, forgetting_of(service), person_id)
    world.say(requested(person_id), source="urn:impulse:registry")
    world.say(requested(person_id), source="urn:impulse:registry")
    world.settle()
    [said] = world.heard(ErasureAcknowledged)
    assert (said.data.person_id, said.data.service) == (person_id, service.name)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        left = forgetting_of(service).held_on(driver, person_id)
    assert left.keys() <= {held.table for held in forgetting_of(service).tables if held.kept}


def fill(engine: Engine, forgetting: Forgetting, person_id: UUID) -> None:
    """A row on the person in each table that has a column `person_id`, whatever else it says."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for held in forgetting.tables:
            if held.kept or "person_id = " not in held.where or "IN (" in held.where:
                continue
            names = connection.exec_driver_sql(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'"
                " AND is_generated = 'NEVER' AND is_identity = 'NO' AND column_default IS NULL",
                (held.table,),
            ).all()
            values = {name: FILLING[kind] for name, kind in names} | {"person_id": person_id}
            connection.execute(
                text(
                    f"INSERT INTO {held.table} ({', '.join(values)})"
                    f" VALUES ({', '.join(':' + name for name in values)})"
                ),
                values,
            )
        for key in (str(person_id).encode(), b"\xff"):  # one is no text
            connection.exec_driver_sql(
                'INSERT INTO dead_letter (topic, partition, "offset", key, value, headers, reason,'
                " detail, attempt, died_at) VALUES ('t', 0, 0, %s, 'x', '[]', 'r', 'd', 1, now())",
                (key,),
            )
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert forgetting.held_on(driver, person_id), "the test looks for something"


FILLING: dict[str, Any] = {
    "uuid": UUID(int=7),
    "text": "x",
    "integer": 1,
    "bigint": 1,
    "boolean": True,
    "jsonb": "[]",
    "bytea": b"x",
    "date": START.date(),
    "timestamp with time zone": START,
}


def test_forgetting_costs_the_same_whatever_the_number(service: Service, engine: Engine):
    few = statements_for(service, engine, [requested() for _ in range(50)])
    many = statements_for(service, engine, [requested() for _ in range(500)])
    assert few == many <= 20


def test_a_restored_database_forgets_whom_the_log_says(service: Service, engine: Engine):
    person_id = uuid4()
    fill(engine, forgetting_of(service), person_id)
    work = partial(forgetting_of(service).reapply, persons=[person_id])
    settings = service.settings.defaults()
    assert transact(engine, service.name, work, settings) == 1
    assert transact(engine, service.name, work, settings) == 0
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        left = forgetting_of(service).held_on(driver, person_id)
    assert left.keys() <= {held.table for held in forgetting_of(service).tables if held.kept}


def test_all_that_is_held_on_a_person_can_be_exported(
    engine_of: Engines, monkeypatch: pytest.MonkeyPatch
):
    person_id = uuid4()
    for name in SERVICES:
        engine = engine_of(service_of(name))
        fill(engine, forgetting_of(service_of(name)), person_id)
        url = engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv(f"IMPULSE_{name.upper()}_DATABASE_URL", url)
    told = CliRunner().invoke(cli.app, ["data-on", str(person_id)])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found.keys() == set(SERVICES)
    assert found["registry"]["person"][0]["person_id"] == str(person_id)
    assert {"person", "membership", "message"} <= found["notifications"].keys()
    assert CliRunner().invoke(cli.app, ["data-on", str(uuid4())]).stdout.strip() == "{}"
