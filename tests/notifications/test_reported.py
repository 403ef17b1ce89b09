"""Whom a partner reported learns of it once, before anything else; old messages go; consent."""

from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest

from impulse_chassis import Transaction
from impulse_chassis.testing import Node, World
from impulse_contracts import topics
from impulse_contracts.codes import Channel, MessageState
from impulse_contracts.notifications import MessageFact, MessageSuppressed
from impulse_contracts.objections import read
from impulse_contracts.parts import Source
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.registry.people import PersonConsentGiven, PersonContactChanged
from impulse_notifications import queue
from impulse_notifications.app import service
from impulse_notifications.domain import message as messages
from impulse_notifications.domain.attempt import Attempt, Outcome, Retries
from impulse_notifications.domain.message import Template
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_PERSON,
    actor,
    link,
    membership,
    opened,
    person,
    say_all,
)
from tests.notifications.office import KEY, to_one

REPORTED = Source(source="https://ehrenamt.essen.example/api", external_id="4711")


def reported(**changes):
    said = person(NEED_PERSON).model_copy(update={"contact_of": REPORTED})
    return said.model_copy(update=changes)


def told(world):
    facts = [heard.data for heard in world.heard(MessageFact)]
    return [each for each in facts if each.template == "contact_reported"]


@pytest.fixture
def engine(engine_of):
    return engine_of(service)


@pytest.fixture
def world(engine):
    return World([Node(service, engine)])


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_reported_contact_is_told_once_whatever_comes_first_and_again(world, order):
    facts = [reported(), membership(NEED_PERSON, NEED_ACTOR)]
    for index in order:
        say_all(world, facts[index])
    again = reported(version=2, phone="0201 1")
    say_all(world, PersonContactChanged.model_validate(again.model_dump()))
    say_all(world, facts[0], facts[1])
    [fact] = told(world)
    assert (fact.state, fact.channel) == (MessageState.QUEUED, Channel.EMAIL)
    assert (fact.title, fact.text) == (None, None)


def test_whoever_comes_in_their_place_is_told_too_and_once(world):
    say_all(world, reported(), membership(NEED_PERSON, NEED_ACTOR))
    for version in (2, 3):
        successor = reported(version=version, email="nachfolge@beispiel.example").model_dump()
        say_all(world, PersonContactChanged.model_validate(successor))
    assert [each.state for each in told(world)] == [MessageState.QUEUED] * 2
    assert "beispiel" not in " ".join(each.cause_id for each in told(world))


def test_others_are_not_told(world):
    say_all(world, person(NEED_PERSON), membership(NEED_PERSON, NEED_ACTOR))
    assert told(world) == []


async def test_the_mail_says_who_reported_and_comes_before_all_others(office):
    say_all(office.world, reported(version=2), to_one())
    assert len(told(office.world)) == 1
    office.post.at_rcpt.append(lambda _: "451 later")
    await office.rounds()
    mails = [mail for mail in office.post.mails if "person-11@" in mail["To"]]
    assert [str(mail["Subject"]).strip()[:10] for mail in mails] == ["Sie wurden", "Kooperatio"]
    text = mails[0].get_content()
    assert REPORTED.source in text
    assert "Beispiel Jugendzentrum e. V." in text
    [url] = [line for line in text.splitlines() if "/objection/" in line]
    objection = read(KEY, url.rpartition("/")[2])
    assert objection is not None
    assert objection.person_id == NEED_PERSON


async def test_a_link_that_they_ask_for_does_not_wait_for_the_notice(office):
    office.post.at_rcpt += [lambda _: "451 later"] * 9
    say_all(office.world, reported(version=2))
    await office.round()
    office.post.at_rcpt.clear()
    office.world.say(link(NEED_PERSON, office.world.now + timedelta(minutes=15)))
    office.world.settle()
    await office.round()
    assert "Anmeldung" in str(office.post.mails[0]["Subject"])


