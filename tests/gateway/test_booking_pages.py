"""Members book, see what became of it, answer and give back; nobody does so for others."""

import re

import pytest

from impulse_contracts.booking.bookings import (
    CancelBooking,
    CheckEligibility,
    DeclinePlace,
    RequestBooking,
    TakePlace,
)
from impulse_contracts.booking.codes import BookingState, CancelledBy
from impulse_contracts.booking.support import RequestSupport, WithdrawSupport
from impulse_contracts.codes import ActorStatus
from impulse_contracts.outcomes import BothLanguages
from impulse_contracts.registry.actors import ActorMerged
from tests.gateway import given, programme
from tests.gateway.driving import tell
from tests.gateway.programme import CONFIRMED, FULL, GUIDE, OFFERED, PROGRAMME, SOON, WAITING, WISH

BOOK = f"/sessions/{SOON.session_id}/book"
SUPPORT = f"/programme/{GUIDE.programme_offer_id}/support"
OPERATION = str(given.ident("a form"))


@pytest.fixture
def running(town):
    """The town with its programme."""
    tell(town, *PROGRAMME)
    return town


def heard(world, kind):
    world.settle()
    return [(each.data, each.record.key) for each in world.heard(kind)]


async def test_a_member_books_for_the_organisation_with_its_people(running, signed_in):
    member = await signed_in(given.MEMBER)
    page = (await member.get(BOOK)).text
    assert given.HOUSE.legal_name in page
    person = given.ident(given.MEMBER)
    assert f'value="{person}"' in page
    assert str(given.ident(given.CLUB_MEMBER)) not in page
    fields = {"operation": OPERATION, "actor": str(given.HOUSE.actor_id), "party_size": "2"}
    fields |= {"attendees": str(person), "ask": "book"}
    answer = await member.send_form(BOOK, on=BOOK, **fields)
    assert (answer.status_code, "/operations/" in answer.headers["location"]) == (303, True)
    [(said, key)] = heard(running, RequestBooking)
    assert (said.session_id, said.actor_id) == (SOON.session_id, given.HOUSE.actor_id)
    assert (said.party_size, said.attendees) == (2, (person,))
    assert key == str(SOON.session_id).encode()


async def test_may_i_asks_without_booking_and_says_yes_in_words(running, signed_in):
    member = await signed_in(given.MEMBER)
    fields = {"operation": OPERATION, "actor": str(given.HOUSE.actor_id), "ask": "check"}
    places = []
    for size in ("1", "1", "3"):
        answer = await member.send_form(BOOK, on=BOOK, party_size=size, **fields)
        places.append(answer.headers["location"])
    assert places[0] == places[1] != places[2]
    [(first, _), (second, _)] = heard(running, CheckEligibility)
    assert (first.party_size, second.party_size) == (1, 3)
    assert heard(running, RequestBooking) == []
    tell(running, given.accepted(places[0].rpartition("/")[2], SOON.session_id))
    assert "Ja, das können Sie buchen." in (await member.get(places[0])).text


async def test_what_is_said_besides_an_acceptance_shows(running, signed_in):
    member = await signed_in(given.MEMBER)
    fields = {"operation": OPERATION, "actor": str(given.HOUSE.actor_id), "ask": "book"}
    place = (await member.send_form(BOOK, on=BOOK, **fields)).headers["location"]
    outcome = given.accepted(OPERATION, given.ident("booking"))
    both = BothLanguages(de="Angenommen. Es überschneidet sich.", en="Accepted. It overlaps.")
    tell(running, outcome.model_copy(update={"message": both}))
    assert "<p>Es überschneidet sich.</p>" in (await member.get(place)).text


