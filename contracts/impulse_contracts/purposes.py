"""What personal data is kept for: legal basis, how long, and what begins that time.

One table for everything that depends on it: what may be sent to whom, when data goes by itself,
the privacy page, and the record of processing activities (Art. 30 GDPR).
"""

from dataclasses import dataclass

from impulse_contracts.types import Coded


class Basis(Coded):
    """The legal basis of a purpose, Art. 6 (1) GDPR."""

    CONSENT = (
        "consent",
        "Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO)",
        "consent (Art. 6 (1) (a) GDPR)",
    )
    CONTRACT = (
        "contract",
        "Vertrag (Art. 6 Abs. 1 Buchst. b DSGVO)",
        "contract (Art. 6 (1) (b) GDPR)",
    )
    PUBLIC_TASK = (
        "public_task",
        "öffentliche Aufgabe (Art. 6 Abs. 1 Buchst. e DSGVO)",
        "public task (Art. 6 (1) (e) GDPR)",
    )
    LEGITIMATE_INTEREST = (
        "legitimate_interest",
        "berechtigtes Interesse (Art. 6 Abs. 1 Buchst. f DSGVO)",
        "legitimate interest (Art. 6 (1) (f) GDPR)",
    )


class Start(Coded):
    """What begins a storage period."""

    CONTACT_REPORTED = (
        "contact_reported",
        "ab der letzten Meldung, wenn die Person sie nicht bestätigt hat",
        "from the last report, unless the person has confirmed it",
    )
    MEMBERSHIP_ENDED = (
        "membership_ended",
        "ab dem Ende der letzten Zugehörigkeit zu einer Organisation",
        "from the end of the last membership in an organisation",
    )
    DISCLOSURE_ENDED = (
        "disclosure_ended",
        "ab dem Ende der Weitergabe",
        "from the end of the disclosure",
    )
    CONSENT_WITHDRAWN = (
        "consent_withdrawn",
        "ab dem Widerruf der Einwilligung",
        "from the withdrawal of the consent",
    )
    CLAIM_DECIDED = (
        "claim_decided",
        "ab der Entscheidung über die Anfrage",
        "from the decision on the request",
    )
    MESSAGE_SENT = "message_sent", "ab dem Versand", "from the sending"
    SIGNED_IN = "signed_in", "ab der Anmeldung", "from the sign-in"
    ERASED = "erased", "ab der Löschung", "from the erasure"


class Purpose(Coded):
    """What personal data is kept for."""

    REPORTED_CONTACT = (
        "reported_contact",
        "Ansprechperson, die eine Partnerorganisation gemeldet hat",
        "contact person whom a partner organisation has reported",
    )
    MEMBERSHIP = (
        "membership",
        "Handeln für eine Organisation: Konto, Funktionen und Rechte",
        "acting for an organisation: account, functions and rights",
    )
    CLAIM = (
        "claim",
        "Prüfen, wer für eine Organisation handeln darf",
        "checking who may act for an organisation",
    )
    SIGN_IN = "sign_in", "Anmeldung und Sicherheit des Zugangs", "sign-in and its security"
    MESSAGES = (
        "messages",
        "Nachrichten zu Vorschlägen, Kooperationen und Buchungen der eigenen Organisation",
        "messages on proposals, cooperations and bookings of one's own organisation",
    )
    DISCLOSURE = (
        "disclosure",
        "Weitergabe des Kontakts an die andere Seite einer Kooperation",
        "disclosure of the contact to the other side of a cooperation",
    )
    MATCH_SUGGESTION = (
        "match_suggestion",
        "Hinweise auf passende Angebote und Bedarfe",
        "hints at offers and needs that fit",
    )
    PROGRAMME_NEWS = (
        "programme_news",
        "Neuigkeiten aus dem Programm",
        "news of the programme",
    )
    BLOCK_LIST = (
        "block_list",
        "Sicherstellen, dass gelöschte Daten gelöscht bleiben",
        "making sure that erased data stays erased",
    )


