"""The programme for programs: everybody reads it, members book for their own, staff make it."""

import pytest

from impulse_contracts.booking.bookings import RequestBooking
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.programme import (
    ADVICE,
    CONFIRMED,
    COURSE,
    GUIDE,
    OFFERED,
    PAST,
    PROGRAMME,
    SOON,
    TALK,
    WAITING,
    WISH,
    WORKSHOP,
)

BOOKING = f"/api/bookings/{OFFERED.booking_id}"
SUPPORT = f"/api/support/{WISH.request_id}"
SESSION = f"/api/sessions/{SOON.session_id}"
OFFER = f"/api/programme/{WORKSHOP.programme_offer_id}"
TERMS = {"title": "Neu", "category": "advice"}
TIMES = {"starts": "2030-03-01T10:00:00+01:00", "ends": "2030-03-01T12:00:00+01:00"}
WISHED = {"session_id": str(SOON.session_id), "actor_id": str(given.HOUSE.actor_id)}
NEEDED = {"programme_offer_id": str(GUIDE.programme_offer_id), "wish": "Eine Moderation."}
DATED = {"programme_offer_id": str(WORKSHOP.programme_offer_id), "capacity": 3, **TIMES}
RECORD = {"topic_of_talk": "Partner finden", "outcome": "Ein Weg ist klar."}

OWN = [
    ("POST", "/api/bookings", {**WISHED, "attendees": [str(given.ident(given.MEMBER))]}),
    ("POST", "/api/bookings/check", WISHED),
    ("POST", f"{BOOKING}/take", None),
    ("POST", f"{BOOKING}/decline", None),
    ("POST", f"{BOOKING}/cancel", {}),
    ("POST", "/api/support", {**NEEDED, "actor_id": str(given.HOUSE.actor_id)}),
    ("POST", f"{SUPPORT}/withdraw", None),
]
"""What the people of an organisation do for it."""
STAFF = [
    ("POST", "/api/programme", TERMS),
    ("PUT", OFFER, TERMS),
    ("DELETE", OFFER, None),
    ("POST", "/api/sessions", {"session_id": str(given.ident("s")), **DATED}),
    ("PUT", f"{SESSION}/times", {"session_id": str(given.ident("ignored")), **TIMES}),
    ("PUT", f"{SESSION}/capacity", {"capacity": 20}),
    ("POST", f"{SESSION}/lots", {"seed": "3 8 15"}),
    ("DELETE", SESSION, None),
    ("POST", f"{BOOKING}/offer", None),
    ("POST", f"{BOOKING}/decide", {"accepted": True}),
    ("POST", f"{BOOKING}/cancel", {"by": "provider", "reason": "Der Saal ist gesperrt."}),
    ("PUT", f"{BOOKING}/attendance", {"attendance": [{"presence": "present"}]}),
    ("PUT", f"{BOOKING}/advice", RECORD),
    ("POST", f"{SUPPORT}/accept", {"person_id": str(WISH.request_id), "until": "2030-01-01"}),
    ("POST", f"{SUPPORT}/start", None),
    ("POST", f"{SUPPORT}/finish", {"hours": 2.5, "result": "Der Tisch ist rund."}),
    ("POST", f"{SUPPORT}/decline", {"reason": "Zurzeit ist niemand frei."}),
]
"""What only brokers and operators do."""


@pytest.fixture
def running(town):
    """The town with its programme."""
    tell(town, *PROGRAMME)
    return town


