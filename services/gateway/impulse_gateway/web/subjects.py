"""Where the pages show what a booking command was about."""

from typing import NamedTuple

from impulse_contracts.booking.agreements import EnterCooperation
from impulse_contracts.booking.bookings import CheckEligibility, RequestBooking
from impulse_contracts.booking.editions import AnnounceEdition
from impulse_contracts.booking.programme import PublishProgrammeOffer, ScheduleSession
from impulse_contracts.booking.projects import SubmitProject
from impulse_contracts.booking.reports import CutReport
from impulse_contracts.message import MESSAGES, Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation, OperationState


class Link(NamedTuple):
    """An address of a page, and what the link to it is called."""

    href: str
    de: str
    en: str


_PAGES = {
    "adviser_id": Link("/advice/{}", "Zu den Beratungszeiten", "To the advice hours"),
    "booking_id": Link("/bookings/{}", "Zur Buchung", "To the booking"),
    "cooperation_id": Link("/cooperations/{}", "Zur Kooperation", "To the cooperation"),
    "edition_id": Link("/editions/{}", "Zur Veranstaltung", "To the event"),
    "programme_offer_id": Link("/programme/{}", "Zum Angebot", "To the offer"),
    "project_id": Link("/projects/{}", "Zum Projekt", "To the project"),
    "report_id": Link("/reports/{}", "Zum Bericht", "To the report"),
    "request_id": Link("/support", "Zu den Anfragen", "To the requests"),
    "session_id": Link("/sessions/{}", "Zum Termin", "To the session"),
}
"""By the name of the id that a command has for its key."""
_EVENTS = Link("/editions", "Zu den Veranstaltungen", "To the events")
_PROGRAMME = Link("/programme", "Zum Programm", "To the programme")
_UNMADE: dict[type[Command], Link] = {
    AnnounceEdition: _EVENTS,
    CutReport: Link("/reports", "Zu den Berichten", "To the reports"),
    EnterCooperation: Link("/cooperations", "Zu den Kooperationen", "To the cooperations"),
    PublishProgrammeOffer: _PROGRAMME,
    ScheduleSession: _PROGRAMME,
    SubmitProject: _EVENTS,
}
"""Where to go on while there is nothing yet, or nothing came, of what makes something new."""
_OWN = Link("/bookings", "Zu Ihren Buchungen", "To your bookings")


def of(operation: Operation, viewer: Viewer) -> Link | None:
    """The page that shows what a command of booking was about; none for those of other services."""
    kind = MESSAGES.get(operation.command_type)
    if kind is None or not operation.command_type.startswith("impulse.booking."):
        return None
    if kind in _UNMADE and operation.state != OperationState.ACCEPTED:
        return _UNMADE[kind]
    name = kind.key_field
    if kind is CheckEligibility:
        return _PAGES["booking_id"]._replace(href=f"/sessions/{operation.subject_id}/book")
    if not viewer.sees_all:
        if kind is RequestBooking or name == "request_id":
            return _OWN
        if name == "session_id":
            return _PROGRAMME
    page = _PAGES[name]
    return page._replace(href=page.href.format(operation.subject_id))
