"""What reports know of the things that facts name: organisations, offers, sessions, listings."""

from datetime import datetime
from typing import Any, NamedTuple

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.tally import UNKNOWN
from impulse_contracts.codes import ActorKind, Direction
from impulse_contracts.matching import ProposalMutuallyAccepted

NAMED = frozenset({Noun.ACTOR, Noun.OFFER, Noun.SESSION, Noun.EDITION})
"""What facts about others name, and is remembered whole; listings are too many for that."""


class Listed(NamedTuple):
    """What is remembered of an offer or a need."""

    ags: str = UNKNOWN
    """Where it takes place, or else where its organisation is."""
    format: str = UNKNOWN
    accessibility: tuple[str, ...] = ()


class Known:
    """What was known of things at the end of a period. Ids are text, as evidence has them."""

    def __init__(self) -> None:
        self._said: dict[tuple[Noun, str], dict[str, Any]] = {}
        self._examples: set[str] = set()
        self._survivors: dict[str, str] = {}
        self._listed: dict[str, Listed] = {}
        self._alike: dict[Listed, Listed] = {}
        self._asked: dict[str, datetime] = {}

    def learn(self, noun: Noun, life: Life) -> None:
        """Remembers what a thing is."""
        if noun in NAMED:
            said = self._said[noun, life.subject] = life.known.said
            if said.get("example"):
                self._examples.add(life.subject)
        elif noun is Noun.LISTING:
            said = life.known.said
            if said["direction"] == Direction.OFFER and not said.get("accessibility"):
                return
            ags = said.get("ags") or self.ags_of(said["actor"])
            accessibility = tuple(said.get("accessibility") or ())
            found = Listed(ags, said.get("format") or UNKNOWN, accessibility)
            self._listed[life.subject] = self._alike.setdefault(found, found)
        elif noun is Noun.PROPOSAL and life.first(ProposalMutuallyAccepted.ce_type):
            self._asked[life.subject] = life.all[0].at

    def of(self, noun: Noun, key: str) -> dict[str, Any]:
        """What is known of a thing; empty where nothing is."""
        return self._said.get((noun, key), {})

    def listed(self, listing_id: str, actor_id: str) -> Listed:
        """What is known of an offer or a need of an organisation."""
        return self._listed.get(listing_id) or Listed(ags=self.ags_of(actor_id))

    def asked_at(self, proposal_id: str | None) -> datetime | None:
        """When a proposal that both sides accepted was first made."""
        return self._asked.get(proposal_id) if proposal_id else None

    def survivor(self, actor_id: str) -> str:
        """The organisation that goes on for one that was merged; itself, if it was not."""
        found = self._survivors.get(actor_id)
        if found is None:
            found, seen = actor_id, {actor_id}
            while (after := self.of(Noun.ACTOR, found).get("merged_into")) and after not in seen:
                found = after
                seen.add(after)
            self._survivors[actor_id] = found
        return found

    def is_example(self, actor_id: str) -> bool:
        """Whether what an organisation does is an example."""
        return actor_id in self._examples

    def is_intermediary(self, actor_id: str) -> bool:
        """Whether it brings others together."""
        return self.of(Noun.ACTOR, actor_id).get("kind") == ActorKind.INTERMEDIARY

    def type_of(self, actor_id: str) -> str:
        """What kind of organisation it is."""
        return self.of(Noun.ACTOR, actor_id).get("type") or UNKNOWN

    def ags_of(self, actor_id: str) -> str:
        """The municipality where it is."""
        return self.of(Noun.ACTOR, actor_id).get("ags") or UNKNOWN

    def format_of(self, offer_id: str) -> str:
        """In which format an offer of the programme is given."""
        return self.of(Noun.OFFER, offer_id).get("format") or UNKNOWN

    def edition_of(self, edition_id: str) -> tuple[str, str, str]:
        """Which format and which day an edition is of, and its id."""
        said = self.of(Noun.EDITION, edition_id)
        return said.get("format", UNKNOWN), said.get("day", UNKNOWN), edition_id

    def category_of(self, session_id: str, offer_id: str) -> str:
        """What of the programme a booking is about."""
        session = self.of(Noun.SESSION, session_id)
        return (session or self.of(Noun.OFFER, offer_id)).get("category") or UNKNOWN
