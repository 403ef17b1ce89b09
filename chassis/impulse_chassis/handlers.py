"""Which function handles which message, and what it needs loaded before."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import Received
from impulse_chassis.transaction import Transaction
from impulse_contracts.message import Message

M = TypeVar("M", bound=Message)

Handler = Callable[[Transaction, Any], Aggregate | None]
"""Handles one message without a statement; returns the aggregate that the outcome names."""

Messages = Sequence[Received[Any]]
"""What a loader gets; `Sequence[Received[LendBook]]` where it is of one type."""

Loader = Callable[[Transaction, Messages], None]
"""Loads for all messages of a type in a batch; a fixed number of statements."""


class Handlers:
    """The handlers of a service: one function a message type, and its loader.

    @handlers.load(LendBook)
    def load_books(tx, messages): books.lock(tx, {message.data.book_id for message in messages})

    @handlers.on(LendBook)
    def lend_book(tx, command): ...

    `parts` are those of a service's modules, where there are several.
    """

    def __init__(self, *parts: "Handlers") -> None:
        self.handlers: dict[type[Message], Handler] = {}
        self.loaders: list[tuple[tuple[type[Message], ...], Loader]] = []
        for part in parts:
            for message, handler in part.handlers.items():
                self.on(message)(handler)
            self.loaders += part.loaders

    def on(
        self, *messages: type[M]
    ) -> Callable[
        [Callable[[Transaction, M], Aggregate | None]],
        Callable[[Transaction, M], Aggregate | None],
    ]:
        """Registers the handler of messages; TypeError if one of them has one."""

        def register(
            handler: Callable[[Transaction, M], Aggregate | None],
        ) -> Callable[[Transaction, M], Aggregate | None]:
            for message in messages:
                if message in self.handlers:
                    raise TypeError(f"{message.__name__} has two handlers")
                if not message.ce_type:
                    raise TypeError(f"{message.__name__} has no ce_type")
                self.handlers[message] = handler
            return handler

        return register

    def load(
        self, *messages: type[M]
    ) -> Callable[
        [Callable[[Transaction, Sequence[Received[M]]], None]],
        Callable[[Transaction, Sequence[Received[M]]], None],
    ]:
        """Registers a loader; called once a batch with all messages of these types in it.

        Loaders run in the order of their registration, so that locks are taken in one order.
        """

        def register(
            loader: Callable[[Transaction, Sequence[Received[M]]], None],
        ) -> Callable[[Transaction, Sequence[Received[M]]], None]:
            self.loaders.append((messages, loader))
            return loader

        return register

    def wanted(self) -> dict[str, type[Message]]:
        """The messages that are handled, by type."""
        return {message.ce_type: message for message in self.handlers}
