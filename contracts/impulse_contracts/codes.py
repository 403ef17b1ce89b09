"""The closed lists of codes, each with its German and English label (words: docs/domain.md)."""

from impulse_contracts.types import Coded


class ActorKind(Coded):
    """What an actor is in the brokerage."""

    COMPANY = "company", "Unternehmen", "company"
    NONPROFIT = "nonprofit", "gemeinnützige Organisation", "non-profit organisation"
    MUNICIPAL = "municipal", "Kommune", "municipality"
    INTERMEDIARY = "intermediary", "Mittlerorganisation", "intermediary"
    FUNDER = "funder", "Förderer", "funder"
    PROGRAMME = "programme", "Programmträger", "programme operator"


class ActorType(Coded):
    """The kind of organisation."""

    VOLUNTEER_AGENCY = "volunteer_agency", "Freiwilligenagentur", "volunteer agency"
    COMMUNITY_FOUNDATION = "community_foundation", "Bürgerstiftung", "community foundation"
    MULTIGENERATIONAL_HOUSE = (
        "multigenerational_house",
        "Mehrgenerationenhaus",
        "multigenerational house",
    )
    MUNICIPAL_VOLUNTEERING_OFFICE = (
        "municipal_volunteering_office",
        "Stelle der kommunalen Ehrenamtsförderung",
        "municipal volunteering office",
    )
    COMMUNITY_WORK_NETWORK = (
        "community_work_network",
        "Netzwerk der Gemeinwesenarbeit",
        "community-work network",
    )
    WELFARE_ASSOCIATION = "welfare_association", "Wohlfahrtsverband", "welfare association"
    ECONOMIC_DEVELOPMENT_AGENCY = (
        "economic_development_agency",
        "Wirtschaftsförderung",
        "economic development agency",
    )
    NONPROFIT_ASSOCIATION = (
        "nonprofit_association",
        "gemeinnütziger Verein",
        "non-profit association",
    )
    SOCIAL_FACILITY = "social_facility", "soziale Einrichtung", "social facility"
    INITIATIVE = "initiative", "Initiative", "initiative"
    FOUNDATION = "foundation", "Stiftung", "foundation"
    SENIORS_OFFICE = "seniors_office", "Seniorenbüro", "seniors' office"
    SCHOOL_OR_DAYCARE = "school_or_daycare", "Schule oder Kita", "school or day-care centre"
    FAITH_BODY = "faith_body", "Religionsgemeinschaft", "faith body"
    COMPANY_MICRO = "company_micro", "Kleinstunternehmen", "micro company"
    COMPANY_SMALL = "company_small", "kleines Unternehmen", "small company"
    COMPANY_MEDIUM = "company_medium", "mittleres Unternehmen", "medium-sized company"
    COMPANY_LARGE = "company_large", "großes Unternehmen", "large company"
    SELF_EMPLOYED = "self_employed", "Selbstständige", "self-employed"
    CHAMBER_ASSOCIATION = (
        "chamber_association",
        "Kammer oder Wirtschaftsverband",
        "chamber or business association",
    )
    MUNICIPALITY = "municipality", "Kommune", "municipality"
    DISTRICT = "district", "Kreis", "district"
    FUNDER = "funder", "Fördermittelgeber", "funder"
    PROGRAMME_OPERATOR = "programme_operator", "Programmträger", "programme operator"


DEFAULT_TYPES: dict[ActorKind, ActorType] = {
    ActorKind.NONPROFIT: ActorType.NONPROFIT_ASSOCIATION,
    ActorKind.COMPANY: ActorType.COMPANY_SMALL,
    ActorKind.MUNICIPAL: ActorType.MUNICIPALITY,
    ActorKind.INTERMEDIARY: ActorType.VOLUNTEER_AGENCY,
    ActorKind.FUNDER: ActorType.FUNDER,
    ActorKind.PROGRAMME: ActorType.PROGRAMME_OPERATOR,
}
"""The actor type that a report without one means."""


