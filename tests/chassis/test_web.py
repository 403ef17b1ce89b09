"""Health and metrics over HTTP: 200 where nothing is wrong, else 503 with what is."""

import asyncio
import socket

import httpx
import pytest

from impulse_chassis import metrics, web


async def ask(path, alive=dict, ready=dict):
    transport = httpx.ASGITransport(web.health_app(alive, ready))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def test_all_is_well():
    for path in ("/livez", "/readyz"):
        answer = await ask(path, lambda: {"consumer": None}, lambda: {"database": None})
        assert answer.status_code == 200
        assert answer.json()["ok"] is True
    assert answer.json()["checks"] == {"database": "ok"}


async def test_what_is_wrong_is_said():
    ready = {"database": None, "paused": "impulse.actor-reports/3: 100 bad records in a row"}
    answer = await ask("/readyz", ready=lambda: ready)
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "checks": {**ready, "database": "ok"}}
    assert (await ask("/livez", ready=lambda: ready)).status_code == 200


async def test_metrics_are_those_of_the_contract():
    metrics.EVENTS.labels("web test", "t", "ok").inc()
    answer = await ask("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'impulse_events_total{outcome="ok",service="web test",type="t"} 1.0' in answer.text
    for name in (
        "impulse_event_age_seconds",
        "impulse_consumer_lag_seconds",
        "impulse_outbox_oldest_unpublished_age_seconds",
        "impulse_dead_letters_total",
    ):
        assert f"# HELP {name.removesuffix('_total')}" in answer.text


def test_a_port_in_use_is_said_with_its_setting():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(web.CantListen, match=f"port {port} on 127.0.0.1 .*IMPULSE_X_PORT"):
            web.listen("127.0.0.1", port, "IMPULSE_X_PORT")


def test_an_address_of_another_machine_is_said_with_its_setting():
    with pytest.raises(web.CantListen, match=r"192\.0\.2\.1 is no address .* IMPULSE_BIND"):
        web.listen("192.0.2.1", 9100, "IMPULSE_X_PORT")


async def test_a_server_serves_and_ends_when_told():
    with web.listen("127.0.0.1", 0, "IMPULSE_X_PORT") as listener:
        port = listener.getsockname()[1]
        server = web.server(web.health_app(dict, dict))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/livez")).status_code == 200
        server.should_exit = True
        await asyncio.wait_for(serving, 60)
