"""The forms of a cooperation's steps: what each asks for, and the command that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    CooperationStep,
    Cover,
    DeliveryOutcome,
    NotRedeemedReason,
    PreparationItem,
    Responsible,
    ValueMethod,
)
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    CooperationCommand,
    DeclineCooperation,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperation_steps import possible
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts
from impulse_contracts.codes import (
    CooperationState,
    CvMode,
    DeclineReason,
    Direction,
    WorktimeBasis,
)
from impulse_contracts.types import Coded
from impulse_gateway.web import local_times, numbers
from impulse_gateway.web.listing_form import BERLIN, Entered, Fault, one, with_contacts

Text = tuple[str, str]
"""German and English."""


@dataclass(frozen=True)
class Field:
    """A field: its name, label, and how it is entered; `value` is what stands in it at first."""

    name: str
    label: Text
    kind: str = "text"
    codes: type[Coded] | None = None
    rows: int = 0
    hint: Text = ("", "")
    value: Callable[[CooperationFact], object] = lambda _: ""


@dataclass(frozen=True)
class Form:
    """The form of a step."""

    path: str
    step: CooperationStep
    command: type[CooperationCommand]
    title: Text
    button: Text
    fields: tuple[Field, ...] = ()
    by_side: bool = False
    """Whether only a side can do it."""
    build: Callable[[dict[str, Any], list[Fault]], dict[str, Any]] = lambda said, _: said
    """What the command takes, of what was entered; and what is wrong with that."""
    quiet: bool = False


def _terms(name: str) -> Callable[[CooperationFact], object]:
    def value(cooperation: CooperationFact) -> object:
        return getattr(cooperation.terms, name) if cooperation.terms else ""

    return value


def _last_day(cooperation: CooperationFact) -> date:
    return (cooperation.terms and cooperation.terms.redeem_by) or cooperation.redeem_by


def _reason(codes: type[Coded]) -> Field:
    return Field("reason", ("Grund", "Reason"), codes=codes)


class YesNo(Coded):
    """Whether something is so."""

    YES = "yes", "ja", "yes"
    NO = "no", "nein", "no"


def _yes_or_no(said: dict[str, Any], _: list[Fault]) -> dict[str, Any]:
    """Choices as the command has them."""
    answers = {"yes": True, "no": False}
    return said | {name: answers.get(said[name]) for name in ("done", "needed")}


def _grade(name: str, de: str, en: str) -> Field:
    scale = ("von 1 (gar nicht gut) bis 5 (sehr gut)", "from 1 (not good) to 5 (very good)")
    return Field(name, (de, en), "whole", hint=scale)


def _dates(said: dict[str, Any], found: list[Fault]) -> dict[str, Any]:
    """One date or several: the first in fields of its own, the others one a line."""
    day, begins, ends = (str(said[name] or "") for name in ("day", "begins", "ends"))
    more = local_times.spans(said["more"] or "", "more", found, overnight=True)
    if day or begins or ends or not more:
        more = [*filter(None, [local_times.span_on(day, begins, ends, found)]), *more]
    return {"dates": [{"starts": starts, "ends": ends} for starts, ends in more]}


def _first_date(end: int, shown: str) -> Callable[[CooperationFact], object]:
    def value(cooperation: CooperationFact) -> object:
        if not cooperation.dates:
            return ""
        first = cooperation.dates[0]
        return (first.starts, first.ends)[end].astimezone(BERLIN).strftime(shown)

    return value


def _further_dates(cooperation: CooperationFact) -> object:
    return "\n".join(local_times.line(each.starts, each.ends) for each in cooperation.dates[1:])


WHAT_HAPPENED = (
    Field("outcome", ("Was ist daraus geworden?", "What came of it?"), codes=DeliveryOutcome),
    Field(
        "reason",
        ("Wenn nicht oder nur teilweise: warum?", "If not, or only partly: why?"),
        codes=NotRedeemedReason,
    ),
    Field("persons", ("Wie viele Personen waren beteiligt?", "How many persons?"), "whole"),
    Field("hours", ("Stunden aller zusammen", "Hours of all together"), "decimal"),
)
WITHOUT_CONTACTS = (
    "ohne Namen, E-Mail-Adressen und Telefonnummern",
    "without names, e-mail addresses and telephone numbers",
)
TEXTS = ("need_title", "offer_title", "performance", "counter_performance", "text")
"""The fields that others read as they are written."""
TERMS = (
    Field(
        "performance",
        ("Leistung: Was gibt die Seite mit dem Angebot?", "Performance: what does the offer give?"),
        rows=4,
        hint=WITHOUT_CONTACTS,
        value=_terms("performance"),
    ),
    Field(
        "counter_performance",
        ("Gegenleistung: Was gibt die andere Seite?", "Counter-performance: what comes in return?"),
        rows=3,
        hint=WITHOUT_CONTACTS,
        value=_terms("counter_performance"),
    ),
    Field("redeem_by", ("Umzusetzen bis", "To be carried out by"), "date", value=_last_day),
    Field(
        "estimated_value_eur",
        ("Geschätzter Wert in ganzen Euro", "Estimated value in whole euros"),
        "whole",
        hint=(
            "Schätzwert nur für die Statistik; keine Zuwendungsbestätigung, kein Entgelt",
            "An estimate for statistics only; no donation receipt, no payment",
        ),
        value=_terms("estimated_value_eur"),
    ),
    Field(
        "value_method",
        ("Wie der Wert geschätzt ist", "How the value is estimated"),
        codes=ValueMethod,
        value=_terms("value_method"),
    ),
    Field(
        "format",
        ("Art des Einsatzes", "Kind of engagement"),
        codes=CvMode,
        value=lambda cooperation: cooperation.format or "",
    ),
    Field(
        "worktime_basis",
        ("Arbeitszeit", "Working time"),
        codes=WorktimeBasis,
        value=_terms("worktime_basis"),
    ),
    Field("liability", ("Haftung", "Liability"), codes=Cover, value=_terms("liability")),
    Field("insurance", ("Versicherung", "Insurance"), codes=Cover, value=_terms("insurance")),
)

FORMS = (
    Form(
        "agreement",
        CooperationStep.DRAFTED,
        DraftAgreement,
        ("Vereinbarung schreiben oder ändern", "Write or change the agreement"),
        ("Vereinbarung speichern", "Save the agreement"),
        TERMS,
    ),
    Form(
        "sign",
        CooperationStep.SIGNED,
        SignAgreement,
        ("Der Vereinbarung zustimmen", "Agree to the agreement"),
        ("Verbindlich zustimmen", "Agree bindingly"),
        by_side=True,
    ),
    Form(
        "date",
        CooperationStep.PLANNED,
        PlanDelivery,
        ("Termine festlegen", "Settle on dates"),
        ("Termine festlegen", "Settle on these dates"),
        (
            Field("day", ("Tag", "Day"), "date", value=_first_date(0, "%Y-%m-%d")),
            Field("begins", ("Beginn", "Begins"), "time", value=_first_date(0, "%H:%M")),
            Field("ends", ("Ende", "Ends"), "time", value=_first_date(1, "%H:%M")),
            Field(
                "more",
                ("Weitere Termine", "Further dates"),
                rows=3,
                hint=(
                    "In jeder Zeile einer, wie 14.01.2027 10:00–13:00. Alle zusammen gelten statt"
                    " der bisherigen.",
                    "One a line, like 14.01.2027 10:00–13:00. All together they replace those"
                    " before.",
                ),
                value=_further_dates,
            ),
        ),
        build=_dates,
    ),
    Form(
        "preparation",
        CooperationStep.PREPARED,
        ChangePreparation,
        ("Vorbereitung ändern oder ergänzen", "Change or add to the preparation"),
        ("Vorbereitung speichern", "Save the preparation"),
        (
            Field("item", ("Was", "What"), codes=PreparationItem),
            Field("done", ("Erledigt?", "Done?"), codes=YesNo),
            Field("done_on", ("Erledigt am", "Done on"), "date"),
            Field("responsible", ("Wer", "Who"), codes=Responsible),
            Field("due", ("Bis wann", "Until when"), "date"),
            Field("needed", ("Nötig?", "Needed?"), codes=YesNo),
        ),
        build=_yes_or_no,
    ),
    Form(
        "contacts",
        CooperationStep.CONTACTS_NAMED,
        NameContacts,
        ("Ansprechperson und Vertretung nennen", "Name the contact and who steps in"),
        ("Ansprechpersonen speichern", "Save the contacts"),
        (
            Field("contact_id", ("Ansprechperson", "Contact"), "person"),
            Field("successor_id", ("Vertretung oder Nachfolge", "Who steps in"), "person"),
        ),
        by_side=True,
    ),
    Form(
        "report",
        CooperationStep.REPORTED,
        ReportDelivery,
        ("Berichten, was geschah", "Say what happened"),
        ("Bericht senden", "Send the report"),
        WHAT_HAPPENED,
        by_side=True,
    ),
    Form(
        "decision",
        CooperationStep.DECIDED,
        DecideDelivery,
        ("Bericht bestätigen oder berichtigen", "Confirm or correct the report"),
        ("Das gilt", "This stands"),
        WHAT_HAPPENED,
        by_side=True,
    ),
    Form(
        "evaluation",
        CooperationStep.EVALUATED,
        EvaluateCooperation,
        ("Auswerten", "Evaluate"),
        ("Auswertung senden", "Send the evaluation"),
        (
            _grade("structure", "Voraussetzungen: Absprachen, Rahmen", "What it was built on"),
            _grade("process", "Ablauf: Zusammenarbeit am Tag", "How it went"),
            _grade("result", "Ergebnis: Was es gebracht hat", "What came of it"),
        ),
        by_side=True,
    ),
    Form(
        "complete",
        CooperationStep.COMPLETED,
        CompleteCooperation,
        ("Abschließen", "Complete"),
        ("Kooperation abschließen", "Complete the cooperation"),
    ),
    Form(
        "continue",
        CooperationStep.CONTINUED,
        ContinueCooperation,
        ("Verstetigen", "Continue"),
        ("Als dauerhafte Partnerschaft fortführen", "Go on as a lasting partnership"),
    ),
    Form(
        "resume",
        CooperationStep.RESUMED,
        ResumeCooperation,
        ("Wieder aufnehmen", "Resume"),
        ("Wieder aufnehmen", "Resume"),
    ),
    Form(
        "action",
        CooperationStep.ACTION_SET,
        SetNextAction,
        ("Nächsten Schritt festlegen", "Say what is next"),
        ("Nächsten Schritt speichern", "Save the next step"),
        (
            Field("text", ("Was ist zu tun?", "What is to be done?"), hint=WITHOUT_CONTACTS),
            Field("responsible", ("Wer", "Who"), codes=Responsible),
            Field("due", ("Bis wann", "Until when"), "date"),
        ),
        quiet=True,
    ),
    Form(
        "hold",
        CooperationStep.PUT_ON_HOLD,
        HoldCooperation,
        ("Zurückstellen", "Put on hold"),
        ("Zurückstellen", "Put on hold"),
        (
            Field("until", ("Bis zum", "Until"), "date"),
            _reason(NotRedeemedReason),
        ),
        quiet=True,
    ),
    Form(
        "decline",
        CooperationStep.DECLINED,
        DeclineCooperation,
        ("Ablehnen", "Decline"),
        ("Mit diesem Grund ablehnen", "Decline for this reason"),
        (_reason(DeclineReason),),
        quiet=True,
    ),
    Form(
        "withdraw",
        CooperationStep.WITHDRAWN,
        WithdrawCooperation,
        ("Zurückziehen", "Withdraw"),
        ("Mit diesem Grund zurückziehen", "Withdraw for this reason"),
        (_reason(NotRedeemedReason),),
        quiet=True,
    ),
    Form(
        "cancel",
        CooperationStep.CANCELLED,
        CancelCooperation,
        ("Absagen", "Cancel"),
        ("Mit diesem Grund absagen", "Cancel for this reason"),
        (_reason(NotRedeemedReason),),
        quiet=True,
    ),
    Form(
        "unredeemed",
        CooperationStep.NOT_REDEEMED,
        EndUnredeemed,
        ("Nicht eingelöst", "Not redeemed"),
        ("Als nicht eingelöst abschließen", "Close as not redeemed"),
        (_reason(NotRedeemedReason),),
        quiet=True,
    ),
)
"""In the order in which they are shown."""
BY_PATH = {form.path: form for form in FORMS}
_NEXT = {
    ActionKind.COMPLETE_AGREEMENT: "agreement",
    ActionKind.SIGN: "sign",
    ActionKind.FIND_DATE: "date",
    ActionKind.PREPARE: "preparation",
    ActionKind.REPORT: "report",
    ActionKind.DECIDE: "decision",
    ActionKind.EVALUATE: "evaluation",
    ActionKind.CONCLUDE: "complete",
    ActionKind.RESUME: "resume",
}
"""The forms of what can be next."""


def waits(cooperation: CooperationFact) -> bool:
    """Whether it is to be confirmed what was reported, before what is left of it gets a date, or a
    side says that it is over."""
    action = cooperation.next_action
    undecided = cooperation.decision is None or (action and action.kind == ActionKind.DECIDE)
    return cooperation.state == CooperationState.EVALUATING and bool(undecided)


def forms_of(cooperation: CooperationFact, *, as_broker: bool) -> list[Form]:
    """The forms of what is possible now; brokers end also what nobody confirms."""
    steps = set(possible(cooperation))
    if waits(cooperation):
        steps.discard(CooperationStep.PLANNED)
        if not as_broker:
            steps -= {CooperationStep.COMPLETED, CooperationStep.CONTINUED}
    return [form for form in FORMS if form.step in steps]


def next_of(cooperation: CooperationFact) -> str:
    """The path of the form of what is next; empty where there is none."""
    action = cooperation.next_action
    return _NEXT.get(action.kind, "") if action else ""


def command_of(
    form: Form,
    cooperation_id: UUID,
    side: Direction | None,
    on_behalf: object,
    values: Entered,
    person_id: UUID | None,
) -> tuple[CooperationCommand | None, list[Fault]]:
    """The command that was entered, or what is wrong with it."""
    data: dict[str, Any] = {"cooperation_id": cooperation_id, "side": side, "on_behalf": on_behalf}
    wrong = with_contacts(values, *TEXTS)
    said = form.build({field.name: _read(field, values) for field in form.fields}, wrong)
    if wrong:
        return None, wrong
    data |= with_terms(said, values, person_id) if form.step is CooperationStep.DRAFTED else said
    try:
        return form.command.model_validate(data), []
    except ValidationError as errors:
        found: dict[str, Fault] = {}
        for error in errors.errors():
            name = str(error["loc"][-1]) if error["loc"] else ""
            name = "more" if name == "dates" else name
            found.setdefault(name, Fault(name, *faults.in_words(error)))
        return None, list(found.values())


def entered_terms(values: Entered, person_id: UUID | None) -> dict[str, Any]:
    """What a broker entered of an agreement; no terms, where only a last day stands there."""
    said = {field.name: _read(field, values) for field in TERMS}
    bare = all(said[name] is None for name in said if name not in ("redeem_by", "format"))
    data = with_terms(said, values, person_id)
    return {**data, "terms": None} if bare else data


def with_terms(said: dict[str, Any], values: Entered, person_id: UUID | None) -> dict[str, Any]:
    """The fields of an agreement as a command has them; whoever ticked so is its witness."""
    terms = {name: value for name, value in said.items() if name != "format"}
    terms["witness_id"] = person_id if "witness" in values else None
    return {"terms": terms, "format": said["format"]}


def in_words(form: Form, values: Entered, language: str) -> list[tuple[str, str]]:
    """What was entered in a form, to be read: its labels, and what was said."""
    found = []
    for field in form.fields:
        said = one(values, field.name)
        if said and field.kind != "person":
            choices = {str(code): code.label(language) for code in field.codes or ()}
            label = field.label[1 if language == "en" else 0]
            found.append((label, choices.get(said, said)))
    return found


def _read(field: Field, values: Entered) -> object:
    text = values.get(field.name, [""])[0].strip()
    if not text:
        return None
    if field.kind == "decimal":
        return numbers.decimal(text)
    if field.kind == "whole":
        return numbers.whole(text)
    return text
