"""Sending: against a real SMTP server, through everything that can go wrong on the way."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import pytest_asyncio

from impulse_chassis import Unavailable, transact
from impulse_chassis.testing import Node, World
from impulse_contracts import topics
from impulse_contracts.codes import Channel, MessageState
from impulse_contracts.notifications import MessageFact
from impulse_notifications import queue
from impulse_notifications import sender as sending
from impulse_notifications.app import service
from impulse_notifications.sender import Sender, ServerAway
from impulse_notifications.settings import Settings
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_PERSON,
    both_sides,
    link,
    membership,
    now,
    opened,
    person,
    say_all,
)
from tests.notifications.post_office import PostOffice, hang_up, say


class Office:
    """The service with people on both sides, its sender, and a mail server."""

    def __init__(self, engine, **settings):
        self.engine = engine
        self.world = World([Node(service, engine)], now=now())
        self.post = PostOffice()
        self.settings = Settings(
            database_url="postgresql://127.0.0.1/unused",
            smtp_port=self.post.port,
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


@pytest_asyncio.fixture
async def office(engine_of):
    made = Office(engine_of(service))
    await made.post.open()
    yield made
    made.sender._presence.end()
    await made.post.close()


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


async def until(condition, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_each_mail_is_sent_once_over_one_connection(office):
    for _ in range(5):
        office.world.say(opened())
    office.world.settle()
    await office.rounds()

    assert len(office.post.mails) == 10
    assert office.post.connections == 1
    assert set(office.post.recipients) == {
        f"person-{each.int}@beispiel.example" for each in (NEED_PERSON, OFFER_PERSON)
    }
    ids = {str(mail["Message-ID"]) for mail in office.post.mails}
    assert ids == {f"<{fact.message_id}@impulse.example>" for fact in office.mails()}
    for fact in office.mails():
        assert fact.state is MessageState.SENT
        assert (fact.version, fact.attempts, fact.detail) == (2, 1, None)
        assert fact.sent_at


async def test_what_a_mail_says(office):
    say_all(office.world, opened())
    await office.round()
    [german] = [m for m in office.post.mails if m["Content-Language"] == "de"]
    assert german["Subject"] == "Kooperation zu Ihrem Bedarf „Streichaktion im Jugendzentrum“"
    assert german["To"] == "Beispielperson 11 <person-11@beispiel.example>"
    text = german.get_content()
    assert "Partner:  Beispiel Malerbetrieb GmbH" in text
    assert "Ansprechperson von Beispiel Jugendzentrum e. V." in text
    assert "http://127.0.0.1:8080" in text
    assert "Demonstration, kein Angebot des Landes oder von UPJ" in text


async def test_a_server_that_is_away_is_waited_for(office):
    await office.post.close()
    async with running(office):
        say_all(office.world, opened())
        await asyncio.sleep(0.6)
        assert [fact.version for fact in office.mails()] == [1, 1]
        await office.post.open()
        await until(lambda: len(office.post.mails) == 2)
        await asyncio.sleep(0.3)
    assert len(office.post.mails) == 2
    assert [(fact.state, fact.attempts) for fact in office.mails()] == [(MessageState.SENT, 1)] * 2


async def test_a_batch_wakes_the_sender(office, monkeypatch):
    monkeypatch.setattr(sending, "IDLE_SECONDS", 30.0)
    wake = asyncio.Event()
    async with running(office, wake):
        await asyncio.sleep(0.3)
        say_all(office.world, opened())
        wake.set()
        await until(lambda: len(office.post.mails) == 2, seconds=5)


async def test_what_is_refused_for_now_is_sent_later(office):
    say_all(office.world, to_one())
    office.post.at_rcpt = [say("450 4.2.1 <person-11@beispiel.example> mailbox busy")]
    office.post.at_data = [say("451 try again")]
    await office.round()
    [fact] = office.mails()
    assert (fact.state, fact.attempts) == (MessageState.QUEUED, 1)
    assert fact.detail == "450 4.2.1: Der Mailserver nimmt die Nachricht zurzeit nicht an."
    await asyncio.sleep(0.1)
    await office.round()
    [fact] = office.mails()
    assert fact.detail == "451: Der Mailserver nimmt die Nachricht zurzeit nicht an."
    await office.rounds()
    [fact] = office.mails()
    assert (fact.state, fact.attempts, fact.detail) == (MessageState.SENT, 3, None)
    assert len(office.post.mails) == 1
    assert [version for version, _ in office.versions(fact.message_id)] == [1, 2, 3, 4]


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
async def test_what_is_refused_for_good_fails_and_the_next_goes_on(office, where):
    say_all(office.world, opened())
    setattr(office.post, where, [say("550 5.1.1 <person-11@beispiel.example> unknown")])
    await office.rounds()
    failed, sent = sorted(office.mails(), key=lambda fact: fact.state)
    assert (failed.state, sent.state) == (MessageState.FAILED, MessageState.SENT)
    assert failed.detail.startswith("550 5.1.1: ")
    assert "@" not in failed.detail
    assert (len(office.post.mails), office.post.connections) == (1, 1)


async def test_a_connection_lost_after_data_is_an_unknown_outcome(office):
    say_all(office.world, to_one())
    office.post.at_data = [hang_up]
    await office.rounds()
    [fact] = office.mails()
    assert fact.state is MessageState.UNKNOWN_OUTCOME
    assert "bevor der Mailserver den Empfang bestätigte" in fact.detail
    assert len(office.post.mails) == 1, "it had been taken, and was not sent again"


async def test_no_answer_after_data_is_an_unknown_outcome(office):
    async def slow(_):
        await asyncio.sleep(3)
        return "250 OK"

    say_all(office.world, to_one())
    office.post.at_data = [slow]
    await office.rounds(2)
    await asyncio.sleep(1)
    [fact] = office.mails()
    assert fact.state is MessageState.UNKNOWN_OUTCOME
    assert len(office.post.mails) <= 1


async def test_a_connection_lost_before_data_does_no_harm(office):
    say_all(office.world, to_one())
    office.post.at_rcpt = [hang_up]
    await office.round()
    [fact] = office.mails()
    assert (fact.state, fact.attempts) == (MessageState.QUEUED, 1)
    await office.rounds()
    [fact] = office.mails()
    assert (fact.state, fact.attempts) == (MessageState.SENT, 2)
    assert len(office.post.mails) == 1


async def test_an_address_that_is_not_usable_fails(office):
    bad = uuid4()
    say_all(office.world, person(bad, email="<nobody>@x"), membership(bad, NEED_ACTOR), opened())
    await office.round()
    by_person = {fact.person_id: fact for fact in office.mails()}
    assert by_person[bad].state is MessageState.FAILED
    assert by_person[bad].detail == "Die Adresse ist nicht verwendbar."
    assert len(office.post.mails) == 2


async def test_a_link_is_sent_first_and_forgotten(office):
    say_all(office.world, opened())
    expires = now() + timedelta(minutes=15)
    say_all(office.world, link(NEED_PERSON, expires_at=expires))
    await office.round()
    assert office.post.mails[0]["Subject"] == "Ihr Link zur Anmeldung bei Impulse"
    assert "https://impulse.example/anmelden?token=geheim" in office.post.mails[0].get_content()
    with office.engine.connect() as connection:
        links = connection.exec_driver_sql("SELECT count(link) FROM message").scalar()
    assert links == 0


async def test_a_link_that_expires_while_the_server_is_away_is_suppressed(office):
    await office.post.close()
    say_all(office.world, link(NEED_PERSON, expires_at=now() + timedelta(seconds=0.3)))
    await office.round()
    assert office.mails()[0].state is MessageState.QUEUED
    await office.rounds(2)
    [fact] = office.mails()
    assert fact.state is MessageState.SUPPRESSED
    assert fact.detail == "Der Link zur Anmeldung war abgelaufen."
    await office.post.open()
    await office.round()
    assert not office.post.mails


# --------------------------------------------------------------------------------- erasure


def erase(office, person_id):
    office.world.say_raw(topics.PEOPLE.name, str(person_id).encode(), None, [])
    office.world.settle()


async def test_who_was_erased_gets_nothing_also_while_the_server_is_away(office):
    await office.post.close()
    say_all(office.world, opened())
    erase(office, NEED_PERSON)
    await office.round()
    erased, other = office.mails()
    assert (erased.state, other.state) == (MessageState.SUPPRESSED, MessageState.QUEUED)
    assert erased.detail == "Die Person ist nicht mehr eingetragen."
    await office.post.open()
    await office.round()
    assert office.post.recipients == ["person-12@beispiel.example"]


async def test_who_is_erased_in_the_last_moment_gets_nothing(office):
    def meanwhile(_):
        erase(office, NEED_PERSON)
        return "250 OK"

    say_all(office.world, to_one())
    office.post.at_rcpt = [meanwhile]
    await office.rounds()
    assert not office.post.mails
    assert [fact.state for fact in office.mails()] == [MessageState.SUPPRESSED]


# --------------------------------------------------------------------- senders that are gone


async def claimed(office, begun):
    """A sender that claimed a mail, and perhaps began its DATA."""
    presence = queue.Presence(office.engine)
    name = presence.name()
    [letter] = await office.transact(partial(queue.claim, sender=name, limit=1))
    if begun:
        message_id = letter.message.message_id
        assert await office.transact(lambda tx: queue.begin(tx, name, message_id))
    return presence, letter.message.message_id


@pytest.mark.parametrize("begun", [False, True])
async def test_what_a_living_sender_has_claimed_is_left_to_it(office, begun):
    say_all(office.world, opened())
    presence, message_id = await claimed(office, begun)
    await office.rounds()
    assert [str(mail["Message-ID"])[1:37] for mail in office.post.mails] != [str(message_id)]
    assert len(office.post.mails) == 1
    presence.end()


async def test_what_a_sender_had_only_claimed_is_sent_when_it_is_gone(office):
    say_all(office.world, opened())
    presence, _ = await claimed(office, begun=False)
    presence.end()
    await office.rounds()
    assert len(office.post.mails) == 2
    assert {fact.state for fact in office.mails()} == {MessageState.SENT}


async def test_what_a_sender_had_begun_is_of_unknown_outcome_when_it_is_gone(office):
    say_all(office.world, opened())
    presence, message_id = await claimed(office, begun=True)
    presence.end()
    await office.rounds()
    assert len(office.post.mails) == 1
    [lost] = [fact for fact in office.mails() if fact.message_id == message_id]
    assert (lost.state, lost.attempts) == (MessageState.UNKNOWN_OUTCOME, 1)
    assert "unterbrochen" in lost.detail or "interrupted" in lost.detail


async def test_a_sender_that_was_taken_for_gone_does_not_begin(office):
    asked = []

    def lost(_):
        """The sender's database connection is lost, and another sender tidies up."""
        asked.append("first")
        office.sender._presence.end()
        with office.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM attempt")
        return "250 OK"

    def again(_):
        asked.append("again")
        return "250 OK"

    say_all(office.world, to_one())
    office.post.at_rcpt = [lost, again]
    await office.rounds()
    assert asked == ["first", "again"], "the first time it stopped before DATA"
    assert len(office.post.mails) == 1
    assert [(fact.state, fact.attempts) for fact in office.mails()] == [(MessageState.SENT, 1)]


