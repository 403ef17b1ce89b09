"""How a service connects to Kafka: the settings as aiokafka and as FastStream take them."""

from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.helpers import create_ssl_context

from impulse_chassis.settings import KafkaSettings

# Kafka's max.message.bytes counts a whole batch, so ours stays below the smallest of them.
BATCH_BYTES = 512 * 1024
REQUEST_BYTES = 4 * 1024 * 1024


class FencedProducer(AIOKafkaProducer):  # type: ignore[misc]
    """An idempotent producer of which one at a time may write under a name: the one started last.

    What an earlier one still sends is refused (`ProducerFenced`) wherever the later one has written
    before. Kafka fences by the epoch of a producer id, and raises it for every producer that starts
    under the same transactional id; records need not be in transactions for that, which would cost
    each batch a round trip of some 25 ms. So aiokafka sees the transactional id only while it asks
    for its producer id.
    """

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(acks="all", enable_idempotence=True, **options)
        self._fence = name

    async def start(self) -> None:
        """Connects, and fences those that were started before."""
        manager = self._txn_manager
        manager.transactional_id, manager.transaction_timeout_ms = self._fence, 60_000
        try:
            await super().start()
        finally:
            manager.transactional_id = None


def producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """A producer of which each replica may have one; not started yet."""
    return AIOKafkaProducer(acks="all", enable_idempotence=True, **_options(settings))


def relay_producer(settings: KafkaSettings, service: str) -> AIOKafkaProducer:
    """The producer of a service's relay: one of all replicas writes; not started yet."""
    return FencedProducer(f"{settings.topic_prefix}impulse.{service}", **_options(settings))


def _options(settings: KafkaSettings) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.kafka_bootstrap_servers,
        "max_batch_size": BATCH_BYTES,
        "max_request_size": REQUEST_BYTES,
        "request_timeout_ms": 10_000,
        **security(settings),
    }


def reader(settings: KafkaSettings, topic: str) -> AIOKafkaConsumer:
    """A consumer of a whole topic, outside of any group, to read it to its end; not started yet."""
    return AIOKafkaConsumer(
        topic,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **security(settings),
    )


def security(settings: KafkaSettings) -> dict[str, Any]:
    """The keyword arguments of an aiokafka client that say how to sign in."""
    protocol = settings.kafka_security_protocol
    if protocol == "PLAINTEXT":
        return {}
    found: dict[str, Any] = {"security_protocol": protocol}
    if protocol.endswith("SSL"):
        found["ssl_context"] = create_ssl_context()
    if protocol.startswith("SASL"):
        found |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": _password(settings),
        }
    return found


def _password(settings: KafkaSettings) -> str | None:
    secret = settings.kafka_sasl_password
    return secret.get_secret_value() if secret else None


def for_faststream(settings: KafkaSettings) -> dict[str, Any]:
    """The keyword arguments of a FastStream broker that say how to connect."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    # Takes longer to load than all else that a command needs, and only services read with it.
    from faststream import security as faststream_security

    context = security(settings).get("ssl_context")
    if not settings.kafka_security_protocol.startswith("SASL"):
        return {"security": faststream_security.BaseSecurity(ssl_context=context, use_ssl=True)}
    kinds: dict[str, Any] = {
        "PLAIN": faststream_security.SASLPlaintext,
        "SCRAM-SHA-256": faststream_security.SASLScram256,
        "SCRAM-SHA-512": faststream_security.SASLScram512,
    }
    kind = kinds[settings.kafka_sasl_mechanism]
    return {
        "security": kind(
            username=settings.kafka_sasl_username or "",
            password=_password(settings) or "",
            ssl_context=context,
            use_ssl=context is not None,
        )
    }
