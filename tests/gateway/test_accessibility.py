"""Own checks of what WCAG 2.1 AA asks of markup and colours; a person still has to look."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from impulse_gateway.web.rendering import HERE
from tests.gateway import given

PAGES = [
    "/",
    "/live",
    "/organisations",
    f"/organisations/{given.HOUSE.actor_id}",
    "/listings",
    f"/listings/{given.NEED.listing_id}",
    "/proposals",
    f"/proposals/{given.PROPOSAL.proposal_id}",
    "/cooperations",
    f"/cooperations/{given.COOPERATION.cooperation_id}",
    f"/cooperations/{given.COOPERATION.cooperation_id}/printed",
    "/sign-in",
    "/inbox",
    "/me",
    f"/organisations/{given.CLUB.actor_id}/claim",
    f"/organisations/{given.HOUSE.actor_id}/people",
    f"/organisations/{given.HOUSE.actor_id}/care",
    f"/organisations/{given.HOUSE.actor_id}/change",
    "/places",
    "/programme",
    "/editions",
    "/bookings",
    "/imprint",
    "/privacy",
    "/accessibility",
    "/attribution",
    "/nothing",
]
VOID = {"meta", "link", "input", "br", "path", "circle"}


class Outline(HTMLParser):
    """What the checks need of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.outside: list[str] = []
        self.names: dict[int, str] = {}
        self._naming: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        if tag in ("a", "button"):
            self._naming.append(len(self.tags) - 1)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label":
            self.labels.add(values["for"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag, f"</{tag}> does not close what is open"
        if tag in ("a", "button"):
            self._naming.pop()

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        for number in self._naming:
            self.names[number] = self.names.get(number, "") + data
        landmarks = {"header", "nav", "main", "footer", "head", "a"}
        if not landmarks & set(self.open):
            self.outside.append(data)


@pytest.mark.parametrize("path", PAGES)
async def test_markup(signed_in, path):
    member = await signed_in(given.MEMBER)
    page = Outline((await member.get(path)).text)
    assert page.open == []
    kinds = [tag for tag, _ in page.tags]
    assert kinds.count("main") == kinds.count("h1") == 1
    assert kinds.count("header") == kinds.count("footer") == 1
    assert page.outside == [], "all text is in a landmark"
    assert len(page.ids) == len(set(page.ids)), "ids are unique"

    assert page.headings[0] == 1
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        assert after <= before + 1, f"a heading is left out: {page.headings}"

    navs = [values.get("aria-label") for tag, values in page.tags if tag == "nav"]
    assert all(navs)
    assert len(navs) == len(set(navs)), "several navigations have names of their own"
    for number, (tag, values) in enumerate(page.tags):
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            assert values["id"] in page.labels, values
        if tag in ("a", "button"):
            assert page.names.get(number, "").strip(), f"{tag} without a name: {values}"
        if tag == "svg":
            assert values.get("aria-hidden") == "true"
        for attribute in ("aria-labelledby", "aria-describedby"):
            if attribute in values:
                assert values[attribute] in page.ids
        if tag == "th":
            assert values.get("scope")


def test_live_regions_and_the_way_past_the_navigation():
    feed = (HERE / "templates" / "feed.html").read_text()
    assert 'aria-live="polite"' in feed
    assert "data-live-pause" in feed, "WCAG 2.2.2: what moves by itself can be paused"
    base = (HERE / "templates" / "base.html").read_text()
    assert base.index('href="#content"') < base.index("<header")


# -------------------------------------------------------------------------------- contrast


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    css = (Path(HERE) / "static" / "impulse.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\}", css, re.S)[:2]
    found = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    first = dict(found.findall(light))
    return {"light": first, "dark": {**first, **dict(found.findall(dark))}}


TEXT = [
    *((text, ground) for text in ("ink", "soft", "brand") for ground in ("paper", "panel", "tint")),
    *((kind, f"{kind}-tint") for kind in ("need", "offer", "proposal", "good", "warn")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("fault", "panel"),
    ("proposal", "panel"),
    ("proposal", "paper"),
]
CONTROLS = [("edge", "panel"), ("edge", "paper"), ("focus", "paper"), ("focus", "panel")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme):
    colours = palettes()[scheme]
    for text, ground in TEXT:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for control, ground in CONTROLS:
        assert contrast(colours[control], colours[ground]) >= 3, (control, ground)
    assert contrast("#dbe8ea", "#0b2f36") >= 4.5, "footer"