async def test_staff_find_an_organisation_and_record_what_it_said(running, signed_in):
    staff = await signed_in(given.BROKER)
    for path, kind, more in (
        (BOOK, RequestBooking, {"ask": "book"}),
        (SUPPORT, RequestSupport, {"wish": "Eine Moderation."}),
    ):
        assert given.CLUB.legal_name not in (await staff.get(path)).text
        found = (await staff.get(f"{path}?q=turnverein")).text
        chosen = f"{path}?actor={given.CLUB.actor_id}"
        assert f'href="{chosen}"' in found
        assert given.HOUSE.legal_name not in found
        fields = {"operation": OPERATION, "actor": str(given.CLUB.actor_id), **more}
        fields["operation"] = str(given.ident(path))
        wrong = await staff.send_form(path, on=chosen, **fields)
        assert wrong.status_code == 422
        assert 'id="channel-fault"' in wrong.text
        told = {"channel": "phone", "on": "2026-11-20"}
        form = {"csrf_token": await staff.token(chosen), **fields, **told}
        assert (await staff.post(path, data=form)).status_code == 303
        [(said, _)] = heard(running, kind)
        assert (said.actor_id, said.on_behalf.channel) == (given.CLUB.actor_id, "phone")
    member = await signed_in(given.MEMBER)
    assert given.CLUB.legal_name not in (await member.get(f"{BOOK}?q=turnverein")).text


async def test_what_is_wrong_is_said_beside_the_field(running, signed_in):
    member = await signed_in(given.MEMBER)
    fields = {"operation": OPERATION, "actor": str(given.HOUSE.actor_id), "ask": "book"}
    answer = await member.send_form(BOOK, on=BOOK, party_size="viele", **fields)
    assert answer.status_code == 422
    assert 'id="party_size-fault"' in answer.text
    assert heard(running, RequestBooking) == []


async def test_nobody_books_for_others_or_with_their_people(running, signed_in):
    member = await signed_in(given.MEMBER)
    stranger = str(given.ident(given.CLUB_MEMBER))
    for fields in (
        {"actor": str(given.CLUB.actor_id)},
        {"actor": str(given.HOUSE.actor_id), "attendees": stranger},
    ):
        answer = await member.send_form(BOOK, on=BOOK, operation=OPERATION, ask="book", **fields)
        assert answer.status_code == 403, fields
    viewer = await signed_in(given.VIEWER)
    assert "Sie gehören zu keiner" in (await viewer.get(BOOK)).text
    assert heard(running, RequestBooking) == []


async def test_ones_bookings_in_words(running, signed_in):
    house = (await (await signed_in(given.MEMBER)).get("/bookings")).text
    assert "https://treffen.impulse.example/raum-2" in house
    assert "Beispiel-Konto haus" in house, "who comes is called by name"
    assert "Ein Platz ist für Sie frei gehalten bis" in house
    assert WISH.wish in house
    assert given.CLUB.legal_name not in house
    club = (await (await signed_in(given.CLUB_MEMBER)).get("/bookings")).text
    assert "Platz auf der Warteliste: 2" in club
    assert "raum-2" not in club
    assert WISH.wish not in club


async def test_the_link_is_told_only_while_it_is_confirmed_and_certificates_are_numbered(
    running, signed_in
):
    member = await signed_in(given.MEMBER)
    values = {**CONFIRMED.model_dump(), "version": 2, "state": BookingState.ATTENDED}
    certificate = {"number": "2027-ABC-001", "person_id": given.ident(given.MEMBER)}
    values["certificates"] = ({**certificate, "issued_at": given.NOW},)
    tell(running, type(CONFIRMED).model_validate(values))
    page = (await member.get("/bookings")).text
    assert "raum-2" not in page
    assert "Bescheinigung 2027-ABC-001, Beispiel-Konto haus" in page


@pytest.mark.parametrize(
    ("action", "of", "command"),
    [
        ("take", OFFERED, TakePlace(booking_id=OFFERED.booking_id)),
        ("decline", OFFERED, DeclinePlace(booking_id=OFFERED.booking_id)),
        (
            "cancel",
            CONFIRMED,
            CancelBooking(booking_id=CONFIRMED.booking_id, by=CancelledBy.BOOKER),
        ),
    ],
    ids=["take", "decline", "cancel"],
)
async def test_who_booked_answers_and_nobody_else(running, signed_in, action, of, command):
    path = f"/bookings/{of.booking_id}/{action}"
    for address, status in (
        (given.CLUB_MEMBER, 404),
        (given.VIEWER, 403),
        (given.MEMBER, 303),
    ):
        browser = await signed_in(address)
        answer = await browser.send_form(path, on="/bookings", operation=OPERATION)
        assert answer.status_code == status, address
    assert [said for said, _ in heard(running, type(command))] == [command]


