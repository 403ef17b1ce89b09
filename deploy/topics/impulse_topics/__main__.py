"""`python -m impulse_topics`: provisions the topics of the cluster that the settings name.

`IMPULSE_KAFKA_BOOTSTRAP_SERVERS` (required), `IMPULSE_ERASURE_SECONDS` (default 604800),
`IMPULSE_TOPIC_PREFIX` (default none), `IMPULSE_REGISTRY_PARTNERS` (default none), whose own topics
are created too.
"""

from __future__ import annotations

import os
import sys

from impulse_contracts.topics import YEAR
from impulse_topics import TopicError, provision, wanted

DEFAULT_ERASURE_SECONDS = 604_800


def main() -> int:
    """Provisions and says what was done; the exit status."""
    bootstrap_servers = os.environ.get("IMPULSE_KAFKA_BOOTSTRAP_SERVERS")
    if not bootstrap_servers:
        print(
            "IMPULSE_KAFKA_BOOTSTRAP_SERVERS is not set: host:port of the Kafka cluster",
            file=sys.stderr,
        )
        return 2
    told = os.environ.get("IMPULSE_ERASURE_SECONDS", str(DEFAULT_ERASURE_SECONDS))
    seconds = int(told) if told.isdecimal() and len(told) < 20 else 0
    if not 1 <= seconds <= YEAR:
        allowed = f"a whole number from 1 to {YEAR}"
        print(f"IMPULSE_ERASURE_SECONDS is {told!r}; allowed: {allowed}", file=sys.stderr)
        return 2
    try:
        prefix = os.environ.get("IMPULSE_TOPIC_PREFIX", "")
        topics = wanted(os.environ)
        print(provision(bootstrap_servers, erasure_seconds=seconds, topics=topics, prefix=prefix))
    except TopicError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
