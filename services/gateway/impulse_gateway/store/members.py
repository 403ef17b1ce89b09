"""Queries on what people are to organisations, and on whose contact is disclosed to whom."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection

from impulse_contracts import rights
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.parts import Source
from impulse_contracts.registry.disclosures import DisclosureState
from impulse_contracts.registry.people import Consent, Membership, PendingMembership
from impulse_contracts.types import Open
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import rows


class Member(BaseModel):
    """Somebody who belongs to an organisation."""

    person_id: UUID
    name: str
    email: str
    confirmed_at: datetime | None = None
    roles: tuple[Open[PersonRole], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


class Waiting(PendingMembership):
    """Somebody who asked to belong to an organisation, or was invited to."""

    person_id: UUID
    name: str
    email: str


class Contact(BaseModel):
    """A contact that the other side of a cooperation may see."""

    person_id: UUID
    actor_id: UUID
    name: str
    email: str
    phone: str | None
    until: datetime


class Own(BaseModel):
    """What is known here of a person, as they see it themselves."""

    person_id: UUID
    name: str
    email: str
    phone: str | None
    language: Open[Language]
    contact_of: Source | None = None
    confirmed_at: datetime | None = None
    consents: tuple[Consent, ...] = ()
    memberships: tuple[Membership, ...] = ()
    pending: tuple[PendingMembership, ...] = ()


def own(connection: Connection, person_id: UUID) -> Own | None:
    """What is known of a person."""
    found = rows.find(
        connection,
        Own,
        """
        SELECT (to_jsonb(p) || jsonb_build_object(
            'memberships', coalesce(m.memberships, '[]'), 'pending', coalesce(m.pending, '[]')
        ))::text
        FROM person AS p LEFT JOIN membership AS m USING (person_id) WHERE person_id = %(person)s
        """,
        {"person": person_id},
    )
    return found[0] if found else None


def disclosures_of(connection: Connection, person_id: UUID) -> list[DisclosureState]:
    """To whom a person's contact was disclosed, the newest first."""
    return rows.find(
        connection,
        DisclosureState,
        """
        SELECT row_to_json(t)::text FROM disclosure AS t WHERE person_id = %(person)s
        ORDER BY disclosed_at DESC, disclosure_id LIMIT 200
        """,
        {"person": person_id},
    )


def members(connection: Connection, actor_id: UUID) -> list[Member]:
    """Who belongs to an organisation, by name."""
    return rows.find(
        connection,
        Member,
        """
        SELECT (each || jsonb_build_object(
            'person_id', p.person_id, 'name', p.name, 'email', p.email,
            'confirmed_at', p.confirmed_at
        ))::text
        FROM membership AS m JOIN person AS p USING (person_id)
        CROSS JOIN jsonb_array_elements(m.memberships) AS each
        WHERE jsonb_path_query_array(m.memberships, '$[*].actor_id') ? %(actor)s
          AND each ->> 'actor_id' = %(actor)s
        ORDER BY p.name, p.person_id
        """,
        {"actor": str(actor_id)},
    )


def staff(connection: Connection) -> list[UUID]:
    """Who runs the programme, wherever they hold the role; by name."""
    found = connection.exec_driver_sql(
        """
        SELECT p.person_id FROM membership AS m JOIN person AS p USING (person_id)
        WHERE jsonb_path_query_array(m.memberships, '$[*].roles[*]') ?| %(staff)s
        ORDER BY p.name, p.person_id LIMIT 200
        """,
        {"staff": [each.value for each in rights.STAFF]},
    )
    return list(found.scalars())


def waiting(connection: Connection, actor_id: UUID | None = None) -> list[Waiting]:
    """Claims on and invitations to an organisation, or to all of them, the oldest first.

    Who is invited is called by the address that was given: whoever knows an address must not learn
    by an invitation whose it is.
    """
    return rows.find(
        connection,
        Waiting,
        """
        SELECT (each || jsonb_build_object(
            'person_id', p.person_id, 'email', p.email,
            'name', CASE WHEN each ->> 'kind' = 'claimed' THEN p.name ELSE p.email END
        ))::text
        FROM membership AS m JOIN person AS p USING (person_id)
        CROSS JOIN jsonb_array_elements(m.pending) AS each
        WHERE m.pending <> '[]'
          AND (%(actor)s::text IS NULL OR each ->> 'actor_id' = %(actor)s)
        ORDER BY each ->> 'since', p.person_id LIMIT 200
        """,
        {"actor": str(actor_id) if actor_id else None},
    )


def on_both_sides(connection: Connection, one: UUID, other: UUID) -> list[str]:
    """The names of those who belong to both of two organisations."""
    found = connection.exec_driver_sql(
        """
        SELECT p.name FROM membership AS m JOIN person AS p USING (person_id)
        WHERE jsonb_path_query_array(m.memberships, '$[*].actor_id') ?& %(both)s::text[]
        ORDER BY p.name, p.person_id
        """,
        {"both": [str(one), str(other)]},
    )
    return [str(name) for name in found.scalars()]


def contacts(
    connection: Connection, viewer: Viewer, proposal_id: UUID, now: datetime
) -> list[Contact]:
    """The contacts of a pair that were disclosed to the viewer's side, or at all for staff.

    Of those that stand at `now`; nobody is named for whom nothing was disclosed.
    """
    return rows.find(
        connection,
        Contact,
        """
        SELECT json_build_object(
            'person_id', p.person_id, 'actor_id', d.actor_id, 'name', p.name, 'email', p.email,
            'phone', p.phone, 'until', d.until
        )::text
        FROM disclosure AS d JOIN person AS p USING (person_id)
        WHERE d.proposal_id = %(proposal)s AND d.ended_at IS NULL AND d.until > %(now)s
          AND (%(all)s OR d.to_actor_id = ANY(%(mine)s::uuid[]))
        ORDER BY d.actor_id, p.name, p.person_id
        """,
        {
            "proposal": proposal_id,
            "now": now,
            "all": viewer.sees_all,
            "mine": viewer.actors,
        },
    )


def names(connection: Connection, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people are called; for those who may see whom they named."""
    found = connection.exec_driver_sql(
        "SELECT person_id, name FROM person WHERE person_id = ANY(%(ids)s)",
        {"ids": list(person_ids)},
    )
    return {person_id: str(name) for person_id, name in found}
