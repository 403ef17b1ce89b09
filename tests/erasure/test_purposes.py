"""Every purpose has an end: what is kept for it is there before its period is over, and gone after,
in every service that holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Engine

from impulse_chassis import Transaction
from impulse_chassis.testing import Node, World
from impulse_contracts.message import Message
from impulse_contracts.notifications import MessageFact
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.joining import (
    ClaimActor,
    IntroducePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.people import ErasePerson
from impulse_gateway.app import service as gateway
from impulse_gateway.settings import Settings as GatewaySettings
from impulse_gateway.store import people as gateway_people
from impulse_gateway.web.sign_in import WINDOW
from impulse_notifications import queue
from impulse_notifications.app import service as notifications
from impulse_notifications.domain.attempt import Attempt, Outcome, Retries
from impulse_registry.app import service as registry
from impulse_registry.domain.people import contact_id
from tests.fixtures.services import Engines
from tests.registry.given import CONTACT, SOURCE, actor_reported, add_person, ident, register_actor
from tests.registry.test_disclosures import accepted, opened

PERSON, OTHER = ident("person"), ident("other")
CONTACT_ID = contact_id(SOURCE, "4711")
ACTOR = ident("need actor")
SENDER = UUID(int=5)
MOMENT = timedelta(minutes=1)


class Town(World):
    """The three services that hold something on persons, on one log with one clock."""

    def __init__(self, engine_of: Engines) -> None:
        services = (registry, notifications, gateway)
        self.engines: dict[str, Engine] = {each.name: engine_of(each) for each in services}
        super().__init__([Node(each, self.engines[each.name]) for each in services])

    def tell(self, *messages: Message, principal: str = "system") -> None:
        for message in messages:
            self.say(message, source=SOURCE, principal=principal)
            self.settle()

    def by(self, person_id: UUID, *messages: Message) -> None:
        self.tell(*messages, principal=str(person_id))

    def pass_time(self, by: timedelta) -> None:
        """Moves the clock; then everybody does what they do all the time: mails go out, too."""
        self.advance(by)
        self._send()
        with self.engines["gateway"].begin() as connection:
            settings = gateway.settings.defaults()
            assert isinstance(settings, GatewaySettings)
            gateway_people.forget_old(
                connection,
                self.now,
                lasts=timedelta(seconds=settings.session_seconds),
                links=timedelta(seconds=settings.sign_in_seconds),
                window=WINDOW,
            )
        self.settle()

    def _send(self) -> None:
        with self.engines["notifications"].begin() as connection:
            settings = notifications.settings.defaults()
            tx = Transaction(connection, "notifications", self.now, settings)
            queue.tidy(tx, SENDER, Retries())
            for letter in queue.claim(tx, SENDER):
                sent = letter.message.message_id
                queue.begin(tx, SENDER, sent)
                queue.record(tx, SENDER, sent, Attempt(Outcome.SENT), Retries())
            tx.flush()

    def count(self, place: str, where: str) -> int:
        """How many rows of `service.table` there are."""
        name, _, table = place.partition(".")
        with self.engines[name].connect() as connection:
            found = connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}")
            return int(found.scalar_one())


@pytest.fixture
def town(engine_of: Engines) -> Town:
    town = Town(engine_of)
    town.tell(register_actor("need actor"), register_actor("offer actor", kind="company"))
    return town


# ------------------------------------------------------- what begins the period of a purpose


def reported(town: Town) -> None:
    town.tell(actor_reported(contact=CONTACT))


def member_left(town: Town) -> None:
    town.tell(add_person("person", "need actor", ["editor"]))
    town.tell(LeaveActor(person_id=PERSON, actor_id=ACTOR))


def claim_refused(town: Town) -> None:
    town.tell(add_person("other", "need actor", ["admin"]))
    town.tell(IntroducePerson(person_id=PERSON, name="Beispiel", email="neu@beispiel.example"))
    town.by(PERSON, ClaimActor(person_id=PERSON, actor_id=ACTOR))
    town.by(OTHER, RefuseClaim(person_id=PERSON, actor_id=ACTOR))


def signed_in(town: Town) -> None:
    town.tell(add_person("person", "need actor", ["editor"]))
    with town.engines["gateway"].begin() as connection:
        assert gateway_people.begin_session(connection, b"s", PERSON, town.now)
        assert gateway_people.use_token(connection, "n", town.now)
        assert gateway_people.attempt(connection, {b"b": 1}, town.now, WINDOW)


def written_to(town: Town) -> None:
    town.tell(add_person("person", "need actor", ["contact"]), opened())


def disclosure_over(town: Town) -> None:
    town.tell(add_person("person", "need actor", ["contact"]), accepted())
    town.advance(timedelta(days=30))


def consent_withdrawn(purpose: Purpose, town: Town) -> None:
    town.tell(add_person("person", "need actor", ["editor"]))
    town.by(PERSON, GiveConsent(person_id=PERSON, purpose=purpose, text_version="1"))
    town.by(PERSON, WithdrawConsent(person_id=PERSON, purpose=purpose))


def contact_erased(town: Town) -> None:
    reported(town)
    town.tell(ErasePerson(person_id=CONTACT_ID))


def of(person_id: UUID) -> str:
    return f"person_id = '{person_id}'"


@dataclass(frozen=True)
class Kept:
    """What begins the period, and where rows are kept for it: `service.table` and which rows."""

    begin: Callable[[Town], None]
    rows: dict[str, str]


PERSONS = ("registry.person", "registry.membership", "gateway.person", "gateway.membership")
TOLD = ("notifications.person", "notifications.membership")
CONSENTS = ("registry.person", "gateway.person", "notifications.person")
CASES: dict[Purpose, Kept] = {
    Purpose.REPORTED_CONTACT: Kept(
        reported, dict.fromkeys(("registry.person", "gateway.person", TOLD[0]), of(CONTACT_ID))
    ),
    Purpose.MEMBERSHIP: Kept(member_left, dict.fromkeys((*PERSONS, *TOLD), of(PERSON))),
    Purpose.CLAIM: Kept(
        claim_refused,
        dict.fromkeys((*PERSONS, *TOLD), of(PERSON))
        | dict.fromkeys(("notifications.message", "gateway.message"), "template ~ 'claim'"),
    ),
    Purpose.SIGN_IN: Kept(
        signed_in,
        {
            "gateway.session": of(PERSON),
            "gateway.used_token": "true",
            "gateway.sign_in_attempt": "true",
        },
    ),
    Purpose.MESSAGES: Kept(
        written_to,
        dict.fromkeys(
            ("notifications.message", "gateway.message"), "template = 'cooperation_opened'"
        ),
    ),
    Purpose.DISCLOSURE: Kept(
        disclosure_over, dict.fromkeys(("registry.disclosure", "gateway.disclosure"), of(PERSON))
    ),
    **{
        purpose: Kept(
            partial(consent_withdrawn, purpose),
            dict.fromkeys(CONSENTS, f"consents::text LIKE '%%{purpose}%%'"),
        )
        for purpose in (Purpose.MATCH_SUGGESTION, Purpose.PROGRAMME_NEWS)
    },
    Purpose.BLOCK_LIST: Kept(
        contact_erased, {"registry.blocked_address": "true", "registry.erasure": of(CONTACT_ID)}
    ),
}


@pytest.mark.parametrize("purpose", Purpose, ids=str)
def test_what_is_kept_for_a_purpose_goes_when_its_period_is_over(town: Town, purpose: Purpose):
    kept = CASES[purpose]
    kept.begin(town)
    period = timedelta(days=TERMS[purpose].days)
    # Of what goes with the last sign-in, half a day is promised in the settings: less is better.
    before = period - MOMENT if purpose is not Purpose.SIGN_IN else MOMENT
    town.pass_time(MOMENT)
    town.pass_time(before - MOMENT)
    missing = [place for place, where in kept.rows.items() if not town.count(place, where)]
    assert not missing, "the test looks for something"
    town.pass_time(period - before + MOMENT)
    left = [place for place, where in kept.rows.items() if town.count(place, where)]
    assert not left


def test_those_who_saw_a_contact_are_told_to_delete_it(town: Town):
    town.tell(add_person("person", "need actor", ["contact"]))
    town.tell(add_person("other", "offer actor", ["admin"]), accepted())
    town.tell(ErasePerson(person_id=PERSON))
    told = [each.data for each in town.heard(MessageFact) if each.data.person_id == OTHER]
    assert [str(each.template) for each in told] == ["disclosure_ended"] * 2
    assert {str(each.channel) for each in told} == {"email", "in_app"}
    assert not [each for each in told if "Beispielstelle" in f"{each.title} {each.text}"]
    # The other side's own disclosure is over by time; then nothing is known of either.
    town.advance(timedelta(days=31))
    town.advance(timedelta(days=31))
    assert town.count("gateway.disclosure", "true") == 0
    assert town.count("notifications.dead_letter", "true") == 0


def test_a_contact_stays_whom_the_partner_goes_on_reporting_or_who_confirmed(town: Town):
    reported(town)
    period = timedelta(days=TERMS[Purpose.REPORTED_CONTACT].days)
    town.pass_time(period / 2)
    town.tell(actor_reported(observed_at=town.now, contact=CONTACT))
    town.pass_time(period / 2 + MOMENT)
    assert town.count("registry.person", of(CONTACT_ID)) == 1
    town.pass_time(period / 2)
    assert town.count("registry.person", of(CONTACT_ID)) == 0
