"""Answering an offered place by a link: one click, without signing in, that booking alone."""

from datetime import timedelta

import pytest

from impulse_contracts.booking.bookings import DeclinePlace, TakePlace
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.confirmations import Confirmation
from impulse_contracts.confirmations import token as confirmation
from impulse_contracts.outcomes import BothLanguages
from impulse_contracts.place_links import READ_LATE, PlaceLink, token
from impulse_contracts.reasons import Reason
from tests.gateway import given
from tests.gateway.driving import SECRET, Browser, tell
from tests.gateway.programme import OFFERED, PROGRAMME, UNTIL

PERSON = given.ident(given.MEMBER)
LINK = PlaceLink(OFFERED.booking_id, PERSON, UNTIL)
PATH = f"/place/{token(SECRET, LINK)}"


@pytest.fixture
def running(town):
    """The town with its programme."""
    tell(town, *PROGRAMME)
    return town


def heard(world):
    world.settle()
    return [*world.heard(TakePlace), *world.heard(DeclinePlace)]


@pytest.mark.parametrize(
    ("answer", "kind", "thanks"),
    [("take", TakePlace, "gehört Ihnen"), ("decline", DeclinePlace, "geht an die Nächsten")],
)
async def test_the_page_asks_and_the_first_click_counts(running, visitor, answer, kind, thanks):
    page = await visitor.get(PATH)
    assert page.status_code == 200
    assert "Impulsworkshop" in page.text
    assert "Platz annehmen" in page.text
    assert heard(running) == [], "a scanner that opens links must not answer anything"
    for each in (answer, "take", "decline"):
        sent = await visitor.post(PATH, data={"answer": each})
        assert sent.status_code == 303
    assert "wird bearbeitet" in (await visitor.get(PATH)).text
    [said] = heard(running)
    assert said.data == kind(booking_id=OFFERED.booking_id)
    assert said.attributes.principal == str(PERSON)
    outcome = given.accepted(said.attributes.id, OFFERED.booking_id)
    tell(running, outcome.model_copy(update={"command_type": kind.ce_type}))
    assert thanks in (await visitor.get(PATH)).text


async def test_who_clicks_late_is_told_so_and_the_place_in_the_list(running, visitor, clock):
    await visitor.post(PATH, data={"answer": "take"})
    [said] = heard(running)
    place = "Der angebotene Platz ist leider weitergegangen: … auf der Warteliste auf Platz 3."
    tell(
        running,
        given.refused(
            said.attributes.id,
            command_type=TakePlace.ce_type,
            reason=Reason.OFFER_OVER,
            message=BothLanguages(de=place, en="Gone, number 3."),
        ),
    )
    assert place in (await visitor.get(PATH)).text


async def test_a_late_look_says_it_without_a_click(running, site, visitor, clock):
    clock.now = UNTIL
    page = (await visitor.get(PATH)).text
    assert "leider weitergegangen" in page
    assert "auf der Warteliste auf Platz 3." in page
    assert "Platz annehmen" not in page
    gone = {**OFFERED.model_dump(), "version": 2, "state": BookingState.EXPIRED}
    tell(running, type(OFFERED).model_validate({**gone, "reason": Reason.OFFER_OVER}))
    async with Browser(site, "en") as browser:
        assert "has gone to others" in (await browser.get(PATH)).text
    clock.now = UNTIL + READ_LATE
    assert (await visitor.get(PATH)).status_code == 404


async def test_what_was_taken_elsewhere_is_not_asked_again(running, visitor):
    taken = {**OFFERED.model_dump(), "version": 2, "state": BookingState.CONFIRMED}
    tell(running, type(OFFERED).model_validate(taken))
    page = (await visitor.get(PATH)).text
    assert "Zu antworten ist nichts mehr" in page
    assert "bestätigt" in page


async def test_nobody_else_can_make_it(running, visitor):
    until = UNTIL + timedelta(days=1)
    forged = [
        token("another key " * 4, LINK),
        confirmation(SECRET, Confirmation(OFFERED.booking_id, PERSON, until)),
        "nonsense",
        PATH.rpartition("/")[2][:-4] + "AAAA",
    ]
    for each in forged:
        assert (await visitor.get(f"/place/{each}")).status_code == 404
        await visitor.post(f"/place/{each}", data={"answer": "take"})
    assert heard(running) == []


async def test_another_site_cannot_answer_in_a_browser(running, visitor):
    answer = await visitor.post(
        PATH, data={"answer": "take"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert heard(running) == []