class Carrier(Coded):
    """Who bears an actor (Träger); decides what is free of charge (docs/domain.md)."""

    NONPROFIT = "nonprofit", "gemeinnützig", "non-profit"
    MUNICIPAL = "municipal", "kommunal", "municipal"
    PUBLIC_OTHER = "public_other", "öffentlich", "other public body"
    PRIVATE = "private", "privat", "private"


class LegalForm(Coded):
    """Legal forms."""

    E_V = "e_v", "eingetragener Verein", "registered association"
    GGMBH = "ggmbh", "gemeinnützige GmbH", "non-profit GmbH"
    GUG = "gug", "gemeinnützige UG", "non-profit UG"
    FOUNDATION_CIVIL = "foundation_civil", "rechtsfähige Stiftung", "civil-law foundation"
    TRUST_FOUNDATION = "trust_foundation", "Treuhandstiftung", "trust foundation"
    PUBLIC_BODY = "public_body", "Körperschaft oder Anstalt öffentlichen Rechts", "public-law body"
    CHURCH_BODY = "church_body", "kirchliche Körperschaft", "church body"
    COOPERATIVE = "cooperative", "Genossenschaft", "cooperative"
    GMBH = "gmbh", "GmbH", "GmbH"
    UG = "ug", "UG (haftungsbeschränkt)", "UG (limited liability)"
    AG = "ag", "AG", "AG"
    KG = "kg", "KG", "KG"
    OHG = "ohg", "OHG", "OHG"
    EK = "ek", "eingetragene Kaufleute", "registered merchant"
    GBR = "gbr", "GbR", "GbR"
    PARTG = "partg", "Partnerschaftsgesellschaft", "partnership"
    SELF_EMPLOYED = "self_employed", "selbstständig", "self-employed"
    UNREGISTERED_ASSOCIATION = (
        "unregistered_association",
        "nicht eingetragener Verein",
        "unregistered association",
    )
    E_GBR = "e_gbr", "eGbR", "eGbR"
    GMBH_CO_KG = "gmbh_co_kg", "GmbH & Co. KG", "GmbH & Co. KG"
    SE = "se", "SE", "SE"
    KGAA = "kgaa", "KGaA", "KGaA"
    MUNICIPALITY_BODY = "municipality_body", "Gebietskörperschaft", "territorial authority"
    NONE = "none", "ohne Rechtsform", "none"


class ActorStatus(Coded):
    """Where an actor is in its life."""

    REGISTERED = "registered", "eingetragen", "registered"
    VERIFIED = "verified", "geprüft", "verified"
    STALE = "stale", "nicht mehr bestätigt", "stale"
    SUSPENDED = "suspended", "gesperrt", "suspended"
    ARCHIVED = "archived", "abgemeldet", "archived"
    MERGED = "merged", "zusammengeführt", "merged"


class IntakeChannel(Coded):
    """How something reached us that is said of an actor."""

    IMPORT = "import", "Datenübernahme", "import"
    WEB_FORM = "web_form", "Webformular", "web form"
    PHONE = "phone", "Telefon", "telephone"
    EMAIL = "email", "E-Mail", "e-mail"
    PERSONAL = "personal", "persönlich", "in person"
    LETTER = "letter", "Brief", "letter"
    EVENT_FLOOR = "event_floor", "auf einer Veranstaltung", "at an event"


class EvidenceKind(Coded):
    """What shows that an actor is what it says: mostly that it serves the public good."""

    EXEMPTION_NOTICE = "exemption_notice", "Freistellungsbescheid", "exemption notice"
    TAX_NOTICE_ANNEX = (
        "tax_notice_annex",
        "Anlage zum Körperschaftsteuerbescheid",
        "annex to the corporation tax notice",
    )
    STATUTE_DETERMINATION = (
        "statute_determination",
        "Feststellung der satzungsmäßigen Voraussetzungen (§ 60a AO)",
        "determination on the statutes (section 60a of the Fiscal Code)",
    )
    RECIPIENT_REGISTER = (
        "recipient_register",
        "Eintrag im Zuwendungsempfängerregister (§ 60b AO)",
        "entry in the register of donation recipients (section 60b of the Fiscal Code)",
    )
    PUBLIC_LAW_BODY = (
        "public_law_body",
        "Körperschaft des öffentlichen Rechts (kein Nachweis nötig)",
        "body of public law (no evidence needed)",
    )
    CARRIER = "carrier", "Nachweis des Trägers", "evidence of the carrier"
    OTHER = "other", "anderer Nachweis", "other evidence"