class Recipient(Coded):
    """Who sees personal data, besides whoever runs the systems."""

    NOBODY = "nobody", "niemand sonst", "nobody else"
    PERSON = "person", "die Person selbst", "the person alone"
    COLLEAGUES = (
        "colleagues",
        "wer für dieselbe Organisation handelt",
        "who acts for the same organisation",
    )
    BROKERS = (
        "brokers",
        "Vermittlerinnen und Vermittler der Mittlerorganisationen",
        "brokers of the intermediaries",
    )
    OTHER_SIDE = (
        "other_side",
        "wer für die andere Seite einer Kooperation handelt, nachdem beide zugesagt haben",
        "who acts for the other side of a cooperation, after both have accepted",
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a purpose: the data go `days` after what `starts` the period.

    `seen_by` are their recipients. `promotional`: nothing is sent without a consent that stands.
    `de` and `en` say which data.
    """

    basis: Basis
    days: int
    starts: Start
    de: str
    en: str
    seen_by: tuple[Recipient, ...]
    promotional: bool = False

    def data(self, language: str) -> str:
        """Which data."""
        return self.en if language == "en" else self.de

    def recipients(self, language: str) -> str:
        """Who sees them."""
        return "; ".join(each.label(language) for each in self.seen_by)

    def kept(self, language: str) -> str:
        """How long, and from when."""
        starts = self.starts.label(language)
        if language == "en":
            return f"{self.days} {'day' if self.days == 1 else 'days'} {starts}"
        return f"{self.days} {'Tag' if self.days == 1 else 'Tage'} {starts}"


TERMS: dict[Purpose, Terms] = {
    Purpose.REPORTED_CONTACT: Terms(
        Basis.LEGITIMATE_INTEREST,
        365,
        Start.CONTACT_REPORTED,
        "Name, E-Mail-Adresse, Telefonnummer, Sprache, meldende Stelle",
        "name, e-mail address, telephone number, language, who reported them",
        (Recipient.COLLEAGUES, Recipient.BROKERS),
    ),
    Purpose.MEMBERSHIP: Terms(
        Basis.CONTRACT,
        30,
        Start.MEMBERSHIP_ENDED,
        "Name, E-Mail-Adresse, Telefonnummer, Sprache, Funktionen und Rechte",
        "name, e-mail address, telephone number, language, functions and rights",
        (Recipient.COLLEAGUES, Recipient.BROKERS),
    ),
    Purpose.CLAIM: Terms(
        Basis.CONTRACT,
        30,
        Start.CLAIM_DECIDED,
        "Name, E-Mail-Adresse, die Organisation, um die es geht",
        "name, e-mail address, the organisation in question",
        (Recipient.COLLEAGUES, Recipient.BROKERS),
    ),
    Purpose.SIGN_IN: Terms(
        Basis.CONTRACT,
        1,
        Start.SIGNED_IN,
        "Sitzung, benutzte Links, Prüfwerte von Adressen",
        "session, used links, digests of addresses",
        (Recipient.NOBODY,),
    ),
    Purpose.MESSAGES: Terms(
        Basis.CONTRACT,
        365,
        Start.MESSAGE_SENT,
        "Betreff und Text ohne Namen, Zeitpunkt und Ergebnis des Versands; gebuchte Termine",
        "subject and text without names, time and result of the sending; booked sessions",
        (Recipient.PERSON,),
    ),
    Purpose.DISCLOSURE: Terms(
        Basis.CONTRACT,
        30,
        Start.DISCLOSURE_ENDED,
        "Name, E-Mail-Adresse, Telefonnummer; für wen, wozu, bis wann",
        "name, e-mail address, telephone number; for whom, what for, until when",
        (Recipient.OTHER_SIDE, Recipient.BROKERS),
    ),
    Purpose.MATCH_SUGGESTION: Terms(
        Basis.CONSENT,
        1095,
        Start.CONSENT_WITHDRAWN,
        "als Nachweis: wozu eingewilligt wurde, wann, zu welchem Text, auf welchem Weg, Widerruf",
        "as proof: what was agreed to, when, to which text, by which channel, withdrawal",
        (Recipient.PERSON,),
        promotional=True,
    ),
    Purpose.PROGRAMME_NEWS: Terms(
        Basis.CONSENT,
        1095,
        Start.CONSENT_WITHDRAWN,
        "als Nachweis: wozu eingewilligt wurde, wann, zu welchem Text, auf welchem Weg, Widerruf",
        "as proof: what was agreed to, when, to which text, by which channel, withdrawal",
        (Recipient.PERSON,),
        promotional=True,
    ),
    Purpose.BLOCK_LIST: Terms(
        Basis.LEGITIMATE_INTEREST,
        3650,
        Start.ERASED,
        "Kennung des Systems, das die Person gemeldet hat; Prüfwert der E-Mail-Adresse",
        "id in the system that reported the person; digest of the e-mail address",
        (Recipient.NOBODY,),
    ),
}
"""The terms of every purpose."""

BY_CONSENT: frozenset[Purpose] = frozenset(
    purpose for purpose, terms in TERMS.items() if terms.basis is Basis.CONSENT
)
"""The purposes that a person may agree to, and withdraw from at any time."""
