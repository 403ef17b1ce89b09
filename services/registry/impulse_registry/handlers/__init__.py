"""The registry's handlers: what each message loads, and what it does."""

from datetime import timedelta

from impulse_chassis import Handlers
from impulse_registry.handlers import actors, listings, people


def registry_handlers(stale_after: timedelta) -> Handlers:
    """All handlers; a listing that nobody confirms for `stale_after` goes stale.

    Loaders run in this order, so that rows are always locked in the same one.
    """
    handlers = Handlers()
    actors.add_to(handlers)
    listings.add_to(handlers, stale_after)
    people.add_to(handlers)
    return handlers