class EvidenceState(Coded):
    """Where a piece of evidence is in its life."""

    SUBMITTED = "submitted", "eingereicht, noch nicht geprüft", "submitted, not checked yet"
    ACCEPTED = "accepted", "geprüft", "checked"
    REJECTED = "rejected", "nicht anerkannt", "not accepted"


class SuspensionReason(Coded):
    """Why an actor is out of sight until somebody looks at it."""

    UNCLEAR_IDENTITY = (
        "unclear_identity",
        "Es ist unklar, wer dahintersteht",
        "it is unclear who is behind it",
    )
    FALSE_STATEMENTS = "false_statements", "falsche Angaben", "false statements"
    DISSOLVED = "dissolved", "vermutlich aufgelöst", "probably dissolved"
    AT_OWN_REQUEST = "at_own_request", "auf eigenen Wunsch", "at its own request"
    UNDER_REVIEW = "under_review", "in Prüfung", "under review"


class SocietalTopic(Coded):
    """The six societal tasks of the project."""

    EDUCATION_EQUITY = (
        "education_equity",
        "gerechte Bildungschancen",
        "fair educational opportunity",
    )
    LABOUR_MARKET_ACCESS = (
        "labour_market_access",
        "Zugang zum Arbeitsmarkt",
        "access to the labour market",
    )
    INTEGRATION_NEWCOMERS = (
        "integration_newcomers",
        "Integration von Zugewanderten",
        "integration of newcomers",
    )
    CLIMATE_IMPACT = (
        "climate_impact",
        "Folgen des Klimawandels mildern",
        "mitigating climate impact",
    )
    SOCIAL_COHESION = "social_cohesion", "sozialer Zusammenhalt", "social cohesion"
    LIBERAL_DEMOCRACY = (
        "liberal_democracy",
        "liberale Demokratie verteidigen",
        "defending liberal democracy",
    )


class Direction(Coded):
    """Whether a listing gives or asks."""

    OFFER = "offer", "Angebot", "offer"
    NEED = "need", "Bedarf", "need"


class ResourceCategory(Coded):
    """What is exchanged: the four categories of the Marktplatz. Never money."""

    HANDS = "hands", "helfende Hände", "helping hands"
    MINDS = "minds", "helfende Köpfe", "helping minds"
    MEANS = "means", "Hilfsmittel und Logistik", "means and logistics"
    CONTACTS = "contacts", "Gelegenheiten und Kontakte", "opportunities and contacts"


class Unit(Coded):
    """What a quantity counts."""

    PERSON = "person", "Personen", "persons"
    HOUR = "hour", "Stunden", "hours"
    PIECE = "piece", "Stück", "pieces"
    M2 = "m2", "m²", "m²"
    DAY = "day", "Tage", "days"
    SESSION = "session", "Termine", "sessions"


class TimeMode(Coded):
    """How a listing is placed in time."""

    FIXED = "fixed", "fester Termin", "fixed date"
    WINDOW = "window", "Zeitraum", "time window"
    RECURRING = "recurring", "wiederkehrend", "recurring"
    OPEN_ENDED = "open_ended", "zeitlich offen", "open-ended"


class PlaceMode(Coded):
    """Where a listing happens."""

    AT_NONPROFIT = "at_nonprofit", "bei der Organisation", "at the organisation"
    AT_COMPANY = "at_company", "beim Unternehmen", "at the company"
    THIRD = "third", "an einem dritten Ort", "at a third place"
    ONLINE = "online", "online", "online"


