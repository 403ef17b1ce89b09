"""How any service of Impulse runs: consume, one transaction, outbox, relay.

What a service needs is here; `sketch` of one:

    handlers = Handlers()
    books = Repository(BookRow, Book)

    @handlers.load(LendBook)
    def load_books(tx, messages): books.lock(tx, {message.data.book_id for message in messages})

    @handlers.on(LendBook)
    def lend_book(tx, command):
        book = books.put(tx, loans.lend(books.require(tx, command.book_id), command.reader))
        tx.publish(BookLent.of(book))
        return book

    Service("lending", Settings, handlers, reads=[topics.LOAN_COMMANDS]).main()

A name is loaded when it is first asked for: a command that needs no broker starts without one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impulse_chassis.aggregate import Aggregate, Refused, WaitFor
    from impulse_chassis.database import Unavailable
    from impulse_chassis.envelope import SYSTEM, Received, stable_uuid
    from impulse_chassis.forgetting import Forgetting, Held
    from impulse_chassis.handlers import Handlers, Messages
    from impulse_chassis.ledger import Ledger
    from impulse_chassis.processor import Processor
    from impulse_chassis.projection import project, record
    from impulse_chassis.repository import Repository
    from impulse_chassis.running import Running
    from impulse_chassis.service import Service
    from impulse_chassis.settings import LingerSeconds, Port, PublicUrl, SecretKey, ServiceSettings
    from impulse_chassis.tables import Table, json_column, moment_column
    from impulse_chassis.transaction import Transaction, transact

_HOMES = {
    "Aggregate": "aggregate",
    "Forgetting": "forgetting",
    "Handlers": "handlers",
    "Held": "forgetting",
    "Ledger": "ledger",
    "Messages": "handlers",
    "LingerSeconds": "settings",
    "Port": "settings",
    "Processor": "processor",
    "PublicUrl": "settings",
    "Received": "envelope",
    "Refused": "aggregate",
    "Repository": "repository",
    "Running": "running",
    "SYSTEM": "envelope",
    "SecretKey": "settings",
    "Service": "service",
    "ServiceSettings": "settings",
    "Table": "tables",
    "Transaction": "transaction",
    "Unavailable": "database",
    "WaitFor": "aggregate",
    "json_column": "tables",
    "moment_column": "tables",
    "project": "projection",
    "record": "projection",
    "stable_uuid": "envelope",
    "transact": "transaction",
}
"""The module that each name is in."""

__all__ = [
    "SYSTEM",
    "Aggregate",
    "Forgetting",
    "Handlers",
    "Held",
    "Ledger",
    "LingerSeconds",
    "Messages",
    "Port",
    "Processor",
    "PublicUrl",
    "Received",
    "Refused",
    "Repository",
    "Running",
    "SecretKey",
    "Service",
    "ServiceSettings",
    "Table",
    "Transaction",
    "Unavailable",
    "WaitFor",
    "json_column",
    "moment_column",
    "project",
    "record",
    "stable_uuid",
    "transact",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
