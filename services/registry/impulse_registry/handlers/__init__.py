"""The registry's handlers: what each message loads, and what it does.

Loaders run in this order, so that rows are always locked in the same one.
"""

from impulse_chassis import Handlers
from impulse_registry.handlers import (
    actors,
    consents,
    disclosures,
    duplicates,
    erasures,
    founding,
    inheriting,
    joining,
    life,
    listings,
    merging,
    network,
    people,
    separating,
)

handlers = Handlers(
    network.first,
    actors.handlers,
    founding.handlers,
    listings.handlers,
    people.handlers,
    joining.handlers,
    consents.handlers,
    disclosures.handlers,
    merging.handlers,
    separating.handlers,
    erasures.handlers,
    life.handlers,
    inheriting.handlers,
    network.handlers,
    duplicates.handlers,
)