class Requirement(Coded):
    """What helpers must bring or clear beforehand."""

    EXTENDED_CERTIFICATE_OF_CONDUCT = (
        "extended_certificate_of_conduct",
        "erweitertes Führungszeugnis",
        "extended certificate of conduct",
    )
    SAFETY_INSTRUCTION = "safety_instruction", "Sicherheitsunterweisung", "safety instruction"
    INFECTION_PROTECTION_INSTRUCTION = (
        "infection_protection_instruction",
        "Belehrung nach dem Infektionsschutzgesetz",
        "infection-protection instruction",
    )
    INSURANCE_CLARIFIED = (
        "insurance_clarified",
        "Versicherung geklärt",
        "insurance clarified",
    )
    DRIVING_LICENCE = "driving_licence", "Führerschein", "driving licence"
    MINIMUM_AGE = "minimum_age", "Mindestalter", "minimum age"
    MEASLES_PROTECTION = "measles_protection", "Masernschutz", "measles protection"
    CONFIDENTIALITY = "confidentiality", "Verschwiegenheit", "confidentiality"
    PHOTO_CONSENT = "photo_consent", "Einwilligung zu Fotos", "photo consent"


class Accessibility(Coded):
    """What makes a place or activity accessible."""

    STEP_FREE = "step_free", "stufenlos", "step-free"
    ACCESSIBLE_TOILET = "accessible_toilet", "barrierefreie Toilette", "accessible toilet"
    INDUCTION_LOOP = "induction_loop", "Induktionsschleife", "induction loop"
    SIGN_LANGUAGE = "sign_language", "Gebärdensprache", "sign language"
    PLAIN_LANGUAGE = "plain_language", "Leichte Sprache", "plain language"
    REMOTE_POSSIBLE = "remote_possible", "auch aus der Ferne", "remote possible"
    PUBLIC_TRANSPORT = "public_transport", "mit Bus und Bahn erreichbar", "public transport"
    PARKING = "parking", "Parkplatz", "parking"
    ASSISTANCE_DOG = "assistance_dog", "Assistenzhund willkommen", "assistance dog welcome"
    QUIET_ROOM = "quiet_room", "Ruheraum", "quiet room"


class Skill(Coded):
    """What helpers must know, or bring: the second level below the resource categories.

    Partners may use codes of their own besides; those are read as they are.
    """

    RENOVATION = "renovation", "Renovierung", "renovation"
    GARDENING = "gardening", "Gartenarbeit", "gardening"
    EVENT_HELP = "event_help", "Veranstaltungshilfe", "help at events"
    MOVING = "moving", "Umzug", "moving"
    ACCOMPANIMENT = "accompaniment", "Begleitung", "accompaniment"
    READING_ALOUD = "reading_aloud", "Vorlesen", "reading aloud"
    IT_WEB = "it_web", "Webseite und IT", "website and IT"
    DESIGN_PRINT = "design_print", "Gestaltung und Druck", "design and print"
    PR_MARKETING = "pr_marketing", "Öffentlichkeitsarbeit", "public relations"
    FINANCE_TAX = "finance_tax", "Finanzen und Steuern", "finance and taxes"
    HR_TRAINING = "hr_training", "Personal und Schulung", "human resources and training"
    LEGAL = "legal", "Rechtsberatung", "legal advice"
    STRATEGY = "strategy", "Strategie", "strategy"
    APPLICATION_COACHING = "application_coaching", "Bewerbungstraining", "application coaching"
    LANGUAGE = "language", "Sprachförderung", "language learning"
    ROOMS = "rooms", "Räume", "rooms"
    VEHICLES = "vehicles", "Fahrzeuge", "vehicles"
    TOOLS = "tools", "Werkzeug", "tools"
    FURNITURE = "furniture", "Möbel", "furniture"
    IT_EQUIPMENT = "it_equipment", "Computer und Technik", "computers and technology"
    PRINT = "print", "Druck", "printing"
    CATERING = "catering", "Verpflegung", "catering"
    MATERIALS = "materials", "Material", "materials"
    STAGE_VISIBILITY = "stage_visibility", "Auftritte und Sichtbarkeit", "stage and visibility"
    MENTORING = "mentoring", "Mentoring", "mentoring"
    INTERNSHIPS = "internships", "Praktika", "internships"
    ACCESS_TO_NETWORK = "access_to_network", "Zugang zu Netzwerken", "access to networks"
    MEDIA = "media", "Medien", "media"


