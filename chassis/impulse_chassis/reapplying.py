"""Who was erased, as the log says it: read at every start, since a database may be a restored one.

A backup brings erased persons back, and the group's offsets are beyond the erasures that took them
away. So a service asks the log itself, before it is ready.
"""

from uuid import UUID

from aiokafka import TopicPartition

from impulse_chassis import kafka
from impulse_chassis.settings import ServiceSettings
from impulse_contracts import topics


async def erased(settings: ServiceSettings) -> set[UUID]:
    """The ids of all persons on the topic of erasures. Raises KafkaError."""
    topic = settings.topic_prefix + topics.ERASURES.name
    reader = kafka.reader(settings)
    await reader.start()
    try:
        partitions = reader.partitions_for_topic(topic)
        if partitions is None:
            await reader.topics()  # asks the broker: before, it may not have been heard of
            partitions = reader.partitions_for_topic(topic) or set()
        places = [TopicPartition(topic, number) for number in partitions]
        if not places:
            return set()
        ends = await reader.end_offsets(places)
        starts = await reader.beginning_offsets(places)
        reader.assign(places)
        found: set[UUID] = set()
        for place in places:
            reader.seek(place, starts[place])
        while [each for each in places if await reader.position(each) < ends[each]]:
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
