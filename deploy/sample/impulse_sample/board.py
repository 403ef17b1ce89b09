"""What the sample's publisher has learnt from the topics that it watches."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from impulse_contracts import topics
from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.notifications import MessageSent
from impulse_contracts.outcomes import OutcomeAccepted
from impulse_sample.envelope import Headers, Record, header

WATCHED = (
    topics.OUTCOMES.name,
    topics.PROPOSALS.name,
    topics.COOPERATIONS.name,
    topics.MESSAGES.name,
)

Asked = tuple[str, str]
"""Which message an outcome answers: its `ce_source` and `ce_id`."""


def asked(record: Record) -> Asked:
    """What identifies the outcome of a record."""
    return header(record.headers, "ce_source"), header(record.headers, "ce_id")


@dataclass(frozen=True)
class Answer:
    """The outcome of a report or command."""

    accepted: bool
    aggregate_id: str | None
    reason: str | None
    text: str
    attempt: int


@dataclass(frozen=True)
class Proposal:
    """The newest state of a proposal."""

    proposal_id: str
    need_id: str
    offer_id: str
    score: float
    state: str
    reason: str
    version: int


@dataclass(frozen=True)
class Cooperation:
    """A cooperation that was opened, and the ids by which later messages refer to it."""

    cooperation_id: str
    need_id: str
    offer_id: str
    references: frozenset[str]


@dataclass(frozen=True)
class SentMessage:
    """A message that was sent to somebody, and what it refers to."""

    message_id: str
    template: str
    channel: str
    references: frozenset[str]


@dataclass
class Board:
    """Everything seen so far. Records of other types are passed over."""

    answers: dict[Asked, Answer] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    cooperations: dict[str, Cooperation] = field(default_factory=dict)
    sent: dict[str, SentMessage] = field(default_factory=dict)

    def see(self, topic: str, headers: Headers, value: bytes | None) -> None:
        """Takes in one record of a watched topic."""
        if value is None:
            return
        ce_type = header(headers, "ce_type")
        if topic == topics.OUTCOMES.name:
            self._answered(ce_type, json.loads(value))
        elif topic == topics.PROPOSALS.name:
            self._proposed(json.loads(value))
        elif ce_type == CooperationOpened.ce_type:
            data = json.loads(value)
            self.cooperations[data["cooperation_id"]] = Cooperation(
                data["cooperation_id"],
                data["need_id"],
                data["offer_id"],
                _references(headers, data["cooperation_id"], header(headers, "ce_id")),
            )
        elif ce_type == MessageSent.ce_type:
            data = json.loads(value)
            self.sent[data["message_id"]] = SentMessage(
                data["message_id"],
                data["template"],
                data["channel"],
                _references(headers, header(headers, "ce_causationid"), data.get("cause_id")),
            )

    def _answered(self, ce_type: str, data: dict[str, Any]) -> None:
        answered = (data["source"], data["command_id"])
        before = self.answers.get(answered)
        if before and before.attempt > data["attempt"]:
            return
        self.answers[answered] = Answer(
            ce_type == OutcomeAccepted.ce_type,
            data.get("aggregate_id"),
            data.get("reason"),
            data["message"]["en"],
            data["attempt"],
        )

    def _proposed(self, data: dict[str, Any]) -> None:
        before = self.proposals.get(data["proposal_id"])
        if before and before.version >= data["version"]:
            return
        reasons = data.get("reasons") or [{"de": ""}]
        self.proposals[data["proposal_id"]] = Proposal(
            data["proposal_id"],
            data["need_id"],
            data["offer_id"],
            data["score"],
            data["state"],
            reasons[0]["de"],
            data["version"],
        )

    def answered(self, records: Iterable[Record]) -> list[Answer]:
        """The outcomes that there are so far of some records."""
        return [self.answers[key] for key in map(asked, records) if key in self.answers]

    def suggested(self, listing_ids: Iterable[str]) -> list[Proposal]:
        """Proposals between listings that nobody has answered, the best score first."""
        ours = set(listing_ids)
        open_ones = [
            one
            for one in self.proposals.values()
            if one.state in ("suggested", "sent") and one.need_id in ours and one.offer_id in ours
        ]
        return sorted(open_ones, key=lambda one: (-one.score, one.proposal_id))

    def cooperation_between(self, listing_ids: Iterable[str]) -> Cooperation | None:
        """A cooperation between listings, if one was opened."""
        ours = set(listing_ids)
        return next(
            (
                one
                for one in self.cooperations.values()
                if one.need_id in ours and one.offer_id in ours
            ),
            None,
        )

    def messages_about(self, cooperation: Cooperation) -> list[SentMessage]:
        """The messages that were sent because a cooperation was opened."""
        return [one for one in self.sent.values() if one.references & cooperation.references]


def _references(headers: Headers, *more: str | None) -> frozenset[str]:
    return frozenset({header(headers, "ce_correlationid"), *(one or "" for one in more)}) - {""}
