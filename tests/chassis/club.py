"""A reading club that follows the lending: a service with everything that lending has no use for.

It keeps a read model of the books, counts what its members borrow, praises them (which waits for a
member that is not known yet), reminds them, and can be asked strange things that go wrong.
"""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Handlers,
    Refused,
    Repository,
    Service,
    ServiceSettings,
    Table,
    WaitFor,
    project,
)
from impulse_contracts import topics
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.reasons import Reason
from tests.chassis.lending import BOOKS, BookLent

DESK = topics.Topic("test.club.commands", "member", "tests", topics.Cleanup.DELETE, incoming=True)
MEMBERS = topics.Topic(
    "test.club.members", "member", "club", topics.Cleanup.COMPACT, tombstones=True
)


class PraiseMember(Command, ce_type="test.club.praise_member.v1", topic=DESK, key="name"):
    """Waits for the member to be known."""

    name: str


class AskStrangely(Command, ce_type="test.club.ask_strangely.v1", topic=DESK, key="name"):
    """Goes wrong: `how` says in which way."""

    name: str
    how: str


class RemindMember(Timer, ce_type="test.club.remind_member.v1", topic=DESK, key="name"):
    name: str


class MemberCounted(Fact, ce_type="test.club.member.counted.v1", topic=MEMBERS, key="name"):
    name: str
    borrowed: int
    praised: int
    reminded: int


class Settings(ServiceSettings, service="club"):
    """IMPULSE_CLUB_*."""


class Member(Aggregate, key="name"):
    name: str
    borrowed: int = 0
    praised: int = 0
    reminded: int = 0


class MemberRow(Table, table=True):
    __tablename__ = "club_member"
    name: str = Field(primary_key=True)
    version: int
    borrowed: int
    praised: int
    reminded: int


class ShelfRow(Table, table=True):
    __tablename__ = "club_shelf"
    book_id: UUID = Field(primary_key=True)
    version: int
    reader: str | None


members: Repository[Member, str] = Repository(MemberRow, Member, ("Das Mitglied", "The member"))
handlers = Handlers()


@handlers.load(BookLent)
def load_readers(tx, messages):
    members.lock(tx, {message.data.reader for message in messages if message.data.reader})


@handlers.load(PraiseMember, AskStrangely, RemindMember)
def load_members(tx, messages):
    members.lock(tx, {message.data.name for message in messages})


@handlers.on(BookLent)
def count_book(tx, fact):
    if fact.reader is None:
        return
    member = members.get(tx, fact.reader) or Member(name=fact.reader)
    say(tx, members.put(tx, member.evolve(borrowed=member.borrowed + 1)))
    tx.schedule(RemindMember(name=member.name), at=tx.now + timedelta(days=7))
    tx.resolve(f"member/{member.name}")


@handlers.on(PraiseMember)
def praise_member(tx, command):
    member = members.get(tx, command.name)
    if member is None:
        raise WaitFor(f"member/{command.name}", members.subject)
    return say(tx, members.put(tx, member.evolve(praised=member.praised + 1)))


@handlers.on(RemindMember)
def remind_member(tx, timer):
    member = members.require(tx, timer.name)
    say(tx, members.put(tx, member.evolve(reminded=member.reminded + 1)))


@handlers.on(AskStrangely)
def ask_strangely(tx, command):
    if command.how == "fail":
        raise ZeroDivisionError(f"a text of our own that quotes {command.name}")
    member = members.get(tx, command.name) or Member(name=command.name)
    member = members.put(tx, member.evolve())
    if command.how == "refuse late":
        raise Refused(Reason.NOT_ALLOWED)
    if command.how == "wait late":
        raise WaitFor("member/nobody", members.subject)
    if command.how == "say too much":
        tx.publish(AskStrangely(name=command.name, how="x" * 2_000_000))
    return member


def say(tx, member):
    tx.publish(MemberCounted.of(member))
    return member


service = Service(
    "club",
    Settings,
    handlers,
    reads=[BOOKS, DESK],
    projects=[project(BookLent, into=ShelfRow)],
    migrations=Path(__file__).with_name("club_migrations"),
)
