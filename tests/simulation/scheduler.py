"""A scheduler by seed: any number of services on one log, and whatever can go wrong between steps.

The services are the real ones: their processor, their outbox, their database. What decides is
`random.Random(seed)` alone, so a seed that fails fails again.

Steps of a replica: deliver, process, commit offsets, claim, send, delete, timers, sweep. Faults:
a crash before any statement and before any commit, a crash between any two steps, offsets that are
not committed, a position that jumps back, partitions that move to the other replica, a relay that
goes on after it has lost its lead, clocks that jump and differ, records that arrive twice.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Engine

from impulse_chassis import Service
from impulse_chassis.deadletters import Place
from impulse_chassis.testing import Node, World
from impulse_chassis.waiting import PAUSE
from tests.simulation import steps
from tests.simulation.cast import QUIET, Faults, Group, Phase, Replica, Saying
from tests.simulation.fuse import Crash, Fuse
from tests.simulation.steps import BY_CLOCK, WEIGHTS, Step


class Simulation:
    """One run: phases of messages under faults, rest after each, by one seed."""

    MOST_STEPS = 20_000
    MOST_ROUNDS = 1_000
    LONGEST_JUMP = timedelta(seconds=20)

    def __init__(
        self,
        services: Sequence[tuple[Service, Engine]],
        seed: int,
        faults: Faults | None = None,
        *,
        replicas: int = 2,
        patience: timedelta = timedelta(hours=2),
        also: Mapping[str, Step] | None = None,
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
        self.fuse = Fuse()

    # ---------------------------------------------------------------------------- the whole

    def run(self, phases: Sequence[Phase]) -> World:
        """Runs all phases and comes to rest; AssertionError if it never does."""
        with self.fuse.laid_to(group.engine for group in self.groups), self._ids():
            for phase in phases:
                self._under_faults(phase.said(self.world) if callable(phase.said) else phase.said)
                self._rest()
                if phase.then:
                    self.world.now += phase.then
                    self.note(f"the clock moves on by {phase.then}")
                    self._under_faults([])
                    self._rest()
        return self.world

    @contextmanager
    def _ids(self) -> Iterator[None]:
        """The seed decides ids, too: by them messages come to their partitions."""
        chance = random.Random(self.seed)

        def an_id() -> UUID:
            return UUID(int=chance.getrandbits(128), version=4)

        with ExitStack() as patched:
            for module in ("timers", "transaction", "waiting"):
                patched.enter_context(patch(f"impulse_chassis.{module}.uuid4", an_id))
            yield

    def _under_faults(self, said: Sequence[Saying]) -> None:
        if self.faults == QUIET:
            for say in said:
                say(self.world)
            return
        to_say = list(said)
        again: list[Saying] = []
        # Then some more, so that what follows of it meets with faults too; never until all is
        # done, as faults make as much work as they find.
        left = self.chance.randint(5, 30) * len(self.groups)
        while to_say or again or left:
            self._count()
            left -= not (to_say or again)
            if to_say and self.chance.random() < 0.3:
                for say in to_say[: (number := self.chance.choice([1, 1, 2, 5, 20]))]:
                    say(self.world)
                    if self.happens(self.faults.said_twice):
                        again.append(say)
                del to_say[:number]
            if again and self.chance.random() < 0.1:
                self.note("something is said twice")
                again.pop(self.chance.randrange(len(again)))(self.world)
            self._step()

    def _rest(self) -> None:
        """Without faults, until nothing moves. What is in memory is done with first."""
        faults, self.faults = self.faults, QUIET
        rested = False
        # What was read and not committed comes again, as after a rebalance; clocks agree again.
        for group in self.groups:
            for replica in group.replicas:
                replica.positions.clear()
                replica.skew = timedelta()
        try:
            for _ in range(self.MOST_ROUNDS):
                moved = self._work() or self._by_the_clock()
                if not moved and not self._pending():
                    if rested or not any(group.agenda().waiting for group in self.groups):
                        return
                    # Past the next sweep of what two replicas missed of each other.
                    rested = True
                    self.world.now += 2 * PAUSE
            raise AssertionError(f"never at rest: {', '.join(moved)}")
        finally:
            self.faults = faults

    def _work(self) -> list[str]:
        """What moved when the first service that had anything to do took its steps: whoever reads
        of it waits until it is done, and takes all at once."""
        for group in self.groups:
            if moved := self._round(group, group.replicas, by_clock=False):
                return moved
        return []

    def _by_the_clock(self) -> list[str]:
        """What moved by the clock; one replica a service is enough."""
        return [
            moved
            for group in self.groups
            for moved in self._round(group, group.replicas[:1], by_clock=True)
        ]

    def _round(self, group: Group, replicas: Sequence[Replica], *, by_clock: bool) -> list[str]:
        return [
            f"{group.name} {replica.number} {step.__name__}"
            for step in self._steps(group)
            if self._by_clock(group, step) is by_clock
            for replica in replicas
            if self._take(group, replica, step)
        ]

    def _pending(self) -> bool:
        return any(
            self._unread(group, place) for group in self.groups for place in self.places(group)
        )

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.MOST_STEPS:
            raise AssertionError(f"not done after {self.steps} steps")

    # -------------------------------------------------------------------------------- a step

    def _step(self) -> None:
        """Some step of some replica that has something to do, and perhaps a fault."""
        for _ in range(8):
            group = self.chance.choice(self.groups)
            replica = self.chance.choice(group.replicas)
            mine = self._steps(group)
            [step] = self.chance.choices(mine, WEIGHTS[: len(mine)])
            if self._take(group, replica, step):
                break
        self._faults_between(group, replica)

    def _take(self, group: Group, replica: Replica, step: Step) -> bool:
        """Takes a step, which may crash anywhere; says whether anything came of it."""
        beside = step == self._also.get(group.name)
        asks = (group.writes, self.now(replica))
        if beside and group.in_vain.get(replica.number) == asks:
            return False
        writes = self.fuse.writes
        if self.happens(self.faults.crash_in_transaction):
            self.fuse.left = self.chance.choice([1, 1, 2, 3, 4, 5, 6, 8, 12])
        lost = self.fuse.answer_lost = self.happens(self.faults.commit_unknown)
        try:
            moved = bool(step(self, group, replica))
        except Crash:
            self.note(f"{group.name} {replica.number} crashes in {step.__name__}")
            self._crash(group, replica)
            moved = True
        finally:
            if lost and not self.fuse.answer_lost:
                self.note("a commit whose answer is lost")
            self.fuse.put_out()
        if self.fuse.writes > writes:
            group.writes += 1
            group.said = True
            group.known = None
        elif beside and not moved:
            group.in_vain[replica.number] = asks
        return moved

    def _by_clock(self, group: Group, step: Step) -> bool:
        return step in BY_CLOCK or step == self._also.get(group.name)

    def _steps(self, group: Group) -> list[Step]:
        """Those of every service, and what this one does beside."""
        also = self._also.get(group.name)
        return [*steps.STEPS, also] if also else steps.STEPS

    def _faults_between(self, group: Group, replica: Replica) -> None:
        if self.happens(self.faults.crash_between):
            self.note(f"{group.name} {replica.number} crashes between steps")
            self._crash(group, replica)
        if self.happens(self.faults.move) and group.owner:
            # Best one of those at hand: then two replicas handle the same records.
            at_hand = {(each.topic, each.partition) for each in replica.at_hand}
            place = self.chance.choice(sorted(at_hand or group.owner))
            group.owner[place] = self.chance.randrange(len(group.replicas))
            self.note(f"{group.name}: {place} moves to {group.owner[place]}")
            for each in group.replicas:
                each.positions.pop(place, None)
        if self.happens(self.faults.rewind) and replica.positions:
            place = self.chance.choice(sorted(replica.positions))
            back = self.chance.randrange(replica.positions[place] + 1)
            self.note(f"{group.name} {replica.number}: {place} from {back} again")
            replica.positions[place] = back
        if self.happens(self.faults.stale_relay):
            group.leader = self.chance.randrange(len(group.replicas))
            self.note(f"{group.name}: replica {group.leader} leads the relay")
        if self.happens(self.faults.clock):
            self.world.now += self.LONGEST_JUMP * self.chance.random()
            replica.skew = timedelta(seconds=self.chance.uniform(-5, 5))
            self.note("a clock jumps")

    def _crash(self, group: Group, replica: Replica) -> None:
        self.crashes += 1
        replica.forget()
        for place, owner in group.owner.items():
            if owner == replica.number and self.chance.random() < 0.5:
                group.owner[place] = self.chance.randrange(len(group.replicas))
        if group.leader == replica.number:
            group.leader = self.chance.randrange(len(group.replicas))

    def happens(self, likelihood: float) -> bool:
        """Whether something of this likelihood happens now."""
        return likelihood > 0 and self.chance.random() < likelihood

    def note(self, what: str) -> None:
        """Tells what happened, for whoever has to find out why a seed fails."""
        self.trace.append(f"{self.steps:5} {what}")

    # ------------------------------------------------------------------------------ for steps

    def portion(self, *sizes: int) -> int:
        """How much is taken at once: any of the sizes, where faults may come in between; at rest
        the last, the largest, as a service does that nothing disturbs."""
        return sizes[-1] if self.faults == QUIET else self.chance.choice(sizes)

    def places(self, group: Group) -> list[Place]:
        """The partitions of the topics that a service reads."""
        topics = group.replicas[0].node.processor.topics
        return sorted(place for place in self.world.log.records if place[0] in topics)

    def _unread(self, group: Group, place: Place) -> int:
        return len(self.world.log.records[place]) - group.committed.get(place, 0)

    def now(self, replica: Replica) -> datetime:
        """The time by the replica's clock."""
        return self.world.now + replica.skew
