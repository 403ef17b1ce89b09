"""Addresses of erased people."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, moment_column
from impulse_registry.domain.blocking import BlockedAddress, digest, mark
from impulse_registry.domain.erasures import KEPT_AWAY


class BlockedAddressRow(Table, table=True):
    """`BlockedAddress`."""

    __tablename__ = "blocked_address"
    digest: str = Field(primary_key=True)
    version: int
    since: datetime = moment_column()


blocked: Repository[BlockedAddress, str] = Repository(BlockedAddressRow, BlockedAddress)


def load_blocked(tx: Transaction, addresses: Iterable[str]) -> None:
    """Loads whether these addresses are blocked: one statement."""
    blocked.lock(tx, {key for address in addresses for key in _keys(tx, address)})


def load_marks(tx: Transaction, marks: Iterable[str]) -> None:
    """Loads whether addresses are blocked that links call by these marks: one statement."""
    blocked.lock(tx, set(marks))


def is_blocked(tx: Transaction, address: str) -> bool:
    """Whether the person of an address was erased, or objected by a link that was sent to it."""
    return any(blocked.get(tx, key) is not None for key in _keys(tx, address))


def is_marked(tx: Transaction, address: str, by: str) -> bool:
    """Whether a link calls an address by that mark."""
    return mark(_secret(tx), address) == by


def block(tx: Transaction, address: str) -> None:
    """Blocks an address, from now on."""
    block_key(tx, _digest(tx, address))


def block_key(tx: Transaction, key: str) -> None:
    """Blocks the address with a digest or mark, from now on."""
    known = blocked.get(tx, key)
    entry = known.evolve(since=tx.now) if known else None
    blocked.put(tx, entry or BlockedAddress(version=1, digest=key, since=tx.now))


def forget_blocked(tx: Transaction) -> None:
    """Deletes the addresses that were blocked long enough."""
    tx.cursor().execute("DELETE FROM blocked_address WHERE since <= %s", (tx.now - KEPT_AWAY,))


def block_again(tx: Transaction, addresses: Iterable[str]) -> None:
    """Blocks addresses at the end of a transaction, where the list does not hold them."""
    tx.cursor().execute(
        """
        INSERT INTO blocked_address (digest, version, since)
        SELECT each, 1, %s FROM unnest(%s::text[]) AS each ON CONFLICT DO NOTHING
        """,
        (tx.now, sorted({_digest(tx, address) for address in addresses})),
    )


def unblock(tx: Transaction, address: str) -> None:
    """Takes an address off the list: its person is back by their own will."""
    for key in _keys(tx, address):
        if blocked.get(tx, key) is not None:
            blocked.remove(tx, key)


def _keys(tx: Transaction, address: str) -> tuple[str, str]:
    return _digest(tx, address), mark(_secret(tx), address)


def _digest(tx: Transaction, address: str) -> str:
    return digest(_secret(tx), address)


def _secret(tx: Transaction) -> str:
    key: str = tx.settings.privacy_key.get_secret_value()
    return key
