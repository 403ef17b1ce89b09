"""What the figures on cooperations are."""

from impulse_booking.domain.report.tally import Definition
from impulse_contracts.booking.codes import FigureUnit

OPENED = Definition(
    "cooperations_opened",
    "Begonnene Kooperationen",
    "Cooperations begun",
    "Kooperationen, die im Zeitraum begannen: Beide Seiten haben einem Vorschlag zugestimmt, "
    "oder die Vermittlung hat sie eingetragen. Nach der Gemeinde der Organisation mit dem Bedarf.",
    "Cooperations that began in the period: both sides accepted a proposal, or a broker entered "
    "them. By the municipality of the organisation with the need.",
    FigureUnit.COOPERATIONS,
    ("ags",),
)
BY_TOPIC = Definition(
    "cooperations_by_topic",
    "Begonnene Kooperationen nach gesellschaftlicher Aufgabe",
    "Cooperations begun by societal task",
    "Die begonnenen Kooperationen nach den Aufgaben, die beim Bedarf standen, als die Kooperation "
    "begann. Eine Kooperation kann zu mehreren Aufgaben zählen.",
    "The cooperations begun by the tasks that the need had when the cooperation began. A "
    "cooperation may count for several tasks.",
    FigureUnit.COOPERATIONS,
    ("topic",),
    adds_up=False,
)
BY_GOAL = Definition(
    "cooperations_by_goal",
    "Begonnene Kooperationen nach Nachhaltigkeitsziel (SDG)",
    "Cooperations begun by sustainable development goal (SDG)",
    "Die begonnenen Kooperationen nach den Zielen der Vereinten Nationen, denen ihre Aufgaben "
    "zugeordnet sind. Eine Kooperation kann zu mehreren Zielen zählen.",
    "The cooperations begun by the goals of the United Nations that their tasks belong to. A "
    "cooperation may count for several goals.",
    FigureUnit.COOPERATIONS,
    ("goal",),
    adds_up=False,
)
AGREED = Definition(
    "agreements",
    "Kooperationsvereinbarungen",
    "Agreements",
    "Kooperationen, deren Vereinbarung im Zeitraum zuerst von beiden Seiten unterschrieben war, "
    "nach Art des Einsatzes.",
    "Cooperations whose agreement was first signed by both sides in the period, by mode.",
    FigureUnit.COOPERATIONS,
    ("cv_mode",),
)
IN_RETURN = Definition(
    "agreements_with_return",
    "Anteil der Vereinbarungen mit Gegenleistung",
    "Share of agreements with something in return",
    "Anteil der Vereinbarungen des Zeitraums, in denen eine Gegenleistung steht.",
    "Share of the period's agreements that name something given in return.",
    FigureUnit.SHARE,
    adds_up=False,
)
ACROSS = Definition(
    "agreements_across_municipalities",
    "Anteil der Vereinbarungen über Gemeindegrenzen",
    "Share of agreements across municipalities",
    "Anteil der Vereinbarungen des Zeitraums, deren Seiten in verschiedenen Gemeinden sitzen; wo "
    "eine Gemeinde nicht bekannt ist, zählt eine Vereinbarung nicht mit.",
    "Share of the period's agreements whose sides are in different municipalities; where one is "
    "not known, an agreement does not count.",
    FigureUnit.SHARE,
    adds_up=False,
)
VALUE = Definition(
    "estimated_value",
    "Geschätzter Gegenwert der Leistungen",
    "Estimated value of performances",
    "Schätzwerte aus dem, was im Zeitraum von beiden Seiten unterschrieben wurde, nach der Methode "
    "der Schätzung. Was neu vereinbart wurde, zählt mit dem Unterschied zu dem, was vor dem "
    "Zeitraum galt; er kann negativ sein. Nur für die Statistik; keine Zuwendungsbestätigung, kein "
    "Entgelt.",
    "Estimates in what both sides signed in the period, by the method of the estimate. What was "
    "agreed anew counts by the difference to what stood before the period, which may be negative. "
    "For statistics only; no donation receipt, no payment.",
    FigureUnit.EUROS,
    ("value_method",),
)
BY_EDITION = Definition(
    "agreements_by_edition",
    "Kooperationsvereinbarungen nach Veranstaltung",
    "Agreements by edition",
    "Die Vereinbarungen des Zeitraums, die bei einem Marktplatz, einer Projektbörse oder einer "
    "anderen Veranstaltung zustande kamen.",
    "The period's agreements that came about at a marketplace, a project exchange or another "
    "edition.",
    FigureUnit.COOPERATIONS,
    ("event_format", "day", "edition"),
)
VALUE_BY_EDITION = Definition(
    "estimated_value_by_edition",
    "Geschätzter Gegenwert nach Veranstaltung",
    "Estimated value by edition",
    "Der geschätzte Gegenwert dessen, was bei einer Veranstaltung zustande kam; was neu vereinbart "
    "wurde, zählt auch hier mit dem Unterschied. Nur für die Statistik; keine "
    "Zuwendungsbestätigung, kein Entgelt.",
    "The estimated value of what came about at an edition; what was agreed anew counts by the "
    "difference here, too. For statistics only; no donation receipt, no payment.",
    FigureUnit.EUROS,
    ("event_format", "day", "edition"),
)
DAYS = Definition(
    "days_to_agreement",
    "Tage bis zur Vereinbarung (Median)",
    "Days until the agreement (median)",
    "Ganze Tage vom Beginn der Kooperation bis zur Vereinbarung, in der Mitte der Vereinbarungen "
    "des Zeitraums.",
    "Whole days from the beginning of the cooperation until the agreement, in the middle of the "
    "period's agreements.",
    FigureUnit.DAYS,
    adds_up=False,
)
ASKED_DAYS = Definition(
    "days_from_inquiry",
    "Tage von der Anfrage bis zur Vereinbarung (Median)",
    "Days from the inquiry until the agreement (median)",
    "Ganze Tage, seit der Vorschlag gemacht oder Interesse gezeigt wurde, aus dem die Kooperation "
    "hervorging, bis zur Vereinbarung, in der Mitte der Vereinbarungen des Zeitraums, die einen "
    "Vorschlag haben.",
    "Whole days from when the proposal was made or the interest shown that the cooperation came "
    "of, until the agreement, in the middle of the period's agreements that have a proposal.",
    FigureUnit.DAYS,
    adds_up=False,
)
ACCESSIBILITY = Definition(
    "accessibility_asked_for",
    "Vereinbarungen mit Bedarf an Barrierefreiheit",
    "Agreements with accessibility needs",
    "Vereinbarungen des Zeitraums, bei deren Bedarf etwas zur Barrierefreiheit steht, danach, ob "
    "es auch beim Angebot steht. Eine Vereinbarung kann mehrfach zählen.",
    "The period's agreements whose need asks for something that makes it accessible, by whether "
    "the offer says so too. An agreement may count several times.",
    FigureUnit.COOPERATIONS,
    ("accessibility", "met"),
    adds_up=False,
)
ACCESSIBLE = Definition(
    "accessibility_met",
    "Anteil erfüllter Bedarfe an Barrierefreiheit",
    "Share of accessibility needs met",
    "Anteil der Vereinbarungen, bei deren Angebot alles steht, was beim Bedarf zur "
    "Barrierefreiheit steht, an den Vereinbarungen mit einem solchen Bedarf.",
    "Share of agreements whose offer says all that the need asks for to be accessible, among those "
    "with such a need.",
    FigureUnit.SHARE,
    adds_up=False,
)
DUE = Definition(
    "agreements_after_months",
    "Vereinbarungen nach 3, 6 und 12 Monaten",
    "Agreements after 3, 6 and 12 months",
    "Vereinbarungen, seit deren Unterschrift im Zeitraum 3, 6 oder 12 Kalendermonate vergangen "
    "waren, danach, ob sie bis dahin umgesetzt waren: nach dem Tag, an dem es geschah, soweit es "
    "am Stichtag bekannt war. Was abgesagt wurde, ist nicht umgesetzt.",
    "Agreements 3, 6 or 12 calendar months after whose signature ended in the period, by whether "
    "they had been carried out by then: by the day on which it happened, as far as that was known "
    "at the cut-off. What was cancelled is not carried out.",
    FigureUnit.COOPERATIONS,
    ("months", "redeemed"),
    adds_up=False,
)
REDEMPTION = Definition(
    "redemption_rate",
    "Einlösequote nach 3, 6 und 12 Monaten",
    "Redemption rate after 3, 6 and 12 months",
    "Anteil der umgesetzten an den Vereinbarungen nach 3, 6 und 12 Monaten.",
    "Share of those carried out among the agreements after 3, 6 and 12 months.",
    FigureUnit.SHARE,
    ("months",),
    adds_up=False,
)
OPEN_REASONS = Definition(
    "agreements_not_carried_out_by_reason",
    "Nach 3, 6 und 12 Monaten nicht umgesetzt, nach Grund",
    "Not carried out after 3, 6 and 12 months, by reason",
    "Die nicht umgesetzten der Vereinbarungen nach 3, 6 und 12 Monaten, nach dem Grund, der bis "
    "dahin zuletzt genannt war; nicht bekannt, wo keiner genannt war.",
    "Those not carried out among the agreements after 3, 6 and 12 months, by the reason that had "
    "been given last by then; not known where none was.",
    FigureUnit.COOPERATIONS,
    ("months", "not_redeemed_reason"),
    adds_up=False,
)
NOT_REDEEMED = Definition(
    "agreements_not_redeemed",
    "Nicht eingelöste Vereinbarungen nach Grund",
    "Agreements not redeemed by reason",
    "Vereinbarungen, von denen im Zeitraum festgestellt wurde, dass sie nicht umgesetzt oder "
    "abgesagt werden, nach dem Grund.",
    "Agreements that in the period were said not to be carried out, or called off, by the reason.",
    FigureUnit.COOPERATIONS,
    ("not_redeemed_reason",),
)
ENDED_BEFORE = Definition(
    "cooperations_without_agreement",
    "Ohne Vereinbarung beendete Kooperationen",
    "Cooperations that ended without an agreement",
    "Kooperationen, die im Zeitraum abgelehnt oder zurückgezogen wurden, ehe etwas vereinbart war.",
    "Cooperations that were declined or withdrawn in the period before anything was agreed.",
    FigureUnit.COOPERATIONS,
    ("cooperation_state",),
)

