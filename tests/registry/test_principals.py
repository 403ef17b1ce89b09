"""Who may do what about people, decided on plain values."""

import pytest

from impulse_contracts.codes import PersonRole
from impulse_contracts.registry.people import Membership
from impulse_registry.domain.principals import Principal
from tests.registry.given import ident

ACTOR, ELSEWHERE = ident("actor"), ident("elsewhere")
PERSON = ident("person")
BROKER, OPERATOR, ADMIN = PersonRole.BROKER, PersonRole.OPERATOR, PersonRole.ADMIN


def someone(name: str, *roles: PersonRole, at: str = "actor") -> Principal:
    """A person with roles at one actor."""
    return Principal(person_id=ident(name), memberships=held(*roles, at=at))


def held(*roles: PersonRole, at: str = "actor") -> tuple[Membership, ...]:
    return (Membership(actor_id=ident(at), roles=roles),)


SYSTEM = Principal(is_system=True)
NOBODY = Principal()
MEMBER = someone("member", PersonRole.MEMBER)
VIEWER = someone("viewer", PersonRole.VIEWER)
VOLUNTEER = someone("volunteer", PersonRole.VOLUNTEER)
PLAIN = someone("plain")
ITS_ADMIN = someone("admin", ADMIN)
STRANGER = someone("stranger", ADMIN, at="elsewhere")
A_BROKER = someone("broker", BROKER, at="elsewhere")
AN_OPERATOR = someone("operator", OPERATOR, at="elsewhere")
HERSELF = someone("person", ADMIN)
HERSELF_VIEWER = someone("person", PersonRole.VIEWER)
HERSELF_PLAIN = someone("person")


@pytest.mark.parametrize(
    ("who", "roles", "holds", "known", "allowed"),
    [
        # Somebody new.
        (SYSTEM, [], (), False, True),
        (AN_OPERATOR, [OPERATOR], (), False, True),
        (A_BROKER, [ADMIN], (), False, True),
        (ITS_ADMIN, [ADMIN], (), False, True),
        # Who may only change what the actor says adds nobody to it.
        (MEMBER, [], (), False, False),
        (STRANGER, [], (), False, False),
        # Who may not manage the actor adds nobody to it.
        (VIEWER, [], (), False, False),
        (VOLUNTEER, [PersonRole.VIEWER], (), False, False),
        (PLAIN, [], (), False, False),
        (NOBODY, [], (), False, False),
        # Nobody but operators makes brokers and operators.
        (A_BROKER, [BROKER], (), False, False),
        (A_BROKER, [OPERATOR], (), False, False),
        (ITS_ADMIN, [BROKER], (), False, False),
        (someone("person", BROKER), [OPERATOR], held(BROKER), True, False),
        (SYSTEM, [BROKER, OPERATOR], (), False, True),
        # Somebody known: by staff and themselves, not by other members.
        (A_BROKER, [], held(), True, True),
        (HERSELF, [ADMIN, PersonRole.SIGNATORY], held(ADMIN), True, True),
        (ITS_ADMIN, [], held(), True, False),
        # Who may not manage corrects themselves, and gives themselves nothing by that.
        (HERSELF_VIEWER, [PersonRole.VIEWER], held(PersonRole.VIEWER), True, True),
        (HERSELF_VIEWER, [ADMIN], held(PersonRole.VIEWER), True, False),
        (HERSELF_VIEWER, [PersonRole.CONTACT], held(PersonRole.VIEWER), True, False),
        (HERSELF_PLAIN, [], held(), True, True),
        (HERSELF_PLAIN, [PersonRole.CONTACT], held(), True, False),
        (ITS_ADMIN, [], held(at="elsewhere"), True, False),
        # Staff is corrected by operators and itself.
        (A_BROKER, [BROKER], held(BROKER), True, False),
        (A_BROKER, [], held(OPERATOR), True, False),
        (AN_OPERATOR, [], held(OPERATOR), True, True),
        (someone("person", BROKER), [BROKER], held(BROKER), True, True),
        # Nobody makes themselves a member of another actor.
        (someone("person", at="elsewhere"), [], held(at="elsewhere"), True, False),
    ],
)
def test_who_may_add_or_correct_a_person(who, roles, holds, known, allowed):
    assert who.may_add(PERSON, ACTOR, roles, holds, known) is allowed


@pytest.mark.parametrize(
    ("who", "holds", "allowed"),
    [
        (SYSTEM, held(OPERATOR), True),
        (AN_OPERATOR, held(BROKER), True),
        (A_BROKER, held(ADMIN), True),
        (A_BROKER, held(BROKER), False),
        (HERSELF, held(), True),
        (HERSELF, (), True),
        (MEMBER, held(), False),
        (NOBODY, (), False),
    ],
)
def test_who_may_have_a_person_erased(who, holds, allowed):
    assert who.may_erase(PERSON, holds) is allowed


def test_members_manage_their_own_actors_and_staff_all():
    """Which roles may is said by tests/contracts/test_rights.py."""
    assert MEMBER.may_manage(ACTOR)
    assert not MEMBER.may_manage(ELSEWHERE)
    for who in (A_BROKER, AN_OPERATOR, SYSTEM):
        assert who.may_manage(ACTOR)
    for who in (NOBODY, VIEWER, VOLUNTEER, PLAIN):
        assert not who.may_manage(ACTOR)


@pytest.mark.parametrize(
    ("who", "roles", "holds", "allowed"),
    [
        (SYSTEM, [ADMIN], (), True),
        (A_BROKER, [ADMIN], held(ADMIN), True),
        (ITS_ADMIN, [ADMIN, PersonRole.SIGNATORY], held(PersonRole.VIEWER), True),
        (MEMBER, [], (), False),
        (STRANGER, [PersonRole.VIEWER], (), False),
        (NOBODY, [], (), False),
        # Staff is made and unmade by operators.
        (ITS_ADMIN, [BROKER], (), False),
        (A_BROKER, [], held(BROKER), False),
        (AN_OPERATOR, [BROKER], (), True),
        (AN_OPERATOR, [], held(OPERATOR), True),
    ],
)
def test_who_may_give_roles(who, roles, holds, allowed):
    assert who.may_give(roles, ACTOR, holds) is allowed


def test_nobody_decides_on_their_own_claim():
    for who in (A_BROKER, ITS_ADMIN, MEMBER, someone("contact", PersonRole.CONTACT)):
        assert who.may_decide_claim(PERSON, ACTOR)
    for who in (HERSELF, VIEWER, STRANGER, NOBODY, someone("person", BROKER)):
        assert not who.may_decide_claim(PERSON, ACTOR)
