"""What the registry is told and what it says, by noun."""

from impulse_contracts.registry import actors, duplicates, listings, people  # noqa: F401  (registers them)
