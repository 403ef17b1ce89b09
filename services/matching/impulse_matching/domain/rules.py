"""By which rules pairs are scored: a versioned, validated configuration, not code."""

import tomllib
from functools import cache, cached_property
from importlib.resources import files
from math import isclose
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from impulse_contracts.codes import PlaceMode, Requirement
from impulse_contracts.faults import Broken
from impulse_contracts.types import Coded, Identifier, Name
from impulse_matching.domain.blockers import DETAILS, Blocker, unknown_details

_SHIPPED = files("impulse_matching") / "rulesets"

Share = Annotated[float, Field(ge=0, le=1)]
Kilometres = Annotated[float, Field(gt=0, le=20_000)]


class Criterion(Coded):
    """What makes a pair fit better or worse, once nothing stands against it."""

    TOPICS = "topics", "Themen", "topics"
    GOALS = "goals", "Nachhaltigkeitsziele", "sustainable development goals"
    SKILLS = "skills", "Fähigkeiten und Art der Arbeit", "skills and kind of work"
    DISTANCE = "distance", "Entfernung", "distance"
    TEXT = "text", "Beschreibung", "description"
    CAPACITY = "capacity", "Menge und Teamgröße", "quantity and team size"
    TEAM_SIZE = "team_size", "Teamgröße", "team size"
    QUANTITY = "quantity", "Menge", "quantity"
    TIME = "time", "Zeit", "time"
    FRESHNESS = "freshness", "Aktualität", "freshness"
    COUNTER_PERFORMANCE = "counter_performance", "Gegenleistung", "counter-performance"
    FORMAT = "format", "Format", "format"
    ACCESSIBILITY = "accessibility", "Barrierefreiheit", "accessibility"
    PAST_RELATION = "past_relation", "frühere Zusammenarbeit", "past relation"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DistanceRules(_Part):
    """`half_km`: at which distance half of the points are left. `reach_km`: how far a pair may be
    apart where neither side says so itself."""

    half_km: Kilometres
    reach_km: Kilometres


class TextRules(_Part):
    """`full_similarity`: from which cosine on two texts get all points."""

    full_similarity: Annotated[float, Field(gt=0, le=1)]


class TimeRules(_Part):
    """`least_share`: the share of the duration for which both must have time."""

    least_share: Share = 0


class PlaceRules(_Part):
    """`opposed`: pairs of place modes of which one side's rules out the other's."""

    opposed: tuple[tuple[PlaceMode, PlaceMode], ...] = ()


class RelationRules(_Part):
    """What two are worth who have agreed before, and two who are new to each other."""

    known: Share = 1
    new: Share = 0


class FreshnessRules(_Part):
    """A listing confirmed within `fresh_days` gets all points, at `stale_days` none."""

    fresh_days: Annotated[int, Field(ge=0)]
    stale_days: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.stale_days <= self.fresh_days:
            raise Broken(
                "stale_days muss größer als fresh_days sein",
                "stale_days must be more than fresh_days",
            )
        return self


class FairnessRules(_Part):
    """`band`: by how much of a score at most who was suggested less than others may be lifted; 0:
    by nothing. `full_at`: how far below the average one is lifted by all of it, and above by
    nothing, as a share of the average."""

    band: Annotated[float, Field(ge=0, le=0.2)] = 0
    full_at: Annotated[float, Field(gt=0, le=1)] = 0.1


class Objection(_Part):
    """What a blocker says to people; details stand in braces, as `{km}`."""

    de: Name
    en: Name


def _shipped_texts() -> dict[Blocker, Objection]:
    return shipped().blockers


class Release(Coded):
    """Who lets suggestions reach the two sides."""

    BROKER = "broker", "die Vermittlung", "a broker"
    AUTOMATIC = "automatic", "von selbst", "by itself"


