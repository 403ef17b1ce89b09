"""What codes are called in the texts that people write: skills and target groups.

A need that says "renovation" shall meet an offer that writes "Renovierung". Codes that are not
in these tables are read as they are.
"""

SKILLS: dict[str, str] = {
    "renovation": "Renovierung",
    "gardening": "Gartenarbeit",
    "event_help": "Veranstaltungshilfe",
    "moving": "Umzug",
    "accompaniment": "Begleitung",
    "reading_aloud": "Vorlesen",
    "it_web": "Webseite und IT",
    "design_print": "Gestaltung und Druck",
    "pr_marketing": "Öffentlichkeitsarbeit",
    "finance_tax": "Finanzen und Steuern",
    "hr_training": "Personal und Schulung",
    "legal": "Rechtsberatung",
    "strategy": "Strategie",
    "application_coaching": "Bewerbungstraining",
    "language": "Sprachförderung",
    "rooms": "Räume",
    "vehicles": "Fahrzeuge",
    "tools": "Werkzeug",
    "furniture": "Möbel",
    "it_equipment": "Computer und Technik",
    "print": "Druck",
    "catering": "Verpflegung",
    "materials": "Material",
    "stage_visibility": "Auftritte und Sichtbarkeit",
    "mentoring": "Mentoring",
    "internships": "Praktika",
    "access_to_network": "Zugang zu Netzwerken",
    "media": "Medien",
}

TARGET_GROUPS: dict[str, str] = {
    "children": "Kinder",
    "youth": "Jugendliche",
    "families": "Familien",
    "seniors": "Seniorinnen und Senioren",
    "refugees": "Geflüchtete",
    "migrants": "Zugewanderte",
    "people_with_disabilities": "Menschen mit Behinderung",
    "unemployed": "Arbeitsuchende",
    "homeless": "Wohnungslose",
    "women": "Frauen",
    "animals": "Tiere",
}


def spelled(code: str) -> str:
    """The German word for a skill or target group; an unknown code with spaces instead of `_`."""
    return SKILLS.get(code) or TARGET_GROUPS.get(code) or code.replace("_", " ")
