"""Who was erased, as the log says it: read at every start, since a database may be a restored one.

A backup brings erased persons back, and the group's offsets are beyond the erasures that took them
away. So a service asks the log itself, before it is ready.
"""

from uuid import UUID

from impulse_chassis import kafka
from impulse_chassis.settings import ServiceSettings
from impulse_chassis.tolerant import tolerant
from impulse_contracts import topics


async def erased(settings: ServiceSettings) -> set[UUID]:
    """The ids of all persons on the topic of erasures. KafkaError without that topic, too."""
    reader = kafka.reader(settings, settings.topic_prefix + topics.ERASURES.name)
    # One record that anybody wrote must not keep all services from starting.
    with tolerant():
        await reader.start()
        try:
            places = reader.assignment()
            ends = await reader.end_offsets(places)
            await reader.seek_to_beginning(*places)
            found: set[UUID] = set()
            while [place for place in places if await reader.position(place) < ends[place]]:
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found.update(person for record in records if (person := _person(record.key)))
            return found
        finally:
            await reader.stop()


def _person(key: bytes | None) -> UUID | None:
    """The person of an erasure; None for other keys, such as those of acknowledgements."""
    try:
        return UUID((key or b"").decode())
    except ValueError:
        return None