SKILLS_OF: dict[ResourceCategory, tuple[Skill, ...]] = {
    ResourceCategory.HANDS: (
        Skill.RENOVATION,
        Skill.GARDENING,
        Skill.EVENT_HELP,
        Skill.MOVING,
        Skill.ACCOMPANIMENT,
        Skill.READING_ALOUD,
    ),
    ResourceCategory.MINDS: (
        Skill.IT_WEB,
        Skill.DESIGN_PRINT,
        Skill.PR_MARKETING,
        Skill.FINANCE_TAX,
        Skill.HR_TRAINING,
        Skill.LEGAL,
        Skill.STRATEGY,
        Skill.APPLICATION_COACHING,
        Skill.LANGUAGE,
    ),
    ResourceCategory.MEANS: (
        Skill.ROOMS,
        Skill.VEHICLES,
        Skill.TOOLS,
        Skill.FURNITURE,
        Skill.IT_EQUIPMENT,
        Skill.PRINT,
        Skill.CATERING,
        Skill.MATERIALS,
    ),
    ResourceCategory.CONTACTS: (
        Skill.STAGE_VISIBILITY,
        Skill.MENTORING,
        Skill.INTERNSHIPS,
        Skill.ACCESS_TO_NETWORK,
        Skill.MEDIA,
    ),
}
"""The skills below each resource category; a listing may name those of others as well."""


class TargetGroup(Coded):
    """Whom a listing is for. Partners may use codes of their own besides."""

    CHILDREN = "children", "Kinder", "children"
    YOUTH = "youth", "Jugendliche", "young people"
    FAMILIES = "families", "Familien", "families"
    SENIORS = "seniors", "Seniorinnen und Senioren", "older people"
    REFUGEES = "refugees", "Geflüchtete", "refugees"
    MIGRANTS = "migrants", "Zugewanderte", "migrants"
    PEOPLE_WITH_DISABILITIES = (
        "people_with_disabilities",
        "Menschen mit Behinderung",
        "people with disabilities",
    )
    UNEMPLOYED = "unemployed", "Arbeitsuchende", "job seekers"
    HOMELESS = "homeless", "Wohnungslose", "homeless people"
    WOMEN = "women", "Frauen", "women"
    ANIMALS = "animals", "Tiere", "animals"


class CvFormat(Coded):
    """The three formats of corporate volunteering."""

    HANDS_ON = "hands_on", "Hands-on: anpacken", "hands-on"
    ENCOUNTER = "encounter", "Begegnung", "encounter"
    COMPETENCE = "competence", "Kompetenz", "competence"


class CvMode(Coded):
    """How employees take part."""

    SOCIAL_DAY = "social_day", "Social Day", "social day"
    ACTION_DAY = "action_day", "Aktionstag", "action day"
    PRO_BONO = "pro_bono", "Pro bono", "pro bono"
    MENTORING = "mentoring", "Mentoring", "mentoring"
    SECONDMENT = "secondment", "Entsendung", "secondment"
    SIDE_SWITCH = "side_switch", "Seitenwechsel", "side switch"
    NIGHT_SHIFT = "night_shift", "Nachtschicht", "night shift"
    VIRTUAL = "virtual", "digital", "virtual"
    APPRENTICES_PROJECT = "apprentices_project", "Azubi-Projekt", "apprentices' project"


