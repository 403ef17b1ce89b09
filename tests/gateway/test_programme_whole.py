"""The programme from the offer to the certificate: pages, gateway and booking together."""

from datetime import UTC, datetime, timedelta

import pytest

from impulse_booking.app import service as booking
from impulse_chassis.testing import Node, World
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.support import SupportFact
from impulse_gateway.app import service as gateway
from impulse_gateway.web.rendering import BERLIN
from tests.gateway import given
from tests.gateway.driving import Browser, tell

SOON = datetime.now(UTC) + timedelta(days=20)


@pytest.fixture
def whole(engine, engine_of, clock):
    """Gateway and booking, which both know the town."""
    world = World([Node(gateway, engine), Node(booking, engine_of(booking))], now=clock.now)
    tell(world, *given.TOWN)
    return world


class Acting:
    """Somebody at the pages, after whose every form the services have done their work."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world = world
        self.browser = browser
        self.count = 0

    async def send(self, path: str, page: str, /, **fields: str) -> str:
        """Sends a form of `page`; returns what the page says that it leads to."""
        self.count += 1
        operation = given.ident(f"{id(self)} {self.count}")
        token = await self.browser.token(page)
        data = {"csrf_token": token, "operation": str(operation), **fields}
        sent = await self.browser.post(path, data=data)
        assert sent.status_code == 303, sent.text
        self.world.settle()
        return (await self.browser.get(sent.headers["location"])).text

    async def sees(self, path: str) -> str:
        """What a page says."""
        return (await self.browser.get(path)).text


def newest(world, kind, **which):
    found = [each.data for each in world.heard(kind)]
    fits = [each for each in found if all(getattr(each, k) == v for k, v in which.items())]
    return max(fits, key=lambda each: each.version)


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")


async def test_from_the_offer_to_the_certificate(whole, signed_in, clock):
    staff = Acting(whole, await signed_in(given.BROKER))
    house = Acting(whole, await signed_in(given.MEMBER))
    club = Acting(whole, await signed_in(given.CLUB_MEMBER))

    fields = {"title": "Kooperation anbahnen", "category": "qualification", "waiting_list": "1"}
    await staff.send("/programme/new", "/programme/new", free_for="nonprofit", **fields)
    offer = newest(whole, ProgrammeOfferFact)
    page = f"/programme/{offer.programme_offer_id}"
    new = f"{page}/sessions/new"
    times = {"starts": local(SOON), "ends": local(SOON + timedelta(hours=2))}
    await staff.send(
        new, new, capacity="1", city="Essen", online_link="https://a.example/r", **times
    )
    session = newest(whole, SessionFact)
    assert "1 freier Platz" in await house.sees(page)

    book = f"/sessions/{session.session_id}/book"
    person = {"attendees": str(given.ident(given.MEMBER))}
    actor = {"actor": str(given.HOUSE.actor_id)}
    assert "Ja, das können Sie buchen" in await house.send(book, book, ask="check", **actor)
    assert "Erledigt" in await house.send(book, book, ask="book", **actor, **person)
    assert "https://a.example/r" in await house.sees("/bookings")
    twice = await house.send(book, book, ask="book", **actor)
    assert "Es gibt schon eine Buchung" in twice
    assert ">diese Buchung</a>" in twice

    actor = {"actor": str(given.CLUB.actor_id)}
    may = await club.send(book, book, ask="check", **actor)
    assert "käme auf die Warteliste" in may
    await club.send(book, book, ask="book", **actor)
    assert "Platz auf der Warteliste: 1" in await club.sees("/bookings")
    assert "https://a.example/r" not in await club.sees("/bookings")

    own = f"/sessions/{session.session_id}"
    few = await staff.send(f"{own}/capacity", own, capacity="0")
    assert "So viele Plätze sind schon vergeben" in few
    assert f">{given.HOUSE.legal_name}</a> <span" in few
    await staff.send(f"{own}/capacity", own, capacity="2")
    waits = newest(whole, BookingFact, actor_id=given.CLUB.actor_id)
    assert "Ein Platz ist für Sie frei gehalten" in await club.sees("/bookings")
    await club.send(f"/bookings/{waits.booking_id}/take", "/bookings")
    assert newest(whole, BookingFact, booking_id=waits.booking_id).state == "confirmed"
    await club.send(f"/bookings/{waits.booking_id}/cancel", "/bookings")
    assert "von der Organisation abgesagt" in await club.sees("/bookings")

    clock.now = SOON + timedelta(hours=1)
    whole.advance(clock.now - datetime.now(UTC) + timedelta(minutes=1))
    whole.settle()
    there = newest(whole, BookingFact, actor_id=given.HOUSE.actor_id)
    staff = Acting(whole, await signed_in(given.OPERATOR))
    presence = {f"presence_{there.booking_id}_0_{given.ident(given.MEMBER)}": "present"}
    await staff.send(f"{own}/attendance", own, **presence)
    house = Acting(whole, await signed_in(given.MEMBER))
    said = await house.sees("/bookings")
    [certificate] = newest(whole, BookingFact, booking_id=there.booking_id).certificates
    assert f"Bescheinigung {certificate.number}, Beispiel-Konto haus" in said


async def test_applications_lots_and_what_the_programme_takes_back(whole, signed_in):
    staff = Acting(whole, await signed_in(given.BROKER))
    house = Acting(whole, await signed_in(given.MEMBER))
    for mode in ("application_review", "lottery"):
        fields = {"title": mode, "category": "qualification", "selection_mode": mode}
        await staff.send("/programme/new", "/programme/new", **fields)
        offer = newest(whole, ProgrammeOfferFact, title=mode)
        new = f"/programme/{offer.programme_offer_id}/sessions/new"
        later = SOON + timedelta(days=1 + (mode == "lottery"))
        times = {"starts": local(later), "ends": local(later + timedelta(hours=2))}
        await staff.send(new, new, capacity="3", **times)
        session = newest(whole, SessionFact, title=mode)
        own = f"/sessions/{session.session_id}"
        actor = {"actor": str(given.HOUSE.actor_id), "ask": "book"}
        await house.send(f"{own}/book", f"{own}/book", **actor)
        booked = newest(whole, BookingFact, session_id=session.session_id)
        assert booked.state == "requested"
        if mode == "lottery":
            await staff.send(f"{own}/lots", own, seed="Ziehung vom Samstag: 3 8 15")
            assert "Ausgelost mit „Ziehung vom Samstag: 3 8 15“" in await staff.sees(own)
        else:
            await staff.send(f"/bookings/{booked.booking_id}/decide", own, accepted="yes")
        which = {"booking_id": booked.booking_id}
        assert newest(whole, BookingFact, **which).state == "confirmed"
        if mode == "lottery":
            await staff.send(f"{own}/cancel", own)
        else:
            path = f"/bookings/{booked.booking_id}/cancel-by-programme"
            await staff.send(path, own, reason="Der Saal ist gesperrt.")
            assert "Der Saal ist gesperrt." in await house.sees("/bookings")
        assert newest(whole, BookingFact, **which).state == "cancelled_by_provider"
    gone = f"/programme/{offer.programme_offer_id}"
    await staff.send(f"{gone}/withdraw", gone)
    assert newest(whole, ProgrammeOfferFact, title=offer.title).state == "withdrawn"


async def test_support_from_the_request_to_the_result(whole, signed_in):
    staff = Acting(whole, await signed_in(given.BROKER))
    house = Acting(whole, await signed_in(given.MEMBER))
    fields = {"title": "Moderation", "category": "support", "free_for": "nonprofit"}
    await staff.send("/programme/new", "/programme/new", **fields)
    ask = f"/programme/{newest(whole, ProgrammeOfferFact).programme_offer_id}/support"
    actor = {"actor": str(given.HOUSE.actor_id)}
    await house.send(ask, ask, wish="Eine Moderation im März.", **actor)
    wish = newest(whole, SupportFact)
    at = f"/support/{wish.request_id}"
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    await staff.send(f"{at}/accept", "/support", until=day)
    assert "kümmert sich bis" in await house.sees("/bookings")
    await staff.send(f"{at}/start", "/support")
    await staff.send(f"{at}/finish", "/support", hours="2,5", result="Der Tisch ist rund.")
    assert "Der Tisch ist rund. (2,5 Stunden)" in await house.sees("/bookings")
    await house.send(ask, ask, wish="Noch eine.", **actor)
    at = f"/support/{newest(whole, SupportFact, state='requested', wish='Noch eine.').request_id}"
    await staff.send(f"{at}/decline", "/support", reason="Zurzeit ist niemand frei.")
    assert "Zurzeit ist niemand frei." in await house.sees("/bookings")
