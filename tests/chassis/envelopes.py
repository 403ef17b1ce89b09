"""Records to be understood or not, and what the envelope says of them."""

import json
from uuid import UUID

import pytest

from impulse_chassis.envelope import Bad
from impulse_chassis.parsing import parse
from impulse_chassis.testing import START
from impulse_contracts import topics
from impulse_contracts.message import Message
from impulse_contracts.partner import ActorReported
from tests.chassis.club import MemberCounted
from tests.chassis.lending import DESK, LendBook
from tests.chassis.records import record

REPORTS = topics.ACTOR_REPORTS
WANTED: dict[str, type[Message]] = {
    each.ce_type: each for each in (LendBook, MemberCounted, ActorReported)
}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
BOOK = UUID("6f1c1a52-3f0e-4c55-9a53-0d4a6a9d7b11")
LEND = json.dumps({"book_id": str(BOOK), "reader": "somebody"}).encode()
ACTOR = {
    "external_id": "4711",
    "kind": "nonprofit",
    "legal_name": "Beispiel Förderverein e.V.",
    "seat": {"postcode": "45144"},
    "observed_at": "2026-11-20T08:15:00+01:00",
}


def read(each, topic=DESK, now=START):
    return parse(each, topic, now, WANTED)


def bad(each, topic=DESK, now=START):
    with pytest.raises(Bad) as raised:
        read(each, topic, now)
    return raised.value


def in_both_languages(found, name=""):
    """The detail is German and English, and both name the field that is wrong."""
    german, english = found.words
    assert german != english
    assert name in german, german
    assert name in english, english
    assert found.detail == english


def lend(value=LEND, **changes):
    return record(DESK.name, value, **{"ce_type": LendBook.ce_type, **changes})


def structured(**changes):
    event = {
        "specversion": "1.0",
        "id": "17",
        "source": "https://partner.example",
        "type": ActorReported.ce_type,
        "time": "2026-11-24T09:00:00Z",
        "datacontenttype": "application/json",
        "data": ACTOR,
        **changes,
    }
    value = json.dumps({name: each for name, each in event.items() if each is not ...})
    return raw_structured(value.encode())


def raw_structured(value, content_type=b"application/cloudevents+json; charset=utf-8"):
    return record(REPORTS.name, value, headers=[("content-type", content_type)])
