"""The tables of notifications, and the queries of its handlers; those of the sender: `queue`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.parts import Source
from impulse_contracts.registry.people import Membership
from impulse_contracts.rights import STAFF, is_told
from impulse_contracts.types import Open
from impulse_notifications.domain.digest import OPERATOR, Digest, Standing
from impulse_notifications.domain.message import Message, fact_of
from impulse_notifications.domain.notice import Notice


class Person(Aggregate, key="person_id"):
    """What of a person decides about a message."""

    person_id: UUID
    email: str
    language: Open[Language]
    contact_of: Source | None = None


class PersonRow(Table, table=True):
    """A person as the registry published them; gone when they are erased."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    language: str
    consents: list[Any] = json_column()
    contact_of: dict[str, Any] | None = json_column()


class MembershipRow(Table, table=True):
    """What the registry published about a person's memberships; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()


class ActorRow(Table, table=True):
    """How an actor is called, what kind it is, and how it stands."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    kind: str | None
    legal_name: str
    display_name: str | None
    status: str | None
    confirmed_at: datetime | None = moment_column()


class NoticeRow(Table, table=True):
    """`Notice`."""

    __tablename__ = "notice"
    notice_id: UUID = Field(primary_key=True)
    version: int
    cause_id: str
    template: str
    actor_id: UUID
    matter: dict[str, Any] = json_column()
    stands_until: datetime = moment_column()
    send_by: datetime = moment_column()


class DigestRow(Table, table=True):
    """`Digest`."""

    __tablename__ = "digest"
    reader_id: UUID = Field(primary_key=True)
    version: int
    concerns: list[Any] = json_column()
    more: int


class MessageRow(Table, table=True):
    """`Message`."""

    __tablename__ = "message"
    message_id: UUID = Field(primary_key=True)
    version: int
    person_id: UUID
    template: str
    channel: str
    language: str
    state: str
    cause_id: str
    title: str | None
    text: str | None
    attempts: int
    detail: str | None
    queued_at: datetime = moment_column()
    sent_at: datetime | None = moment_column()
    matter: dict[str, Any] | None = json_column()
    link: str | None
    next_try: datetime | None = moment_column()
    send_by: datetime = moment_column()


people: Repository[Person, UUID] = Repository(PersonRow, Person, ("Die Person", "The person"))
notices: Repository[Notice, UUID] = Repository(NoticeRow, Notice)
digests: Repository[Digest, UUID] = Repository(DigestRow, Digest)
messages: Repository[Message, UUID] = Repository(
    MessageRow, Message, ("Die Nachricht", "The message")
)


def keep(tx: Transaction, message: Message) -> Message:
    """Keeps a message's next version, and says so."""
    messages.put(tx, message)
    tx.publish(fact_of(message))
    return message


def language_of(code: str) -> Language:
    """The language that a person is written to in: German for one that is not known here."""
    return Language.EN if code == Language.EN else Language.DE


# ---------------------------------------------------------------------- who is told what


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who is told what happens to an actor."""

    actor_id: UUID
    person_id: UUID
    language: Language


@dataclass(slots=True)
class Audience:
    """What a transaction knows of who is told what."""

    contacts_of: dict[UUID, dict[UUID, Contact]] = field(default_factory=dict)
    """Actor, person -> contact."""
    roles_of: dict[UUID, dict[UUID, Contact]] = field(default_factory=dict)
    """Person, actor -> contact."""
    notices_of: dict[UUID, list[Notice]] = field(default_factory=dict)
    """Actor, or person who alone is told -> notices that stand."""
    staff: dict[UUID, Contact] = field(default_factory=dict)
    """Brokers and operators, where they were loaded."""
    staff_of: dict[UUID, dict[UUID, Contact]] = field(default_factory=dict)
    """Actor, or `OPERATOR` for whoever is one -> those of them, by person."""

    standings: dict[UUID, Standing] = field(default_factory=dict)
    """How actors stand, where they were loaded."""

    def readers_of(self, reader_id: UUID) -> dict[UUID, Contact]:
        """Whoever reads a digest: the intermediary's staff, or the operator where it has none."""
        return self.staff_of.get(reader_id) or self.staff_of.get(OPERATOR, {})


