"""What a replica does, a step at a time; between any two of them it may be gone.

Each step returns whether anything came of it.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from impulse_chassis import Unavailable
from impulse_chassis.envelope import StoredRecord
from impulse_chassis.testing import shuffled
from tests.simulation.cast import Group, Replica

if TYPE_CHECKING:
    from tests.simulation.scheduler import Simulation

# --------------------------------------------------------------------------------- reading


def deliver(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """The replica takes a batch of what is there for it, its partitions in any order."""
    if replica.at_hand or replica.to_commit:
        return False
    found: list[StoredRecord] = []
    for place in simulation.places(group):
        owner = group.owner.setdefault(place, simulation.chance.randrange(len(group.replicas)))
        if owner == replica.number:
            begin = replica.positions.setdefault(place, group.committed.get(place, 0))
            most = simulation.portion(1, 2, 5, 200)
            found.extend(simulation.world.log.records[place][begin : begin + most])
    replica.at_hand = shuffled(found, simulation.chance)
    for record in replica.at_hand:
        replica.positions[record.topic, record.partition] = record.offset + 1
    return bool(found)


def process(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """The batch at hand becomes one transaction."""
    if not replica.at_hand:
        return False
    try:
        progress = replica.node.processor.process(replica.at_hand, simulation.now(replica))
    except Unavailable:
        return True
    replica.at_hand = []
    replica.to_commit = progress.offsets
    return True


def commit(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """The offsets of what was processed, of those partitions that are still ours."""
    if not replica.to_commit:
        return False
    if simulation.happens(simulation.faults.commit_lost):
        simulation.note(f"{group.name} {replica.number}: offsets not committed")
    else:
        for place, offset in replica.to_commit.items():
            if group.owner.get(place) == replica.number:
                group.committed[place] = offset
    replica.to_commit = {}
    return True


# --------------------------------------------------------------------------------- sending


def claim(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """The relay's leader reads what is to be sent."""
    if group.leader != replica.number or replica.claimed or replica.sent or not group.said:
        return False
    # Kafka shuts out whoever led before: what they still want to send is refused.
    for other in group.replicas:
        if other is not replica:
            other.claimed = []
    rows = replica.node.claim()
    group.said = bool(rows)
    replica.claimed = rows[: simulation.portion(1, 5, 1000)]
    return bool(replica.claimed)


def send(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """Sends a part of what was claimed; in order, as the relay does within a partition."""
    if not replica.claimed:
        return False
    world = simulation.world
    number = simulation.portion(*range(1, len(replica.claimed) + 1))
    for row in replica.claimed[:number]:
        world.log.append(row.topic, row.key, row.value, row.headers, world.now)
        replica.sent.append(row.id)
    del replica.claimed[:number]
    return True


def delete(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """Forgets what was sent."""
    if not replica.sent or replica.claimed:
        return False
    sent, replica.sent = replica.sent, []
    # A relay whose database is away forgets what it has sent, and sends it again.
    with suppress(DBAPIError):
        replica.node.forget(sent)
    return True


# ---------------------------------------------------------------------------- by the clock


def timers(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """Timers that are due become messages."""
    due = group.agenda().timer
    if due is None or due > simulation.now(replica):
        return False
    try:
        return replica.node.processor.fire_timers(simulation.now(replica)) > 0
    except Unavailable:
        return True


def sweep(simulation: "Simulation", group: Group, replica: Replica) -> bool:
    """Messages that wait are tried again."""
    due = group.agenda().waiting
    if due is None or due > simulation.now(replica):
        return False
    try:
        progress = replica.node.processor.sweep(simulation.now(replica))
    except Unavailable:
        return True
    return progress.published or progress.woken


Step = Callable[["Simulation", Group, Replica], bool]
BY_CLOCK: list[Step] = [timers, sweep]
STEPS: list[Step] = [deliver, process, commit, claim, send, delete, *BY_CLOCK]
WEIGHTS = [4, 4, 4, 2, 4, 4, 0.5, 0.5, 0.5]
"""How often each is taken; the last is what a service does beside."""
