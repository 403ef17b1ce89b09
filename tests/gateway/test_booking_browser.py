"""A member answers with the mouse: nothing of a card lies over its buttons. Staff print a list."""

import pytest
from playwright.sync_api import expect

from impulse_contracts.booking.bookings import TakePlace
from impulse_gateway.web import sign_in
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.programme import COURSE, FULL, OFFERED, PROGRAMME


def signed_in(chromium, served, address: str, to: str, width: int = 1280):
    """A page in which somebody has signed in, and gone somewhere."""
    size = {"width": width, "height": 800}
    context = chromium.new_context(base_url=served.url, locale="de-DE", viewport=size)
    context.set_default_timeout(10_000)
    page = context.new_page()
    signed = served.site.sign("address", address)
    link = sign_in.Link(given.ident(address), signed, f"{to} {width}", to)
    page.goto(f"/sign-in/{sign_in.write(served.site, link, served.site.now().replace(year=2100))}")
    page.get_by_role("button", name="Jetzt anmelden").click()
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_an_offered_place_is_taken_by_a_click(town, chromium, served, published, width):
    tell(town, *PROGRAMME)
    page = signed_in(chromium, served, given.MEMBER, "/bookings", width)
    page.get_by_role("button", name="Platz annehmen").click()
    expect(page.get_by_role("status")).to_contain_text("1 Auftrag wird noch bearbeitet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Buchungen")
    assert published(TakePlace) == [TakePlace(booking_id=OFFERED.booking_id)]
    page.context.close()


def test_what_is_printed_is_the_list_alone(town, chromium, served):
    tell(town, *PROGRAMME)
    page = signed_in(chromium, served, given.BROKER, f"/sessions/{COURSE.session_id}/list")
    page.get_by_role("heading", level=1).wait_for()
    page.emulate_media(media="print")
    for part, printed in ((".list", True), ("h1", True), ("header", False), ("footer", False)):
        assert page.locator(part).first.is_visible() == printed, part
    page.context.close()


def test_a_fault_of_a_small_form_is_where_one_looks(town, chromium, served):
    tell(town, *PROGRAMME)
    page = signed_in(chromium, served, given.BROKER, f"/sessions/{FULL.session_id}", 360)
    page.get_by_text("Zahl der Plätze ändern", exact=True).click()
    page.get_by_label("Zahl der Plätze").fill("viele")
    page.get_by_role("button", name="Ändern").click()
    expect(page.get_by_label("Zahl der Plätze")).to_have_value("viele")
    expect(page.get_by_text("muss eine ganze Zahl sein")).to_be_in_viewport()
    page.context.close()
