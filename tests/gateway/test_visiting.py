"""Interest in a listing of those who act for no organisation yet."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from impulse_contracts.codes import PendingKind, PersonRole
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.joining import ClaimActor, IntroducePerson
from impulse_contracts.registry.people import (
    Membership,
    MembershipClaimed,
    MembershipGranted,
    PendingMembership,
    PersonAdded,
)
from tests.gateway import given
from tests.gateway.driving import tell

LISTING = f"/listings/{given.NEED.listing_id}"
ASK = f"{LISTING}/ask"
PERSON = {"name": "Beispielstelle Neu", "address": "Neu@Lesefreunde.example"}
NEW = {
    "legal_name": "Beispiel-Lesefreunde Süd & Söhne e.V.",
    "kind": "nonprofit",
    "postcode": "45127",
    "city": "Essen",
}


async def leave(town, visitor, **fields):
    """A visitor says who they are, is introduced, and follows the link; where it leads."""
    answer = await visitor.send_form(ASK, ASK, **fields)
    assert answer.status_code == 200, answer.text
    assert "Bitte sehen Sie in Ihr E-Mail-Postfach" in answer.text
    town.settle()
    [introduced] = town.heard(IntroducePerson)
    [link] = town.heard(SendSignInLink)
    assert town.heard(ClaimActor) + town.heard(RegisterActor) == [], "nothing before the click"
    tell(town, PersonAdded(version=1, **introduced.data.model_dump()))
    path = link.data.link.removeprefix(visitor.site.settings.base_url)
    signed = await visitor.send_form(path, path)
    assert signed.status_code == 303
    assert (await visitor.get(path)).status_code == 410, "a link is good once"
    return signed.headers["location"], introduced.data.person_id


async def test_a_new_organisation_is_registered_after_the_click_and_asks(town, visitor):
    assert f'href="{ASK}"' in (await visitor.get(LISTING)).text
    back, person_id = await leave(town, visitor, **NEW, **PERSON)
    page = (await visitor.get(back)).text
    assert 'value="Beispiel-Lesefreunde Süd &amp; Söhne e.V."' in page
    assert "Ihre E-Mail-Adresse" not in page
    operation = uuid4()
    sent = await visitor.send_form(ASK, back, operation=str(operation), **NEW)
    town.settle()
    [heard] = town.heard(RegisterActor)
    assert heard.attributes.principal == str(person_id)
    said = heard.data
    assert (said.legal_name, said.kind, said.example) == (NEW["legal_name"], "nonprofit", True)
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {"then": [ASK]}
    # What became of it leads on; once the registry has said so, to the form that asks.
    tell(
        town,
        given.actor(NEW["legal_name"], example=True).model_copy(update={"actor_id": said.actor_id}),
        MembershipGranted(
            version=1,
            person_id=person_id,
            memberships=(Membership(actor_id=said.actor_id, roles=(PersonRole.ADMIN,)),),
        ),
        given.accepted(str(operation), said.actor_id),
    )
    done = (await visitor.get(sent.headers["location"])).text
    assert f'href="{ASK}"' in done
    onward = await visitor.get(ASK)
    assert onward.headers["location"] == f"{LISTING}/answer?actor={said.actor_id}"
    assert (await visitor.get(onward.headers["location"])).status_code == 200


async def test_a_known_organisation_is_claimed_and_nobody_acts_for_it_yet(town, visitor, signed_in):
    found = (await visitor.get(f"{ASK}?q=malerbetrieb")).text
    assert f'href="{ASK}?actor={given.PAINTER.actor_id}"' in found
    assert "Turnverein" not in (await visitor.get(f"{ASK}?q=turnverein")).text.split("<main")[1]
    known = {"actor": str(given.PAINTER.actor_id)}
    back, person_id = await leave(town, visitor, **known, **PERSON)
    assert back == f"{ASK}?actor={given.PAINTER.actor_id}"
    await visitor.send_form(ASK, back, operation=str(uuid4()), **known)
    town.settle()
    [claimed] = town.heard(ClaimActor)
    assert claimed.attributes.principal == str(person_id)
    assert claimed.data == ClaimActor(
        person_id=person_id,
        actor_id=given.PAINTER.actor_id,
        listing_id=given.NEED.listing_id,
    )
    assert town.heard(RegisterActor) == []
    pending = PendingMembership(
        actor_id=given.PAINTER.actor_id,
        kind=PendingKind.CLAIMED,
        since=given.NOW,
        until=given.NOW + timedelta(days=14),
        listing_id=given.NEED.listing_id,
    )
    tell(
        town,
        MembershipClaimed(
            version=1, person_id=person_id, pending=(pending,), about=given.PAINTER.actor_id
        ),
    )
    assert "Noch wartet eine Antwort" in (await visitor.get(ASK)).text
    answer = await visitor.get(f"{LISTING}/answer?actor={given.PAINTER.actor_id}")
    assert answer.status_code == 403
    broker = await signed_in(given.BROKER)
    assert given.NEED.title in (await broker.get("/claims")).text


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"legal_name": ""}, "legal_name"),
        ({"kind": "everything"}, "kind"),
        ({"postcode": "", "city": ""}, "postcode"),
        ({"legal_name": "Ruf an: 0201 1234567"}, "legal_name"),
        ({"legal_name": "Ö" * 290}, "legal_name"),
        ({"name": " "}, "name"),
        ({"address": "nirgends"}, "address"),
    ],
)
async def test_what_is_wrong_is_said_and_no_link_is_sent(town, visitor, changed, wrong):
    answer = await visitor.send_form(ASK, ASK, **NEW | PERSON | changed)
    assert answer.status_code == 422
    assert f'id="{wrong}-fault"' in answer.text
    town.settle()
    assert town.heard(SendSignInLink) + town.heard(IntroducePerson) == []


async def test_links_are_rationed_and_only_open_listings_are_asked_for(visitor):
    for _ in range(5):
        assert (await visitor.send_form(ASK, ASK, **NEW, **PERSON)).status_code == 200
    assert (await visitor.send_form(ASK, ASK, **NEW, **PERSON)).status_code == 429
    assert (await visitor.get(f"/listings/{UUID(int=7)}/ask")).status_code == 404


async def test_who_acts_for_an_organisation_already_asks_with_it(signed_in):
    member = await signed_in(given.OTHER_MEMBER)
    assert f'href="{ASK}"' not in (await member.get(LISTING)).text
    onward = await member.get(ASK)
    assert onward.headers["location"] == f"{LISTING}/answer?actor={given.PAINTER.actor_id}"
    own = await signed_in(given.MEMBER)
    assert "Eine weitere Organisation trägt die Vermittlung" in (await own.get(ASK)).text