async def test_the_page_says_when_cancelling_is_late(running, signed_in):
    member = await signed_in(given.MEMBER)
    assert "gilt jetzt als spät" not in (await member.get("/bookings")).text
    soon = programme.session(programme.WORKSHOP, 1.5)
    tell(running, soon, programme.booking(soon, given.HOUSE, BookingState.CONFIRMED))
    page = (await member.get("/bookings")).text
    assert "Eine Absage gilt jetzt als spät: Es sind weniger als 72 Stunden" in page


async def test_support_is_asked_for_with_a_text_without_contacts(running, signed_in):
    member = await signed_in(given.MEMBER)
    fields = {"operation": OPERATION, "actor": str(given.HOUSE.actor_id)}
    for wish in ("", "Rufen Sie an: 0201 1234567"):
        wrong = await member.send_form(SUPPORT, on=SUPPORT, wish=wish, **fields)
        assert wrong.status_code == 422
    other = {**fields, "actor": str(given.CLUB.actor_id)}
    answer = await member.send_form(SUPPORT, on=SUPPORT, wish="Eine Moderation.", **other)
    assert answer.status_code == 403
    assert heard(running, RequestSupport) == []
    answer = await member.send_form(SUPPORT, on=SUPPORT, wish="Eine Moderation.", **fields)
    assert answer.status_code == 303
    [(said, _)] = heard(running, RequestSupport)
    assert (said.actor_id, said.wish) == (given.HOUSE.actor_id, "Eine Moderation.")


async def test_support_is_withdrawn_by_who_asked(running, signed_in):
    path = f"/support/{WISH.request_id}/withdraw"
    for address, status in ((given.CLUB_MEMBER, 404), (given.VIEWER, 403), (given.MEMBER, 303)):
        browser = await signed_in(address)
        answer = await browser.send_form(path, on="/bookings", operation=OPERATION)
        assert answer.status_code == status
    assert [said.request_id for said, _ in heard(running, WithdrawSupport)] == [WISH.request_id]


async def test_who_goes_on_for_an_organisation_answers_for_it(running, signed_in):
    path = f"/bookings/{OFFERED.booking_id}/take"
    club = await signed_in(given.CLUB_MEMBER)
    assert given.HOUSE.legal_name not in (await club.get("/bookings")).text
    values = {**given.HOUSE.model_dump(), "version": 2, "merged_into": given.CLUB.actor_id}
    tell(running, ActorMerged.model_validate({**values, "status": ActorStatus.MERGED}))
    page = (await club.get("/bookings")).text
    assert "Ein Platz ist für Sie frei gehalten" in page
    assert WISH.wish in page
    sent = await club.send_form(path, on="/bookings", operation=OPERATION)
    assert sent.status_code == 303
    other = await signed_in(given.OTHER_MEMBER)
    assert WISH.wish not in (await other.get("/bookings")).text


async def test_a_full_session_says_what_a_booking_would_be(running, signed_in):
    page = (await (await signed_in(given.MEMBER)).get(f"/sessions/{FULL.session_id}/book")).text
    assert "käme auf die Warteliste" in page
    assert re.search(r"ausgebucht, 2 auf der Warteliste", page)
    assert WAITING.session_id == FULL.session_id


async def test_a_place_in_the_waiting_list_goes_by_priority(running, signed_in):
    first = {**WAITING.model_dump(), "version": 2, "priority": 5}
    tell(running, type(WAITING).model_validate(first))
    club = (await (await signed_in(given.CLUB_MEMBER)).get("/bookings")).text
    assert "Platz auf der Warteliste: 1" in club
