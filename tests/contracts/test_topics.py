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
        assert topic.cleanup is Cleanup.DELETE
        assert topic.config(WEEK)["retention.ms"] == str(WEEK * 1000)


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
        assert int(config["retention.ms"]) <= bound * 1000
        assert int(config["segment.ms"]) < bound * 1000


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
