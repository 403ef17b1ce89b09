"""A session: for everybody what it is; for who runs it its bookings, with small forms that say what
is wrong where it is."""

import csv
import hashlib
import io
import re

import pytest

from impulse_contracts.booking.bookings import CancelBooking, RecordAttendance
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import ChangeCapacity
from impulse_contracts.booking.support import FinishSupport
from impulse_contracts.reasons import Reason
from tests.gateway import given, programme
from tests.gateway.driving import Browser, tell
from tests.gateway.programme import CAME, COURSE, FULL, MORE, PAST, PROGRAMME, RICH, WISH, WORKSHOP

OPERATION = str(given.ident("a form"))
PAGE = f"/sessions/{FULL.session_id}"
THEN = f"/sessions/{PAST.session_id}"


@pytest.fixture
def running(town):
    """The town with its programme, advice hours and a lottery."""
    tell(town, *PROGRAMME, *MORE)
    return town


def plain(text: str) -> str:
    """A page as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def test_everybody_sees_when_where_for_whom_and_by_which_rules(running, visitor, site):
    text = plain((await visitor.get(f"/sessions/{RICH.session_id}")).text)
    for said in (
        "gemeinnützige Organisation: reserviert 4, davon noch frei 1;",
        "höchstens 8, davon vergeben 3",
        "Ennepe-Ruhr-Kreis: höchstens 6, davon vergeben 2",
        "Europe/Lisbon",
        "stufenlos",
        "Deutsch und Türkisch",
        "Impulsworkshop",
        "Plätze werden ausgelost",
        "die hier sitzen oder arbeiten: Essen, Ennepe-Ruhr-Kreis",
        "ohne Nachteil bis",
        "So rechnen Sie nach",
    ):
        assert said in text, said
    assert given.HOUSE.legal_name not in text
    assert given.CLUB.legal_name not in text
    async with Browser(site, "en") as browser:
        english = plain((await browser.get(f"/sessions/{RICH.session_id}")).text)
    for said in ("reserved 4, of these still free 1", "German and Turkish", "This is how to check"):
        assert said in english, said


async def test_anyone_recomputes_the_draw_from_the_page(running, visitor):
    text = (await visitor.get(f"/sessions/{RICH.session_id}")).text
    [seed] = re.findall(r"Ausgelost mit „(.+)“", text)
    shown = re.findall(r"<code>([^<]+)</code><br><span class=\"aside\">([0-9a-f]{64})<", text)
    lots = [hashlib.sha256(f"{seed}/{booking_id}".encode()).hexdigest() for booking_id, _ in shown]
    assert len(shown) == 2
    assert [lot for _, lot in shown] == lots == sorted(lots)


async def test_what_holds_for_an_organisation_stands_at_its_booking(running, signed_in):
    path = f"/sessions/{RICH.session_id}/book"
    member = await signed_in(given.MEMBER)
    text = plain((await member.get(path)).text)
    assert "Kostenfrei, denn der Träger ist gemeinnützig" in text
    assert "Fehlt noch: Impulsworkshop" in text
    came = CAME.model_copy(update={"version": 2, "state": BookingState.ATTENDED})
    tell(running, came)
    assert "Besucht: Impulsworkshop" in plain((await member.get(path)).text)
    painter = plain((await (await signed_in(given.OTHER_MEMBER)).get(path)).text)
    assert "der Träger ist privat" in painter
    assert "nur für gemeinnützige Organisationen" in painter


async def test_who_runs_it_sees_the_waiting_list_in_order_and_others_their_own(running, signed_in):
    staff = (await (await signed_in(given.BROKER)).get(PAGE)).text
    waiting = staff[staff.index("Warteliste, in dieser Reihenfolge") :]
    assert waiting.index(given.PAINTER.legal_name) < waiting.index(given.CLUB.legal_name)
    club = (await (await signed_in(given.CLUB_MEMBER)).get(PAGE)).text
    assert "auf der Warteliste, Platz 2" in plain(club)
    assert given.PAINTER.legal_name not in club
    assert "Platz anbieten" not in club


@pytest.mark.parametrize(
    ("path", "on", "fields", "field", "kind"),
    [
        (f"{PAGE}/capacity", PAGE, {"capacity": "viele"}, "capacity", ChangeCapacity),
        (
            f"/bookings/{programme.WAITING.booking_id}/cancel-by-programme",
            PAGE,
            {"reason": "x" * 400},
            "reason",
            CancelBooking,
        ),
        (f"{THEN}/attendance", THEN, {}, "attendance", RecordAttendance),
        (
            f"/support/{WISH.request_id}/finish",
            "/support",
            {"hours": "zwei", "result": "Der Tisch ist rund."},
            "hours",
            FinishSupport,
        ),
    ],
    ids=["capacity", "cancel", "attendance", "support"],
)
async def test_a_fault_is_said_at_its_form_with_what_was_entered(
    running, signed_in, published, path, on, fields, field, kind
):
    staff = await signed_in(given.BROKER)
    accepted = WISH.model_copy(update={"version": 2, "state": "accepted"})
    tell(running, accepted)
    answer = await staff.send_form(path, on=on, operation=OPERATION, **fields)
    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    begin = answer.text.index(f'action="{path}#')
    form = answer.text[begin : answer.text.index("</form>", begin)]
    assert 'role="alert"' in form
    assert answer.text.count('role="alert"') == 1
    for value in fields.values():
        assert value in form
    assert f"{field}-" in form or field == "attendance"
    assert published(kind) == []


async def test_all_attendance_is_one_form(running, signed_in, published):
    course = COURSE.model_copy(
        update={
            "version": 2,
            "starts": PAST.starts,
            "meetings": tuple(
                each.model_copy(update={"starts": each.starts - shift, "ends": each.ends - shift})
                for each in COURSE.meetings
                if (shift := COURSE.starts - PAST.starts)
            ),
        }
    )
    other = programme.booking(course, given.CLUB, BookingState.CONFIRMED)
    tell(running, course, other)
    staff = await signed_in(given.BROKER)
    page = f"/sessions/{course.session_id}"
    chosen = {f"presence_{other.booking_id}_0_": "no_show"}
    sent = await staff.send_form(
        f"{page}/attendance", on=page, operation=OPERATION, rest="present", **chosen
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}#asked")
    said = {each.booking_id: each.attendance for each in published(RecordAttendance)}
    assert [(e.meeting, e.person_id, e.presence) for e in said[other.booking_id]] == [
        (0, None, "no_show")
    ]
    person = given.ident(given.MEMBER)
    house = said[programme.CONFIRMED.booking_id]
    assert [(e.meeting, e.person_id, e.presence) for e in house] == [(0, person, "present")]
    assert "2 Aufträge werden noch bearbeitet" in plain((await staff.get(page)).text)
    again = await staff.send_form(
        f"{page}/attendance", on=page, operation=OPERATION, rest="present", **chosen
    )
    assert again.status_code == 303
    assert len(published(RecordAttendance)) == 2, "sent twice it is asked for once"


async def test_what_was_refused_is_said_on_the_page(running, signed_in):
    staff = await signed_in(given.BROKER)
    await staff.send_form(f"{PAGE}/capacity", on=PAGE, operation=OPERATION, capacity="3")
    tell(running, given.refused(OPERATION))
    text = plain((await staff.get(PAGE)).text)
    assert Reason.OFFER_TAKEN.de in text
    other = str(given.ident("another form"))
    sent = await staff.send_form(f"{PAGE}/capacity", on=PAGE, operation=other, capacity="20")
    assert sent.headers["location"] == f"{PAGE}#asked", (
        "one click less: the page says what becomes of it"
    )
    assert "1 Auftrag wird noch bearbeitet" in plain((await staff.get(PAGE)).text)
    tell(running, given.accepted(other, FULL.session_id))
    assert "Erledigt." in (await staff.get(PAGE)).text


async def test_the_list_to_print_and_the_table(running, signed_in):
    member = await signed_in(given.MEMBER)
    staff = await signed_in(given.BROKER)
    page = f"/sessions/{COURSE.session_id}"
    for part in ("list", "bookings.csv"):
        assert (await member.get(f"{page}/{part}")).status_code == 403
    printed = (await staff.get(f"{page}/list")).text
    assert "Beispiel-Konto haus" in printed
    assert printed.count("Unterschrift") == 2, "a course is signed for by meeting"
    formula = given.HOUSE.model_copy(update={"version": 2, "display_name": "=1+1"})
    tell(running, formula)
    answer = await staff.get(f"{page}/bookings.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["organisation"], row["carrier"], row["city"]) == ("'=1+1", "nonprofit", "Essen")
    assert (row["state"], row["party_size"]) == ("confirmed", "1")
    assert "Beispiel-Konto" not in answer.text


async def test_ones_bookings_begin_with_what_waits_for_an_answer_then_what_is_next(
    running, signed_in
):
    gone = programme.session(WORKSHOP, -9)
    late = programme.booking(gone, given.HOUSE, BookingState.NO_SHOW)
    soon = programme.session(WORKSHOP, 2)
    tell(running, gone, late, soon, programme.booking(soon, given.HOUSE, BookingState.CONFIRMED))
    text = (await (await signed_in(given.MEMBER)).get("/bookings")).text
    order = [
        text.index(f'/sessions/{each.session_id}"') for each in (FULL, soon, RICH, COURSE, gone)
    ]
    assert order == sorted(order)
    assert text.index("Vorbei, abgesagt, abgelehnt") < order[-1]
