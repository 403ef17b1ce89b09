"""A person who is known everywhere, and a look at every byte that is left of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql

from impulse_contracts import topics
from impulse_contracts.codes import PersonRole
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.partner import ActorReported
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.people import AddPerson, ErasePerson
from impulse_local.settings import SERVICES
from impulse_registry.domain import people
from tests.fixtures.mails import mails
from tests.fixtures.stack import Stack, eventually

READERS = ("registry", "notifications", "gateway")
"""The services that know persons by name."""
SOURCE = "https://ehrenamt.essen.example/api"


@dataclass
class Known:
    """A member and a partner's contact, with names, addresses and numbers that nobody else has."""

    run: str = field(default_factory=lambda: uuid4().hex[:10])
    member: UUID = field(default_factory=uuid4)
    actor: UUID = field(default_factory=uuid4)

    @property
    def contact(self) -> UUID:
        """The id of the partner's contact."""
        return people.contact_id(SOURCE, self.run)

    @property
    def persons(self) -> tuple[UUID, UUID]:
        """Both."""
        return self.member, self.contact

    @property
    def marks(self) -> list[bytes]:
        """What only they are called: names, addresses, numbers."""
        return [
            f"{kind}-{who}-{self.run}".encode()
            for kind in ("name", "post", "tel")
            for who in ("mitglied", "ansprechstelle")
        ]

    def _details(self, who: str) -> dict[str, Any]:
        return {
            "name": f"Beispiel name-{who}-{self.run}",
            "email": f"post-{who}-{self.run}@beispiel.example",
            "phone": f"tel-{who}-{self.run}",
        }

    def become_known(self, stack: Stack) -> None:
        """Says all that makes them known: reports, commands, a link by e-mail, and a bad report."""
        stack.say(
            RegisterActor.model_validate(
                {
                    "actor_id": self.actor,
                    "kind": "nonprofit",
                    "legal_name": f"Beispiel-Verein {self.run} e.V.",
                    "seat": {"postcode": "45144"},
                    "example": True,
                }
            )
        )
        stack.say(
            AddPerson.model_validate(
                {
                    "person_id": self.member,
                    "actor_id": self.actor,
                    "roles": (PersonRole.ADMIN, PersonRole.CONTACT),
                    **self._details("mitglied"),
                }
            )
        )
        report = {
            "external_id": self.run,
            "kind": "nonprofit",
            "legal_name": f"Beispiel-Verein gemeldet {self.run} e.V.",
            "seat": {"postcode": "44787"},
            "contact": self._details("ansprechstelle"),
            "observed_at": datetime.now(UTC).isoformat(),
        }
        stack.say(ActorReported.model_validate(report), source=SOURCE, key=f"{SOURCE}|{self.run}")
        bad = json.dumps({**report, "kind": "unknown"}).encode()
        stack.say_raw(topics.ACTOR_REPORTS.name, f"{SOURCE}|{self.run}".encode(), bad, [])
        stack.say(
            SendSignInLink(
                person_id=self.member,
                link=f"{stack.gateway_url}/sign-in/{self.run}",
                expires_at=datetime.now(UTC) + timedelta(minutes=15),
            )
        )
        stack.flush()
        eventually(lambda: all(self._rows(stack, service) == 2 for service in READERS))
        eventually(lambda: stack.query("registry", "SELECT 1 FROM dead_letter"))
        address = f"post-mitglied-{self.run}@beispiel.example"
        eventually(lambda: [m for m in mails(stack.mailbox_url) if address in m["to"]])

    def _rows(self, stack: Stack, service: str) -> int:
        ids = ", ".join(f"'{person}'" for person in self.persons)
        [(count,)] = stack.query(service, f"SELECT count(*) FROM person WHERE person_id IN ({ids})")
        return int(count)

    def be_erased(self, stack: Stack) -> list[str]:
        """Demands that both are erased; the ids of the commands."""
        commands = [stack.say(ErasePerson(person_id=person)) for person in self.persons]
        stack.flush()
        return commands


def in_databases(stack: Stack, marks: Sequence[bytes]) -> list[str]:
    """The tables of any service that hold a mark: every table, every row, every column."""
    return [
        f"{service}.{table}"
        for service in SERVICES
        for table, row in _rows(stack, service)
        if any(mark in row for mark in marks)
    ]


def _rows(stack: Stack, service: str) -> Iterator[tuple[str, bytes]]:
    with stack.database(service) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
            for row in connection.execute(query):
                yield table, b" ".join(_bytes(value) for value in row)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def in_logs(stack: Stack, marks: Sequence[bytes]) -> list[str]:
    """The files of the broker that hold a mark: segments, also deleted ones, of any topic."""
    found = []
    for file in stack.kafka.logs.rglob("*"):
        if file.suffix in (".index", ".timeindex"):
            continue
        try:
            content = file.read_bytes() if file.is_file() else b""
        except FileNotFoundError:
            continue  # it went meanwhile
        if any(mark in content for mark in marks):
            found.append(str(file.relative_to(stack.kafka.logs)))
    return found
