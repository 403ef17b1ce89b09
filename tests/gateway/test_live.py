"""Live events: within a second, none missed, resumed, bounded."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from impulse_gateway.store import activity
from impulse_gateway.web import live as live_module
from impulse_gateway.web.live import Live, TooMany
from tests.gateway import given
from tests.gateway.driving import Served, tell


@asynccontextmanager
async def listening(served: Served, **headers: str):
    """`await next_event()`: the next event of the stream as a dict of its fields."""
    client = httpx.AsyncClient(base_url=served.url, timeout=60)
    async with client, client.stream("GET", "/live/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["content-security-policy"]
        lines = answer.aiter_lines()

        async def next_event() -> dict[str, str]:
            fields: dict[str, str] = {}
            async for line in lines:
                if line == "" and "event" in fields:
                    return fields
                name, _, value = line.partition(": ")
                fields[name] = f"{fields[name]}\n{value}" if name in fields else value
            raise AssertionError("the stream ended")

        async for line in lines:  # what greets whoever connects
            if line == "":
                break
        yield next_event


async def until(next_event: Callable[[], Awaitable[dict[str, str]]], kind: str) -> dict[str, str]:
    async with asyncio.timeout(60):
        while (event := await next_event())["event"] != kind:
            pass
    return event


async def begun(live: Live) -> None:
    """Waits until it knows what was there before: only what comes later is news."""
    async with asyncio.timeout(60):
        while live._seen is None:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("woken", [True, False], ids=["of this process", "of another replica"])
async def test_news_within_a_second(world, served, woken):
    times = []
    async with listening(served, **{"Accept-Language": "en"}) as next_event:
        await begun(served.site.live)
        for name in ("One", "Two", "Three", "Four", "Five"):
            await asyncio.to_thread(tell, world, given.actor(name))
            committed = asyncio.get_running_loop().time()
            if woken:
                served.wake()
            event = await until(next_event, "activity")
            times.append(asyncio.get_running_loop().time() - committed)
            assert f"Newly registered: {name}" in event["data"]
        counted = "0"
        while counted != "5":
            counters = await until(next_event, "counters")
            counted = json.loads(counters["data"])["organisations"]
    # Who waits for a processor that others use says nothing about how often it is looked.
    assert min(times) < 1.0


async def test_it_resumes_where_it_was(world, served):
    tell(world, given.HOUSE, given.PAINTER)
    with served.site.db.engine.connect() as connection:
        first = min(activity.positions(connection))
    async with listening(served, **{"Last-Event-ID": str(first)}) as next_event:
        event = await until(next_event, "activity")
        assert event["data"].count("<li") == 1
        assert event["id"] == str(first + 1)


@pytest.mark.parametrize("last", ["x", "-1", "9" * 40, ""])
async def test_a_last_event_id_that_is_none(served, last):
    async with listening(served, **{"Last-Event-ID": last}):
        pass


async def test_a_row_that_is_committed_late_is_not_missed(site, engine):
    """Two replicas: the one that took its position first commits last."""
    insert = """
        INSERT INTO activity (activity_id, version, at, kind, ce_type, subject_id, example, de, en)
        VALUES (%(id)s, 1, %(at)s, 'actor', 'x', %(id)s, false, %(de)s, 'x')
    """
    running = asyncio.create_task(site.live.run())
    with site.live.listen() as queue:
        await begun(site.live)
        with engine.connect() as slow, engine.connect() as fast:
            for connection, name in ((slow, "slow"), (fast, "fast")):
                values = {"id": uuid4(), "at": datetime.now(UTC), "de": name}
                connection.exec_driver_sql(insert, values)
            told = []
            for connection in (fast, slow):
                connection.commit()
                site.live.wake()
                async with asyncio.timeout(60):
                    while not (news := await queue.get()).entries:
                        pass
                told += [entry.de for entry in news.entries]
        assert told == ["fast", "slow"]
    running.cancel()


async def test_a_flood_shows_its_newest(world, site):
    running = asyncio.create_task(site.live.run())
    with site.live.listen() as queue:
        await begun(site.live)
        clubs = [given.actor(f"Verein {number}") for number in range(100)]
        await asyncio.to_thread(tell, world, *clubs)
        async with asyncio.timeout(60):
            while not (news := await queue.get()).entries:
                pass
        assert len(news.entries) == live_module.SHOWN
        positions = [entry.position for entry in news.entries]
        assert positions == sorted(positions, reverse=True)
        assert news.last == positions[0]
    running.cancel()


async def test_slow_browsers_lose_the_oldest_and_hold_up_nobody(site):
    with site.live.listen() as queue:
        for number in range(live_module.QUEUE * 3):
            live_module._put(queue, live_module.News((), None, number))
        assert queue.qsize() == live_module.QUEUE
        assert (await queue.get()).last == live_module.QUEUE * 2


async def test_more_than_can_be_served_are_told_to_come_back(engine):
    with Served(engine, live_clients=1) as served:
        async with listening(served), httpx.AsyncClient(base_url=served.url) as other:
            answer = await other.get("/live/events")
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
    with pytest.raises(TooMany), Live(served.site.db, clients=0).listen():
        pass


async def test_streams_end_when_the_service_does(served):
    async with listening(served) as next_event:
        served._loop.call_soon_threadsafe(served.site.live.close)
        with pytest.raises(AssertionError, match="the stream ended"):
            async with asyncio.timeout(60):
                await next_event()


def test_only_the_newest_are_kept(world, engine, monkeypatch):
    monkeypatch.setattr(activity, "KEPT", 10)
    old = datetime.now(UTC) - timedelta(days=8)
    tell(world, *(given.actor(f"Verein {number}") for number in range(30)))
    with engine.begin() as connection:
        assert activity.forget_old(connection, datetime.now(UTC)) == 20
        connection.exec_driver_sql("UPDATE activity SET at = %s WHERE position > 28", (old,))
        assert activity.forget_old(connection, datetime.now(UTC)) == 2
        assert len(activity.newest(connection, 100)) == 8
