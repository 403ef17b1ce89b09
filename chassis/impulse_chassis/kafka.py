"""How a service connects to Kafka: the settings as aiokafka and as FastStream take them."""

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.helpers import create_ssl_context
from faststream import security

from impulse_chassis.relay import BATCH_BYTES, REQUEST_BYTES
from impulse_chassis.settings import ServiceSettings


def producer(settings: ServiceSettings) -> AIOKafkaProducer:
    """An idempotent producer for the relay; not started yet."""
    return AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        acks="all",
        enable_idempotence=True,
        max_batch_size=BATCH_BYTES,
        max_request_size=REQUEST_BYTES,
        request_timeout_ms=10_000,
        **_for_aiokafka(settings),
    )


def _for_aiokafka(settings: ServiceSettings) -> dict[str, Any]:
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


def _password(settings: ServiceSettings) -> str | None:
    secret = settings.kafka_sasl_password
    return secret.get_secret_value() if secret else None


def for_faststream(settings: ServiceSettings) -> dict[str, Any]:
    """The keyword arguments of a FastStream broker that say how to connect."""
    if settings.kafka_security_protocol == "PLAINTEXT":
        return {}
    context = _for_aiokafka(settings).get("ssl_context")
    if not settings.kafka_security_protocol.startswith("SASL"):
        return {"security": security.BaseSecurity(ssl_context=context, use_ssl=True)}
    kinds: dict[str, Any] = {
        "PLAIN": security.SASLPlaintext,
        "SCRAM-SHA-256": security.SASLScram256,
        "SCRAM-SHA-512": security.SASLScram512,
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