class RuleSet(_Part):
    """One version of the rules.

    `weights` name every criterion and add up to 1. `unknown` is the raw value of a criterion on
    which a side says nothing. `brought_along` are the requirements that a team has or has not
    (the others are cleared beforehand): an offer that says what it brings must bring these.
    `tolerance`: by which share a criterion may fall short and still get all points. `blockers` say
    each in words; rules that say none have the words of those that are shipped.
    """

    version: Annotated[Identifier, Field(examples=["ruhr-1"])]
    release: Release = Release.BROKER
    weights: dict[Criterion, Share]
    unknown: Share
    distance: DistanceRules
    text: TextRules
    freshness: FreshnessRules
    time: TimeRules = TimeRules()
    place: PlaceRules = PlaceRules()
    past_relation: RelationRules = RelationRules()
    fairness: FairnessRules = FairnessRules()
    tolerance: dict[Criterion, Annotated[float, Field(ge=0, le=0.9)]] = {}
    brought_along: frozenset[Requirement]
    blockers: dict[Blocker, Objection] = Field(default_factory=_shipped_texts)

    @model_validator(mode="after")
    def _weights_are_whole(self) -> Self:
        missing = [str(criterion) for criterion in Criterion if criterion not in self.weights]
        if missing:
            named = ", ".join(missing)
            raise Broken(
                f"weights: zu {named} fehlt die Angabe", f"weights: nothing is said about {named}"
            )
        total = sum(self.weights.values())
        if not isclose(total, 1, abs_tol=1e-9):
            raise Broken(
                f"weights: die Summe ist {total:.6g}, nicht 1",
                f"weights: they add up to {total:.6g}, not to 1",
            )
        for criterion, weight in self.weights.items():
            if not isclose(100 * weight, round(100 * weight), abs_tol=1e-9):
                raise Broken(
                    f"weights.{criterion}: {weight:g} sind keine ganzen Hundertstel",
                    f"weights.{criterion}: {weight:g} is not in whole hundredths",
                )
        return self

    @model_validator(mode="after")
    def _blockers_are_said(self) -> Self:
        missing = [str(blocker) for blocker in Blocker if blocker not in self.blockers]
        if missing:
            named = ", ".join(missing)
            raise Broken(
                f"blockers: zu {named} fehlt der Text", f"blockers: there is no text for {named}"
            )
        for blocker, said in self.blockers.items():
            for language in ("de", "en"):
                _check(f"blockers.{blocker}.{language}", blocker, getattr(said, language))
        return self

    @cached_property
    def hundredths(self) -> dict[Criterion, int]:
        """The weights of the criteria that count, in their order."""
        return {each: round(100 * self.weights[each]) for each in Criterion if self.weights[each]}


def _check(path: str, blocker: Blocker, sentence: str) -> None:
    """Refuses a sentence that can't be filled in."""
    try:
        unknown = unknown_details(blocker, sentence)
    except ValueError:
        raise Broken(
            f"{path}: eine geschweifte Klammer steht allein", f"{path}: a brace stands alone"
        ) from None
    if unknown:
        told = ", ".join(f"{{{name}}}" for name in DETAILS.get(blocker, ())) or "–"
        raise Broken(
            f"{path}: {{{unknown[0]}}} gibt es hier nicht (möglich: {told})",
            f"{path}: there is no {{{unknown[0]}}} here (possible: {told})",
        )


def parse(toml: str) -> RuleSet:
    """The rule set in a TOML text; raises ValueError (pydantic's names the path of each fault)."""
    return RuleSet.model_validate(tomllib.loads(toml))


@cache
def shipped(name: str = "ruhr-3") -> RuleSet:
    """A rule set that comes with the package (`impulse_matching/rulesets/<name>.toml`).

    Raises FileNotFoundError when there is none of this name.
    """
    return parse((_SHIPPED / f"{name}.toml").read_text("utf-8"))


def shipped_as(version: str) -> RuleSet | None:
    """The rules that come with the package under this version; None where none do."""
    there = any(each.name == f"{version}.toml" for each in _SHIPPED.iterdir())
    return shipped(version) if there else None
