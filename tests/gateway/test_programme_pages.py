"""The programme as everybody sees it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from impulse_contracts.booking.programme import ProgrammeOfferWithdrawn
from tests.gateway import programme
from tests.gateway.driving import Browser, tell
from tests.gateway.programme import ADVICE, GUIDE, PROGRAMME, SOON, WORKSHOP

PATH = f"/programme/{WORKSHOP.programme_offer_id}"


@pytest.fixture
def running(town):
    """The town with its programme."""
    tell(town, *PROGRAMME)
    return town


async def test_the_programme_by_category_with_its_next_sessions(running, visitor):
    text = (await visitor.get("/programme")).text
    parts = [text.index(f'id="{each}"') for each in ("advice", "qualification", "support")]
    titles = [text.index(each.title) for each in (ADVICE, WORKSHOP, GUIDE)]
    assert sorted([*parts, *titles]) == [
        each for both in zip(parts, titles, strict=True) for each in both
    ]
    assert "kostenfrei für gemeinnützige Organisationen und Kommunen" in text
    assert "Bedingungen auf Anfrage" in text
    assert "3 freie Plätze" in text
    assert "1 freier Platz" in text
    assert "ausgebucht, 2 auf der Warteliste" in text
    assert "auf Anfrage, ohne Termin" in text


async def test_an_offer_with_its_sessions_in_local_time(running, visitor, site):
    text = (await visitor.get(PATH)).text
    local = SOON.starts.astimezone(ZoneInfo("Europe/Berlin"))
    days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    assert f"{days[local.weekday()]}, {local.day}. " in text
    assert f"{local:%H:%M}–{local.hour + 3}:00 Uhr" in text
    assert '<a href="https://impulse.example/leitfaden"' in text
    assert "2 Treffen" in text
    assert "Buchungen<" not in text, "who has booked is for staff"
    async with Browser(site, "en") as browser:
        english = (await browser.get(PATH)).text
        assert "free of charge for non-profits and municipalities" in english
        assert "3 free places" in english


async def test_what_waits_gets_free_places_first(running, visitor):
    tell(running, programme.session(WORKSHOP, 10, version=2, waiting=1))
    assert "freie Plätze sind der Warteliste angeboten" in (await visitor.get(PATH)).text


async def test_the_seven_in_summer_is_not_the_one_in_winter():
    from impulse_gateway.web.rendering import Words

    summer = datetime.fromisoformat("2027-07-05T08:00:00+00:00")
    winter = datetime.fromisoformat("2027-01-04T08:00:00+00:00")
    german = Words("de")
    assert german.span(summer, summer.replace(hour=9)) == "Montag, 5. Juli 2027, 10:00–11:00 Uhr"
    assert german.span(winter, winter.replace(day=5)) == (
        "Montag, 4. Januar 2027, 09:00 Uhr bis Dienstag, 5. Januar 2027, 09:00 Uhr"
    )


async def test_a_withdrawn_offer_is_out_of_sight(running, visitor):
    gone = {**WORKSHOP.model_dump(), "version": 2, "state": "withdrawn"}
    tell(running, ProgrammeOfferWithdrawn.model_validate(gone))
    assert WORKSHOP.title not in (await visitor.get("/programme")).text
    assert (await visitor.get(PATH)).status_code == 404
