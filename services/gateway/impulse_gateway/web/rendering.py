"""Templates and what they need: both languages side by side, labels of codes, dates, numbers."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from impulse_contracts import codes
from impulse_contracts.booking import codes as programme_codes
from impulse_contracts.booking.programme import SessionFact
from impulse_contracts.types import Coded
from impulse_gateway.domain import access, areas
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.lots import lot
from impulse_gateway.domain.profile import SpokenLanguage
from impulse_gateway.domain.recurrence import spoken
from impulse_gateway.web import language as languages
from impulse_gateway.web import sessions
from impulse_gateway.web.language import Language
from impulse_gateway.web.site import site_of

HERE = Path(__file__).parent
BERLIN = ZoneInfo("Europe/Berlin")

_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_WEEKDAYS = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


_TERMS: dict[str, Coded] = {
    str(code): code for every in (codes.TargetGroup, codes.Skill) for code in every
}

_ONE: dict[str, tuple[str, str]] = {
    codes.Unit.PERSON: ("Person", "person"),
    codes.Unit.HOUR: ("Stunde", "hour"),
    codes.Unit.PIECE: ("Stück", "piece"),
    codes.Unit.DAY: ("Tag", "day"),
    codes.Unit.SESSION: ("Termin", "session"),
}
"""Units in the singular, where that is another word."""


class Words:
    """How things are said in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, de: str, en: str) -> str:
        """The text in this language."""
        return en if self.language == "en" else de

    def label(self, code: object) -> str:
        """The label of a code; of one that is not known, a word for that."""
        return code.label(self.language) if isinstance(code, Coded) else self.say("andere", "other")

    def labels(self, several: Any) -> str:
        """Labels of codes, separated by commas."""
        return ", ".join(self.label(code) for code in several)

    def terms(self, several: Any) -> str:
        """What skills and target groups are called; partners' own codes as they are written."""
        return ", ".join(self.term(code) for code in several)

    def term(self, code: str) -> str:
        """What a skill or target group is called."""
        known = _TERMS.get(code)
        return known.label(self.language) if known else code.replace("_", " ")

    def number(self, value: float) -> str:
        """A number with its thousands apart; without a fraction where there is none."""
        whole = float(value).is_integer()
        text = f"{value:,.0f}" if whole else f"{value:,.1f}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))

    def exact(self, value: float) -> str:
        """A number with all the digits that it has."""
        text = f"{value:,}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))

    def exact_percent(self, share: float) -> str:
        """A share between 0 and 1 in percent, with a digit after the point."""
        return f"{self.exact(round(share * 100, 1))}{self.say(' ', '')}%"

    def amount(self, value: float, unit: str) -> str:
        """How much of a unit, in the singular where it is one."""
        one = _ONE.get(unit) if value == 1 else None
        return f"{self.number(value)} {self.say(*one) if one else self.label(unit)}"

    def percent(self, share: float) -> str:
        """A share between 0 and 1 in percent."""
        return f"{share:.0%}" if self.language == "en" else f"{share * 100:.0f} %"

    def listed(self, several: Iterable[str]) -> str:
        """Some things in one sentence: a, b and c."""
        *others, last = list(several) or [""]
        return f"{', '.join(others)} {self.say('und', 'and')} {last}" if others else last

    def spoken(self, languages: Iterable[str]) -> str:
        """What languages are called, by their codes; of one that is not known, the code."""
        names = {str(each): self.label(each) for each in SpokenLanguage}
        return self.listed(names.get(each, each) for each in languages)

    def area(self, ags: str) -> str:
        """What a municipality or district of the Ruhr area is called; of others, the key."""
        return areas.name(ags)

    def day(self, value: date | datetime, zone: tzinfo = BERLIN) -> str:
        """A calendar day; of a moment the one in the Ruhr area, or in another `zone`."""
        local = value.astimezone(zone) if isinstance(value, datetime) else value
        month = _MONTHS[self.language].split()[local.month - 1]
        dot = "." if self.language == "de" else ""
        return f"{local.day}{dot} {month} {local.year}"

    def moment(self, value: datetime) -> str:
        """A day and time in the Ruhr area."""
        return f"{self.day(value)}, {self.clock(value)[:5]}" + self.say(" Uhr", "")

    def dayname(self, number: int) -> str:
        """What a day of the week is called; 0 is Monday."""
        return _WEEKDAYS[self.language].split()[number]

    def weekday(self, value: datetime, zone: tzinfo = BERLIN) -> str:
        """A day in the Ruhr area, or in another `zone`, with its name before it."""
        return f"{self.dayname(value.astimezone(zone).weekday())}, {self.day(value, zone)}"

    def when(self, value: datetime) -> str:
        """A day with its name, and the time, in the Ruhr area."""
        return f"{self.weekday(value)}, {self.clock(value)[:5]}" + self.say(" Uhr", "")

    def span(self, starts: datetime, ends: datetime, zone: tzinfo = BERLIN) -> str:
        """From when to when, in the Ruhr area or in another `zone`; the day is said twice only
        where there are two."""
        begin, end = self.clock(starts, zone)[:5], self.clock(ends, zone)[:5]
        first, last, hour = (
            self.weekday(starts, zone),
            self.weekday(ends, zone),
            self.say(" Uhr", ""),
        )
        if first == last:
            return f"{first}, {begin}–{end}{hour}"
        return f"{first}, {begin}{hour} {self.say('bis', 'to')} {last}, {end}{hour}"

    def clock(self, value: datetime, zone: tzinfo = BERLIN) -> str:
        """A time of day in the Ruhr area, or in another `zone`, to the second."""
        return f"{value.astimezone(zone):%H:%M:%S}"


