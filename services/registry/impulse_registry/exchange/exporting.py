"""The public directory and its listings, from their topics to a file."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from impulse_chassis import client
from impulse_chassis.settings import KafkaSettings
from impulse_contracts import directory, topics
from impulse_contracts.codes import ListingStatus
from impulse_contracts.message import Fact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.topics import Topic
from impulse_registry.exchange import volunteering

F = TypeVar("F", bound=Fact)


class Format(StrEnum):
    """How a directory is written."""

    CSV = "csv"
    JSONL = "jsonl"
    VOLUNTEERING_DATA = "volunteering-data"


class ListingFormat(StrEnum):
    """How listings are written; a table has no room for what they hold."""

    JSONL = "jsonl"
    VOLUNTEERING_DATA = "volunteering-data"


async def actors(settings: KafkaSettings, shape: Format) -> Iterator[str]:
    """The directory, piece by piece. Raises `client.Unreachable`."""
    listed = await _listed(settings)
    if shape is Format.CSV:
        return directory.csv_lines(listed)
    if shape is Format.JSONL:
        return map(directory.jsonl_line, listed)
    return _document(listed, [])


async def listings(settings: KafkaSettings, shape: ListingFormat) -> Iterator[str]:
    """The open offers and needs of whoever is in the directory. Raises `client.Unreachable`."""
    listed = await _listed(settings)
    names = {actor.actor_id for actor in listed}
    newest = await _newest(settings, topics.LISTINGS, ListingState)
    found = [
        listing
        for _, listing in sorted(newest.items())
        if listing.status == ListingStatus.OPEN
        and not listing.example
        and listing.actor_id in names
    ]
    if shape is ListingFormat.JSONL:
        return (_line(listing) for listing in found)
    asking = {listing.actor_id for listing in found}
    return _document((actor for actor in listed if actor.actor_id in asking), found)


def write_metadata(file: Path) -> Path:
    """Writes beside a CSV file what it holds and whom to name; returns where."""
    path = file.with_name(f"{file.name}-metadata.json")
    text = json.dumps(directory.metadata(file.name), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")
    return path


async def _listed(settings: KafkaSettings) -> list[ActorState]:
    return directory.in_order((await _newest(settings, topics.ACTORS, ActorState)).values())


async def _newest(settings: KafkaSettings, topic: Topic, kind: type[F]) -> dict[UUID, F]:
    """The newest state of each key. Facts that are none of ours any more are passed over."""
    found: dict[bytes | None, F] = {}
    async for record in client.read(settings, topic):
        if record.value is None:
            found.pop(record.key, None)
            continue
        try:
            fact = kind.model_validate_json(record.value)
        except ValidationError:
            continue
        if record.key not in found or fact.version > found[record.key].version:
            found[record.key] = fact
    return {UUID(fact.key): fact for fact in found.values()}


def _document(listed: Iterable[ActorState], found: Iterable[ListingState]) -> Iterator[str]:
    yield json.dumps(volunteering.document(listed, found), ensure_ascii=False, indent=1)
    yield "\n"


def _line(listing: ListingState) -> str:
    # Other partners' names for it, and how it came here, are nobody's business.
    return listing.model_dump_json(exclude={"sources", "example", "version"}) + "\n"
