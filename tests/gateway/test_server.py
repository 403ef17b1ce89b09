"""The web server as a task of the service: it starts, says what hinders it, and ends in order."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Connection, Engine

from impulse_chassis.web import CantListen
from impulse_gateway.web import server
from impulse_gateway.web.server import serve, tidy
from impulse_local.ports import free_port
from tests.gateway.driving import settings_of


def running_on(engine: Engine, port: int) -> Any:
    """What the tasks of a service get, without a broker."""
    return SimpleNamespace(
        settings=settings_of(port=port),
        url=engine.url,
        engine=engine,
        after_commit=[],
        transact=None,
    )


async def test_it_serves_until_it_is_told_to_stop(engine):
    running = running_on(engine, free_port())
    serving = asyncio.create_task(serve(running))
    url = f"http://127.0.0.1:{running.settings.port}"
    async with httpx.AsyncClient(base_url=url) as client:
        async with asyncio.timeout(60):
            while True:
                try:
                    assert (await client.get("/")).status_code == 200
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
        assert len(running.after_commit) == 1
        async with client.stream("GET", "/live/events") as stream:
            assert stream.status_code == 200
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                async with asyncio.timeout(4):
                    await serving
        with pytest.raises(httpx.ConnectError):
            await client.get("/")


async def test_a_port_in_use_is_said(engine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CantListen, match="IMPULSE_GATEWAY_PORT"):
            await serve(running_on(engine, taken.getsockname()[1]))


async def test_what_is_kept_no_longer_is_deleted(engine, monkeypatch):
    monkeypatch.setattr(server, "TIDY_SECONDS", 0.05)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for days in (0, 31):
            connection.exec_driver_sql(
                """
                INSERT INTO operation (operation_id, version, person_id, command_type, subject_id,
                    fingerprint, state, attempt, requested_at)
                VALUES (%s, 1, %s, 'x', 'x', 'x', 'pending', 0, %s)
                """,
                (uuid4(), uuid4(), now - timedelta(days=days)),
            )
            connection.exec_driver_sql(
                "INSERT INTO used_token VALUES (%s, %s)", (str(days), now - timedelta(days=days))
            )
    tidying = asyncio.create_task(tidy(running_on(engine, free_port())))
    with engine.connect() as connection:
        for table in ("operation", "used_token"):
            async with asyncio.timeout(60):
                while _count(connection, table) > 1:
                    await asyncio.sleep(0.05)
            assert _count(connection, table) == 1, table
    tidying.cancel()


def _count(connection: Connection, table: str) -> int:
    count: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
    return count
