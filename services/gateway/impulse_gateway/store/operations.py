"""Operations: what people asked for, and its outcome. Kept as long as outcomes are repeated."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Field

from impulse_chassis import Repository, Table, json_column, moment_column
from impulse_contracts.message import Command
from impulse_gateway.domain.operation import Operation, OperationState
from impulse_gateway.store import rows

KEPT_FOR = timedelta(days=30)
TOLD_FOR = timedelta(days=1)
JUST = timedelta(minutes=1)


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
    form: str | None
    entered: Any = json_column()
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


def newest(
    connection: Connection,
    person_id: UUID | None,
    now: datetime,
    *,
    subject_ids: Iterable[UUID] = (),
    commands: Iterable[type[Command]] = (),
) -> list[Operation]:
    """The newest that somebody asked for of each of these subjects, or by one of these commands, as
    far as they want to know: what is pending, what was refused within a day, and what has just been
    done."""
    found = rows.find(
        connection,
        Operation,
        """
        SELECT DISTINCT ON (subject_id) row_to_json(t)::text FROM operation AS t
        WHERE person_id = %(person)s AND requested_at > %(since)s
            AND (subject_id = ANY(%(subjects)s) OR command_type = ANY(%(commands)s))
        ORDER BY subject_id, requested_at DESC, operation_id
        """,
        {
            "person": person_id,
            "subjects": [str(each) for each in subject_ids],
            "commands": [each.ce_type for each in commands],
            "since": now - TOLD_FOR,
        },
    )
    return [
        each
        for each in found
        if each.state is not OperationState.ACCEPTED
        or (each.resolved_at is not None and each.resolved_at > now - JUST)
    ]


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes operations whose id may be used again, and of others what was typed so long ago that
    nobody is told of it any more; returns how many were deleted."""
    connection.exec_driver_sql(
        """
        UPDATE operation SET form = NULL, entered = NULL
        WHERE entered IS NOT NULL AND requested_at < %(oldest)s
        """,
        {"oldest": now - TOLD_FOR},
    )
    return connection.exec_driver_sql(
        "DELETE FROM operation WHERE requested_at < %(oldest)s", {"oldest": now - KEPT_FOR}
    ).rowcount
