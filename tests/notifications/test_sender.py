"""Sending: against a real SMTP server, through everything that can go wrong on the way."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_contracts import topics
from impulse_contracts.codes import MessageState
from impulse_notifications import sender as sending
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_PERSON,
    link,
    membership,
    now,
    opened,
    person,
    say_all,
)
from tests.notifications.office import running, to_one, until
from tests.notifications.post_office import hang_up, say


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
    fact = opened()
    say_all(office.world, fact)
    await office.round()
    [german] = [m for m in office.post.mails if m["Content-Language"] == "de"]
    assert german["Subject"] == "Kooperation zu Ihrem Bedarf „Streichaktion im Jugendzentrum“"
    assert german["To"] == "Beispielperson 11 <person-11@beispiel.example>"
    text = german.get_content()
    assert "Partner:  Beispiel Malerbetrieb GmbH" in text
    assert "Ansprechperson von Beispiel Jugendzentrum e. V." in text
    page = f"http://127.0.0.1:8080/cooperations/{fact.cooperation_id}"
    assert f"Einzelheiten finden Sie hier: {page}" in text.splitlines()
    assert "Demonstration, kein Angebot des Landes oder von UPJ" in text


async def test_a_server_that_is_away_is_waited_for(office):
    await office.post.close()
    async with running(office):
        say_all(office.world, opened())
        await asyncio.sleep(0.6)
        assert [fact.version for fact in office.mails()] == [1, 1]
        await office.post.open()
        await until(lambda: {fact.state for fact in office.mails()} == {MessageState.SENT})
        await asyncio.sleep(0.3)
    assert len(office.post.mails) == 2
    assert [(fact.state, fact.attempts) for fact in office.mails()] == [(MessageState.SENT, 1)] * 2


async def test_a_batch_wakes_the_sender(office, monkeypatch):
    monkeypatch.setattr(sending, "IDLE_SECONDS", 600.0)
    wake = asyncio.Event()
    async with running(office, wake):
        await asyncio.sleep(0.3)
        say_all(office.world, opened())
        wake.set()
        await until(lambda: len(office.post.mails) == 2)


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
    say_all(office.world, link(NEED_PERSON, expires_at=now() + timedelta(minutes=15)))
    await office.round()
    assert office.mails()[0].state is MessageState.QUEUED
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE message SET send_by = now()")
    await office.round()
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
