"""A scheduler by seed: any number of services on one log, and whatever can go wrong between steps.

The services are the real ones: their processor, their outbox, their database. What decides is
`random.Random(seed)` alone, so a seed that fails fails again.

Steps of a replica: deliver, process, commit offsets, claim, send, delete, timers, sweep. Faults:
a crash before any statement and before any commit, a crash between any two steps, offsets that are
not committed, a position that jumps back, partitions that move to the other replica, a relay that
goes on after it has lost its lead, clocks that jump and differ, records that arrive twice.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Service, Unavailable
from impulse_chassis.deadletters import Place
from impulse_chassis.envelope import StoredRecord
from impulse_chassis.outbox import OutboxRow
from impulse_chassis.testing import Node, World, shuffled
from impulse_chassis.waiting import PAUSE
from tests.fixtures.statements import watching


class Crash(BaseException):
    """The process is gone: nothing of ours may catch it."""


@dataclass
class Faults:
    """How likely each fault is, per step; all zero is a quiet run."""

    crash_in_transaction: float = 0.04
    crash_between: float = 0.02
    commit_lost: float = 0.1
    commit_unknown: float = 0.01
    rewind: float = 0.02
    move: float = 0.06
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

    @property
    def name(self) -> str:
        """The service's."""
        return self.service.name


Saying = Callable[[World], object]


@dataclass(frozen=True)
class Phase:
    """What is said, in this order within each key, and how long nothing happens afterwards.

    `said` are functions that say something to a world; they are called once, or twice by a partner
    who repeats itself. Where what is said depends on what has happened, `said` finds it out.
    """

    said: Sequence[Saying] | Callable[[World], Sequence[Saying]]
    then: timedelta = timedelta()


