"""A member answers with the mouse: nothing of a card lies over its buttons."""

import pytest
from playwright.sync_api import expect

from impulse_contracts.booking.bookings import TakePlace
from impulse_gateway.web import sign_in
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.programme import OFFERED, PROGRAMME


@pytest.mark.parametrize("width", [1280, 360])
def test_an_offered_place_is_taken_by_a_click(town, chromium, served, published, width):
    tell(town, *PROGRAMME)
    size = {"width": width, "height": 800}
    context = chromium.new_context(base_url=served.url, locale="de-DE", viewport=size)
    context.set_default_timeout(10_000)
    page = context.new_page()
    signed = served.site.sign("address", given.MEMBER)
    link = sign_in.Link(given.ident(given.MEMBER), signed, f"click {width}", "/bookings")
    page.goto(f"/sign-in/{sign_in.write(served.site, link, served.site.now().replace(year=2100))}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    page.get_by_role("button", name="Platz annehmen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Angebotenen Platz annehmen")
    assert published(TakePlace) == [TakePlace(booking_id=OFFERED.booking_id)]
    context.close()
