"""Matching's handlers: what each message loads, and what it does.

Loaders run in this order. Scoring locks nothing at first. Then rows are always locked in the same
order, so that replicas don't wait for each other in a circle: the lock of releases, the scoring
lock, capacities of offers by id, proposals by id. Whoever suggests, releases or answers a proposal
holds its offer's capacity; so two needs never win one offer, and nothing is suggested of an offer
that is being promised.
"""

from impulse_chassis import Handlers
from impulse_matching.handlers import cooperations, interest, life, listings, markets, rules

handlers = Handlers(
    listings.first,
    life.first,
    interest.first,
    rules.handlers,
    listings.handlers,
    cooperations.handlers,
    life.handlers,
    interest.handlers,
    markets.handlers,
)
