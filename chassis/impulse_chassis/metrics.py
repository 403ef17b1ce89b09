"""Every metric of a service, in one place; what each means to an operator.

Ages and lags are seconds: how many records wait says little, how long they wait says all.
"""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter(
    "impulse_events_total",
    "Messages handled, by outcome: ok, refused, duplicate, waiting, skipped, dead, projected.",
    ["service", "type", "outcome"],
)
AGE = Histogram(
    "impulse_event_age_seconds",
    "Seconds from the time in a message to the commit of its effects: a service's freshness.",
    ["service"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
BATCH = Histogram(
    "impulse_batch_messages",
    "Messages in one transaction.",
    ["service"],
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500),
)
BATCH_SECONDS = Histogram(
    "impulse_batch_seconds",
    "Seconds that one batch takes, from records to commit.",
    ["service"],
)
REPEATS = Counter(
    "impulse_batch_repeats_total",
    "Batches that were repeated, by reason: conflict, database, error.",
    ["service", "reason"],
)
LAG_SECONDS = Gauge(
    "impulse_consumer_lag_seconds",
    "Age of the oldest record that is not handled yet; 0 when all are.",
    ["service", "topic", "partition"],
)
LAG_RECORDS = Gauge(
    "impulse_consumer_lag_records",
    "Records that are not handled yet.",
    ["service", "topic", "partition"],
)
ASSIGNED = Gauge(
    "impulse_consumer_assigned_partitions", "Partitions that this replica handles.", ["service"]
)
REBALANCES = Counter(
    "impulse_consumer_rebalances_total", "Times that partitions were given out anew.", ["service"]
)
PAUSED = Gauge(
    "impulse_consumer_paused_partition",
    "1 for a partition that is paused: `impulse dead-letters list` says why.",
    ["service", "topic", "partition"],
)
COMMIT_FAILURES = Counter(
    "impulse_offset_commit_failures_total",
    "Offset commits that failed; harmless, the records come again and fall out as duplicates.",
    ["service"],
)
OUTBOX_PENDING = Gauge(
    "impulse_outbox_pending",
    "Messages that wait to be published (counted to 100,000).",
    ["service"],
)
OUTBOX_AGE = Gauge(
    "impulse_outbox_oldest_unpublished_age_seconds",
    "Age of the oldest message that waits to be published; 0 when none does.",
    ["service"],
)
OUTBOX_PARKED = Gauge(
    "impulse_outbox_parked",
    "Messages that Kafka refused for good and that were set aside: see `impulse outbox list`.",
    ["service"],
)
PUBLISHED = Counter("impulse_outbox_published_total", "Messages published.", ["service"])
PUBLISH_FAILURES = Counter(
    "impulse_outbox_publish_failures_total",
    "Times that publishing failed, or a topic could not be used.",
    ["service"],
)
RELAY_LEADER = Gauge(
    "impulse_outbox_relay_leader", "1 where this replica is the one that publishes.", ["service"]
)
DEAD_LETTERS = Counter(
    "impulse_dead_letters_total",
    "Records that became dead letters, by reason.",
    ["service", "reason"],
)
DEAD_LETTERS_OPEN = Gauge(
    "impulse_dead_letters_open", "Dead letters that nobody has dealt with.", ["service"]
)
TIMERS_FIRED = Counter("impulse_timers_fired_total", "Timers that came due.", ["service"])
READY = Gauge("impulse_ready", "1 while the service is ready, as /readyz says.", ["service"])
