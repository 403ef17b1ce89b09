"""The codes of editions and their projects, each with its German and English label."""

from impulse_contracts.types import Coded


class EditionStage(Coded):
    """How far an edition of a format is."""

    ANNOUNCED = "announced", "angekündigt", "announced"
    REGISTRATION = "registration", "Anmeldung", "registration"
    PREPARATION = "preparation", "Vorbereitung", "preparation"
    DAY = "day", "findet statt", "taking place"
    RESULTS = "results", "Ergebnisse", "results"
    CLOSED = "closed", "abgeschlossen", "closed"
    CANCELLED = "cancelled", "abgesagt", "cancelled"


class ProjectState(Coded):
    """Whether a project can be claimed."""

    FREE = "free", "noch frei", "still free"
    CLAIMED = "claimed", "vergeben", "claimed"
    WITHDRAWN = "withdrawn", "zurückgezogen", "withdrawn"


class LineOutcome(Coded):
    """What became of a line of a batch of agreements."""

    AGREED = "agreed", "vereinbart", "agreed"
    DRAFT = "draft", "als Entwurf aufgenommen", "kept as a draft"
    REFUSED = "refused", "nicht aufgenommen", "not entered"
    KNOWN = "known", "war schon eingetragen", "was entered before"
