"""Evidence for reports: what facts leave, which nobody changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlmodel import Field

from impulse_booking.domain.report.evidence import Evidence, Noun, Period, counts_at
from impulse_booking.domain.report.noted import NOTED
from impulse_chassis import Received, Table, Transaction, json_column, moment_column, record
from impulse_chassis.envelope import inbox_key
from impulse_contracts.message import Incoming, Message
from impulse_contracts.outcomes import OutcomeRefused

FOLLOWED = timedelta(days=370)
"""So long after an agreement it may still count: it is asked for after a year."""
AT_ONCE = 2_000
"""So many things are fetched at a time: a report looks at all of them, and keeps but a few."""


class EvidenceRow(Table, table=True):
    """`Evidence`, with who said it, what it is about, and which fact it was."""

    __tablename__ = "evidence"
    source: str = Field(primary_key=True)
    fact_id: str = Field(primary_key=True)
    type: str
    noun: str
    subject: UUID
    version: int
    at: datetime = moment_column()
    late: bool
    said: dict[str, Any] = json_column()


def _row(received: Received[Any]) -> dict[str, Any] | None:
    noun, note = next(made for kind, made in NOTED.items() if isinstance(received.data, kind))
    said = note(received.data)
    if said is None:
        return None
    attributes = received.attributes
    logged = datetime.fromtimestamp(received.record.timestamp / 1000, UTC)
    happened = attributes.time or logged
    at = counts_at(happened, logged)
    return {
        "source": attributes.source,
        "fact_id": attributes.id,
        "type": attributes.type,
        "noun": noun,
        "subject": _subject(received),
        "version": _version(received.data),
        "at": at,
        "late": at != happened,
        "said": said,
    }


def _subject(received: Received[Any]) -> UUID | str:
    """What it is about; a request and what was answered are about the request."""
    match received.data:
        case OutcomeRefused(source=source, command_id=command_id):
            return inbox_key(source, command_id)
        case Incoming():
            return inbox_key(received.attributes.source, received.attributes.id)
        case fact:
            return str(fact.key)


def _version(message: Message) -> int:
    """The place in the life of what it is about; an answer comes after what was asked."""
    if isinstance(message, OutcomeRefused):
        return message.attempt
    return getattr(message, "version", 0)


def _recorded(kind: type[Message]) -> Any:
    return record(kind, into=EvidenceRow, of=_row)


RECORDINGS = [_recorded(kind) for kind in NOTED]
"""What leaves evidence; of booking's own facts too: they are read like all others, so that evidence
can be made anew from the topics."""


_PAST = """
    WITH ended AS (
        SELECT noun, subject FROM evidence
        WHERE noun IN ('request', 'booking', 'support', 'proposal', 'cooperation')
        GROUP BY noun, subject
        HAVING max(at) < CASE noun WHEN 'cooperation' THEN %(follows)s ELSE %(end)s END
    ), rests AS (
        SELECT said ->> 'proposal' AS proposal FROM evidence AS e
        WHERE noun = 'cooperation' AND NOT EXISTS (
            SELECT FROM ended WHERE (ended.noun, ended.subject) = (e.noun, e.subject)
        )
    ), gone AS (
        DELETE FROM evidence AS e USING ended
        WHERE (e.noun, e.subject) = (ended.noun, ended.subject)
          AND NOT (e.noun = 'proposal' AND e.subject::text IN (SELECT proposal FROM rests))
        RETURNING e.*
    ), first AS (
        SELECT DISTINCT ON (noun, subject) * FROM gone
        WHERE noun IN ('booking', 'support', 'cooperation')
        ORDER BY noun, subject, version, source COLLATE "C", fact_id COLLATE "C"
    )
    INSERT INTO evidence (source, fact_id, type, noun, subject, version, at, late, said)
    SELECT DISTINCT ON (actor) source || '#' || actor, fact_id, type, 'act', actor::uuid,
        version, at, late, '{}'
    FROM first CROSS JOIN LATERAL (
        VALUES (said ->> 'actor'), (said ->> 'need_actor'), (said ->> 'offer_actor')
    ) AS who (actor)
    WHERE actor IS NOT NULL
    ORDER BY actor, at, fact_id COLLATE "C"
    ON CONFLICT DO NOTHING
"""


def delete_past(tx: Transaction, period: Period) -> None:
    """Deletes what is about a period and all before it, apart from what later reports rest on.

    What has gone on since stays whole, and so does what is asked for a year after: agreements, with
    the proposals that they came of. What organisations, listings and the programme are stays: it
    is what later facts are about. Of what organisations did, the first act of each stays, so that
    nobody is new a second time.
    """
    tx.cursor().execute(_PAST, {"end": period.end, "follows": period.end - FOLLOWED})


_RANK = " ".join(f"WHEN '{noun}' THEN {place}" for place, noun in enumerate(Noun))
_LIVES = f"""
    SELECT noun, subject::text, json_agg(
        json_build_array(fact_id, type, version, at, late, said)
        ORDER BY version, source COLLATE "C", fact_id COLLATE "C"
    )::text
    FROM (SELECT CASE noun {_RANK} END AS rank, * FROM evidence) AS ranked
    GROUP BY rank, noun, ranked.subject ORDER BY rank, ranked.subject
"""  # noqa: S608  (codes of our own)


def lives(tx: Transaction) -> Iterator[tuple[Noun, str, list[Evidence]]]:
    """All evidence on each thing, in the order of its versions; nouns in theirs. One statement."""
    with tx.cursor().connection.cursor(name="evidence") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(_LIVES)
        for noun, subject, facts in cursor:
            yield Noun(noun), subject, [_evidence(*fact) for fact in from_json(facts)]


def _evidence(
    fact_id: str, kind: str, version: int, at: str, late: bool, said: dict[str, Any]
) -> Evidence:
    return Evidence(fact_id, kind, version, datetime.fromisoformat(at), late, said)
