"""Notifications with people, a sender, and a mail server, for the tests of sending."""

import asyncio
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from pydantic import SecretStr

from impulse_chassis import transact
from impulse_chassis.testing import Node, World
from impulse_contracts.codes import Channel
from impulse_contracts.notifications import MessageFact
from impulse_notifications import queue
from impulse_notifications.app import service
from impulse_notifications.sender import Sender, ServerAway
from impulse_notifications.settings import Settings
from tests.notifications.given import both_sides, now, opened, say_all
from tests.notifications.post_office import PostOffice

KEY = "a key of the tests that is long enough"


class Office:
    """The service with people on both sides, its sender, and a mail server."""

    def __init__(self, engine, **settings):
        self.engine = engine
        self.world = World([Node(service, engine)], now=now())
        self.post = PostOffice()
        self.settings = Settings(
            database_url="postgresql://127.0.0.1/unused",
            smtp_port=self.post.port,
            privacy_key=SecretStr(KEY),
            smtp_timeout_seconds=2,
            retry_seconds=0.05,
            retry_max_seconds=0.2,
            **settings,
        )
        self.stopping = asyncio.Event()
        self.sender = self.new_sender()
        say_all(self.world, *both_sides())

    def new_sender(self):
        return Sender(self.engine, self.settings, self.transact, self.stopping)

    def transact(self, work):
        return asyncio.to_thread(transact, self.engine, "notifications", work)

    async def round(self):
        """The sender looks once; a server that is away is no surprise here."""
        with suppress(ServerAway):
            self.sender._tidied = -1000.0
            await self.sender.round()
        self.world.settle()

    async def rounds(self, number=3):
        for _ in range(number):
            await self.round()
            await asyncio.sleep(0.25)

    def due(self):
        """Whether the sender has anything to send."""
        return transact(self.engine, "notifications", queue.is_due)

    def mails(self):
        """The last fact of each e-mail."""
        self.world.settle()
        facts = [heard.data for heard in self.world.heard(MessageFact)]
        newest = {fact.message_id: fact for fact in facts if fact.channel is Channel.EMAIL}
        return sorted(newest.values(), key=lambda fact: fact.person_id)

    def versions(self, message_id):
        return [
            (heard.data.version, heard.data.state)
            for heard in self.world.heard(MessageFact)
            if heard.data.message_id == message_id
        ]


def to_one():
    """A fact that one person is told of."""
    return opened(offer_actor_id=uuid4())


@asynccontextmanager
async def running(office, wake=None):
    """The sender as the service runs it."""
    task = asyncio.create_task(office.sender.run(wake or asyncio.Event()))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition, seconds=60):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)