class Simulation:
    """One run: phases of messages under faults, rest after each, by one seed."""

    MOST_STEPS = 20_000
    MOST_ROUNDS = 300
    LONGEST_JUMP = timedelta(seconds=20)

    def __init__(
        self,
        services: Sequence[tuple[Service, Engine]],
        seed: int,
        faults: Faults | None = None,
        *,
        replicas: int = 2,
        patience: timedelta = timedelta(hours=2),
        also: Mapping[str, "Step"] | None = None,
    ) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.faults = faults or Faults()
        waiting = {"waiting_seconds": patience.total_seconds()}
        self.groups = [
            Group(
                service,
                engine,
                [
                    Replica(Node(service, engine, service.settings.defaults(**waiting)), number)
                    for number in range(replicas)
                ],
            )
            for service, engine in services
        ]
        self.world = World([group.replicas[0].node for group in self.groups])
        self._also = also or {}
        self.trace: list[str] = []
        self.steps = 0
        self.crashes = 0
        self._fuse: int | None = None
        self._unknown = False

    # ---------------------------------------------------------------------------- the whole

    def run(self, phases: Sequence[Phase]) -> World:
        """Runs all phases and comes to rest; AssertionError if it never does."""
        with self._watched():
            for phase in phases:
                self._under_faults(phase.said(self.world) if callable(phase.said) else phase.said)
                self._rest()
                self.world.now += phase.then
                self._note(f"the clock moves on by {phase.then}")
                self._under_faults([])
                self._rest()
        return self.world

    def _under_faults(self, said: Sequence[Saying]) -> None:
        if self.faults == QUIET:
            for say in said:
                say(self.world)
            return
        to_say = list(said)
        again: list[Saying] = []
        # Then some more, so that what follows of it meets with faults too; never until all is
        # done, as faults make as much work as they find.
        left = self.chance.randint(20, 100) * len(self.groups)
        while to_say or again or left:
            self._count()
            left -= not (to_say or again)
            if to_say and self.chance.random() < 0.3:
                for say in to_say[: (number := self.chance.choice([1, 1, 2, 5, 20]))]:
                    say(self.world)
                    if self._happens(self.faults.said_twice):
                        again.append(say)
                del to_say[:number]
            if again and self.chance.random() < 0.1:
                self._note("something is said twice")
                again.pop(self.chance.randrange(len(again)))(self.world)
            self._step()

    def _rest(self) -> None:
        """Without faults, until nothing moves. What is in memory is done with first."""
        faults, self.faults = self.faults, QUIET
        rested = False
        # What was read and not committed comes again, as after a rebalance.
        for group in self.groups:
            for replica in group.replicas:
                replica.positions.clear()
        try:
            for _ in range(self.MOST_ROUNDS):
                moved = self._round(by_clock=False) or self._round(by_clock=True)
                if not moved and not self._pending():
                    if rested:
                        return
                    # Past the next sweep of what two replicas missed of each other.
                    rested = True
                    self.world.now += 2 * PAUSE
            raise AssertionError(f"never at rest: {', '.join(moved)}")
        finally:
            self.faults = faults

    def _round(self, *, by_clock: bool) -> list[str]:
        """What moved when every replica took its steps; by the clock one a service is enough."""
        return [
            f"{group.name} {replica.number} {step.__name__}"
            for group in self.groups
            for replica in group.replicas[: 1 if by_clock else None]
            for step in self._steps(group)
            if (step in (*_BY_CLOCK, self._also.get(group.name))) is by_clock
            if step(self, group, replica)
        ]

    def _pending(self) -> bool:
        return any(
            self._unread(group, place) for group in self.groups for place in self._places(group)
        )

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.MOST_STEPS:
            raise AssertionError(f"not done after {self.steps} steps")

    # -------------------------------------------------------------------------------- a step

    def _step(self) -> None:
        """Some step of some replica, and perhaps a fault."""
        group = self.chance.choice(self.groups)
        replica = self.chance.choice(group.replicas)
        steps = self._steps(group)
        [step] = self.chance.choices(steps, _WEIGHTS[: len(steps)])
        if self._happens(self.faults.crash_in_transaction):
            self._fuse = self.chance.choice([1, 1, 2, 3, 4, 5, 6, 8, 12])
        self._unknown = self._happens(self.faults.commit_unknown)
        try:
            step(self, group, replica)
        except Crash:
            self._note(f"{group.name} {replica.number} crashes in {step.__name__}")
            self._crash(group, replica)
        finally:
            self._fuse = None
            self._unknown = False
        self._faults_between(group, replica)

    def _steps(self, group: Group) -> list["Step"]:
        """Those of every service, and what this one does beside."""
        also = self._also.get(group.name)
        return [*_STEPS, also] if also else _STEPS

    def _faults_between(self, group: Group, replica: Replica) -> None:
        if self._happens(self.faults.crash_between):
            self._note(f"{group.name} {replica.number} crashes between steps")
            self._crash(group, replica)
        if self._happens(self.faults.move) and group.owner:
            # Best one of those at hand: then two replicas handle the same records.
            at_hand = {(each.topic, each.partition) for each in replica.at_hand}
            place = self.chance.choice(sorted(at_hand or group.owner))
            group.owner[place] = self.chance.randrange(len(group.replicas))
            self._note(f"{group.name}: {place} moves to {group.owner[place]}")
            for each in group.replicas:
                each.positions.pop(place, None)
        if self._happens(self.faults.rewind) and replica.positions:
            place = self.chance.choice(sorted(replica.positions))
            back = self.chance.randrange(replica.positions[place] + 1)
            self._note(f"{group.name} {replica.number}: {place} from {back} again")
            replica.positions[place] = back
        if self._happens(self.faults.stale_relay):
            group.leader = self.chance.randrange(len(group.replicas))
            self._note(f"{group.name}: replica {group.leader} leads the relay")
        if self._happens(self.faults.clock):
            self.world.now += self.LONGEST_JUMP * self.chance.random()
            replica.skew = timedelta(seconds=self.chance.uniform(-5, 5))
            self._note("a clock jumps")

    def _crash(self, group: Group, replica: Replica) -> None:
        self.crashes += 1
        replica.forget()
        for place, owner in group.owner.items():
            if owner == replica.number and self.chance.random() < 0.5:
                group.owner[place] = self.chance.randrange(len(group.replicas))
        if group.leader == replica.number:
            group.leader = self.chance.randrange(len(group.replicas))

    def _happens(self, likelihood: float) -> bool:
        return likelihood > 0 and self.chance.random() < likelihood

    def _note(self, what: str) -> None:
        self.trace.append(f"{self.steps:5} {what}")

    # ------------------------------------------------------------------------ steps: reading

    def _places(self, group: Group) -> list[Place]:
        topics = group.replicas[0].node.processor.topics
        return sorted(place for place in self.world.log.records if place[0] in topics)

    def _unread(self, group: Group, place: Place) -> int:
        return len(self.world.log.records[place]) - group.committed.get(place, 0)

    def deliver(self, group: Group, replica: Replica) -> bool:
        """The replica takes a batch of what is there for it, its partitions in any order."""
        if replica.at_hand or replica.to_commit:
            return False
        found: list[StoredRecord] = []
        for place in self._places(group):
            owner = group.owner.setdefault(place, self.chance.randrange(len(group.replicas)))
            if owner == replica.number:
                begin = replica.positions.setdefault(place, group.committed.get(place, 0))
                most = self.chance.choice([1, 2, 5, 200])
                found.extend(self.world.log.records[place][begin : begin + most])
        replica.at_hand = shuffled(found, self.chance)
        for record in replica.at_hand:
            replica.positions[record.topic, record.partition] = record.offset + 1
        return bool(found)

    def process(self, group: Group, replica: Replica) -> bool:
        """The batch at hand becomes one transaction."""
        if not replica.at_hand:
            return False
        try:
            progress = replica.node.processor.process(replica.at_hand, self.now(replica))
        except Unavailable:
            return True
        replica.at_hand = []
        replica.to_commit = progress.offsets
        return True

    def commit(self, group: Group, replica: Replica) -> bool:
        """The offsets of what was processed, of those partitions that are still ours."""
        if not replica.to_commit:
            return False
        if self._happens(self.faults.commit_lost):
            self._note(f"{group.name} {replica.number}: offsets not committed")
        else:
            for place, offset in replica.to_commit.items():
                if group.owner.get(place) == replica.number:
                    group.committed[place] = offset
        replica.to_commit = {}
        return True

    # ------------------------------------------------------------------------ steps: sending

    def claim(self, group: Group, replica: Replica) -> bool:
        """The relay's leader reads what is to be sent."""
        if group.leader != replica.number or replica.claimed or replica.sent:
            return False
        replica.claimed = replica.node.claim()[: self.chance.choice([1, 5, 1000])]
        return bool(replica.claimed)

    def send(self, group: Group, replica: Replica) -> bool:
        """Sends a part of what was claimed; in order, as the relay does within a partition."""
        if not replica.claimed:
            return False
        number = self.chance.randint(1, len(replica.claimed))
        for row in replica.claimed[:number]:
            self.world.log.append(row.topic, row.key, row.value, row.headers, self.world.now)
            replica.sent.append(row.id)
        del replica.claimed[:number]
        return True

    def delete(self, group: Group, replica: Replica) -> bool:
        """Forgets what was sent."""
        if not replica.sent or replica.claimed:
            return False
        sent, replica.sent = replica.sent, []
        # A relay whose database is away forgets what it has sent, and sends it again.
        with suppress(DBAPIError):
            replica.node.forget(sent)
        return True

    # ------------------------------------------------------------------------ steps: by the clock

    def timers(self, group: Group, replica: Replica) -> bool:
        """Timers that are due become messages."""
        try:
            return replica.node.processor.fire_timers(self.now(replica)) > 0
        except Unavailable:
            return True

    def sweep(self, group: Group, replica: Replica) -> bool:
        """Messages that wait are tried again."""
        try:
            progress = replica.node.processor.sweep(self.now(replica))
        except Unavailable:
            return True
        return progress.published or progress.woken

    def now(self, replica: Replica) -> datetime:
        """The time by the replica's clock."""
        return self.world.now + replica.skew

    # --------------------------------------------------------------------- crashes in transactions

    @contextmanager
    def _watched(self) -> Iterator[None]:
        with ExitStack() as stack:
            for engine in {id(group.engine): group.engine for group in self.groups}.values():
                stack.enter_context(watching(engine, lambda *_: self.burn()))
                stack.enter_context(self._committing(engine))
            yield

    @contextmanager
    def _committing(self, engine: Engine) -> Iterator[None]:
        commit = engine.dialect.do_commit

        def unsure(connection: Any) -> None:
            self.burn()
            commit(connection)
            if self._unknown:
                self._unknown = False
                self._note("a commit whose answer is lost")
                raise engine.dialect.loaded_dbapi.OperationalError("connection lost")

        def before(*_: object) -> None:
            self.burn()

        event.listen(engine, "begin", before)
        engine.dialect.do_commit = unsure  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            engine.dialect.do_commit = commit  # type: ignore[method-assign]
            event.remove(engine, "begin", before)

    def burn(self) -> None:
        """A place where a crash may happen: raises `Crash` when the fuse of this step is burnt."""
        if self._fuse is not None:
            self._fuse -= 1
            if self._fuse <= 0:
                self._fuse = None
                raise Crash


Step = Callable[[Simulation, Group, Replica], bool]
_BY_CLOCK: list[Step] = [Simulation.timers, Simulation.sweep]
_STEPS: list[Step] = [
    Simulation.deliver,
    Simulation.process,
    Simulation.commit,
    Simulation.claim,
    Simulation.send,
    Simulation.delete,
    *_BY_CLOCK,
]
_WEIGHTS = [4, 4, 4, 3, 4, 4, 1, 1, 1]
