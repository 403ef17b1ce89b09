"""Sending with senders that end: what they had claimed or begun, what others do about it."""

import asyncio
from functools import partial

import pytest

from impulse_chassis import Unavailable
from impulse_contracts.codes import MessageState
from impulse_notifications import queue
from impulse_notifications import sender as sending
from tests.notifications.given import (
    opened,
    say_all,
)
from tests.notifications.office import running, to_one


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
        async with asyncio.timeout(60):
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
