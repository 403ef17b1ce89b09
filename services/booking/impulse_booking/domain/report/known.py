"""What reports know of the things that facts name: organisations, offers, sessions, listings."""

from typing import Any

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.tally import UNKNOWN
from impulse_contracts.codes import ActorKind

NAMED = frozenset({Noun.ACTOR, Noun.OFFER, Noun.SESSION, Noun.LISTING})
"""What facts about others name."""


class Known:
    """What was known of things at the end of a period. Ids are text, as evidence has them."""

    def __init__(self) -> None:
        self._said: dict[tuple[Noun, str], dict[str, Any]] = {}

    def learn(self, noun: Noun, life: Life) -> None:
        """Remembers what a thing is."""
        if noun in NAMED:
            self._said[noun, str(life.subject)] = life.known.said

    def of(self, noun: Noun, key: str) -> dict[str, Any]:
        """What is known of a thing; empty where nothing is."""
        return self._said.get((noun, key), {})

    def survivor(self, actor_id: str) -> str:
        """The organisation that goes on for one that was merged; itself, if it was not."""
        seen = {actor_id}
        while (after := self.of(Noun.ACTOR, actor_id).get("merged_into")) and after not in seen:
            actor_id = after
            seen.add(after)
        return actor_id

    def is_example(self, actor_id: str) -> bool:
        """Whether what an organisation does is an example."""
        return bool(self.of(Noun.ACTOR, actor_id).get("example"))

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

    def category_of(self, session_id: str, offer_id: str) -> str:
        """What of the programme a booking is about."""
        session = self.of(Noun.SESSION, session_id)
        return (session or self.of(Noun.OFFER, offer_id)).get("category") or UNKNOWN
