"""The one answer to each command and report: made once, kept, and sent with every repeat."""

from datetime import datetime
from uuid import UUID

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_chassis.envelope import Attributes, Outgoing, render, stable_uuid
from impulse_contracts.outcomes import BothLanguages, OutcomeAccepted, OutcomeRefused

_ACCEPTED = BothLanguages(de="Angenommen.", en="Accepted.")


def outcome(attributes: Attributes, aggregate: Aggregate | None, refused: Refused | None) -> str:
    """The outcome as JSON: refused, or accepted with the aggregate's id and version."""
    kind = OutcomeRefused if refused else OutcomeAccepted
    message = _ACCEPTED
    if refused:
        message = BothLanguages(
            de=refused.reason.text("de", **refused.details),
            en=refused.reason.text("en", **refused.details),
        )
    return kind.model_construct(
        None,
        command_id=attributes.id,
        command_type=attributes.type,
        source=attributes.source,
        aggregate_id=aggregate.aggregate_id if aggregate else None,
        version=aggregate.version if aggregate else None,
        reason=refused.reason if refused else None,
        message=message,
        attempt=attributes.attempt,
    ).model_dump_json()


def record(
    service: str, key: UUID, attributes: Attributes, outcome: str, now: datetime
) -> Outgoing:
    """The record that tells an outcome; its `ce_id` is always the same for the same message."""
    accepted = '"reason":null' in outcome
    ce_type = (OutcomeAccepted if accepted else OutcomeRefused).ce_type
    answer = Attributes(
        id=str(stable_uuid("outcome", str(key))),
        source=f"urn:impulse:{service}",
        type=ce_type,
        time=now,
        subject=attributes.id,
        correlation_id=attributes.correlation_id or attributes.id,
        causation_id=attributes.id,
        traceparent=attributes.traceparent,
    )
    return Outgoing(
        OutcomeAccepted.topic.name, attributes.id.encode(), outcome.encode(), render(answer)
    )
