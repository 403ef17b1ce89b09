"""What codes are called in the texts that people write: skills and target groups (domain.md 4.2).

A need that says "renovation" shall meet an offer that writes "Renovierung". Codes that are not
in these tables are read as they are.
"""

SKILLS: dict[str, tuple[str, str]] = {
    "renovation": ("Renovierung", "renovation"),
    "gardening": ("Gartenarbeit", "gardening"),
    "event_help": ("Veranstaltungshilfe", "help at events"),
    "moving": ("Umzug", "moving"),
    "accompaniment": ("Begleitung", "accompaniment"),
    "reading_aloud": ("Vorlesen", "reading aloud"),
    "it_web": ("Webseite und IT", "website and IT"),
    "design_print": ("Gestaltung und Druck", "design and print"),
    "pr_marketing": ("Öffentlichkeitsarbeit", "public relations"),
    "finance_tax": ("Finanzen und Steuern", "finance and tax"),
    "hr_training": ("Personal und Schulung", "staff and training"),
    "legal": ("Rechtsberatung", "legal advice"),
    "strategy": ("Strategie", "strategy"),
    "application_coaching": ("Bewerbungstraining", "application coaching"),
    "language": ("Sprachförderung", "language learning"),
    "rooms": ("Räume", "rooms"),
    "vehicles": ("Fahrzeuge", "vehicles"),
    "tools": ("Werkzeug", "tools"),
    "furniture": ("Möbel", "furniture"),
    "it_equipment": ("Computer und Technik", "computers and equipment"),
    "print": ("Druck", "printing"),
    "catering": ("Verpflegung", "catering"),
    "materials": ("Material", "materials"),
    "stage_visibility": ("Auftritte und Sichtbarkeit", "stage and visibility"),
    "mentoring": ("Mentoring", "mentoring"),
    "internships": ("Praktika", "internships"),
    "access_to_network": ("Zugang zu Netzwerken", "access to networks"),
    "media": ("Medien", "media"),
}

TARGET_GROUPS: dict[str, tuple[str, str]] = {
    "children": ("Kinder", "children"),
    "youth": ("Jugendliche", "young people"),
    "families": ("Familien", "families"),
    "seniors": ("Seniorinnen und Senioren", "seniors"),
    "refugees": ("Geflüchtete", "refugees"),
    "migrants": ("Zugewanderte", "newcomers"),
    "people_with_disabilities": ("Menschen mit Behinderung", "people with disabilities"),
    "unemployed": ("Arbeitsuchende", "job seekers"),
    "homeless": ("Wohnungslose", "homeless people"),
    "women": ("Frauen", "women"),
    "animals": ("Tiere", "animals"),
}


def spelled(code: str) -> str:
    """The German word for a skill or target group; an unknown code with spaces instead of `_`."""
    known = SKILLS.get(code) or TARGET_GROUPS.get(code)
    return known[0] if known else code.replace("_", " ")
