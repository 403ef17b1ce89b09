"""`impulse`: what operators do by hand. Needs `IMPULSE_DATABASE_URL`, as the services do."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated, Any
from uuid import UUID

import psycopg
import typer

from impulse_chassis import deadletters, outbox
from impulse_chassis.operators import server_of

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Operate Impulse.")
letters = typer.Typer(no_args_is_help=True, help="Records that could not be handled.")
app.add_typer(letters, name="dead-letters")
parked = typer.Typer(no_args_is_help=True, help="Messages that Kafka refused for good.")
app.add_typer(parked, name="outbox")

SERVICES = ("registry", "matching", "booking", "notifications", "gateway")
Service = Annotated[str, typer.Option("--service", "-s", help="One of " + ", ".join(SERVICES))]
Id = Annotated[int, typer.Argument(help="The number that `list` shows.")]


@contextmanager
def _database(service: str) -> Iterator["psycopg.Connection[Any]"]:
    """The service's database; ends the process with 1 and a line when it can't be reached."""
    # Loaded by those commands alone that need it: people wait for it.
    from impulse_chassis.database import directly, service_url

    try:
        connection = directly(service_url(server_of(service), service))
    except psycopg.OperationalError as error:
        sys.exit(f"the database of {service} can't be reached: {str(error).strip()}")
    with connection:
        yield connection


def _show_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns as wide as what stands in them, the last one free: no narrow output cuts any."""
    lines = [names, *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        typer.echo("  ".join(map(str.ljust, line, widths)).rstrip())


def _cell(value: object) -> str:
    """On one line, and nothing that a terminal obeys: senders choose what stands in it."""
    text = "-" if value is None else str(value)
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


@letters.command("list")
def list_letters(service: Service = "registry", limit: int = 100) -> None:
    """Those that nobody has dealt with, oldest first, and the partitions that are paused."""
    with _database(service) as connection:
        found = deadletters.opened(connection, limit)
        total = deadletters.count_open(connection)
        paused = deadletters.paused(connection)
    _show_table(
        ("id", "time", "record", "attempt", "reason", "detail"),
        [
            (
                letter.id,
                f"{letter.died_at:%Y-%m-%d %H:%M:%S}",
                f"{letter.topic}/{letter.partition}@{letter.offset}",
                letter.attempt,
                letter.reason,
                letter.detail,
            )
            for letter in found
        ],
    )
    typer.echo(f"{len(found)} of {total} open dead letters of {service}")
    for (topic, partition), detail in sorted(paused.items()):
        typer.echo(f"paused: {topic}/{partition}: {_cell(detail)}")


@letters.command()
def show(letter_id: Id, service: Service = "registry") -> None:
    """One dead letter with its original headers and value."""
    with _database(service) as connection:
        letter = deadletters.find(connection, letter_id)
    if letter is None:
        sys.exit(f"{service} has no dead letter {letter_id}")
    out = sys.stdout
    out.write(f"{letter.reason}: {letter.detail}\n{letter.state}, attempt {letter.attempt}, ")
    out.write(f"{letter.topic}/{letter.partition}@{letter.offset}, {letter.died_at:%F %T %Z}\n")
    out.write(f"key: {letter.key!r}\n")
    for name, value in letter.headers:
        out.write(f"{name}: {value!r}\n")
    out.write("\n")
    out.flush()
    out.buffer.write(letter.value if letter.value is not None else b"(no value)")
    out.write("\n")


@letters.command()
def retry(letter_id: Id, service: Service = "registry") -> None:
    """Lets the service try one again: same id, next attempt; its outcome follows."""
    with _database(service) as connection:
        done = deadletters.retry(connection, letter_id, datetime.now(UTC))
    if not done:
        sys.exit(f"{service} has no open dead letter {letter_id}")
    typer.echo(f"{letter_id} is tried again")


@letters.command()
def discard(letter_id: Id, service: Service = "registry") -> None:
    """Closes one for good."""
    with _database(service) as connection:
        done = deadletters.discard(connection, letter_id)
    if not done:
        sys.exit(f"{service} has no open dead letter {letter_id}")
    typer.echo(f"{letter_id} is discarded")


@letters.command()
def resume(
    service: Service = "registry",
    topic: Annotated[str | None, typer.Option(help="Only this topic ...")] = None,
    partition: Annotated[int | None, typer.Option(help="... and this partition.")] = None,
) -> None:
    """Lets paused partitions go on: all of a service, or one."""
    if (topic is None) != (partition is None):
        sys.exit("--topic and --partition go together")
    place = (topic, partition) if topic is not None and partition is not None else None
    with _database(service) as connection:
        count = deadletters.resume(connection, place)
    typer.echo(f"{count} partition(s) of {service} go on within a few seconds")


@parked.command("list")
def list_parked(service: Service = "registry") -> None:
    """Messages of a service that Kafka refused for good."""
    with _database(service) as connection:
        rows = outbox.parked(connection)
    _show_table(
        ("id", "parked", "topic", "key", "bytes", "error"),
        [(number, f"{since:%Y-%m-%d %H:%M:%S}", *rest) for number, since, *rest in rows],
    )


@parked.command("retry")
def retry_parked(row_id: Id, service: Service = "registry") -> None:
    """Puts one back, to be published again; mend what was refused first."""
    with _database(service) as connection:
        done = outbox.unpark(connection, row_id)
    if not done:
        sys.exit(f"{service} has no parked message {row_id}")
    typer.echo(f"{row_id} is published again")


@app.command("data-on")
def data_on(person_id: UUID) -> None:
    """All that the services hold on a person, as JSON: service, table, rows."""
    found = {}
    for service in SERVICES:
        forgetting = import_module(f"impulse_{service}.app").service.forgetting
        with _database(service) as connection:
            if held := forgetting.held_on(connection, person_id):
                found[service] = held
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False, default=_text))


def _text(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@app.callback()
def impulse() -> None:
    """Operate Impulse."""


# What services add: `[project.entry-points."impulse.commands"]` of their packages.
for each in sorted(entry_points(group="impulse.commands")):
    app.add_typer(each.load(), name=each.name)


def main() -> None:
    """The command `impulse`."""
    app()


if __name__ == "__main__":
    main()