class CcInstrument(Coded):
    """By which instrument of corporate citizenship a company engages."""

    CORPORATE_GIVING_IN_KIND = (
        "corporate_giving_in_kind",
        "Sachspende",
        "corporate giving in kind",
    )
    CORPORATE_FOUNDATION = (
        "corporate_foundation",
        "Unternehmensstiftung",
        "corporate foundation",
    )
    CORPORATE_VOLUNTEERING = (
        "corporate_volunteering",
        "Corporate Volunteering",
        "corporate volunteering",
    )
    SOCIAL_SPONSORING = "social_sponsoring", "Sozialsponsoring", "social sponsoring"
    CAUSE_RELATED_MARKETING = (
        "cause_related_marketing",
        "Cause-Related Marketing",
        "cause-related marketing",
    )
    SOCIAL_COMMISSIONING = (
        "social_commissioning",
        "Auftrag an Soziale",
        "social commissioning",
    )
    COMMUNITY_JOINT_VENTURE = (
        "community_joint_venture",
        "gemeinsames Projekt",
        "community joint venture",
    )
    SOCIAL_LOBBYING = "social_lobbying", "Fürsprache", "social lobbying"
    VENTURE_PHILANTHROPY = (
        "venture_philanthropy",
        "soziales Risikokapital",
        "venture philanthropy",
    )


MONEY_BEARING = frozenset(
    {
        CcInstrument.CORPORATE_FOUNDATION,
        CcInstrument.SOCIAL_SPONSORING,
        CcInstrument.CAUSE_RELATED_MARKETING,
        CcInstrument.SOCIAL_COMMISSIONING,
        CcInstrument.VENTURE_PHILANTHROPY,
    }
)
"""Instruments in which money flows: on_behalf, never brokered."""


class WorktimeBasis(Coded):
    """In whose time employees take part."""

    PAID_RELEASE = "paid_release", "bezahlte Freistellung", "paid release"
    PARTIAL = "partial", "teils Arbeitszeit, teils Freizeit", "partly working time"
    PRIVATE_TIME = "private_time", "in der Freizeit", "private time"


class Payer(Coded):
    """Who pays for the material of a joint day."""

    NEED = "need", "die Organisation mit dem Bedarf", "the organisation with the need"
    OFFER = "offer", "die Organisation mit dem Angebot", "the organisation with the offer"
    SHARED = "shared", "beide gemeinsam", "both together"
    OPEN = "open", "noch zu klären", "still to be settled"


class Visibility(Coded):
    """Who sees an open listing besides its own organisation and brokers."""

    PUBLIC = "public", "für alle", "everybody"
    NETWORK = "network", "für Angemeldete", "those who have signed in"
    BROKERS = "brokers", "nur für die Vermittlung", "brokers only"


class ListingStatus(Coded):
    """Where a listing is in its life."""

    OPEN = "open", "offen", "open"
    STALE = "stale", "nicht mehr bestätigt", "stale"
    CLOSED = "closed", "abgeschlossen", "closed"
    WITHDRAWN = "withdrawn", "zurückgezogen", "withdrawn"
    TEMPLATE = "template", "Vorlage", "template"


class PersonRole(Coded):
    """A person's function in an organisation, or role in Impulse."""

    CONTACT = "contact", "Ansprechperson", "contact"
    DECISION = "decision", "Entscheidung", "decision"
    COORDINATOR = "coordinator", "Koordination", "coordinator"
    VOLUNTEER = "volunteer", "Engagierte", "volunteer"
    SIGNATORY = "signatory", "Unterschrift", "signatory"
    VIEWER = "viewer", "Lesen", "viewer"
    EDITOR = "editor", "Bearbeiten", "editor"
    ADMIN = "admin", "Verwaltung", "admin"
    MEMBER = "member", "Mitglied", "member"
    BROKER = "broker", "Vermittlung", "broker"
    OPERATOR = "operator", "Betrieb", "operator"


class PendingKind(Coded):
    """Why somebody is not a member yet."""

    CLAIMED = "claimed", "Anfrage", "request"
    INVITED = "invited", "Einladung", "invitation"


