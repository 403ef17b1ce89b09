"""The command to plan a market, and the fact that it is planned: who should talk with whom."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from impulse_contracts import topics
from impulse_contracts.codes import EventFormat, WithoutTalk
from impulse_contracts.faults import Broken
from impulse_contracts.matching import ReasonGiven
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.types import Moment, Open, Whole

LARGEST = 200
"""How many organisations of a side take part at most."""
MOST_TALKS = 1_000
"""So many talks are planned at most; of their titles and reasons as much is said as fits into one
record."""

Participants = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=LARGEST)]
Count = Annotated[Whole, Field(ge=1, le=LARGEST)]


class PlanMarket(
    Command,
    ce_type="impulse.matching.plan_market.v1",
    topic=topics.MATCHING_COMMANDS,
    key="edition_id",
):
    """Who should talk with whom at a market, among the organisations that take part.

    Each is given `least` talks where it can be, and `most` at most. For the format `speed_meeting`
    alone the talks are put into `rounds` at `tables`, and each participant can have as many as
    there are rounds; at the others trading is free. A further plan of the same edition replaces
    the one before.
    """

    edition_id: UUID
    format: EventFormat
    companies: Participants
    nonprofits: Participants
    least: Annotated[Whole, Field(ge=0, le=20)] = 3
    most: Annotated[Whole, Field(ge=1, le=20)] = 5
    rounds: Count | None = None
    tables: Count | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.most < self.least:
            raise Broken(
                "most: muss mindestens so groß sein wie least", "most: must be at least least"
            )
        named = (*self.companies, *self.nonprofits)
        if len(set(named)) < len(named):
            raise Broken(
                "companies, nonprofits: nennen eine Organisation zweimal",
                "companies, nonprofits: name an organisation twice",
            )
        timed = self.format is EventFormat.SPEED_MEETING
        if (self.rounds is not None) != timed or (self.tables is not None) != timed:
            raise Broken(
                "rounds, tables: gehören zum Format speed_meeting, und nur zu diesem",
                "rounds, tables: belong to the format speed_meeting, and to no other",
            )
        if (talks := self._talks()) > MOST_TALKS:
            raise Broken(
                f"companies, nonprofits: das können {talks} Gespräche werden, höchstens "
                f"{MOST_TALKS} passen in einen Plan",
                f"companies, nonprofits: these can become {talks} talks, a plan holds "
                f"{MOST_TALKS} at most",
            )
        return self

    def _talks(self) -> int:
        """How many talks there can be."""
        fewer = min(len(self.companies), len(self.nonprofits))
        if self.rounds is None or self.tables is None:
            return fewer * self.most
        return self.rounds * min(self.tables, fewer)


class SuggestedTalk(Part):
    """Two that should talk: the need and the offer that fit best between them, and why."""

    company_id: UUID
    nonprofit_id: UUID
    need_id: UUID
    offer_id: UUID
    need_title: str
    """Both titles are cut, with … at the end, and reasons left out, where the plan would not fit
    into one record else."""
    offer_title: str
    score: float
    reasons: tuple[ReasonGiven, ...] = ()
    round: int | None = None
    table: int | None = None


class Alone(Part):
    """A participant without a talk, for the Makler to look after."""

    actor_id: UUID
    why: Open[WithoutTalk]


class MarketPlanned(
    Fact,
    ce_type="impulse.matching.market.planned.v1",
    topic=topics.MARKET_PLANS,
    key="edition_id",
):
    """The suggested talks of a market, and who has none."""

    edition_id: UUID
    format: Open[EventFormat]
    companies: tuple[UUID, ...]
    nonprofits: tuple[UUID, ...]
    rounds: int | None = None
    tables: int | None = None
    talks: tuple[SuggestedTalk, ...] = ()
    alone: tuple[Alone, ...] = ()
    ruleset_version: str
    planned_at: Moment
