"""The listings as one replica sees them, and the rules that it judges by."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain import making, rules
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import RuleSet
from impulse_matching.store.listings import (
    Change,
    all_listings,
    changed_listings,
    promised_offers,
    snapshot,
)
from impulse_matching.store.rulesets import rules_since


class InForce:
    """The rules that are in force, as one replica knows them; at first those that are shipped."""

    def __init__(self) -> None:
        self._known = 0, rules.shipped()

    @property
    def rules(self) -> RuleSet:
        """Those that were read last."""
        return self._known[1]

    def read(self, tx: Transaction) -> RuleSet:
        """Those of now: one statement, and nothing to be parsed unless they changed."""
        if found := rules_since(tx, self._known[0]):
            self._known = found[0], RuleSet.model_validate(found[1])
        return self.rules


class View:
    """The index of one replica, under the rules in force; at first those that are shipped.

    It is what was committed, and for the time of a turn the listings of one batch as well: these
    are in doubt until the next turn finds them in the database, or takes them out again.
    """

    def __init__(self) -> None:
        self.index = Index(rules.shipped())
        self.promised: set[UUID] = set()
        self._since: str | None = None
        self._doubtful: set[UUID] = set()
        self._turns = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The replica's threads use the index one at a time.

        Meanwhile nothing is waited for that another one holds.
        """
        with self._turns:
            yield

    def catch_up(self, tx: Transaction, since: str | None = None) -> tuple[str, set[UUID]]:
        """The index becomes what is committed now, under the rules of now: four statements.

        Returns a point in time, and which listings may be others than they were: since the last
        turn, or `since` such a point. No commit is passed over, in whatever order they come: what
        was not to be seen at that point was written by a transaction that is not older than the
        oldest one that was running then.
        """
        self.index.judge_by(tx.cache(InForce).read(tx))
        now = snapshot(tx)
        changed: set[UUID] = set()
        if self._since is None:
            self._rebuild(tx)
        else:
            for change in changed_listings(tx, since or self._since, self._doubtful):
                self._take(change)
                changed.add(change.listing_id)
        self._since, self._doubtful = now, set()
        return now, changed

    def try_out(self, listing: Listing) -> None:
        """Takes in a listing that is not committed yet."""
        self._doubtful.add(listing.listing_id)
        self._put(listing)

    def _rebuild(self, tx: Transaction) -> None:
        """The index becomes what the database says, all at once."""
        self.index = Index(self.index.rules)
        self.promised = promised_offers(tx)
        for changes in all_listings(tx):
            made = [(each.entry, each.party) for each in changes if each.entry and each.party]
            self.index.extend(making.entries(made))
            for change in changes:
                if change.fact:
                    self._put(_listing(change))

    def _take(self, change: Change) -> None:
        """The index becomes what the database says about a listing."""
        if change.promised:
            self.promised.add(change.listing_id)
        else:
            # What came of it was not carried out: it is free again.
            self.promised.discard(change.listing_id)
        if change.promised or not (change.entry or change.fact):
            self.index.remove(change.listing_id)
        elif change.fact:
            self._put(_listing(change))
        elif change.entry and change.party:
            self.index.put(making.entries([(change.entry, change.party)]))

    def _put(self, listing: Listing) -> None:
        if listing.is_open and listing.listing_id not in self.promised:
            self.index.put(listing.entry)
        else:
            self.index.remove(listing.listing_id)


def _listing(change: Change) -> Listing:
    fact = ListingState.model_validate_json(change.fact or "")
    return Listing(fact, change.party)
