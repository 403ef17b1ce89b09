"""The codes of cooperations, each with its German and English label."""

from impulse_contracts.types import Coded


class CooperationOrigin(Coded):
    """How a cooperation came about."""

    PROPOSAL = "proposal", "aus einem Vorschlag", "from a proposal"
    ENTERED = "entered", "von der Vermittlung eingetragen", "entered by a broker"
    PROJECT = "project", "aus einem Projekt einer Veranstaltung", "from a project of an event"


class CooperationStep(Coded):
    """What can happen to a cooperation."""

    OPENED = "opened", "Eröffnung", "opening"
    ENTERED = "entered", "Eintragung", "entry"
    DRAFTED = "drafted", "Entwurf der Vereinbarung", "draft of the agreement"
    SIGNED = "signed", "Unterschrift", "signature"
    PUT_ON_HOLD = "put_on_hold", "Zurückstellung", "putting on hold"
    RESUMED = "resumed", "Wiederaufnahme", "resumption"
    DECLINED = "declined", "Ablehnung", "decline"
    WITHDRAWN = "withdrawn", "Rückzug", "withdrawal"
    CANCELLED = "cancelled", "Absage", "cancellation"
    NOT_REDEEMED = "not_redeemed", "Feststellung „nicht eingelöst“", "statement “not redeemed”"
    ACTION_SET = "action_set", "nächster Schritt", "next action"
    PLANNED = "planned", "Termin", "date"
    STARTED = "started", "Beginn", "beginning"
    REPORTED = "reported", "Bericht von der Durchführung", "report of the delivery"
    DECIDED = "decided", "Bestätigung des Berichts", "confirmation of the report"
    EVALUATED = "evaluated", "Auswertung", "evaluation"
    COMPLETED = "completed", "Abschluss", "completion"
    CONTINUED = "continued", "Verstetigung", "continuation"
    PREPARED = "prepared", "Vorbereitung", "preparation"
    CONTACTS_NAMED = "contacts_named", "Ansprechpersonen", "contacts"


class NotRedeemedReason(Coded):
    """Why a cooperation rests, ends early, or was not carried out."""

    CONTACT_LOST = "contact_lost", "Kontakt abgerissen", "contact lost"
    STAFF_CHANGE = "staff_change", "Personalwechsel", "change of staff"
    DATE_NOT_FOUND = "date_not_found", "kein Termin gefunden", "no date found"
    NEED_GONE = "need_gone", "Bedarf besteht nicht mehr", "need is gone"
    COMPANY_WITHDREW = "company_withdrew", "Unternehmen trat zurück", "company withdrew"
    NONPROFIT_WITHDREW = (
        "nonprofit_withdrew",
        "gemeinnützige Organisation trat zurück",
        "non-profit organisation withdrew",
    )
    EFFORT_UNDERESTIMATED = (
        "effort_underestimated",
        "Aufwand unterschätzt",
        "effort underestimated",
    )
    OTHER = "other", "anderer Grund", "other"


class ValueMethod(Coded):
    """How the value of a performance was estimated."""

    MARKET_PRICE = "market_price", "üblicher Marktpreis", "usual market price"
    HOURLY_RATE = "hourly_rate", "Stunden mal Stundensatz", "hours times an hourly rate"
    OWN_ESTIMATE = "own_estimate", "eigene Schätzung", "own estimate"


class Cover(Coded):
    """Whose liability or insurance covers those who take part."""

    NEED = "need", "über die Organisation mit dem Bedarf", "by the organisation with the need"
    OFFER = (
        "offer",
        "über die Organisation mit dem Angebot",
        "by the organisation with the offer",
    )
    EACH = "each", "jede Seite für ihre Leute", "each side for its own people"
    OPEN = "open", "noch zu klären", "still to be settled"


class AgreementGap(Coded):
    """What an agreement lacks to be complete."""

    PERFORMANCE = "performance", "die Leistung", "the performance"
    REDEEM_BY = "redeem_by", "der letzte Tag der Umsetzung", "the last day to carry it out"
    VALUE_METHOD = (
        "value_method",
        "die Methode, nach der der Wert geschätzt ist",
        "the method by which the value is estimated",
    )


