"""A key goes where other clients of Kafka would put it."""

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.partitions import partition_of

theirs = DefaultPartitioner()


@given(st.binary(max_size=200), st.integers(1, 100))
def test_a_key_goes_where_other_clients_put_it(key, count):
    everywhere = list(range(count))
    assert partition_of(key, count) == theirs(key, everywhere, everywhere)


def test_records_without_a_key_are_spread():
    assert {partition_of(None, 3) for _ in range(200)} == {0, 1, 2}
