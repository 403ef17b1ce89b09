"""The one answer to each command and report: made once, kept, and sent with every repeat."""

from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring_ascii
from uuid import UUID

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_chassis.envelope import Attributes, Outgoing, source_of
from impulse_contracts.outcomes import BothLanguages, OutcomeAccepted, OutcomeRefused

Note = tuple[str, str]
"""What an accepted outcome says besides: a sentence in German and in English."""

_ACCEPTED = BothLanguages(de="Angenommen.", en="Accepted.").model_dump_json()


def outcome(
    attributes: Attributes,
    aggregate: Aggregate | None,
    refused: Refused | None,
    notes: Sequence[Note] = (),
) -> str:
    """The outcome as JSON: refused, or accepted with the aggregate's id and version and `notes`."""
    if refused is None:
        return _accepted(attributes, aggregate, notes)
    return OutcomeRefused(
        command_id=attributes.id,
        command_type=attributes.type,
        source=attributes.source,
        reason=refused.reason,
        message=BothLanguages(
            de=refused.reason.text("de", **refused.details),
            en=refused.reason.text("en", **refused.details),
        ),
        attempt=attributes.attempt,
    ).model_dump_json()


def _accepted(attributes: Attributes, aggregate: Aggregate | None, notes: Sequence[Note]) -> str:
    """`OutcomeAccepted` as JSON, written directly: one goes out for almost every message."""
    aggregate_id = encode_basestring_ascii(aggregate.aggregate_id) if aggregate else "null"
    message = _message(notes) if notes else _ACCEPTED
    return (
        f'{{"command_id":{encode_basestring_ascii(attributes.id)},'
        f'"command_type":{encode_basestring_ascii(attributes.type)},'
        f'"source":{encode_basestring_ascii(attributes.source)},'
        f'"aggregate_id":{aggregate_id},"version":{aggregate.version if aggregate else "null"},'
        f'"reason":null,"message":{message},"attempt":{attributes.attempt}}}'
    )


def _message(notes: Sequence[Note]) -> str:
    return BothLanguages(
        de=" ".join(["Angenommen.", *(de for de, _ in notes)]),
        en=" ".join(["Accepted.", *(en for _, en in notes)]),
    ).model_dump_json()


def record(
    service: str, key: UUID, attributes: Attributes, outcome: str, now: datetime
) -> Outgoing:
    """The record that tells an outcome; its `ce_id` is always the same for the same message."""
    accepted = '"reason":null' in outcome
    ce_type = (OutcomeAccepted if accepted else OutcomeRefused).ce_type
    answer = Attributes(
        id=f"{key.hex}-outcome",
        source=source_of(service),
        type=ce_type,
        time=now,
        subject=attributes.id,
        correlation_id=attributes.correlation_id or attributes.id,
        causation_id=attributes.id,
        traceparent=attributes.traceparent,
    )
    topic = OutcomeAccepted.topic.name
    return Outgoing(topic, attributes.id.encode(), outcome.encode(), answer)