class Language(Coded):
    """The languages in which Impulse speaks."""

    DE = "de", "Deutsch", "German"
    EN = "en", "Englisch", "English"


class ProposalState(Coded):
    """Where a proposal is in its life."""

    SUGGESTED = "suggested", "vorgeschlagen", "suggested"
    SENT = "sent", "freigegeben", "released"
    ACCEPTED_BY_NEED = "accepted_by_need", "vom Bedarf angenommen", "accepted by the need"
    ACCEPTED_BY_OFFER = "accepted_by_offer", "vom Angebot angenommen", "accepted by the offer"
    MUTUALLY_ACCEPTED = "mutually_accepted", "beiderseits angenommen", "mutually accepted"
    DECLINED = "declined", "abgelehnt", "declined"
    EXPIRED = "expired", "abgelaufen", "expired"
    INVALIDATED_BY_OTHER_AGREEMENT = (
        "invalidated_by_other_agreement",
        "durch eine andere Vereinbarung erledigt",
        "invalidated by another agreement",
    )
    INVALIDATED_BY_WITHDRAWAL = (
        "invalidated_by_withdrawal",
        "durch Rückzug erledigt",
        "invalidated by a withdrawal",
    )
    NO_LONGER_FITTING = "no_longer_fitting", "passt nicht mehr", "no longer fitting"


class ProposalOrigin(Coded):
    """Who brought a pair together."""

    ENGINE = "engine", "Vorschlag von Impulse", "proposed by Impulse"
    REQUESTED = "requested", "Anfrage einer Seite", "asked for by one side"


class DeclineReason(Coded):
    """Why a side declines a proposal."""

    NO_CAPACITY_NOW = "no_capacity_now", "derzeit keine Kapazität", "no capacity now"
    WRONG_SKILL = "wrong_skill", "Fähigkeit passt nicht", "wrong skill"
    TOO_FAR = "too_far", "zu weit entfernt", "too far"
    DATE_NOT_POSSIBLE = "date_not_possible", "Termin nicht möglich", "date not possible"
    OTHER_PARTNER_CHOSEN = (
        "other_partner_chosen",
        "anderen Partner gewählt",
        "other partner chosen",
    )
    TOPIC_NOT_FITTING = "topic_not_fitting", "Thema passt nicht", "topic not fitting"
    SIZE_NOT_FITTING = "size_not_fitting", "Größe passt nicht", "size not fitting"
    REQUIREMENT_NOT_MET = (
        "requirement_not_met",
        "Voraussetzung nicht erfüllt",
        "requirement not met",
    )
    NO_COUNTER_PERFORMANCE = (
        "no_counter_performance",
        "keine passende Gegenleistung",
        "no fitting counter-performance",
    )
    NO_ANSWER = "no_answer", "keine Antwort", "no answer"
    OTHER = "other", "anderer Grund", "other"


class CooperationState(Coded):
    """Where a cooperation is in its life."""

    INTRODUCED = "introduced", "Kennenlernen", "introduced"
    NEGOTIATING = "negotiating", "Verhandlung", "negotiating"
    AGREED = "agreed", "vereinbart", "agreed"
    PREPARING = "preparing", "Vorbereitung", "preparing"
    IN_DELIVERY = "in_delivery", "Durchführung", "in delivery"
    EVALUATING = "evaluating", "Auswertung", "evaluating"
    COMPLETED = "completed", "abgeschlossen", "completed"
    CONTINUED = "continued", "verstetigt", "continued"
    ON_HOLD = "on_hold", "zurückgestellt", "on hold"
    DECLINED = "declined", "abgelehnt", "declined"
    WITHDRAWN = "withdrawn", "zurückgezogen", "withdrawn"
    NOT_REDEEMED = "not_redeemed", "nicht eingelöst", "not redeemed"
    CANCELLED = "cancelled", "abgesagt", "cancelled"


class Channel(Coded):
    """How a message reaches a person."""

    EMAIL = "email", "E-Mail", "e-mail"
    IN_APP = "in_app", "Postfach", "inbox"


