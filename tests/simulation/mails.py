"""The step that sends e-mails, and what became of them: the queue of notifications, a sink."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Service, Transaction
from impulse_notifications import queue
from impulse_notifications.domain.attempt import Attempt, Outcome, Retries
from tests.simulation.cast import Group, Replica
from tests.simulation.scheduler import Simulation

T = TypeVar("T")
RETRIES = Retries()


class Mails:
    """A mail server that takes everything, and counts."""

    def __init__(self) -> None:
        self.taken: Counter[UUID] = Counter()

    def send(self, simulation: Simulation, group: Group, replica: Replica) -> bool:
        """One round of the sender: tidy, claim, and for each e-mail begin, send, record.

        It may crash between any two of them; then it is not known whether the server took it.
        """
        sender = UUID(int=replica.number)

        def transact(work: Callable[[Transaction], T]) -> T:
            with replica.node.engine.begin() as connection:
                tx = Transaction(connection, group.name, simulation.now(replica))
                result = work(tx)
                tx.flush()
            return result

        def begin(tx: Transaction, mail: UUID) -> bool:
            return queue.begin(tx, sender, mail)

        def record(tx: Transaction, mail: UUID) -> None:
            queue.record(tx, sender, mail, Attempt(Outcome.SENT), RETRIES)

        try:
            transact(lambda tx: queue.tidy(tx, sender, RETRIES))
            letters = transact(lambda tx: queue.claim(tx, sender))
            for letter in letters:
                mail = letter.message.message_id
                if transact(partial(begin, mail=mail)):
                    simulation.fuse.burn()
                    self.taken[mail] += 1
                    simulation.fuse.burn()
                    transact(partial(record, mail=mail))
        except DBAPIError:
            return True
        return bool(letters)

    def findings(self, services: Sequence[tuple[Service, Engine]]) -> Iterator[str]:
        """I5: each e-mail was taken once, or it is explained why that is not known."""
        for mail, times in self.taken.items():
            if times > 1:
                yield f"I5 e-mail {mail} was sent {times} times"
        [engine] = [engine for service, engine in services if service.name == "notifications"]
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                """
                SELECT message_id, state, person_id, cause_id, template, channel FROM message
                ORDER BY message_id
                """
            ).fetchall()
        for mail, state, *_ in (row for row in found if row[5] == "email"):
            times = self.taken[mail]
            if (state == "sent") != (times == 1) and state != "unknown_outcome":
                yield f"I5 e-mail {mail} is {state} and was sent {times} times"
            if state == "queued":
                yield f"I5 e-mail {mail} is still waiting"
        for told, times in Counter(tuple(row[2:]) for row in found).items():
            if times > 1:
                yield f"I5 {times} messages for {told}"
