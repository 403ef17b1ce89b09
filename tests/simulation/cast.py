"""Who plays in a simulation: services and their replicas, what is said, what may go wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from impulse_chassis import Service
from impulse_chassis.deadletters import Place
from impulse_chassis.envelope import StoredRecord
from impulse_chassis.outbox import OutboxRow
from impulse_chassis.testing import Agenda, Node, World


@dataclass
class Faults:
    """How likely each fault is, per step; all zero is a quiet run."""

    crash_in_transaction: float = 0.08
    crash_between: float = 0.04
    commit_lost: float = 0.1
    commit_unknown: float = 0.01
    rewind: float = 0.04
    move: float = 0.1
    stale_relay: float = 0.05
    said_twice: float = 0.1
    clock: float = 0.03


QUIET = Faults(0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass
class Replica:
    """One process of a service. All that isn't `node`'s database is lost in a crash."""

    node: Node
    number: int
    positions: dict[Place, int] = field(default_factory=dict)
    at_hand: list[StoredRecord] = field(default_factory=list)
    to_commit: dict[Place, int] = field(default_factory=dict)
    claimed: list[OutboxRow] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    skew: timedelta = timedelta()

    def forget(self) -> None:
        """Loses the memory, and what its handlers keep in it, as matching its index."""
        self.positions.clear()
        self.at_hand = []
        self.to_commit = {}
        self.claimed = []
        self.sent = []
        self.node.restart()


@dataclass
class Group:
    """A service: its replicas, the offsets that they have committed, who has which partition."""

    service: Service
    engine: Engine
    replicas: list[Replica]
    committed: dict[Place, int] = field(default_factory=dict)
    owner: dict[Place, int] = field(default_factory=dict)
    leader: int = 0
    said: bool = True
    """Whether there may be something in the outbox; asking each time takes half of a run."""
    writes: int = 0
    """How many steps have changed its database."""
    in_vain: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    """When a replica found nothing to do beside, by the clock, and after how many `writes`."""
    known: Agenda | None = None
    """What is to be done, as long as nobody has written anything since."""

    @property
    def name(self) -> str:
        """The service's."""
        return self.service.name

    def agenda(self) -> Agenda:
        """What its database holds to be done."""
        if self.known is None:
            self.known = self.replicas[0].node.agenda()
        return self.known


Saying = Callable[[World], object]


@dataclass(frozen=True)
class Phase:
    """What is said, in this order within each key, and how long nothing happens afterwards.

    `said` are functions that say something to a world; they are called once, or twice by a partner
    who repeats itself. Where what is said depends on what has happened, `said` finds it out.
    """

    said: Sequence[Saying] | Callable[[World], Sequence[Saying]]
    then: timedelta = timedelta()
