"""The registry of topics, and what Kafka is told."""

import pytest

from impulse_contracts import topics
from impulse_contracts.topics import DAY, MIB, YEAR, Cleanup

EACH = pytest.mark.parametrize("topic", topics.ALL, ids=lambda topic: topic.name)
WEEK = 7 * DAY


def test_names_are_unique_and_ours():
    assert len(topics.BY_NAME) == len(topics.ALL)
    assert all(name.startswith("impulse.") for name in topics.BY_NAME)


@EACH
def test_it_says_key_and_owner(topic):
    assert topic.key
    assert topic.owner
    assert topic.partitions in (1, 6)


@EACH
def test_what_asks_is_deleted_after_a_week(topic):
    if topic.incoming:
        config = topic.config(WEEK)
        assert topic.cleanup is Cleanup.DELETE
        # Personal data is gone after a week at the latest: the oldest record of a segment, too.
        younger = 2 * int(config["segment.ms"]) if topic.personal else 0
        assert int(config["retention.ms"]) == WEEK * 1000 - younger


@EACH
@pytest.mark.parametrize("bound", [60, DAY, WEEK])
def test_personal_data_obeys_the_one_bound(topic, bound):
    config = topic.config(bound)
    if not topic.personal:
        assert config == topic.config(WEEK)
    elif topic.compacted:
        # From the deletion to its compaction: roll, wait, clean.
        assert int(config["segment.ms"]) + int(config["max.compaction.lag.ms"]) < bound * 1000
    else:
        # The oldest record of a segment goes with the youngest; and Kafka needs time to see to it.
        segment = int(config["segment.ms"])
        assert segment >= 1000
        assert int(config["retention.ms"]) + 2 * segment <= bound * 1000


def test_the_broker_says_how_old_personal_data_is():
    """A publisher's clock that is wrong must neither keep it nor lose it."""
    for topic in topics.ALL:
        told = topic.config(WEEK).get("message.timestamp.type")
        assert told == ("LogAppendTime" if topic.personal else None), topic.name


def test_who_owns_a_compacted_topic_with_personal_data_ticks():
    assert [topic.name for topic in topics.ALL if topic.ticked] == ["impulse.people"]


@EACH
def test_a_compacted_topic_keeps_deletions_for_slow_readers(topic):
    config = topic.config(WEEK)
    assert topic.compacted == ("compact" in config["cleanup.policy"])
    assert ("delete.retention.ms" in config) == topic.compacted
    assert ("retention.ms" in config) == ("delete" in config["cleanup.policy"])


def test_only_what_may_hold_personal_data_is_marked():
    personal = {topic.name for topic in topics.ALL if topic.personal}
    assert personal == {
        "impulse.actor-reports",
        "impulse.people.commands",
        "impulse.people",
        "impulse.dead-letters",
    }


def test_proposals_bookings_and_cooperations_are_kept_for_five_years():
    for topic in (topics.PROPOSALS, topics.BOOKINGS, topics.COOPERATIONS):
        assert topic.config(WEEK)["retention.ms"] == str(5 * YEAR * 1000)


def test_dead_letters_take_two_mebibytes():
    assert int(topics.DEAD_LETTERS.config(WEEK)["max.message.bytes"]) >= 2 * MIB
    assert int(topics.ACTOR_REPORTS.config(WEEK)["max.message.bytes"]) < 2 * MIB
