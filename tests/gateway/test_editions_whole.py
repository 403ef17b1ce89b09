"""An edition from its announcement to its results: pages, gateway and booking together."""

from datetime import UTC, datetime, timedelta

from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.projects import ProjectFact
from tests.gateway import given
from tests.gateway.test_editions import line
from tests.gateway.test_programme_whole import SOON, Acting, local, newest, whole

WHOLE = whole
"""The fixture."""


def within(days: float) -> str:
    return local(datetime.now(UTC) + timedelta(days=days))


async def test_from_the_announcement_to_the_results(whole, signed_in, clock):
    staff = Acting(whole, await signed_in(given.BROKER))
    house = Acting(whole, await signed_in(given.MEMBER))
    firm = Acting(whole, await signed_in(given.OTHER_MEMBER))
    fields = {
        "title": "RUHRDAX Beispielstadt",
        "format": "ruhrdax",
        "starts": local(SOON),
        "ends": local(SOON + timedelta(hours=2)),
        "nonprofit_places": "2",
        "registration_closes": within(15),
        "submit_by": within(5),
        "claim_by": within(10),
    }
    assert "Erledigt" in await staff.send("/editions/new", "/editions/new", **fields)
    edition = newest(whole, EditionFact)
    page = f"/editions/{edition.edition_id}"
    assert "2 freie Plätze" in await house.sees("/editions")

    book = f"/sessions/{edition.session_id}/book"
    for who, owner in ((house, given.HOUSE), (firm, given.PAINTER)):
        asked = await who.send(book, book, ask="book", actor=str(owner.actor_id))
        assert "Erledigt" in asked
        assert newest(whole, BookingFact, actor_id=owner.actor_id).state == "confirmed"
    assert (await staff.sees(page)).count("1 freier Platz") == 2
    sides = await staff.sees(f"{page}/registrations")
    assert sides.index(given.PAINTER.legal_name) < sides.index(given.HOUSE.legal_name)

    new = f"{page}/projects/new"
    said = {"title": "Zaun streichen", "resource_category": "hands"}
    await house.send(new, new, actor=str(given.HOUSE.actor_id), **said)
    project = f"/projects/{newest(whole, ProjectFact).project_id}"
    painter = {"actor": str(given.PAINTER.actor_id)}
    assert "Erledigt" in await firm.send(f"{project}/claim", project, **painter)
    assert "vergeben" in await house.sees(page)
    began = newest(whole, CooperationFact, origin="project")
    assert f"/cooperations/{began.cooperation_id}" in await firm.sees(project)
    assert f"{project}/withdraw" not in await house.sees(project), "it is claimed"

    early = f"{page}/agreements"
    assert "am Tag der Veranstaltung" in await staff.sees(early)
    clock.now = SOON + timedelta(hours=1)
    whole.advance(clock.now - datetime.now(UTC) + timedelta(minutes=1))
    whole.settle()
    staff = Acting(whole, await signed_in(given.OPERATOR))
    today = clock.now.date()
    day = {"on": today.isoformat(), "redeem_by": str(today + timedelta(days=365))}
    results = await staff.send(early, early, **day, **line(0, 1), **line(1, 2, performance=""))
    assert "vereinbart" in results
    assert "die Leistung" in results, "what a draft lacks stands beside it"
    again = await staff.send(early, early, **day, **line(0, 1))
    assert "war schon eingetragen" in again
    agreed = newest(whole, CooperationFact, edition_id=edition.edition_id, state="agreed")
    assert (agreed.edition_number, agreed.terms.estimated_value_eur) == (1, 1200)

    whole.advance(timedelta(hours=2))
    assert "1.200 Euro" in await house.sees(page)
