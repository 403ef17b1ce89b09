"""Operations: what people asked for, and its outcome. Kept as long as outcomes are repeated."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Field

from impulse_chassis import Repository, Table, json_column, moment_column
from impulse_gateway.domain.operation import Operation, OperationState
from impulse_gateway.store import rows

KEPT_FOR = timedelta(days=30)


class OperationRow(Table, table=True):
    """An `Operation`."""

    __tablename__ = "operation"
    operation_id: UUID = Field(primary_key=True)
    version: int
    person_id: UUID
    command_type: str
    subject_id: str
    fingerprint: str
    state: str
    reason: str | None
    message: Any = json_column()
    result_id: str | None
    result_version: int | None
    attempt: int
    requested_at: datetime = moment_column()
    resolved_at: datetime | None = moment_column()


operations = Repository(OperationRow, Operation, ("Der Vorgang", "The operation"))


def get(connection: Connection, operation_id: UUID) -> Operation | None:
    """One operation."""
    found = rows.find(
        connection,
        Operation,
        "SELECT row_to_json(t)::text FROM operation AS t WHERE operation_id = %(id)s",
        {"id": operation_id},
    )
    return found[0] if found else None


def unsettled(
    connection: Connection, person_id: UUID | None, subject_ids: Iterable[UUID], since: datetime
) -> list[Operation]:
    """The newest that somebody asked for of each of these, where it is pending or was refused."""
    found = rows.find(
        connection,
        Operation,
        """
        SELECT DISTINCT ON (subject_id) row_to_json(t)::text FROM operation AS t
        WHERE person_id = %(person)s AND subject_id = ANY(%(subjects)s)
            AND requested_at > %(since)s
        ORDER BY subject_id, requested_at DESC, operation_id
        """,
        {
            "person": person_id,
            "subjects": [str(each) for each in subject_ids],
            "since": since,
        },
    )
    return [each for each in found if each.state is not OperationState.ACCEPTED]


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes operations whose id may be used again; returns how many."""
    return connection.exec_driver_sql(
        "DELETE FROM operation WHERE requested_at < %(oldest)s", {"oldest": now - KEPT_FOR}
    ).rowcount
