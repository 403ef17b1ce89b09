"""Signing in by e-mail link: from the form to the session, and all that must not work."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from impulse_contracts.codes import Language
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.registry.people import PersonAdded, PersonContactChanged
from impulse_gateway.web import sessions, sign_in
from tests.gateway import given
from tests.gateway.driving import Browser, make_site, tell


async def ask(browser: Browser, address: str, **fields: str):
    return await browser.send_form("/sign-in", on="/sign-in", address=address, **fields)


def links(world) -> list[SendSignInLink]:
    """The links that were asked for; the relay brings them out of the outbox."""
    world.settle()
    return [heard.data for heard in world.heard(SendSignInLink)]


def path_of(link: SendSignInLink) -> str:
    return "/sign-in/" + link.link.rpartition("/")[2]


async def test_from_the_form_to_the_session_and_out(town, site, visitor, clock):
    answer = await ask(visitor, f"  {given.MEMBER.upper()} ", next="/proposals")
    assert answer.status_code == 200
    assert "15 Minuten" in answer.text

    [link] = links(town)
    [heard] = town.heard(SendSignInLink)
    assert link.person_id == given.ident(given.MEMBER)
    assert link.link.startswith("http://127.0.0.1:8080/sign-in/")
    assert link.expires_at == clock.now + timedelta(minutes=15)
    assert heard.attributes.source == "urn:impulse:gateway"
    assert heard.record.key == str(link.person_id).encode()

    shown = await visitor.get(path_of(link))
    assert "Jetzt anmelden" in shown.text
    assert (await visitor.get("/api/session")).json()["roles"] == ["visitor"], "not by GET"
    begun = await visitor.send_form(path_of(link), on=path_of(link))
    assert begun.status_code == 303
    assert begun.headers["location"] == "/proposals"
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    session = (await visitor.get("/api/session")).json()
    assert session["roles"] == ["member"]
    assert session["person_id"] == str(given.ident(given.MEMBER))
    assert (await visitor.get("/inbox")).headers["cache-control"] == "no-store"

    token = visitor.cookies[sessions.session_cookie(site)]
    assert (await visitor.send_form("/sign-out", on="/inbox")).status_code == 303
    assert (await visitor.get("/api/session")).json()["roles"] == ["visitor"]
    visitor.cookies.set(sessions.session_cookie(site), token)
    assert (await visitor.get("/inbox")).status_code == 303, "the old cookie is worth nothing"


async def test_the_answer_does_not_tell_who_is_known(town, visitor):
    known = await ask(visitor, given.MEMBER)
    unknown = await ask(visitor, "niemand@nirgends.example")
    assert known.text == unknown.text
    assert known.status_code == unknown.status_code
    assert known.headers == unknown.headers
    assert len(links(town)) == 1


@pytest.mark.parametrize("address", ["", "niemand", "a b@c.example", "a@b@c", "a\0@b.example"])
async def test_what_is_no_address_is_said(visitor, address):
    answer = await ask(visitor, address)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_link_is_good_once(town, visitor):
    await ask(visitor, given.MEMBER)
    [link] = links(town)
    token = await visitor.token(path_of(link))
    for _ in range(3):  # what a mail scanner does
        assert (await visitor.get(path_of(link))).status_code == 200
    assert (await visitor.post(path_of(link), data={"csrf_token": token})).status_code == 303
    async with Browser(visitor.site) as other:
        assert (await other.get(path_of(link))).status_code == 410
        token = await other.token("/sign-in")
        again = await other.post(path_of(link), data={"csrf_token": token})
        assert again.status_code == 410
        assert "gilt nicht mehr" in again.text
        assert (await other.get("/api/session")).json()["roles"] == ["visitor"]


async def test_a_link_expires(town, visitor, clock):
    await ask(visitor, given.MEMBER)
    [link] = links(town)
    token = await visitor.token(path_of(link))
    clock.advance(timedelta(minutes=15))
    assert (await visitor.get(path_of(link))).status_code == 410
    late = await visitor.post(path_of(link), data={"csrf_token": token})
    assert late.status_code == 410


@pytest.mark.parametrize("change", ["cut", "other key", "nonsense"])
async def test_a_link_that_was_not_made_here(site, visitor, clock, engine: Engine, change):
    link = sign_in.Link(given.ident(given.MEMBER), site.sign("address", given.MEMBER), "nonce", "/")
    expires = clock.now + timedelta(minutes=15)
    strange = make_site(engine, clock, secret_key="another secret that is long enough, too")
    token = {
        "cut": sign_in.write(site, link, expires)[:-2],
        "other key": sign_in.write(strange, link, expires),
        "nonsense": "nonsense",
    }[change]
    assert (await visitor.get(f"/sign-in/{token}")).status_code == 410
    answer = await visitor.send_form(f"/sign-in/{token}", on="/sign-in")
    assert answer.status_code == 410


async def test_a_link_needs_the_form_of_this_browser(site, visitor, clock):
    link = sign_in.Link(given.ident(given.MEMBER), site.sign("address", given.MEMBER), "nonce", "/")
    path = f"/sign-in/{sign_in.write(site, link, clock.now + timedelta(minutes=15))}"
    async with Browser(site) as attacker:
        foreign = await attacker.token(path)
    assert (await visitor.post(path, data={"csrf_token": foreign})).status_code == 403
    assert (await visitor.post(path)).status_code == 403


async def test_a_session_ends_when_idle_and_at_last(signed_in, site, clock):
    member = await signed_in(given.MEMBER)
    for _ in range(5):
        clock.advance(timedelta(hours=1, minutes=50))
        assert (await member.get("/inbox")).status_code == 200, "it is used"
    clock.advance(timedelta(hours=2, minutes=1))
    assert (await member.get("/inbox")).status_code == 303, "idle"

    member = await signed_in(given.MEMBER)
    for _ in range(11):
        clock.advance(timedelta(hours=1))
        assert (await member.get("/inbox")).status_code == 200
    clock.advance(timedelta(hours=1))
    assert (await member.get("/inbox")).status_code == 303, "12 hours"


async def test_an_erased_person_is_signed_out_at_once(town, signed_in, visitor):
    member = await signed_in(given.MEMBER)
    key = str(given.ident(given.MEMBER)).encode()
    for topic in ("impulse.people", "impulse.memberships"):
        town.say_raw(topic, key, None, [])
    town.settle()
    assert (await member.get("/inbox")).status_code == 303
    await ask(visitor, given.MEMBER)
    assert links(town) == []


async def test_too_many_links(town, site, visitor, clock):
    for _ in range(sign_in.LINKS_FOR_ADDRESS):
        assert (await ask(visitor, given.MEMBER)).status_code == 200
    refused = await ask(visitor, given.MEMBER)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    assert len(links(town)) == sign_in.LINKS_FOR_ADDRESS
    assert (await ask(visitor, given.BROKER)).status_code == 200, "others still can"
    clock.advance(sign_in.WINDOW + timedelta(seconds=1))
    assert (await ask(visitor, given.MEMBER)).status_code == 200


async def test_too_many_links_for_one_client(town, visitor):
    codes = [
        (await ask(visitor, f"{number}@viele.example")).status_code
        for number in range(sign_in.LINKS_FOR_CLIENT + 1)
    ]
    assert codes == [200] * sign_in.LINKS_FOR_CLIENT + [429]


async def test_of_several_with_an_address_the_one_with_memberships(town, visitor):
    double = PersonAdded(
        person_id=given.ident("double"),
        version=1,
        name="Beispiel-Konto doppelt",
        email=given.MEMBER,
        language=Language.DE,
    )
    tell(town, double)
    await ask(visitor, given.MEMBER)
    assert [link.person_id for link in links(town)] == [given.ident(given.MEMBER)]


@pytest.mark.parametrize(
    "next_path", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "x"]
)
async def test_it_goes_on_only_within_the_site(town, visitor, next_path):
    await ask(visitor, given.MEMBER, next=next_path)
    [link] = links(town)
    begun = await visitor.send_form(path_of(link), on=path_of(link))
    assert begun.headers["location"] == "/"


async def test_with_https_the_cookies_are_bound_to_the_host(engine, town, clock):
    site = make_site(engine, clock, public_url="https://impulse.example")
    async with Browser(site) as browser:
        answer = await browser.get("/sign-in")
        assert re.match(
            r"__Host-visitor=.*; HttpOnly; Path=/; .*Secure", answer.headers["set-cookie"]
        )
        assert "max-age=" in answer.headers["strict-transport-security"]
        await browser.sign_in(given.MEMBER)
        assert "__Host-impulse" in browser.cookies


async def test_visitors_who_only_read_get_no_cookie(visitor):
    for path in ("/", "/organisations", "/listings", "/live", "/privacy"):
        assert "set-cookie" not in (await visitor.get(path)).headers


async def test_sessions_and_links_end_with_the_address(town, site, signed_in, clock):
    session = await signed_in(given.MEMBER)
    assert (await session.get("/api/session")).json()["roles"] == ["member"]
    person_id = given.ident(given.MEMBER)
    link = sign_in._link(site, person_id, given.MEMBER, "/").link.rpartition("/")[2]
    other = {"version": 9, "person_id": person_id, "name": "X", "email": "neu@b.example"}
    town.say(PersonContactChanged.model_validate(other))
    town.settle()
    assert (await session.get("/api/session")).json()["roles"] == ["visitor"]
    said = sign_in.read(site, link)
    assert said is not None
    assert await sign_in.begin_session(site, said) is None


async def test_an_entry_of_the_inbox_leads_to_what_it_is_about(town, signed_in):
    path = f"/cooperations/{given.COOPERATION.cooperation_id}"
    tell(town, given.message(given.MEMBER, "Termin steht", path=path))
    inbox = (await (await signed_in(given.MEMBER)).get("/inbox")).text
    assert (
        f'<a href="{path}">Ansehen<span class="visually-hidden">: Termin steht</span></a>' in inbox
    )
    assert inbox.count("Ansehen<") == 1, "what no page shows leads nowhere"
