"""The codes of the programme, each with its German and English label."""

from impulse_contracts.types import Coded


class ProgrammeCategory(Coded):
    """What the programme gives."""

    ADVICE = "advice", "Beratung", "advice"
    QUALIFICATION = "qualification", "Qualifizierung", "qualification"
    SUPPORT = "support", "Unterstützung", "support"
    EVENT = "event", "Veranstaltung", "event"


class CapacityUnit(Coded):
    """What takes a place."""

    ORGANISATION = "organisation", "Organisation", "organisation"
    PERSON = "person", "Person", "person"
    TEAM = "team", "Team", "team"


class SelectionMode(Coded):
    """How it is decided who gets a place."""

    FIRST_COME = "first_come", "Reihenfolge der Anmeldung", "first come, first served"
    APPLICATION_REVIEW = "application_review", "Auswahl nach Bewerbung", "review of applications"
    LOTTERY = "lottery", "Los", "lottery"


class GroupPolicy(Coded):
    """What happens when the first in the waiting list needs more places than are free."""

    HOLD_FOR_GROUP = "hold_for_group", "Plätze frei halten", "hold the places for them"
    SKIP_WITH_NOTICE = "skip_with_notice", "mit Hinweis überspringen", "skip them with a notice"


class OverlapPolicy(Coded):
    """What happens when somebody who is named has something else booked at the time."""

    HARD = "hard", "nicht möglich", "not possible"
    SOFT = "soft", "möglich, mit Hinweis", "possible, with a notice"


class ProgrammeState(Coded):
    """Where an offer of the programme is in its life."""

    PUBLISHED = "published", "veröffentlicht", "published"
    WITHDRAWN = "withdrawn", "zurückgezogen", "withdrawn"


class SessionState(Coded):
    """Where a session is in its life."""

    SCHEDULED = "scheduled", "angesetzt", "scheduled"
    CANCELLED = "cancelled", "abgesagt", "cancelled"
    TAKEN_BACK = "taken_back", "zurückgenommen", "taken back"


class BookingState(Coded):
    """Where a booking is in its life."""

    REQUESTED = "requested", "angefragt", "requested"
    WAITLISTED = "waitlisted", "auf der Warteliste", "on the waiting list"
    OFFERED = "offered", "Platz angeboten", "place offered"
    CONFIRMED = "confirmed", "bestätigt", "confirmed"
    DECLINED = "declined", "abgelehnt", "declined"
    CANCELLED_BY_BOOKER = (
        "cancelled_by_booker",
        "von der Organisation abgesagt",
        "cancelled by the organisation",
    )
    CANCELLED_BY_PROVIDER = (
        "cancelled_by_provider",
        "vom Programm abgesagt",
        "cancelled by the programme",
    )
    EXPIRED = "expired", "abgelaufen", "expired"
    ATTENDED = "attended", "teilgenommen", "attended"
    NO_SHOW = "no_show", "nicht erschienen", "did not come"


class CancelledBy(Coded):
    """Which side cancels."""

    BOOKER = "booker", "Organisation", "organisation"
    PROVIDER = "provider", "Programm", "programme"


class Presence(Coded):
    """Whether somebody was there."""

    PRESENT = "present", "anwesend", "present"
    LATE = "late", "verspätet", "late"
    ABSENT_EXCUSED = "absent_excused", "entschuldigt", "excused"
    NO_SHOW = "no_show", "nicht erschienen", "did not come"


class SupportState(Coded):
    """Where a request for support is in its life."""

    REQUESTED = "requested", "angefragt", "requested"
    ACCEPTED = "accepted", "angenommen", "accepted"
    IN_PROGRESS = "in_progress", "in Arbeit", "in progress"
    DONE = "done", "erledigt", "done"
    DECLINED = "declined", "abgelehnt", "declined"
    WITHDRAWN = "withdrawn", "zurückgezogen", "withdrawn"


class FigureUnit(Coded):
    """What a figure of a report counts."""

    ORGANISATIONS = "organisations", "Organisationen", "organisations"
    PERSONS = "persons", "Personen", "persons"
    BOOKINGS = "bookings", "Buchungen", "bookings"
    SESSIONS = "sessions", "Termine", "sessions"
    PLACES = "places", "Plätze", "places"
    REQUESTS = "requests", "Anfragen", "requests"
    LISTINGS = "listings", "Einträge", "listings"
    PROPOSALS = "proposals", "Vorschläge", "proposals"
    COOPERATIONS = "cooperations", "Kooperationen", "cooperations"
    HOURS = "hours", "Stunden", "hours"
    DAYS = "days", "Tage", "days"
    SHARE = "share", "Anteil", "share"
    INDEX = "index", "Kennzahl", "index"
    EUROS = "euros", "Euro (Schätzwert)", "euros (estimated)"
    POINTS = "points", "Punkte", "points"
