"""A partner that reports under load, and the question whether all is well."""

import json
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from impulse_contracts.partner import ActorReported
from tests.fixtures.stack import Stack, eventually

LONG = os.environ.get("IMPULSE_TEST_FAULTS") == "long"
SOURCE = "https://faults.example/api"
CRASHING = Path(__file__).with_name("crashing.py")


class Reporter:
    """A partner that reports some actors again and again, each time with another name."""

    def __init__(self, stack: Stack, actors: int = 40) -> None:
        self.stack = stack
        self.run = uuid4().hex[:8]
        self.actors = actors
        self.said: dict[str, str] = {}
        """The `ce_id` of each report and the external id of its actor."""
        self.last: dict[str, str] = {}
        """The name that each actor was given last."""
        self._start = datetime.now(UTC) - timedelta(hours=1)

    def report(self) -> str:
        """Says one report more; returns its `ce_id`."""
        number = len(self.said)
        external_id = f"{self.run}-{number % self.actors}"
        name = f"Beispielverein {self.run} {number}"
        message = ActorReported.model_validate(
            {
                "external_id": external_id,
                "kind": "nonprofit",
                "legal_name": name,
                "seat": {"postcode": "45144"},
                "observed_at": self._start + timedelta(milliseconds=number),
            }
        )
        found = self.stack.say(
            message, source=SOURCE, key=f"{SOURCE}|{external_id}", principal=None
        )
        self.said[found] = external_id
        self.last[external_id] = name
        return found

    @contextmanager
    def load(self, per_second: float) -> Iterator[None]:
        """Reports in the background while the block runs."""
        done = threading.Event()

        def work() -> None:
            while not done.is_set():
                self.report()
                time.sleep(1 / per_second)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.stack.flush()

    # -------------------------------------------------------------------------------- all well

    def settled(self, seconds: float = 120) -> None:
        """Waits until every report has its outcome and nothing is left in the outbox."""
        self.stack.flush()
        eventually(lambda: self.said.keys() <= self.stack.outcomes().keys(), seconds, 0.5)
        eventually(
            lambda: self.stack.query("registry", "SELECT count(*) FROM outbox") == [(0,)], seconds
        )

    def check(self) -> Counter[str]:
        """Nothing lost, nothing doubled, order kept. Returns which records were repeated."""
        outcomes = self.stack.outcomes()
        for found in self.said:
            assert len({record.id for record in outcomes[found]}) == 1, "one outcome each"
            assert {record.type for record in outcomes[found]} == {"impulse.outcome.accepted.v1"}
        facts = [
            record
            for record in self.stack.read("impulse.actors")
            if self.run.encode() in (record.value or b"")
        ]
        versions: dict[str, list[int]] = defaultdict(list)
        seen: set[str] = set()
        names: dict[str, str] = {}
        for record in facts:
            if record.id in seen:
                continue
            seen.add(record.id)
            state = json.loads(record.value or b"{}")
            versions[state["actor_id"]].append(state["version"])
            names[state["sources"][0]["external_id"]] = state["legal_name"]
        for actor, numbers in versions.items():
            assert numbers == list(range(1, len(numbers) + 1)), f"{actor}: order, gaps, doubles"
        assert sum(map(len, versions.values())) == len(self.said), "one fact a report"
        assert names == self.last, "the last report stands"
        return Counter(record.id for record in facts) - Counter(seen)
