"""The registry of topics: name, key, partitions, retention, owner, personal data.

Provisioning, AsyncAPI, access rules and the documentation are made from this one list.
"""

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024
DAY = 24 * 3600
YEAR = 365 * DAY


class Cleanup(StrEnum):
    """How Kafka frees space on a topic."""

    DELETE = "delete"
    COMPACT = "compact"
    COMPACT_AND_DELETE = "compact,delete"


@dataclass(frozen=True)
class Topic:
    """One topic.

    `key` says in words what the record key is. `retention_seconds` is how long records stay where
    cleanup deletes. `personal` topics may hold personal data and obey the one bound
    `IMPULSE_ERASURE_SECONDS`; `tombstones` says that a null value is a statement there and no
    fault; `incoming` topics carry commands and reports, which are answered; the others carry facts.
    """

    name: str
    key: str
    owner: str
    cleanup: Cleanup
    retention_seconds: int = 7 * DAY
    partitions: int = 6
    personal: bool = False
    tombstones: bool = False
    incoming: bool = False
    max_bytes: int = MIB
    source: str | None = None
    """The one `ce_source` that it takes, where it is a partner's own."""
    common: "Topic | None" = None
    """The topic that it is like, where it is a partner's own."""

    @property
    def carries(self) -> "Topic":
        """The topic whose messages travel here: itself, unless it is a partner's own."""
        return self.common or self

    @property
    def compacted(self) -> bool:
        """Whether Kafka keeps the newest record of each key: a new reader can start here."""
        return self.cleanup is not Cleanup.DELETE

    @property
    def ticked(self) -> bool:
        """Whether its owner must write now and then: compaction never looks at the segment that is
        written to, which on an idle topic would keep what was deleted. Retention needs no such
        help."""
        return self.personal and self.cleanup is Cleanup.COMPACT

    def config(self, erasure_seconds: int) -> dict[str, str]:
        """Kafka's settings of this topic, `erasure_seconds` being the bound for personal data."""
        settings = {
            "cleanup.policy": self.cleanup.value,
            # Room for Kafka's own record overhead around a value of the largest allowed size.
            "max.message.bytes": str(self.max_bytes + 64 * 1024),
            "compression.type": "producer",
        }
        retention = self.retention_seconds
        if self.personal:
            # A segment goes as a whole, when its youngest record is too old: the oldest is older by
            # what a segment spans. As much again is left for Kafka to look and to delete.
            segment = max(1, min(erasure_seconds // 4, DAY // 4))
            retention = min(retention, max(1, erasure_seconds - 2 * segment))
            settings["segment.ms"] = str(segment * 1000)
            # A tombstone must leave the disk too: the file goes at once when its segment is done.
            settings["file.delete.delay.ms"] = "1000"
            # By the broker's clock: a publisher's may be wrong.
            settings["message.timestamp.type"] = "LogAppendTime"
        if self.cleanup is not Cleanup.COMPACT:
            settings["retention.ms"] = str(retention * 1000)
        if self.compacted and self.personal:
            settings["max.compaction.lag.ms"] = settings["segment.ms"]
            settings["min.cleanable.dirty.ratio"] = "0.01"
        if self.compacted:
            # Longer than a reader is ever away, or it would never learn of a deletion.
            settings["delete.retention.ms"] = str(7 * DAY * 1000)
        return settings


ACTOR_REPORTS = Topic(
    "impulse.actor-reports",
    "source + external id of the actor",
    "partners",
    Cleanup.DELETE,
    personal=True,
    incoming=True,
)
REGISTRY_COMMANDS = Topic(
    "impulse.registry.commands",
    "id of the aggregate",
    "gateway, CLI",
    Cleanup.DELETE,
    incoming=True,
)
PEOPLE_COMMANDS = Topic(
    "impulse.people.commands",
    "person id",
    "gateway, CLI",
    Cleanup.DELETE,
    personal=True,
    incoming=True,
)
ACTORS = Topic("impulse.actors", "actor id", "registry", Cleanup.COMPACT)
PEOPLE = Topic(
    "impulse.people", "person id", "registry", Cleanup.COMPACT, personal=True, tombstones=True
)
MEMBERSHIPS = Topic(
    "impulse.memberships", "person id", "registry", Cleanup.COMPACT, tombstones=True
)
ERASURES = Topic(
    "impulse.erasures",
    "person id; of an acknowledgement person id + service",
    "every service",
    Cleanup.COMPACT_AND_DELETE,
    retention_seconds=YEAR,
)
LISTINGS = Topic("impulse.listings", "listing id", "registry", Cleanup.COMPACT)
DUPLICATES = Topic("impulse.duplicates", "pair id", "registry", Cleanup.COMPACT)
DISCLOSURES = Topic(
    "impulse.disclosures", "disclosure id", "registry", Cleanup.COMPACT, tombstones=True
)
MATCHING_COMMANDS = Topic(
    "impulse.matching.commands",
    "need id, or rule set or edition id",
    "gateway, CLI",
    Cleanup.DELETE,
    incoming=True,
)
PROPOSALS = Topic(
    "impulse.proposals", "proposal id", "matching", Cleanup.DELETE, retention_seconds=5 * YEAR
)
MARKET_PLANS = Topic(
    "impulse.market-plans", "edition id", "matching", Cleanup.COMPACT, partitions=1
)
RULESETS = Topic("impulse.rulesets", "rule set id", "matching", Cleanup.COMPACT, partitions=1)
BOOKING_COMMANDS = Topic(
    "impulse.booking.commands",
    "the aggregate that holds the capacity: session, course, edition, project or cooperation id",
    "gateway, CLI",
    Cleanup.DELETE,
    incoming=True,
)
PROGRAMME = Topic(
    "impulse.programme",
    "programme offer id or session id",
    "booking",
    Cleanup.COMPACT,
    partitions=1,
)
BOOKINGS = Topic(
    "impulse.bookings", "booking id", "booking", Cleanup.DELETE, retention_seconds=5 * YEAR
)
COOPERATIONS = Topic(
    "impulse.cooperations", "cooperation id", "booking", Cleanup.DELETE, retention_seconds=5 * YEAR
)
EDITIONS = Topic(
    "impulse.editions",
    "edition id, project id, or id of a batch of agreements",
    "booking",
    Cleanup.COMPACT,
    partitions=1,
)
REPORTS = Topic(
    "impulse.reports",
    "report id; of a part of its evidence, its id; of a submission, `<report id>/submission`",
    "booking",
    Cleanup.COMPACT,
    partitions=1,
    tombstones=True,
)
NOTIFICATIONS_COMMANDS = Topic(
    "impulse.notifications.commands",
    "person id",
    "gateway, services",
    Cleanup.DELETE,
    incoming=True,
)
PREFERENCES = Topic(
    "impulse.preferences", "person id", "notifications", Cleanup.COMPACT, tombstones=True
)
MESSAGES = Topic(
    "impulse.messages",
    "message id",
    "notifications",
    Cleanup.COMPACT_AND_DELETE,
    retention_seconds=YEAR,
    tombstones=True,
)
OUTCOMES = Topic("impulse.outcomes", "command id", "every service", Cleanup.DELETE)
DEAD_LETTERS = Topic(
    "impulse.dead-letters",
    "original key",
    "every consumer",
    Cleanup.DELETE,
    personal=True,
    tombstones=True,
    max_bytes=2 * MIB,
)

ALL: tuple[Topic, ...] = (
    ACTOR_REPORTS,
    REGISTRY_COMMANDS,
    PEOPLE_COMMANDS,
    ACTORS,
    PEOPLE,
    MEMBERSHIPS,
    ERASURES,
    LISTINGS,
    DUPLICATES,
    DISCLOSURES,
    MATCHING_COMMANDS,
    PROPOSALS,
    MARKET_PLANS,
    RULESETS,
    BOOKING_COMMANDS,
    PROGRAMME,
    BOOKINGS,
    COOPERATIONS,
    EDITIONS,
    REPORTS,
    NOTIFICATIONS_COMMANDS,
    PREFERENCES,
    MESSAGES,
    OUTCOMES,
    DEAD_LETTERS,
)
"""Every topic of Impulse; a partner's own topic is `impulse.actor-reports.<partner>`."""

BY_NAME: dict[str, Topic] = {topic.name: topic for topic in ALL}
