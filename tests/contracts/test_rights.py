"""Who may do what: every role, at the own actor and at another."""

from uuid import UUID

import pytest

from impulse_contracts import rights
from impulse_contracts.codes import PersonRole
from impulse_contracts.registry.people import Membership

MINE, OTHER = UUID(int=1), UUID(int=2)

ACTING = {"manage", "answer", "told"}
OWN: dict[tuple[str, ...], set[str]] = {
    (PersonRole.CONTACT,): ACTING,
    (PersonRole.DECISION,): ACTING,
    (PersonRole.COORDINATOR,): ACTING,
    (PersonRole.SIGNATORY,): ACTING,
    (PersonRole.EDITOR,): ACTING,
    (PersonRole.ADMIN,): ACTING,
    (PersonRole.MEMBER,): {"manage", "told"},
    (PersonRole.VIEWER,): set(),
    (PersonRole.VOLUNTEER,): set(),
    (PersonRole.BROKER,): ACTING | {"staff"},
    (PersonRole.OPERATOR,): ACTING | {"staff", "operator"},
    # No role, one that came after this release, several.
    (): {"told"},
    ("unknown",): {"told"},
    (PersonRole.VIEWER, PersonRole.VOLUNTEER): set(),
    (PersonRole.VIEWER, PersonRole.MEMBER): {"manage", "told"},
    (PersonRole.VOLUNTEER, PersonRole.SIGNATORY): ACTING,
}
"""What somebody with these roles may do at their own actor."""
EVERYWHERE = {"manage", "answer", "staff", "operator"}
"""What staff may do at every actor; nobody else may anything elsewhere."""


def may(memberships: tuple[Membership, ...], actor_id: UUID) -> set[str]:
    said = {
        "manage": rights.may_manage(memberships, actor_id),
        "answer": rights.may_answer(memberships, actor_id),
        "told": rights.is_told(memberships, actor_id),
        "staff": rights.is_staff(memberships),
        "operator": rights.is_operator(memberships),
    }
    return {name for name, allowed in said.items() if allowed}


def test_the_table_knows_every_role():
    assert {roles[0] for roles in OWN if len(roles) == 1} == {*PersonRole, "unknown"}


@pytest.mark.parametrize("roles", OWN, ids=lambda roles: "+".join(roles) or "none")
def test_who_may_do_what(roles):
    memberships = (Membership(actor_id=MINE, roles=roles),)
    assert may(memberships, MINE) == OWN[roles]
    assert may(memberships, OTHER) == (OWN[roles] & EVERYWHERE if "staff" in OWN[roles] else set())
    assert rights.belongs_to(memberships, MINE)
    assert not rights.belongs_to(memberships, OTHER)


def test_nobody_may_anything():
    assert may((), MINE) == set()


def test_a_role_counts_where_it_is_held():
    memberships = (
        Membership(actor_id=MINE, roles=(PersonRole.VIEWER,)),
        Membership(actor_id=OTHER, roles=(PersonRole.ADMIN,)),
    )
    assert may(memberships, MINE) == set()
    assert may(memberships, OTHER) == ACTING
