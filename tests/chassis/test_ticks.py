"""Ticks on a real broker: each partition of the owner's topics, by the one who publishes."""

import asyncio

import pytest

from impulse_chassis import ServiceSettings
from impulse_chassis.ticks import Ticks
from impulse_contracts import topics
from impulse_contracts.message import TICK
from impulse_topics import provision
from tests.fixtures.stack import Wire


class Settings(ServiceSettings, service="registry"):
    """Those of any service."""


@pytest.fixture
def wire(kafka):
    prefix = kafka.unique("ticks") + "."
    provision(kafka.bootstrap, erasure_seconds=30, topics=[topics.PEOPLE], prefix=prefix)
    return Wire(kafka.bootstrap, prefix)


@pytest.mark.parametrize(("leads", "expected"), [(True, set(range(6))), (False, set())])
def test_the_replica_that_publishes_writes_to_each_partition(wire, leads, expected):
    settings = Settings.defaults(
        kafka_bootstrap_servers=wire.bootstrap, topic_prefix=wire.prefix, erasure_seconds=30
    )
    ticks = Ticks("registry", settings, lambda: leads)
    assert 0 < ticks.pause < 30 / 4

    async def twice() -> None:
        await ticks.say()
        await ticks.say()
        await ticks.stop()

    asyncio.run(twice())
    found = wire.read(topics.PEOPLE.name)
    assert {each.partition for each in found} == expected
    assert len(found) == 2 * len(expected)
    assert all((each.key, each.type) == ("tick", TICK) for each in found)


def test_only_the_owner_ticks():
    settings = Settings.defaults()
    assert Ticks("registry", settings, lambda: True).topics == [topics.PEOPLE]
    assert Ticks("gateway", settings, lambda: True).topics == []
    assert Ticks("registry", settings, lambda: True).pause == 60