class MessageState(Coded):
    """Where a message to a person is in its life."""

    QUEUED = "queued", "wartet", "queued"
    SENT = "sent", "verschickt", "sent"
    FAILED = "failed", "nicht zustellbar", "failed"
    UNKNOWN_OUTCOME = "unknown_outcome", "Zustellung ungewiss", "outcome unknown"
    SUPPRESSED = "suppressed", "unterdrückt", "suppressed"


class PairState(Coded):
    """Where a suspicion that two actors are one organisation stands."""

    SUSPECTED = "suspected", "zu prüfen", "to be checked"
    MERGED = "merged", "zusammengeführt", "merged"
    NOT_THE_SAME = "not_the_same", "nicht dieselbe", "not the same"
    SEPARATED = "separated", "wieder getrennt", "separated again"
    SETTLED = "settled", "durch eine Zusammenführung erledigt", "settled by a merge"


class SuccessionKind(Coded):
    """Why two register entries are of one organisation."""

    MOVE_OF_SEAT = "move_of_seat", "Sitzverlegung", "move of seat"
    MERGER_OF_COURTS = (
        "merger_of_courts",
        "Zusammenlegung von Registergerichten",
        "merger of register courts",
    )
    MERGER = "merger", "Verschmelzung", "merger"
    CONVERSION = "conversion", "Formwechsel", "change of legal form"
    RE_REGISTRATION = "re_registration", "Neueintragung", "re-registration"
    MISREPORTED = "misreported", "Eintrag falsch gemeldet", "entry was misreported"


class Criterion(Coded):
    """What of two actors is compared."""

    NAME = "name", "Name", "name"
    NUMBERS = "numbers", "Zahlen im Namen", "numbers in the name"
    LEGAL_FORM = "legal_form", "Rechtsform", "legal form"
    PLACE = "place", "Ort", "place"
    REGISTER = "register", "Registereintrag", "register entry"
    W_IDNR = "w_idnr", "W-IdNr.", "W-IdNr."
    WEBSITE = "website", "Website", "website"


class ErasureState(Coded):
    """How far the erasure of a person is."""

    REQUESTED = "requested", "verlangt", "requested"
    COMPLETED = "completed", "überall vollzogen", "completed everywhere"


class EventFormat(Coded):
    """In which format companies and non-profits come together."""

    MARKTPLATZ = "marktplatz", "Marktplatz Gute Geschäfte", "marketplace (Marktplatz)"
    RUHRDAX = "ruhrdax", "RUHRDAX", "RUHRDAX"
    PROJEKTBOERSE = "projektboerse", "Projektbörse", "project exchange"
    LOCAL_ACTION_DAY = "local_action_day", "Lokaler Aktionstag", "local action day"
    NIGHT_SHIFT = "night_shift", "Nachtschicht", "night shift"
    IMPULSE_WORKSHOP = "impulse_workshop", "Impulsworkshop", "Impulse workshop"
    GUTE_SACHE_COURSE = "gute_sache_course", "Qualifizierung „Gute Sache“", "Gute Sache course"
    EXCHANGE_MEETING = "exchange_meeting", "Erfahrungsaustausch", "exchange of experience"
    ONLINE_SEMINAR = "online_seminar", "Online-Seminar", "online seminar"
    SPEED_MEETING = "speed_meeting", "Speed-Meeting", "speed meeting"


class WithoutTalk(Coded):
    """Why a participant of a market has no suggested talk."""

    NOTHING_OPEN = (
        "nothing_open",
        "hat keinen offenen Eintrag",
        "has no open listing",
    )
    NOTHING_FITS = (
        "nothing_fits",
        "zu den Einträgen passt kein Eintrag der anderen Seite",
        "no listing of the other side fits theirs",
    )
    ALL_TAKEN = (
        "all_taken",
        "alle, die passen, haben schon genug Gespräche",
        "all that fit have enough talks already",
    )
