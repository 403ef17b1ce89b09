"""Codes of an organisation's profile that are numbers or abbreviations elsewhere, with words."""

from impulse_contracts.types import Coded


class IcnpoGroup(Coded):
    """The groups of the International Classification of Nonprofit Organizations."""

    CULTURE = "1", "Kultur und Freizeit", "culture and recreation"
    EDUCATION = "2", "Bildung und Forschung", "education and research"
    HEALTH = "3", "Gesundheit", "health"
    SOCIAL = "4", "Soziale Dienste", "social services"
    ENVIRONMENT = "5", "Umwelt- und Naturschutz", "environment"
    DEVELOPMENT = "6", "Wohnen und lokale Entwicklung", "development and housing"
    ADVOCACY = "7", "Bürger- und Verbraucherinteressen, Politik", "law, advocacy and politics"
    VOLUNTARISM = (
        "8",
        "Stiftungen und Förderung des Engagements",
        "philanthropic intermediaries and promotion of voluntarism",
    )
    INTERNATIONAL = "9", "Internationale Aktivitäten", "international activities"
    RELIGION = "10", "Religion", "religion"
    BUSINESS = "11", "Wirtschafts- und Berufsverbände", "business and professional associations"
    OTHER = "12", "anderes", "not elsewhere classified"


class SpokenLanguage(Coded):
    """Languages that are spoken much in the Ruhr area, by ISO 639; others stay as they are."""

    DE = "de", "Deutsch", "German"
    EN = "en", "Englisch", "English"
    TR = "tr", "Türkisch", "Turkish"
    AR = "ar", "Arabisch", "Arabic"
    UK = "uk", "Ukrainisch", "Ukrainian"
    RU = "ru", "Russisch", "Russian"
    PL = "pl", "Polnisch", "Polish"
    KU = "ku", "Kurdisch", "Kurdish"
    FA = "fa", "Persisch", "Persian"
    RO = "ro", "Rumänisch", "Romanian"
    BG = "bg", "Bulgarisch", "Bulgarian"
    FR = "fr", "Französisch", "French"
    ES = "es", "Spanisch", "Spanish"
    IT = "it", "Italienisch", "Italian"
    EL = "el", "Griechisch", "Greek"
    GSG = "gsg", "Deutsche Gebärdensprache", "German Sign Language"
