"""What holds for every answer, and what happens when something is missing or away."""

import asyncio
import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import make_url

from impulse_chassis.database import connect
from impulse_gateway.web.access import ACCESS
from impulse_gateway.web.security import CONTENT_SECURITY_POLICY
from tests.gateway import given
from tests.gateway.driving import Browser, make_site, settings_of, tell

PATHS = [
    path.replace("{token}", "nothing")
    for method, path in sorted(ACCESS)
    if method == "GET" and path != "/live/events" and "_id}" not in path
]


@pytest.mark.parametrize(
    "path",
    [*PATHS, "/nothing", "/static/impulse.css", "/static/nothing", "/static/htmx/htmx.min.js"],
)
async def test_every_answer_has_the_headers(visitor, path):
    answer = await visitor.get(path)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_faults_of_ours_have_them_too(site, town, monkeypatch):
    async def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(site.live, "counters", broken)
    async with Browser(site, raise_faults=False) as browser:
        answer = await browser.get("/")
        assert answer.status_code == 500
        assert "Unerwarteter Fehler" in answer.text
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_nothing_is_inline(visitor, signed_in):
    member = await signed_in(given.MEMBER)
    for path in (*PATHS, f"/proposals/{given.PROPOSAL.proposal_id}"):
        text = (await member.get(path)).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_can_send_nothing(visitor, headers):
    fields = {"csrf_token": await visitor.token("/sign-in"), "address": given.MEMBER}
    answer = await visitor.post("/sign-in", data=fields, headers=headers)
    assert answer.status_code == 403
    own = {"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}
    assert (await visitor.post("/sign-in", data=fields, headers=own)).status_code == 200


async def test_large_requests(visitor):
    answer = await visitor.post("/sign-in", content=b"x" * 200_000)
    assert answer.status_code == 413
    assert "Zu groß" in answer.text
    answer = await visitor.post("/api/actors", content=b"x" * 200_000)
    assert answer.headers["content-type"] == "application/problem+json"

    async def pieces():
        yield b"x"

    assert (await visitor.post("/api/actors", content=pieces())).status_code == 413


async def test_what_people_write_is_text(town, visitor):
    evil = "<script>alert(1)</script>\"'><img src=x>"
    tell(town, given.actor(evil), given.listing(evil, given.HOUSE, description=evil))
    for path in ("/", "/organisations", "/listings", f"/listings/{given.ident(evil)}"):
        text = (await visitor.get(path)).text
        assert "&lt;script&gt;" in text
        assert "<script>" not in text
        assert "<img" not in text
    text = (await visitor.get("/organisations", params={"q": evil})).text
    assert "<img" not in text


async def test_the_language_is_chosen_and_kept(visitor):
    answer = await visitor.post("/language", data={"language": "en", "back": "/listings?q=a"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/listings?q=a")
    assert '<html lang="en">' in (await visitor.get("/")).text
    outside = await visitor.post("/language", data={"language": "de", "back": "//evil.example"})
    assert outside.headers["location"] == "/"
    problem = await visitor.get("/api/nothing", headers={"Accept-Language": "en"})
    assert problem.json()["title"] == "Not found", "the API goes by its header"


# -------------------------------------------------------------------------- what is away


@pytest.mark.parametrize("port", ["nobody listens", "nobody answers"])
async def test_without_a_database_there_is_an_answer_in_time(clock, port):
    server = await asyncio.start_server(lambda *_: asyncio.sleep(120), "127.0.0.1", 0)
    number = server.sockets[0].getsockname()[1]
    if port == "nobody listens":
        server.close()
        await server.wait_closed()
    url = f"postgresql+psycopg://postgres@127.0.0.1:{number}/away"
    site = make_site(connect(make_url(url), connect_timeout=2), clock)
    async with Browser(site, "en") as browser:
        for path in ("/", "/organisations", "/api/actors"):
            started = time.monotonic()
            answer = await browser.get(path)
            assert time.monotonic() - started < 20
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "5"
            assert "Not available right now" in answer.text
        assert (await browser.get("/imprint")).status_code == 200
    server.close()


def test_without_a_secret_key_it_does_not_start():
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("IMPULSE_")
    }
    environment["IMPULSE_DATABASE_URL"] = "postgresql://127.0.0.1:1/none"
    ended = subprocess.run(
        [sys.executable, "-m", "impulse_gateway"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 2
    assert "IMPULSE_GATEWAY_SECRET_KEY" in ended.stderr
    assert "openssl rand -hex 32" in ended.stderr


def test_texts_must_be_complete(tmp_path):
    (tmp_path / "imprint.de.txt").write_text("Impressum")
    with pytest.raises(ValueError, match=r"imprint\.en\.txt, privacy\.de\.txt"):
        settings_of(texts=tmp_path)


async def test_with_texts_it_is_no_demonstration(engine, clock, tmp_path):
    for name in ("imprint", "privacy", "accessibility"):
        for language in ("de", "en"):
            (tmp_path / f"{name}.{language}.txt").write_text(
                f"{name} {language}\n\nZweiter <Absatz>"
            )
    async with Browser(make_site(engine, clock, texts=tmp_path)) as browser:
        text = (await browser.get("/imprint")).text
        assert "Demonstration" not in text
        assert "imprint de</p>" in text
        assert "Zweiter &lt;Absatz&gt;" in text
        assert "Demonstration" not in (await browser.get("/")).text
