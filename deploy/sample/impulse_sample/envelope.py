"""Records as a partner makes them: CloudEvents 1.0 in binary mode."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

SAMPLE = UUID("5d0f4a6e-9a3c-5c58-8f1f-7f5f0c2f7a11")
"""Namespace of all ids that the sample makes."""

EDITION = "1"
"""Counted up when the sample says something else under the same ids: within 30 days the same id
is the same message."""

Headers = list[tuple[str, bytes]]


class Record(NamedTuple):
    """One record for Kafka: headers, key and value as bytes."""

    headers: Headers
    key: bytes
    value: bytes


def sample_id(*parts: str) -> str:
    """The id of a thing of the sample: the same whenever and wherever it is made."""
    return str(uuid5(SAMPLE, "|".join((EDITION, *parts))))


def record(
    *,
    ce_id: str,
    ce_type: str,
    ce_source: str,
    ce_time: datetime,
    subject: str,
    key: str,
    data: Mapping[str, object],
    principal: str | None = None,
) -> Record:
    """A binary-mode record; its value is the data as JSON without null fields."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": ce_id,
        "ce_source": ce_source,
        "ce_type": ce_type,
        "ce_time": ce_time.isoformat(),
        "ce_subject": subject,
        "content-type": "application/json",
    }
    if principal:
        headers["ce_principal"] = principal
    given = {name: value for name, value in data.items() if value is not None}
    return Record(
        [(name, value.encode()) for name, value in headers.items()],
        key.encode(),
        json.dumps(
            given, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat
        ).encode(),
    )


def header(headers: Headers, name: str) -> str:
    """The text of a header, empty when it is missing."""
    return next((value.decode(errors="replace") for key, value in headers if key == name), "")