_ID = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")


def around_ids(text: str) -> list[str]:
    """A text apart at the ids in it: text, id, text, id, … text."""
    return _ID.split(text)


def by_day(sessions: Iterable[SessionFact]) -> list[list[SessionFact]]:
    """Sessions in their order, those of each day in the Ruhr area together."""
    days = groupby(sessions, key=lambda each: each.starts.astimezone(BERLIN).date())
    return [list(several) for _, several in days]


def _link(path: str, **query: object) -> str:
    """A path with those parameters of `query` that have a value."""
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals |= {
    "codes": codes,
    "programme_codes": programme_codes,
    "spoken": spoken,
    "lot": lot,
    "zone": ZoneInfo,
    "hours": lambda n: timedelta(hours=n),
    "link": _link,
    **{name: getattr(access, name) for name in ("may_accept", "may_decline", "sees_pair")},
}
templates.filters |= {"by_day": by_day, "around_ids": around_ids}


def fragment(language: Language, name: str, **context: object) -> str:
    """A part of a page that is the same for everybody."""
    words = Words(language)
    return templates.get_template(name).render(
        w=words, say=words.say, label=words.label, language=language, **context
    )


def page(
    request: Request, name: str, *, status: int = 200, here: str = "", **context: object
) -> HTMLResponse:
    """The answer to `request`: the template `name` for whoever asks.

    `here` is where the page is found again, if not at the address of the request.
    """
    language = languages.of_page(request)
    words = Words(language)
    site = site_of(request)
    viewer: Viewer = getattr(request.state, "viewer", Viewer())
    html = templates.get_template(name).render(
        w=words,
        say=words.say,
        label=words.label,
        language=language,
        path=request.url.path,
        here=here or request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        viewer=viewer,
        # Why a service refused what stands in the form of this page.
        refused=getattr(request.state, "refused", None),
        # Asked for by forms only: it may cost a visitor a cookie.
        csrf=lambda: sessions.csrf_token(request),
        demonstration=not site.texts,
        **context,
    )
    response = HTMLResponse(
        html,
        status,
        {
            "Content-Language": language,
            "Vary": "Accept-Language, Cookie",
            "Cache-Control": "no-store" if viewer.person_id else "private, no-cache",
        },
    )
    sessions.remember_browser(request, response)
    return response
