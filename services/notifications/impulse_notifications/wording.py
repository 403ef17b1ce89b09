"""The words of messages: one template a message and language, in `templates/<language>/`.

A template has the blocks `subject` (also the title in the inbox), `text` (in the inbox; no name, no
address) and `body`, which `mail.txt` surrounds with greeting and footer.
"""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from impulse_contracts.booking.programme import Meeting
from impulse_contracts.codes import Language
from impulse_contracts.purposes import TERMS
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Coded
from impulse_notifications.domain.message import Matter, Template, purpose_of
from impulse_notifications.domain.programme import Appointment

_ZONE = ZoneInfo("Europe/Berlin")
_MONTHS = {
    Language.DE: (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    Language.EN: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


class Entry(NamedTuple):
    """A message as the inbox shows it."""

    title: str
    text: str


class Mail(NamedTuple):
    """An e-mail's words."""

    subject: str
    body: str


def entry(template: Template, language: Language, matter: Matter) -> Entry:
    """The words of a message in the inbox."""
    values = _values(matter)
    return Entry(
        _block(template, language, "subject", values), _block(template, language, "text", values)
    )


def mail(
    template: Template,
    language: Language,
    matter: Matter | None,
    *,
    name: str,
    organisation: str | None = None,
    partner: str | None = None,
    link: str | None = None,
    expires_at: datetime | None = None,
    home: str,
    operator: str | None,
    objection: str | None = None,
    confirmation: str | None = None,
    place: str | None = None,
    helper: str | None = None,
) -> Mail:
    """The words of an e-mail to `name`, a contact of `organisation`.

    `partner` is the other side's organisation; names that are not known are None. `home` is the
    address of the pages, `operator` who runs them (None: a demonstration),
    `objection` the link by which somebody objects whom a partner reported, `confirmation` the one
    by which a listing is confirmed without signing in, `place` the one by which an offered place is
    answered, `helper` who takes care of the support that was asked for.
    """
    values = {
        **(_values(matter) if matter else {}),
        "name": one_line(name),
        "organisation": one_line(organisation) if organisation else None,
        "partner": one_line(partner) if partner else None,
        "link": link,
        "expires_at": expires_at,
        "home": home,
        "page": home + matter.path if matter else None,
        "operator": one_line(operator) if operator else None,
        "objection": objection,
        "confirmation": confirmation,
        "place": place,
        "helper": one_line(helper) if helper else None,
        "reported_by": one_line(matter.reported_by) if matter and matter.reported_by else None,
        "kept": _kept(template, language),
    }
    body = _environment(language).get_template(f"{template}.txt").render(values)
    return Mail(_block(template, language, "subject", values), body)


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, for headers and single lines."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _values(matter: Matter) -> dict[str, object]:
    return {
        "side": str(matter.side),
        "need_title": one_line(matter.need_title),
        "offer_title": one_line(matter.offer_title),
        "answer_until": matter.answer_until,
        "redeem_by": matter.redeem_by,
        "confirm_by": matter.confirm_by,
        "appointment": matter.appointment,
        "support": matter.support,
        "progress": matter.progress,
        "more": matter.more,
        "count": len(matter.concerns) + matter.more,
        **{
            f"of_{template}": [
                {"name": one_line(each.name), "path": f"/organisations/{each.actor_id}/care"}
                for each in matter.concerns
                if each.template is template
            ]
            for template in (
                *(Template.ACTOR_STALE, Template.ACTOR_UNCONFIRMED),
                Template.EVIDENCE_ENDS,
            )
        },
    }


def _kept(template: Template, language: Language) -> dict[str, str]:
    """What is kept for the purpose that a message is written for, as the table of purposes says."""
    terms = TERMS[purpose_of(template)]
    return {
        "data": terms.data(language),
        "purpose": purpose_of(template).label(language),
        "basis": terms.basis.label(language),
        "time": terms.kept(language),
    }


def _block(template: Template, language: Language, name: str, values: dict[str, object]) -> str:
    found = _environment(language).get_template(f"{template}.txt")
    return " ".join("".join(found.blocks[name](found.new_context(values))).split())


def _environment(language: Language) -> Environment:
    return _ENVIRONMENTS[language]


def _make_environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("impulse_notifications", f"templates/{language}"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # They came with the code: else their files are looked at for each sentence.
        auto_reload=False,
    )

    def day(value: date) -> str:
        local = value.astimezone(_ZONE) if isinstance(value, datetime) else value
        dot = "." if language is Language.DE else ""
        return f"{local.day}{dot} {_MONTHS[language][local.month - 1]} {local.year}"

    def moment(value: datetime, zone: str | None = None) -> str:
        local = value.astimezone(ZoneInfo(zone)) if zone else value.astimezone(_ZONE)
        text = f"{day(local.date())}, {local:%H:%M}"
        return f"{text} Uhr" if language is Language.DE else text

    def span(times: Appointment | Meeting, zone: str) -> str:
        starts, ends = (each.astimezone(ZoneInfo(zone)) for each in (times.starts, times.ends))
        if starts.date() == ends.date():
            until = f"{ends:%H:%M} Uhr" if language is Language.DE else f"{ends:%H:%M}"
        else:
            until = moment(ends, zone)
        return f"{moment(starts, zone)} {'bis' if language is Language.DE else 'to'} {until}"

    def sentence(reason: object) -> str:
        return reason.text(language) if isinstance(reason, Reason) else ""

    def label(code: Coded | None) -> str:
        return code.label(language) if code is not None else ""

    filters = {
        "day": day,
        "label": label,
        "moment": moment,
        "span": span,
        "line": one_line,
        "sentence": sentence,
    }
    environment.filters |= filters
    return environment


_ENVIRONMENTS = {language: _make_environment(language) for language in Language}
