"""What the figures on the programme are."""

from impulse_booking.domain.report.tally import Definition
from impulse_contracts.booking.codes import FigureUnit

SESSIONS = Definition(
    "sessions_held",
    "Durchgeführte Termine",
    "Sessions held",
    "Termine des Programms, die im Zeitraum zu Ende gingen und nicht abgesagt wurden; ohne "
    "Beratungen, die als Gespräche gezählt werden.",
    "Sessions of the programme that ended in the period and were not cancelled; without advice, "
    "which is counted as talks.",
    FigureUnit.SESSIONS,
    ("programme_category", "event_format"),
)
PLACES = Definition(
    "places",
    "Angebotene Plätze",
    "Places offered",
    "Plätze der durchgeführten Termine, wie sie zuletzt festgelegt waren.",
    "Places of the sessions held, as they were last set.",
    FigureUnit.PLACES,
    ("programme_category",),
)
BOOKINGS = Definition(
    "bookings_made",
    "Buchungen",
    "Bookings",
    "Anmeldungen von Organisationen, die im Zeitraum eingingen und angenommen, auf die Warteliste "
    "oder zur Auswahl genommen wurden.",
    "Bookings by organisations that came in during the period and were confirmed, put on the "
    "waiting list or taken as applications.",
    FigureUnit.BOOKINGS,
    ("programme_category",),
)
BOOKINGS_BY_STATE = Definition(
    "bookings_by_state",
    "Buchungen nach Stand am Stichtag",
    "Bookings by state at the cut-off",
    "Die Buchungen des Zeitraums danach, wie weit sie am Ende des Stichtags waren; auf der "
    "Warteliste steht, wer dann noch wartete.",
    "The bookings of the period by how far they were at the end of the cut-off day; on the waiting "
    "list are those who still waited then.",
    FigureUnit.BOOKINGS,
    ("booking_state",),
)
WAITED = Definition(
    "bookings_that_waited",
    "Buchungen auf der Warteliste",
    "Bookings that were put on a waiting list",
    "Buchungen, die im Zeitraum auf eine Warteliste kamen, auch wenn sie später einen Platz "
    "bekamen.",
    "Bookings that were put on a waiting list in the period, also where a place was found later.",
    FigureUnit.BOOKINGS,
    ("programme_category",),
)
REFUSED = Definition(
    "requests_refused",
    "Abgelehnte Anmeldungen nach Grund",
    "Requests refused by reason",
    "Anmeldungen, die im Zeitraum nicht angenommen werden konnten, nach dem Grund, der genannt "
    "wurde. Wer es mehrmals versucht, zählt mehrmals.",
    "Requests for a place that could not be granted in the period, by the reason that was given. "
    "Who tries several times counts several times.",
    FigureUnit.REQUESTS,
    ("reason",),
)
TALKS = Definition(
    "advice_talks",
    "Beratungsgespräche",
    "Advice talks",
    "Beratungen, die stattgefunden haben: Im Zeitraum wurde zuerst ihr Ergebnis oder die "
    "Anwesenheit festgehalten.",
    "Advice that was given: its result or the attendance was first written down in the period.",
    FigureUnit.SESSIONS,
    ("quarter",),
)
TALK_HOURS = Definition(
    "advice_hours",
    "Beratungsstunden",
    "Hours of advice",
    "Dauer der Termine, an denen die Beratungsgespräche stattfanden.",
    "How long the sessions were in which the advice was given.",
    FigureUnit.HOURS,
    ("quarter",),
)
PARTICIPANTS = Definition(
    "participants",
    "Teilnehmende",
    "Participants",
    "Personen, die an Terminen des Programms teilgenommen haben, deren Anwesenheit im Zeitraum "
    "zuerst festgestellt wurde, nach Art des Angebots. Wer an mehreren teilnimmt, zählt mehrmals.",
    "Persons who took part in sessions of the programme whose attendance was first established in "
    "the period, by kind of offer. Who takes part in several sessions counts several times.",
    FigureUnit.PERSONS,
    ("programme_category",),
    of_persons=True,
)
ATTENDANCE = Definition(
    "attendance",
    "Anwesende und Abwesende",
    "Present and absent",
    "Angemeldete Personen danach, ob sie an mindestens einem Treffen teilnahmen; aus Buchungen, "
    "deren Anwesenheit im Zeitraum zuerst festgestellt wurde. Sind es auf einer Seite eine bis "
    "vier, wird auch die Summe nicht ausgewiesen: Wie viele anwesend waren, sagen schon die "
    "Teilnehmenden.",
    "Persons that were booked by whether they were at one meeting at least; of bookings whose "
    "attendance was first established in the period. Where there are one to four of either, the "
    "total is not given either: how many were present, the participants tell already.",
    FigureUnit.PERSONS,
    ("presence",),
    of_persons=True,
    told_elsewhere=True,
)
ATTENDANCE_RATE = Definition(
    "attendance_rate",
    "Anwesenheitsquote",
    "Attendance rate",
    "Anteil der Anwesenden an Anwesenden und Abwesenden.",
    "Share of those present among those present and absent.",
    FigureUnit.SHARE,
    of_persons=True,
    adds_up=False,
)
CERTIFICATES = Definition(
    "certificates",
    "Teilnahmebescheinigungen",
    "Certificates",
    "Bescheinigungen für Personen aus Buchungen, deren Anwesenheit im Zeitraum zuerst festgestellt "
    "wurde.",
    "Certificates for persons of bookings whose attendance was first established in the period.",
    FigureUnit.PERSONS,
    ("programme_category",),
    of_persons=True,
)
COURSES = Definition(
    "courses_finished",
    "Abgeschlossene Qualifizierungen",
    "Courses finished",
    "Teilnahmen von Organisationen an Qualifizierungen, die im Zeitraum abgeschlossen wurden, nach "
    "Format.",
    "Organisations' participations in qualification that were finished in the period, by format.",
    FigureUnit.BOOKINGS,
    ("event_format",),
)
SUPPORT = Definition(
    "support_requests",
    "Anfragen nach Unterstützung",
    "Requests for support",
    "Anfragen des Zeitraums, nach ihrem Stand am Ende des Stichtags.",
    "Requests of the period, by their state at the end of the cut-off day.",
    FigureUnit.REQUESTS,
    ("support_state",),
)
SUPPORT_HOURS = Definition(
    "support_hours",
    "Stunden der Unterstützung",
    "Hours of support",
    "Stunden, die für Unterstützung aufgeschrieben wurden, die im Zeitraum erledigt wurde.",
    "Hours written down for support that was done in the period.",
    FigureUnit.HOURS,
)

ALL = (
    *(SESSIONS, PLACES, BOOKINGS, BOOKINGS_BY_STATE, WAITED, REFUSED, TALKS, TALK_HOURS),
    *(PARTICIPANTS, ATTENDANCE, ATTENDANCE_RATE, CERTIFICATES, COURSES, SUPPORT, SUPPORT_HOURS),
)
"""In the order in which they are shown."""
