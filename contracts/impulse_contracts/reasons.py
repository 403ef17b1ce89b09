"""Why something was refused: one documented list, each with a German and an English sentence.

The sentences may name details in braces; whoever refuses gives them (`Reason.text`). A `subject`
begins its sentence, in the nominative: “Der Vorschlag”, “The proposal”.
"""

from impulse_contracts.types import Coded


class Reason(Coded):
    """Machine-readable reasons of refused commands and reports."""

    NOT_JSON = "not_json", "Der Inhalt ist kein JSON: {detail}", "The value is not JSON: {detail}"
    UNKNOWN_TYPE = (
        "unknown_type",
        "Diese Art von Nachricht gibt es auf diesem Topic nicht: {detail}",
        "There is no message of this type on this topic: {detail}",
    )
    CONTRACT_VIOLATION = (
        "contract_violation",
        "Die Nachricht entspricht nicht dem Vertrag: {detail}",
        "The message breaks its contract: {detail}",
    )
    BAD_HEADER = (
        "bad_header",
        "Ein Kopffeld der Nachricht fehlt oder ist unbrauchbar: {detail}",
        "A header of the message is missing or unusable: {detail}",
    )
    UNEXPECTED_TOMBSTONE = (
        "unexpected_tombstone",
        "Eine leere Nachricht hat auf diesem Topic keine Bedeutung.",
        "A message without a value means nothing on this topic.",
    )
    WAITED_TOO_LONG = (
        "waited_too_long",
        "{subject} ist auch nach der Wartezeit nicht bekannt.",
        "{subject} is still not known after the waiting time.",
    )
    HANDLER_ERROR = (
        "handler_error",
        "Bei der Verarbeitung ist ein Fehler aufgetreten; der Betrieb ist informiert.",
        "The message could not be processed; the operators know of it.",
    )
    NOT_FOUND = "not_found", "{subject} ist nicht bekannt.", "{subject} is not known."
    ALREADY_EXISTS = (
        "already_exists",
        "{subject} ist schon vorhanden.",
        "{subject} exists already.",
    )
    WRONG_STATE = (
        "wrong_state",
        "Das geht im Zustand „{state}“ nicht{instead}.",
        "This is not possible in the state “{state}”{instead}.",
    )
    NOT_ALLOWED = (
        "not_allowed",
        "Dazu sind Sie nicht berechtigt.",
        "You are not allowed to do this.",
    )
    RULES_INVALID = (
        "rules_invalid",
        "Der Regelsatz gilt nicht: {detail}",
        "The rule set is not valid: {detail}",
    )
    VERSION_TAKEN = (
        "version_taken",
        "Unter der Fassung „{detail}“ galten schon andere Regeln; bitte eine neue vergeben.",
        "Other rules were in force as version “{detail}” already; please choose a new one.",
    )
    SUCCESSION_NEEDED = (
        "succession_needed",
        "Beide haben einen eigenen Registereintrag. Geben Sie an, wie der eine auf den anderen "
        "folgte.",
        "Both have a register entry of their own. Say how the one succeeded the other.",
    )
    ONE_ENTITY = (
        "one_entity",
        "Registereintrag oder W-IdNr. sind dieselben: Es ist eine Organisation. Stimmt das nicht, "
        "berichtigt es die Quelle.",
        "The register entry or the W-IdNr. is the same: it is one organisation. If that is wrong, "
        "the source corrects it.",
    )
    AGREEMENT_INCOMPLETE = (
        "agreement_incomplete",
        "Der Vereinbarung fehlt noch: {detail}.",
        "The agreement lacks: {detail}.",
    )
    REASON_MISSING = (
        "reason_missing",
        "Warum es nicht oder nur teilweise umgesetzt wurde, ist anzugeben.",
        "Please say why it was not done, or only partly.",
    )
    NOT_OF_SIDE = (
        "not_of_side",
        "Diese Person gehört nicht zur Organisation, für die sie genannt ist.",
        "This person does not belong to the organisation that they are named for.",
    )
    NOT_APPROVING = (
        "not_approving",
        "Was die eine Seite berichtet, bestätigt die andere; berichten beide, die Seite mit dem "
        "Bedarf.",
        "What one side reports the other confirms; if both report, the side with the need does.",
    )
    NOT_DECIDED = (
        "not_decided",
        "Vorher ist zu bestätigen, was berichtet wurde; das macht {detail}.",
        "Before that it is to be confirmed what was reported; that is for {detail}.",
    )
    WITNESS_OF_SIDE = (
        "witness_of_side",
        "Wer als Marktplatz-Notar:in prüft, gehört zu keiner der beiden Seiten.",
        "Whoever checks as “Marktplatz-Notar:in” belongs to neither of the sides.",
    )
    SAME_ORGANISATION = (
        "same_organisation",
        "Eine Kooperation haben zwei verschiedene Organisationen.",
        "A cooperation is one of two different organisations.",
    )
    CONTACT_IN_TEXT = (
        "contact_in_text",
        "Bitte ohne E-Mail-Adresse und Telefonnummer: {detail}. Kontakte nennt Impulse beiden "
        "Seiten, wenn sie zugesagt haben.",
        "Please leave out e-mail addresses and telephone numbers: {detail}. Impulse names contacts "
        "to both sides when they have agreed.",
    )
    OFFER_TAKEN = (
        "offer_taken",
        "Das Angebot ist schon einem anderen Bedarf zugesagt.",
        "The offer is already promised to another need.",
    )
    NOT_RELEASED = (
        "not_released",
        "Der Vorschlag ist noch nicht freigegeben (Zustand „{state}“); bis dahin antwortet nur die "
        "Vermittlung.",
        "The proposal is not released yet (state “{state}”); until then only brokers answer it.",
    )
    OFFER_NEEDED = (
        "offer_needed",
        "Dazu braucht es ein eigenes offenes Angebot: Bitte veröffentlichen Sie zuerst, was Sie "
        "geben können.",
        "This needs an open offer of your own: please publish first what you can give.",
    )
    BLOCKED = (
        "blocked",
        "Das lässt sich nicht zusammenbringen. {detail}",
        "These cannot be brought together. {detail}",
    )
    TOO_MANY_RELEASED = (
        "too_many_released",
        "Zu „{detail}“ sind schon drei Vorschläge freigegeben und noch nicht beantwortet.",
        "There are three proposals for “{detail}” already that are released and not answered.",
    )
    PERSON_ERASED = (
        "person_erased",
        "Die Daten dieser Person wurden gelöscht.",
        "The data of this person were erased.",
    )

    LAST_ADMIN = (
        "last_admin",
        "Jemand muss die Organisation verwalten: Bitte übergeben Sie vorher das Amt.",
        "Somebody has to administer the organisation: please hand the office over first.",
    )
    NO_CONSENT_NEEDED = (
        "no_consent_needed",
        "Dieser Zweck beruht nicht auf einer Einwilligung.",
        "This purpose does not rest on a consent.",
    )
    DATE_IN_FUTURE = (
        "date_in_future",
        "Das Datum liegt in der Zukunft.",
        "The date lies in the future.",
    )
    DATE_IN_PAST = (
        "date_in_past",
        "Der letzte Tag liegt schon in der Vergangenheit.",
        "The last day is past already.",
    )
    DATE_TOO_FAR = (
        "date_too_far",
        "Dieser Tag liegt zu weit voraus: höchstens bis {detail}.",
        "This day is too far ahead: until {detail} at most.",
    )
    OWN_EVIDENCE = (
        "own_evidence",
        "Den eigenen Nachweis prüft der Programmbetrieb.",
        "Its own evidence is checked by the programme operator.",
    )
    NOT_ADMITTED = (
        "not_admitted",
        "{subject} ist keine zugelassene Ansprechstelle.",
        "{subject} is not an admitted intermediary.",
    )
    UNKNOWN_AREA = (
        "unknown_area",
        "Diesen Gemeindeschlüssel gibt es nicht: {detail}",
        "There is no municipality or district with the key {detail}",
    )
    CHANNEL_MISSING = (
        "channel_missing",
        "Wer für andere handelt, sagt, auf welchem Weg und wann sie es gesagt haben.",
        "Who acts for others says through which channel and when they said so.",
    )
    DATE_MISSING = (
        "date_missing",
        "Bis wann der Nachweis gilt, ist unbekannt: Bitte sein Datum nennen oder seinen Ablauf.",
        "It is not known until when the evidence holds: state its date, or when it ends.",
    )

    PERIOD_TOO_LONG = (
        "period_too_long",
        "So lange gilt der Nachweis nicht: höchstens bis {detail}.",
        "The evidence does not hold for so long: until {detail} at most.",
    )

    NOT_NONPROFIT_OR_MUNICIPAL = (
        "not_nonprofit_or_municipal",
        "Das Angebot ist nicht für Organisationen dieser Trägerschaft: {detail}.",
        "The offer is not for organisations borne like this: {detail}.",
    )
    EVIDENCE_MISSING = (
        "evidence_missing",
        "Dafür braucht es einen geprüften Nachweis der Organisation.",
        "This needs evidence of the organisation that was checked.",
    )
    OUTSIDE_SERVICE_AREA = (
        "outside_service_area",
        "Das Angebot gilt für ein anderes Gebiet.",
        "The offer is for another area.",
    )
    DUPLICATE_BOOKING = (
        "duplicate_booking",
        "Es gibt schon eine Buchung: {detail}",
        "There is a booking already: {detail}",
    )
    TIME_CONFLICT_HARD = (
        "time_conflict_hard",
        "Jemand der Genannten hat zu dieser Zeit schon eine andere Buchung: {detail}",
        "Somebody who is named has another booking at that time: {detail}",
    )
    TIME_CONFLICT_SOFT = (
        "time_conflict_soft",
        "Jemand der Genannten hat sich überschneidende Buchungen: {detail}",
        "Somebody who is named has bookings that overlap: {detail}",
    )
    FULL = "full", "Es ist kein Platz mehr frei.", "No place is left."
    QUOTA_FULL_FOR_GROUP = (
        "quota_full_for_group",
        "Die freien Plätze sind für andere vorgesehen.",
        "The places that are left are meant for others.",
    )
    NOT_OPEN_YET = (
        "not_open_yet",
        "Das kann erst ab {detail} gebucht werden.",
        "This can be booked from {detail} on.",
    )
    CLOSED = "closed", "Das kann nicht mehr gebucht werden.", "This can't be booked any more."
    PREREQUISITE_MISSING = (
        "prerequisite_missing",
        "Vorher ist ein anderes Angebot zu besuchen.",
        "Another offer has to be attended before.",
    )
    ORGANISATION_LIMIT_REACHED = (
        "organisation_limit_reached",
        "Mehr geht je Organisation nicht: höchstens {detail}.",
        "No more is possible for one organisation: {detail} at most.",
    )
    SUSPENDED_NO_SHOWS = (
        "suspended_no_shows",
        "Nach Buchungen, zu denen niemand erschien, ist das zurzeit nicht möglich.",
        "After bookings to which nobody came this is not possible for now.",
    )
    ACTOR_NOT_ACTIVE = (
        "actor_not_active",
        "Die Organisation ist zurzeit gesperrt oder nicht mehr eingetragen.",
        "The organisation is suspended for now, or no longer listed.",
    )
    TIME_IN_PAST = (
        "time_in_past",
        "Der Beginn liegt in der Vergangenheit.",
        "The beginning lies in the past.",
    )
    ENDS_BEFORE_IT_BEGINS = (
        "ends_before_it_begins",
        "Das Ende liegt nicht nach dem Beginn.",
        "The end does not lie after the beginning.",
    )
    TIME_SKIPPED = (
        "time_skipped",
        "Diese Uhrzeit gibt es an dem Tag nicht, weil die Uhr vorgestellt wird: {detail}",
        "There is no such time on that day, as the clock is put forward: {detail}",
    )
    PLACES_ARE_TAKEN = (
        "places_are_taken",
        "So viele Plätze sind schon vergeben. Vorher wären Buchungen abzusagen: {detail}",
        "So many places are taken already. Bookings would have to be cancelled before: {detail}",
    )
    OFFER_OVER = (
        "offer_over",
        "Der angebotene Platz ist leider weitergegangen: {detail}",
        "The place that was offered has gone to others, we are sorry: {detail}",
    )
    NOT_BEGUN = (
        "not_begun",
        "Das hat noch nicht begonnen: Was war, wird ab {detail} festgehalten.",
        "That has not begun yet: what happened is written down from {detail} on.",
    )
    PART_OF_EDITION = (
        "part_of_edition",
        "Der Termin gehört zu einer Veranstaltung; geändert oder abgesagt wird diese.",
        "The session is part of an event, which is to be changed or cancelled.",
    )
    NO_PROJECTS = (
        "no_projects",
        "Zu dieser Veranstaltung werden keine Projekte eingereicht.",
        "No projects are submitted for this event.",
    )
    NOT_REGISTERED = (
        "not_registered",
        "Dafür braucht die Organisation einen bestätigten Platz {detail}.",
        "For this the organisation needs a confirmed place {detail}.",
    )
    SAME_SIDE = (
        "same_side",
        "Eine Vereinbarung der Veranstaltung haben ein Unternehmen und eine Organisation der "
        "gemeinnützigen Seite.",
        "An agreement of the event is one of a company and an organisation of the non-profit side.",
    )
    DEADLINE_OVER = (
        "deadline_over",
        "Das war bis {detail} möglich.",
        "This was possible until {detail}.",
    )
    PROJECT_TAKEN = (
        "project_taken",
        "Das Projekt ist schon vergeben. Bitte wählen Sie ein anderes, das noch frei ist.",
        "The project has been claimed already. Please choose another one that is still free.",
    )
    EVIDENCE_DELETED = (
        "evidence_deleted",
        "Die Belege bis {detail} sind nach Ablauf ihrer Aufbewahrungsfrist gelöscht.",
        "The evidence up to {detail} was deleted, as it need not be kept any more.",
    )
    NOT_CUT_YET = (
        "not_cut_yet",
        "Der Bericht wird noch gezählt; vorläufige Berichte werden nicht eingereicht.",
        "The report is still being counted; preliminary reports are not submitted.",
    )
    NO_SESSION_NEEDED = (
        "no_session_needed",
        "Unterstützung wird ohne Termin angefragt, anderes zu einem Termin.",
        "Support is asked for without a session, all else for a session.",
    )

    def text(self, language: str, **details: object) -> str:
        """The sentence in `language` (`de` or `en`) with `details` filled in.

        A detail that is given as a pair is taken as (German, English). What is possible `instead`
        may be left out.
        """
        chosen = {
            name: value[language == "en"] if isinstance(value, tuple) else value
            for name, value in {"instead": "", **details}.items()
        }
        return self.label(language).format(**chosen)
