"""What the registry is told and what it says, by noun."""

from impulse_contracts.registry import (  # noqa: F401  (registers them)
    actors,
    consents,
    disclosures,
    duplicates,
    joining,
    life,
    listings,
    network,
    people,
)