def audience(tx: Transaction) -> Audience:
    """What was loaded into this transaction."""
    return tx.memo(Audience)


def lock_audience(tx: Transaction, *, change: bool) -> None:
    """Keeps facts and changes of contacts apart, until the transaction ends.

    Facts are told side by side; whoever `change`s contacts is alone. Of two replicas, one with a
    fact and one with a new contact, the later thus sees what the earlier wrote, and nobody is
    missed. The same goes for a person and their membership.
    """
    tx.cursor().execute(_ALONE if change else _TOGETHER)


_ALONE = "SELECT pg_advisory_xact_lock(hashtext('impulse.notifications.audience'))"
_TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtext('impulse.notifications.audience'))"


def load_contacts(
    tx: Transaction, *, actors: Iterable[UUID] = (), persons: Iterable[UUID] = ()
) -> None:
    """Loads the contacts of `actors`, or what `persons` are contacts of: one statement.

    A person whose own facts have not come yet is none.
    """
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT each.actor_id, p.person_id, p.language, coalesce(each.roles, '[]')
        FROM membership AS m
        JOIN person AS p USING (person_id)
        CROSS JOIN jsonb_to_recordset(m.memberships) AS each (actor_id uuid, roles jsonb)
        WHERE m.person_id = ANY(%(persons)s)
           OR jsonb_path_query_array(m.memberships, '$[*].actor_id') ?| %(actors)s::text[]
        ORDER BY each.actor_id, p.person_id
        """,
        {"persons": list(persons), "actors": [str(actor_id) for actor_id in actors]},
    )
    known = audience(tx)
    for actor_id, person_id, language, roles in cursor.fetchall():
        membership = Membership.model_validate({"actor_id": actor_id, "roles": roles})
        if is_told((membership,), actor_id):
            contact = Contact(actor_id, person_id, language_of(language))
            known.contacts_of.setdefault(actor_id, {})[person_id] = contact
            known.roles_of.setdefault(person_id, {})[actor_id] = contact


def load_standings(tx: Transaction, actors: Iterable[UUID]) -> None:
    """Loads how actors stand: one statement."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT actor_id, status, confirmed_at FROM actor
        WHERE actor_id = ANY(%s) AND status IS NOT NULL AND confirmed_at IS NOT NULL
        """,
        (list(actors),),
    )
    found = {actor_id: Standing(*standing) for actor_id, *standing in cursor.fetchall()}
    audience(tx).standings.update(found)


def load_staff(tx: Transaction) -> None:
    """Loads brokers and operators: one statement."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT (each ->> 'actor_id')::uuid, p.person_id, p.language, each -> 'roles' ? %s
        FROM membership AS m
        JOIN person AS p USING (person_id)
        CROSS JOIN jsonb_array_elements(m.memberships) AS each
        WHERE each -> 'roles' ?| %s::text[]
        ORDER BY p.person_id
        """,
        (PersonRole.OPERATOR, sorted(STAFF)),
    )
    known = audience(tx)
    for actor_id, person_id, language, operator in cursor.fetchall():
        contact = Contact(actor_id, person_id, language_of(language))
        known.staff[person_id] = contact
        known.staff_of.setdefault(actor_id, {})[person_id] = contact
        if operator:
            known.staff_of.setdefault(OPERATOR, {})[person_id] = contact


def load_notices(tx: Transaction, actors: Iterable[UUID]) -> list[Notice]:
    """Loads the notices to `actors` (or to persons) that stand: one statement."""
    found = notices.select(
        tx,
        "t.actor_id = ANY(%b) AND t.stands_until > %b",
        (sorted(set(actors)), tx.now),
        lock="",
    )
    for notice in found:
        audience(tx).notices_of.setdefault(notice.actor_id, []).append(notice)
    return found
