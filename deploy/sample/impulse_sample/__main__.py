"""`python -m impulse_sample`: publishes the sample and drives the main job on it."""

import json
import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from impulse_contracts import topics
from impulse_sample import commands, programme, reports
from impulse_sample.board import WATCHED, asked
from impulse_sample.broker import Broker, Missing
from impulse_sample.envelope import Record, header
from impulse_sample.examples import AGENCY
from impulse_sample.main_job import await_mail, open_cooperation
from impulse_sample.programme import BOOKING_TOPIC
from impulse_sample.publisher import Publisher
from impulse_sample.register import BERLIN

REPORTS_TOPIC = topics.ACTOR_REPORTS.name
WRITTEN = (REPORTS_TOPIC, commands.PEOPLE_TOPIC, commands.MATCHING_TOPIC, BOOKING_TOPIC)


def main(
    bootstrap_servers: Annotated[
        str,
        typer.Option(envvar="IMPULSE_KAFKA_BOOTSTRAP_SERVERS", help="Address of the broker."),
    ] = "127.0.0.1:9092",
    gateway_port: Annotated[int, typer.Option(envvar="IMPULSE_GATEWAY_PORT")] = 8080,
    mailbox_port: Annotated[int, typer.Option(envvar="IMPULSE_MAILBOX_PORT")] = 8025,
    count: Annotated[
        int | None,
        typer.Option(min=0, help="How many real organisations (default: the whole sample)."),
    ] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.01, help="Events per second (default: no limit).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the examples.")] = reports.SEED,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds without news after which something is missing.")
    ] = 60,
) -> None:
    """Publish real organisations of the Ruhr area and example offers and needs, wait for their
    outcomes, accept one proposal on both sides, and wait for the mail about the cooperation.

    Every id is fixed: publishing again changes nothing. Exits with 1 when something that should
    come stays away.
    """
    console = Console(soft_wrap=True, highlight=False)
    broker = Broker(bootstrap_servers)
    try:
        broker.watch(WATCHED, WRITTEN, timeout)
        publisher = Publisher(broker, console, timeout=timeout, speed=speed)
        broker.catch_up(publisher.board.see, timeout)
        run(publisher, count, seed)
    except Missing as missing:
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"sample: {missing}", markup=False
        )
        sys.exit(1)
    finally:
        broker.close()
    console.print(
        f"look: pages http://127.0.0.1:{gateway_port}/ mail http://127.0.0.1:{mailbox_port}/"
    )


def run(publisher: Publisher, count: int | None, seed: int) -> None:
    """Publishes everything in turn and drives the main job; raises Missing."""
    real = list(reports.real_reports() if count is None else reports.bulk_reports(count))
    actors = list(reports.example_actor_reports(seed))
    listings = list(reports.example_listing_reports(seed))

    publisher.publish("real organisations", REPORTS_TOPIC, real)
    publisher.publish("example organisations", REPORTS_TOPIC, actors)
    publisher.publish("example offers and needs", REPORTS_TOPIC, listings)
    agency = next(one for one in actors if header(one.headers, "ce_subject") == AGENCY)
    agency_id = publisher.board.answers[asked(agency)].aggregate_id
    if agency_id is None:
        raise Missing("The example agency was refused, so nobody can be added to it.")
    publisher.publish("broker and operator", commands.PEOPLE_TOPIC, commands.add_staff(agency_id))
    today = datetime.now(BERLIN).date()
    publisher.publish("programme", BOOKING_TOPIC, programme.offers())
    publisher.publish("dates of the programme", BOOKING_TOPIC, programme.dates(today))
    cooperation = open_cooperation(publisher, _titles(publisher, listings))
    await_mail(publisher, cooperation)


def _titles(publisher: Publisher, listings: list[Record]) -> dict[str, str]:
    """Titles of the example listings by the ids that the registry gave them."""
    answers = ((publisher.board.answers[asked(one)], one) for one in listings)
    return {
        answer.aggregate_id: json.loads(one.value)["title"]
        for answer, one in answers
        if answer.aggregate_id
    }


if __name__ == "__main__":
    typer.run(main)