PERSONS = Definition(
    "volunteers",
    "Eingesetzte Personen",
    "Persons who took part",
    "Personen, deren Teilnahme an umgesetzten Einsätzen die bestätigende Seite im Zeitraum "
    "bestätigt hat, nach Art des Einsatzes; wo sie nur Stunden nannte, eine. Was sie später "
    "ändert, zählt dann mit dem Unterschied; er kann negativ sein.",
    "Persons of whom the approving side confirmed in the period that they took part in what was "
    "carried out, by mode; one where it gave hours alone. What it changes later counts then, by "
    "the difference, which may be negative.",
    FigureUnit.PERSONS,
    ("cv_mode",),
    of_persons=True,
)
HOURS = Definition(
    "hours_delivered",
    "Geleistete Stunden",
    "Hours delivered",
    "Stunden dieser Personen zusammen, im Zeitraum bestätigt wie sie, nach Art des Einsatzes; "
    "keine, wo nur Personen genannt sind. Nicht ausgewiesen, wo es die Personen nicht sind, oder "
    "wo es Stunden von weniger als fünf Personen sind.",
    "Hours of these persons together, confirmed in the period as they were, by mode; none where "
    "persons alone were given. Not given where the persons are not, or where they are the hours "
    "of fewer than five persons.",
    FigureUnit.HOURS,
    ("cv_mode",),
    of_persons=True,
)
PERSONS_BY_FORMAT = Definition(
    "volunteers_by_format",
    "Eingesetzte Personen nach Format",
    "Persons who took part by format",
    "Dieselben Personen nach dem Format (Hands-on, Begegnung, Kompetenz), das beim Bedarf steht.",
    "The same persons by the format (hands-on, encounter, competence) that the need has.",
    FigureUnit.PERSONS,
    ("cv_format",),
    of_persons=True,
)
HOURS_BY_FORMAT = Definition(
    "hours_by_format",
    "Geleistete Stunden nach Format",
    "Hours delivered by format",
    "Dieselben Stunden nach dem Format, das beim Bedarf steht. Nicht ausgewiesen, wo es die "
    "Personen nicht sind, oder wo es Stunden von weniger als fünf Personen sind.",
    "The same hours by the format that the need has. Not given where the persons are not, or "
    "where they are the hours of fewer than five persons.",
    FigureUnit.HOURS,
    ("cv_format",),
    of_persons=True,
)
GRADES = Definition(
    "evaluation_means",
    "Bewertungen im Mittel",
    "Evaluation means",
    "Mittelwerte der Bewertungen beider Seiten von 1 (gar nicht) bis 5 (voll und ganz) aus "
    "Kooperationen, die im Zeitraum zuletzt bewertet wurden: Struktur, Ablauf und Ergebnis.",
    "Means of both sides' evaluations from 1 (not at all) to 5 (entirely), of cooperations that "
    "were last evaluated in the period: structure, process and result.",
    FigureUnit.POINTS,
    ("grade",),
    adds_up=False,
)

ALL = (
    *(OPENED, BY_TOPIC, BY_GOAL, AGREED, IN_RETURN, ACROSS, VALUE),
    *(BY_EDITION, VALUE_BY_EDITION, DAYS, ASKED_DAYS),
    *(ACCESSIBILITY, ACCESSIBLE, DUE, REDEMPTION, OPEN_REASONS, NOT_REDEEMED, ENDED_BEFORE),
    *(PERSONS, HOURS, PERSONS_BY_FORMAT, HOURS_BY_FORMAT, GRADES),
)
"""In the order in which they are shown."""