async def test_who_knows_that_it_was_sent_says_so(office):
    async def tidied(_):
        office.sender._presence.end()
        other = office.new_sender()
        await other._tidy()
        other._presence.end()
        return "250 OK"

    say_all(office.world, to_one())
    office.post.at_data = [tidied]
    await office.round()
    [fact] = office.mails()
    states = [state for _, state in office.versions(fact.message_id)]
    assert states == [MessageState.QUEUED, MessageState.UNKNOWN_OUTCOME, MessageState.SENT]
    assert len(office.post.mails) == 1


async def test_two_senders_send_each_mail_once(office):
    for _ in range(40):
        office.world.say(opened())
    office.world.settle()
    other = office.new_sender()
    for _ in range(3):
        await asyncio.gather(office.sender.round(), other.round())
    other._presence.end()
    ids = [str(mail["Message-ID"]) for mail in office.post.mails]
    assert len(ids) == len(set(ids)) == 80
    assert {fact.state for fact in office.mails()} == {MessageState.SENT}


async def test_a_stop_waits_for_the_mail_at_hand(office):
    arrived = asyncio.Event()

    async def slow(_):
        arrived.set()
        await asyncio.sleep(0.5)
        return "250 OK"

    say_all(office.world, opened())
    office.post.at_data = [slow]
    async with running(office):
        async with asyncio.timeout(5):
            await arrived.wait()
        office.stopping.set()
    assert len(office.post.mails) == 1
    assert sorted(fact.state for fact in office.mails()) == [
        MessageState.QUEUED,
        MessageState.SENT,
    ]


async def test_a_database_that_is_away_is_waited_for_before_anything_is_forgotten(
    office, monkeypatch
):
    monkeypatch.setattr(sending, "IDLE_SECONDS", 0.05)
    failures = iter([Unavailable("away"), Unavailable("away")])
    record = queue.record

    def away(*arguments):
        for failure in failures:
            raise failure
        record(*arguments)

    monkeypatch.setattr(queue, "record", away)
    say_all(office.world, to_one())
    await office.round()
    [fact] = office.mails()
    assert (fact.state, fact.attempts) == (MessageState.SENT, 1)
    assert len(office.post.mails) == 1