class ActionKind(Coded):
    """What is to be done next."""

    GET_ACQUAINTED = "get_acquainted", "sich kennenlernen", "get acquainted"
    COMPLETE_AGREEMENT = (
        "complete_agreement",
        "Vereinbarung vervollständigen",
        "complete the agreement",
    )
    SIGN = "sign", "Vereinbarung unterschreiben", "sign the agreement"
    FIND_DATE = "find_date", "Termin finden", "find a date"
    PREPARE = "prepare", "vorbereiten", "prepare"
    CARRY_OUT = "carry_out", "gemeinsam umsetzen", "carry it out together"
    REPORT = "report", "berichten, was geschah", "report what happened"
    DECIDE = "decide", "Bericht der anderen Seite bestätigen", "confirm the other side's report"
    EVALUATE = "evaluate", "auswerten", "evaluate"
    CONCLUDE = "conclude", "abschließen oder verstetigen", "complete or continue it"
    RESUME = "resume", "Zurückgestelltes wieder aufnehmen", "resume what was put on hold"
    OTHER = "other", "etwas anderes", "something else"


class Responsible(Coded):
    """Who does something."""

    NEED = "need", "die Organisation mit dem Bedarf", "the organisation with the need"
    OFFER = "offer", "die Organisation mit dem Angebot", "the organisation with the offer"
    BOTH = "both", "beide Seiten", "both sides"
    BROKER = "broker", "die Vermittlung", "the brokers"


class PreparationItem(Coded):
    """What is to be prepared before they come together."""

    PROFILE = "profile", "Steckbrief des Einsatzes", "profile of the engagement"
    SITE_VISIT = "site_visit", "Begehung", "visit to the site"
    MATERIAL_COSTS = "material_costs", "Material und Kosten", "material and costs"
    INSURANCE_LIABILITY = (
        "insurance_liability",
        "Versicherung und Haftung",
        "insurance and liability",
    )
    PHOTOS = "photos", "Fotos: Einwilligungen", "photos: consents"
    BRIEFING = "briefing", "Vorbereitungstreffen", "meeting to prepare"
    CONTACT_ON_DAY = "contact_on_day", "Kontakt am Tag", "contact on the day"
    RAIN_PLAN = "rain_plan", "Plan für Regen", "plan for rain"
    CONDUCT_CERTIFICATE = (
        "conduct_certificate",
        "Führungszeugnis: von der gastgebenden Organisation eingesehen",
        "certificate of conduct: inspected by the host",
    )


class DeliveryOutcome(Coded):
    """Whether what was agreed was done."""

    DONE = "done", "umgesetzt", "done"
    PARTLY = "partly", "teilweise umgesetzt", "partly done"
    NOT_DONE = "not_done", "nicht umgesetzt", "not done"


class CooperationWarning(Coded):
    """What is to be looked at, and hinders nothing."""

    CONFLICT_OF_INTEREST = (
        "conflict_of_interest",
        "Jemand gehört zu beiden Seiten (möglicher Interessenkonflikt).",
        "Somebody belongs to both sides (a possible conflict of interest).",
    )
    NO_SUCCESSOR_NEED = (
        "no_successor_need",
        "Seite mit dem Bedarf: Niemand ist benannt, der die Ansprechperson vertritt.",
        "Side with the need: nobody is named who steps in for the contact.",
    )
    NO_SUCCESSOR_OFFER = (
        "no_successor_offer",
        "Seite mit dem Angebot: Niemand ist benannt, der die Ansprechperson vertritt.",
        "Side with the offer: nobody is named who steps in for the contact.",
    )
    CONTACT_LEFT_NEED = (
        "contact_left_need",
        "Seite mit dem Bedarf: Die Ansprechperson ist nicht mehr da, und niemand vertritt sie.",
        "Side with the need: the contact is no longer there, and nobody steps in.",
    )
    CONTACT_LEFT_OFFER = (
        "contact_left_offer",
        "Seite mit dem Angebot: Die Ansprechperson ist nicht mehr da, und niemand vertritt sie.",
        "Side with the offer: the contact is no longer there, and nobody steps in.",
    )
    AFTER_LAST_DAY = (
        "after_last_day",
        "Der Termin liegt nach dem letzten Tag der Vereinbarung.",
        "The date lies after the last day of the agreement.",
    )
