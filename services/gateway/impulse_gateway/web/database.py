"""The database as requests see it: in threads, and with an answer in time or none at all."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from impulse_chassis import Unavailable
from impulse_chassis.database import Trouble, classify

T = TypeVar("T")

SECONDS = 4.0
"""How long a request waits for the database; then it is answered that it is away."""
THREADS = 8


class Database:
    """Runs work in one transaction each. A hanging server takes its threads, not its callers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")

    async def __call__(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, committed. Raises `Unavailable`."""

        def run() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        loop = asyncio.get_running_loop()
        return await in_time(loop.run_in_executor(self._threads, run))

    def close(self) -> None:
        """Lets go of threads and connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.engine.dispose()


async def in_time(result: Awaitable[T]) -> T:
    """The result, if the database gives it in time. Raises `Unavailable`."""
    try:
        async with asyncio.timeout(SECONDS):
            return await result
    except TimeoutError:
        raise Unavailable(f"no answer within {SECONDS:.0f} s") from None
    except Exception as error:
        if classify(error) is Trouble.UNAVAILABLE:
            raise Unavailable(type(error).__name__) from error
        raise
