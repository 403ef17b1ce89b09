"""The JSON API on people: the commands of the pages, and their rights."""

from uuid import UUID

import pytest

from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.message import Command
from impulse_contracts.parts import Source
from impulse_contracts.purposes import Purpose
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    DeclineInvitation,
    HandOverOffice,
)
from impulse_contracts.registry.people import ChangeDetails, ErasePerson, PersonContactChanged
from impulse_gateway.domain.consents import TEXT_VERSION
from tests.gateway import given
from tests.gateway.driving import Browser, tell

ADMIN = "leitung@beispiel-jugendzentrum.example"
HOUSE = given.HOUSE.actor_id
HERE = f"/api/actors/{HOUSE}"
NEWS = "/api/me/consents/programme_news"
ME = given.ident(given.MEMBER)
OTHER = given.ident(given.VIEWER)


@pytest.fixture
def house(town):
    """The town, with an administrator of the house."""
    tell(town, *given.person(ADMIN, (given.HOUSE, PersonRole.ADMIN)))
    return town


def said(world, by: str, kind: type[Command]) -> list[Command]:
    """The commands of a kind; all of them as `by`."""
    world.settle()
    heard = world.heard(kind)
    assert {each.attributes.principal for each in heard} <= {str(given.ident(by))}
    return [each.data for each in heard]


OWN: list[tuple[str, str, object, Command]] = [
    (
        "PUT",
        "/api/me",
        {"name": "Beispiel-Konto", "phone": "0201 1", "language": "en"},
        ChangeDetails(person_id=ME, name="Beispiel-Konto", phone="0201 1", language=Language.EN),
    ),
    (
        "PUT",
        NEWS,
        {"text_version": TEXT_VERSION},
        GiveConsent(person_id=ME, purpose=Purpose.PROGRAMME_NEWS, text_version=TEXT_VERSION),
    ),
    ("DELETE", NEWS, None, WithdrawConsent(person_id=ME, purpose=Purpose.PROGRAMME_NEWS)),
    (
        "POST",
        f"/api/me/invitations/{HOUSE}/accept",
        None,
        AcceptInvitation(person_id=ME, actor_id=HOUSE),
    ),
    (
        "POST",
        f"/api/me/invitations/{HOUSE}/decline",
        None,
        DeclineInvitation(person_id=ME, actor_id=HOUSE),
    ),
    ("DELETE", "/api/me", None, ErasePerson(person_id=ME)),
]
"""What people ask for themselves; the last of it signs them out."""


async def test_what_people_ask_for_themselves(house, site, signed_in):
    member = await signed_in(given.MEMBER)
    async with Browser(site) as visitor:
        for method, path, body, command in OWN:
            assert (await visitor.command(method, path, body)).status_code == 401, path
            assert said(house, given.MEMBER, type(command)) == []
            answer = await member.command(method, path, body)
            assert answer.status_code == 202, answer.text
            assert answer.headers["location"].endswith(answer.json()["operation_id"])
            assert said(house, given.MEMBER, type(command)) == [command], path
    assert (await member.get("/api/me")).status_code == 401, "who is erased is signed out"


@pytest.mark.parametrize(
    "path,body,status,words",
    [
        ("/api/me/consents/membership", {"text_version": TEXT_VERSION}, 404, "nicht"),
        (NEWS, {"text_version": "1"}, 422, TEXT_VERSION),
        (NEWS, {}, 422, "text_version"),
        ("/api/me", {"name": " "}, 422, "name"),
        ("/api/me", {"name": "Wer", "email": "a@b.example", "language": "xx"}, 422, "language"),
    ],
)
async def test_what_can_not_be_asked_for_says_why(house, signed_in, path, body, status, words):
    member = await signed_in(given.MEMBER)
    answer = await member.command("PUT", path, body)
    assert answer.status_code == status
    assert words in answer.text
    assert said(house, given.MEMBER, GiveConsent) == said(house, given.MEMBER, ChangeDetails) == []


OFFICES: list[tuple[str, str, object, Command]] = [
    (
        "PUT",
        f"{HERE}/people/{OTHER}/roles",
        {"roles": ["editor"], "valid_to": "2027-12-31"},
        ChangeRoles.model_validate(
            {"person_id": OTHER, "actor_id": HOUSE, "roles": ["editor"], "valid_to": "2027-12-31"}
        ),
    ),
    (
        "POST",
        f"{HERE}/people/{OTHER}/hand-over",
        {"successor_id": str(ME)},
        HandOverOffice(person_id=OTHER, actor_id=HOUSE, successor_id=ME),
    ),
    (
        "DELETE",
        f"{HERE}/invitations/{OTHER}",
        None,
        DeclineInvitation(person_id=OTHER, actor_id=HOUSE),
    ),
]


async def test_others_offices_are_for_administrators(house, signed_in):
    admin, editor = await signed_in(ADMIN), await signed_in(given.MEMBER)
    stranger = await signed_in(given.CLUB_MEMBER)
    for method, path, body, command in OFFICES:
        for browser in (editor, stranger):
            assert (await browser.command(method, path, body)).status_code == 403, path
        assert said(house, ADMIN, type(command)) == []
        assert (await admin.command(method, path, body)).status_code == 202, path
        assert said(house, ADMIN, type(command)) == [command], path


async def test_ones_own_office_everybody_hands_over(house, signed_in):
    editor = await signed_in(given.MEMBER)
    body = {"successor_id": str(OTHER)}
    assert (await editor.command("POST", f"{HERE}/people/{ME}/hand-over", body)).status_code == 202
    over = HandOverOffice(person_id=ME, actor_id=HOUSE, successor_id=OTHER)
    assert said(house, given.MEMBER, HandOverOffice) == [over]


async def test_who_reported_one_and_when_one_confirmed_it(house, signed_in):
    known, _ = given.person(given.MEMBER)
    source = Source(source="https://ehrenamt.beispielstadt.example/api", external_id="4711")
    fields = {**known.model_dump(), "version": 2, "contact_of": source}
    tell(house, PersonContactChanged.model_validate(fields))
    member, admin = await signed_in(given.MEMBER), await signed_in(ADMIN)

    async def confirmed() -> tuple[object, object]:
        mine = (await member.get("/api/me")).json()["person"]
        everybody = (await admin.get(f"{HERE}/people")).json()["members"]
        [seen] = [each for each in everybody if UUID(each["person_id"]) == ME]
        assert mine["contact_of"]["source"] == source.source
        return mine["confirmed_at"], seen["confirmed_at"]

    assert await confirmed() == (None, None)
    assert source.source in (await member.get("/me")).text
    fields |= {"version": 3, "confirmed_at": given.NOW}
    tell(house, PersonContactChanged.model_validate(fields))
    assert None not in await confirmed()
    assert "Von Ihnen bestätigt am 24. November 2026" in (await member.get("/me")).text
    page = await admin.get(f"/organisations/{HOUSE}/people")
    assert "selbst bestätigt am 24. November 2026" in page.text