async def test_everybody_reads_offers_and_sessions_but_no_bookings(running, visitor):
    found = (await visitor.get("/api/programme")).json()
    assert [each["title"] for each in found["items"]] == sorted(
        each.title for each in (WORKSHOP, ADVICE, GUIDE)
    )
    sessions = (await visitor.get("/api/sessions")).json()["items"]
    assert [each["session_id"] for each in sessions[:2]] == [
        str(TALK.session_id),
        str(SOON.session_id),
    ]
    assert str(PAST.session_id) not in str(sessions)
    one = await visitor.get(f"/api/sessions?programme_offer_id={ADVICE.programme_offer_id}")
    assert [each["title"] for each in one.json()["items"]] == [ADVICE.title]
    assert (await visitor.get(OFFER)).json()["free_for"] == ["nonprofit", "municipal"]
    course = (await visitor.get(f"/api/sessions/{COURSE.session_id}")).text
    assert str(COURSE.programme_offer_id) in course
    assert "raum-2" not in course, "where it meets is told to who is confirmed"
    for path in ("/api/bookings", BOOKING, "/api/support", SUPPORT):
        assert (await visitor.get(path)).status_code == 401


async def test_bookings_and_support_are_seen_by_ones_own_people_and_staff(running, signed_in):
    for address, seen in (
        (given.MEMBER, True),
        (given.VIEWER, True),
        (given.CLUB_MEMBER, False),
        (given.BROKER, True),
    ):
        browser = await signed_in(address)
        for path in (BOOKING, f"/api/bookings/{CONFIRMED.booking_id}", SUPPORT):
            answer = await browser.get(path)
            assert answer.status_code == (200 if seen else 404), (address, path)
        listed = (await browser.get("/api/bookings")).text
        assert (str(OFFERED.booking_id) in listed) == seen
        assert (WISH.wish in (await browser.get("/api/support")).text) == seen
    club = (await (await signed_in(given.CLUB_MEMBER)).get("/api/bookings")).json()
    assert [each["booking_id"] for each in club["items"]] == [str(WAITING.booking_id)]
    mine = await (await signed_in(given.BROKER)).get("/api/bookings?mine=1")
    assert mine.json()["total"] == 0


@pytest.mark.parametrize(
    ("address", "own", "staff"),
    [
        (given.MEMBER, 202, 403),
        (given.VIEWER, 403, 403),
        (given.CLUB_MEMBER, (403, 404), (403, 404)),
        (given.BROKER, 202, 202),
    ],
)
async def test_nobody_acts_on_bookings_of_others(
    running, signed_in, published, address, own, staff
):
    browser = await signed_in(address)
    for calls, expected in ((OWN, own), (STAFF, staff)):
        allowed = expected if isinstance(expected, tuple) else (expected,)
        for method, path, body in calls:
            answer = await browser.command(method, path, body)
            assert answer.status_code in allowed, (method, path, answer.text)
            if answer.status_code == 202:
                assert answer.headers["location"].startswith("/api/operations/")
    assert len(published(RequestBooking)) == (own == 202)


async def test_only_ones_own_people_are_brought(running, signed_in):
    member = await signed_in(given.MEMBER)
    body = {**WISHED, "attendees": [str(given.ident(given.CLUB_MEMBER))]}
    for path in ("/api/bookings", "/api/bookings/check"):
        assert (await member.command("POST", path, body)).status_code == 403


async def test_what_is_said_of_the_places_of_a_session_has_its_key(running, signed_in, engine):
    member, broker = [await signed_in(each) for each in (given.MEMBER, given.BROKER)]
    for browser, path, body in (
        (member, "/api/bookings", WISHED),
        (member, f"{BOOKING}/take", None),
        (member, f"{BOOKING}/cancel", {}),
        (broker, f"{BOOKING}/offer", None),
    ):
        assert (await browser.command("POST", path, body)).status_code == 202
    with engine.connect() as connection:
        keys = connection.exec_driver_sql(
            "SELECT key FROM outbox WHERE topic = 'impulse.booking.commands'"
        )
        found = [bytes(key).decode() for (key,) in keys]
    assert found == [WISHED["session_id"], *[str(OFFERED.session_id)] * 3]


async def test_a_booking_that_is_sent_twice_is_one(running, signed_in, published):
    member = await signed_in(given.MEMBER)
    key = given.ident("key")
    first, second = [await member.command("POST", "/api/bookings", WISHED, key=key) for _ in "ab"]
    assert first.json() == second.json()
    assert len(published(RequestBooking)) == 1
