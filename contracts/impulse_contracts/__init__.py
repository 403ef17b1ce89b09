"""What travels on Kafka between the services of Impulse: topics, messages, reasons.

Depends on pydantic only. Start with `topics` (where things travel), then `message` (what a
command, a report and a fact are), then the module of the context that you need.
"""

from impulse_contracts import (  # noqa: F401  (importing a context registers its messages)
    booking,
    erasures,
    markets,
    matching,
    notifications,
    outcomes,
    partner,
    registry,
    rulesets,
)
