"""Crashes in the middle of a transaction: before its k-th statement, or before its commit."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.fixtures.statements import watching


class Crash(BaseException):
    """The process is gone: nothing of ours may catch it."""


class Fuse:
    """Burns with each statement, begin and commit on the engines that it is laid to."""

    def __init__(self) -> None:
        self.left: int | None = None
        """After how many places the crash comes; None for never."""
        self.answer_lost = False
        """Whether the next commit succeeds without anybody learning of it."""
        self.writes = 0
        """How many statements have changed rows, be it in a transaction that came to nothing."""

    def burn(self) -> None:
        """A place where a crash may happen: raises `Crash` at the end of the fuse."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.left = None
                raise Crash

    def _wrote(self) -> None:
        self.writes += 1

    def put_out(self) -> None:
        """Nothing happens any more."""
        self.left = None
        self.answer_lost = False

    @contextmanager
    def laid_to(self, engines: Iterable[Engine]) -> Iterator[None]:
        """Burns on these engines."""
        with ExitStack() as stack:
            for engine in {id(each): each for each in engines}.values():
                stack.enter_context(watching(engine, lambda *_: self.burn(), self._wrote))
                stack.enter_context(self._in_transactions(engine))
            yield

    @contextmanager
    def _in_transactions(self, engine: Engine) -> Iterator[None]:
        commit = engine.dialect.do_commit

        def unsure(connection: Any) -> None:
            self.burn()
            commit(connection)
            if self.answer_lost:
                self.answer_lost = False
                raise engine.dialect.loaded_dbapi.OperationalError("connection lost")

        def before(*_: object) -> None:
            self.burn()

        event.listen(engine, "begin", before)
        engine.dialect.do_commit = unsure  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            engine.dialect.do_commit = commit  # type: ignore[method-assign]
            event.remove(engine, "begin", before)