# ---------------------------------------------------------------------------------- consent


def test_nothing_promotional_without_a_consent_that_stands(world, engine, monkeypatch):
    monkeypatch.setitem(messages._PURPOSES, Template.COOPERATION_OPENED, Purpose.MATCH_SUGGESTION)
    consent = {
        "purpose": "match_suggestion",
        "text_version": "1",
        "given_at": world.now,
        "channel": "web_form",
    }
    withdrawn = consent | {"withdrawn_at": world.now}
    for person_id, consents in ((NEED_PERSON, [consent]), (OFFER_PERSON, [withdrawn])):
        values = {**person(person_id).model_dump(), "consents": consents}
        say_all(world, PersonConsentGiven.model_validate(values))
    say_all(world, membership(NEED_PERSON, NEED_ACTOR), actor(NEED_ACTOR, "Beispiel"))
    say_all(world, membership(OFFER_PERSON, opened().offer_actor_id), opened())

    def claimed(tx):
        return [each.message.person_id for each in queue.claim(tx, NEED_PERSON)]

    assert at(engine, world.now, claimed) == [NEED_PERSON]
    at(engine, world.now, lambda tx: queue.tidy(tx, NEED_PERSON, Retries()))
    world.settle()
    [suppressed] = world.heard(MessageSuppressed)
    assert suppressed.data.person_id == OFFER_PERSON
    assert "Einwilligung" in suppressed.data.detail


def test_a_consent_that_is_withdrawn_meanwhile_stops_the_mail(world, engine, monkeypatch):
    monkeypatch.setitem(messages._PURPOSES, Template.COOPERATION_OPENED, Purpose.MATCH_SUGGESTION)
    say_all(world, person(NEED_PERSON), membership(NEED_PERSON, NEED_ACTOR), opened())
    [queued] = [e.data for e in world.heard(MessageFact) if e.data.channel is Channel.EMAIL]
    sql = "INSERT INTO attempt (message_id, sender, claimed_at) VALUES (%s, %s, now())"
    at(engine, world.now, lambda tx: tx.cursor().execute(sql, (queued.message_id, NEED_PERSON)))
    assert not at(engine, world.now, lambda tx: queue.begin(tx, NEED_PERSON, queued.message_id))
    monkeypatch.undo()
    assert at(engine, world.now, lambda tx: queue.begin(tx, NEED_PERSON, queued.message_id))


# ---------------------------------------------------------------------------------- storage


def at(engine, now, work):
    with engine.begin() as connection:
        tx = Transaction(connection, "notifications", now)
        result = work(tx)
        tx.flush()
    return result


def deliver(tx, sent):
    assert queue.begin(tx, NEED_PERSON, sent)
    queue.record(tx, NEED_PERSON, sent, Attempt(Outcome.SENT), Retries())


def test_messages_go_when_their_time_is_over_and_the_notice_with_its_contact(world, engine):
    say_all(world, reported(), membership(NEED_PERSON, NEED_ACTOR), opened())
    for _ in range(2):  # the notice first
        for letter in at(engine, world.now, lambda tx: queue.claim(tx, NEED_PERSON)):
            at(engine, world.now, partial(deliver, sent=letter.message.message_id))

    def kept(days):
        later = world.now + timedelta(days=days)
        at(engine, later, lambda tx: queue.tidy(tx, NEED_PERSON, Retries()))
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT template FROM message ORDER BY 1")
            return [row[0] for row in found]

    days = TERMS[Purpose.MESSAGES].days
    assert kept(days) == ["contact_reported", "cooperation_opened", "cooperation_opened"]
    assert kept(days + 1) == ["contact_reported"], "once: as long as they are a contact"
    world.settle()
    tombstones = [each for each in world.log.of(topics.MESSAGES.name) if each.value is None]
    assert len(tombstones) == 2
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person")
    assert kept(days + 1) == []
