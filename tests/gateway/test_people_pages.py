"""Pages on people: one's own data, claims, who acts for an organisation, disclosed contacts."""

from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_contracts.codes import IntakeChannel, Language, PendingKind, PersonRole
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.purposes import Purpose
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.disclosures import DisclosureEnded
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    HandOverOffice,
    IntroducePerson,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.people import (
    ChangeDetails,
    Consent,
    ErasePerson,
    Membership,
    MembershipClaimed,
    MembershipGranted,
    MembershipInvited,
    PendingMembership,
    PersonAdded,
    PersonConsentGiven,
)
from tests.gateway import given
from tests.gateway.driving import tell

ADMIN = "leitung@beispiel-jugendzentrum.example"
ASKING = "neu@beispiel-jugendzentrum.example"
HOUSE = given.HOUSE.actor_id
PEOPLE_PAGE = f"/organisations/{HOUSE}/people"
CLAIM_PAGE = f"/organisations/{HOUSE}/claim"


def asking(kind, *roles):
    """Somebody who asked to act for the house, or was invited to."""
    known, _ = given.person(ASKING)
    pending = PendingMembership(
        actor_id=HOUSE,
        kind=kind,
        roles=roles,
        since=given.NOW,
        until=given.NOW + timedelta(days=14),
    )
    fact = MembershipClaimed if kind is PendingKind.CLAIMED else MembershipInvited
    step = fact(version=1, person_id=known.person_id, pending=(pending,), about=HOUSE)
    return [known, step]


@pytest.fixture
def house(town):
    """The town, with an administrator of the house."""
    tell(town, *given.person(ADMIN, (given.HOUSE, PersonRole.ADMIN)))
    return town


async def sent(browser, world, path, on, kind, fields=None):
    """The command that a form makes, and what the page says of it."""
    operation = str(uuid4())
    answer = await browser.send_form(path, on, operation=operation, **(fields or {}))
    assert answer.status_code == 303, answer.text
    shown = await browser.get(answer.headers["location"])
    assert "<h1>impulse." not in shown.text, "named in words"
    assert "/me" in shown.text
    world.settle()
    [heard] = [each for each in world.heard(kind) if each.attributes.id == operation]
    return heard.data


# ------------------------------------------------------------------------------- one's own


async def test_a_person_sees_what_is_known_of_them(house, signed_in):
    agreed = Consent(
        purpose=Purpose.PROGRAMME_NEWS,
        text_version="1",
        given_at=given.NOW,
        channel=IntakeChannel.PHONE,
    )
    known, _ = given.person(OTHER := given.OTHER_MEMBER)
    fields = {**known.model_dump(), "version": 2, "phone": "0201 000000", "consents": [agreed]}
    tell(house, PersonConsentGiven.model_validate(fields))
    page = (await (await signed_in(OTHER)).get("/me")).text
    assert OTHER in page
    assert "0201 000000" in page
    assert "Erteilt am 24. November 2026 (Telefon)" in page
    assert given.PAINTER.legal_name in page
    assert f"/cooperations/{given.COOPERATION.cooperation_id}" in page, "to whom it was disclosed"
    assert given.HOUSE.legal_name in page


async def test_what_a_person_changes_about_themselves(house, signed_in):
    me = given.ident(given.MEMBER)
    browser = await signed_in(given.MEMBER)
    fields = {"name": "Beispiel-Konto", "phone": "0201 1", "language": "en"}
    changed = await sent(browser, house, "/me", "/me", ChangeDetails, fields)
    assert changed == ChangeDetails(
        person_id=me, name="Beispiel-Konto", phone="0201 1", language=Language.EN
    )
    path = "/me/consents/programme_news"
    agreed = await sent(browser, house, path, "/me", GiveConsent, {"stands": "yes"})
    assert (agreed.person_id, agreed.purpose) == (me, Purpose.PROGRAMME_NEWS)
    withdrawn = await sent(browser, house, path, "/me", WithdrawConsent, {"stands": "no"})
    assert withdrawn == WithdrawConsent(person_id=me, purpose=Purpose.PROGRAMME_NEWS)
    wrong = await browser.send_form("/me/consents/membership", "/me", operation=str(uuid4()))
    assert wrong.status_code == 404, "that does not rest on a consent"


async def test_a_person_takes_their_data_along_and_has_them_erased(house, signed_in):
    browser = await signed_in(given.MEMBER)
    assert (await browser.get("/api/me")).json()["person"]["email"] == given.MEMBER
    unsure = await browser.send_form("/me/erase", "/me", operation=str(uuid4()))
    assert unsure.status_code == 422
    answer = await browser.send_form("/me/erase", "/me", operation=str(uuid4()), sure="yes")
    assert answer.status_code == 200
    assert "Ihre Daten werden gelöscht" in answer.text
    assert given.MEMBER not in answer.text
    house.settle()
    [asked] = house.heard(ErasePerson)
    assert asked.data.person_id == given.ident(given.MEMBER)
    assert asked.attributes.principal == str(asked.data.person_id)
    assert (await browser.get("/me")).status_code == 303, "signed out"


async def test_an_invitation_is_answered(house, signed_in):
    tell(house, *asking(PendingKind.INVITED, PersonRole.EDITOR))
    browser = await signed_in(ASKING)
    assert "Bearbeiten" in (await browser.get("/me")).text
    path = f"/me/invitations/{HOUSE}"
    for answer, kind in (("yes", AcceptInvitation), ("no", DeclineInvitation)):
        said = await sent(browser, house, path, "/me", kind, {"answer": answer})
        assert said == kind(person_id=given.ident(ASKING), actor_id=HOUSE)


# ---------------------------------------------------------------------------------- claims


async def test_a_visitor_says_who_they_are_and_is_sent_a_link_back(house, visitor):
    page = await visitor.get(f"/organisations/{HOUSE}")
    assert "Ist das Ihre Organisation?" in page.text
    answer = await visitor.send_form(
        CLAIM_PAGE, CLAIM_PAGE, name="Beispielstelle Neu", address="Neu@Verein.example"
    )
    assert answer.status_code == 200
    house.settle()
    [introduced] = house.heard(IntroducePerson)
    assert introduced.attributes.principal == "system"
    assert introduced.data.email == "neu@verein.example"
    [link] = house.heard(SendSignInLink)
    assert link.data.person_id == introduced.data.person_id
    assert house.heard(ClaimActor) == [], "not before the address is shown to be theirs"
    # The link leads back to the question, once the person is known.
    tell(house, PersonAdded(version=1, **introduced.data.model_dump()))
    path = link.data.link.removeprefix(visitor.site.settings.base_url)
    signed = await visitor.send_form(path, path)
    assert signed.headers["location"] == CLAIM_PAGE
    claimed = await sent(visitor, house, CLAIM_PAGE, CLAIM_PAGE, ClaimActor)
    assert claimed == ClaimActor(person_id=introduced.data.person_id, actor_id=HOUSE)


async def test_somebody_known_is_not_introduced_again(house, visitor):
    answer = await visitor.send_form(CLAIM_PAGE, CLAIM_PAGE, name="Wer", address=given.CLUB_MEMBER)
    house.settle()
    assert house.heard(IntroducePerson) == []
    [link] = house.heard(SendSignInLink)
    assert link.data.person_id == given.ident(given.CLUB_MEMBER)
    unknown = await visitor.send_form(CLAIM_PAGE, CLAIM_PAGE, name="Wer", address="wer@a.example")
    assert unknown.text == answer.text, "the answer does not tell who is known"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"name": "Wer"}, {"address"}),
        ({"address": "a@b.example"}, {"name"}),
        ({"name": " "}, {"name", "address"}),
        ({"name": "Wer", "address": "wer"}, {"address"}),
    ],
)
async def test_what_is_missing_is_said_beside_it_and_the_rest_stays(
    house, visitor, fields, missing
):
    """As on the page on which visitors ask for a listing."""
    answer = await visitor.send_form(CLAIM_PAGE, CLAIM_PAGE, **fields)
    assert answer.status_code == 422
    for name in ("name", "address"):
        assert (f'id="{name}-fault"' in answer.text) == (name in missing)
        assert f'value="{fields.get(name, "").strip()}"' in answer.text
    assert house.heard(IntroducePerson) == []


async def test_brokers_see_all_claims_and_decide(house, signed_in):
    tell(house, *asking(PendingKind.CLAIMED))
    broker = await signed_in(given.BROKER)
    page = (await broker.get("/claims")).text
    assert ASKING in page
    assert given.HOUSE.legal_name in page
    path = f"/organisations/{HOUSE}/claims/{given.ident(ASKING)}"
    for answer, kind in (("yes", ConfirmClaim), ("no", RefuseClaim)):
        said = await sent(broker, house, path, "/claims", kind, {"answer": answer})
        assert said == kind(person_id=given.ident(ASKING), actor_id=HOUSE)
    stranger = await signed_in(given.CLUB_MEMBER)
    answer = await stranger.send_form(path, "/me", operation=str(uuid4()), answer="yes")
    assert answer.status_code == 403
    assert (await stranger.get("/claims")).status_code == 403


async def test_a_claim_gives_nothing_before_it_is_confirmed(house, signed_in):
    tell(house, *asking(PendingKind.CLAIMED))
    browser = await signed_in(ASKING)
    assert (await browser.get(PEOPLE_PAGE)).status_code == 403
    assert "wartet auf Bestätigung" in (await browser.get("/me")).text
    person_id = given.ident(ASKING)
    membership = Membership(actor_id=HOUSE, roles=(PersonRole.ADMIN,))
    tell(house, MembershipGranted(version=2, person_id=person_id, memberships=(membership,)))
    assert (await browser.get(PEOPLE_PAGE)).status_code == 200


# ------------------------------------------------------------------------------- colleagues


async def test_who_sees_who_acts_for_an_organisation(house, visitor, signed_in):
    assert (await visitor.get(PEOPLE_PAGE)).status_code == 303
    for address, seen, changes in (
        (given.CLUB_MEMBER, False, False),
        (given.VIEWER, False, False),
        (given.MEMBER, True, False),
        (ADMIN, True, True),
        (given.BROKER, True, True),
    ):
        answer = await (await signed_in(address)).get(PEOPLE_PAGE)
        assert answer.status_code == (200 if seen else 403), address
        assert ("Jemanden einladen" in answer.text) == changes, address
        assert (given.VIEWER in answer.text) == seen


async def test_what_an_administrator_asks_for(house, signed_in):
    admin = await signed_in(ADMIN)
    fields = {"name": "Beispielstelle", "address": "Neu@verein.example", "language": "en"}
    more = {"roles": ["editor", "broker"], "valid_to": "2027-12-31"}
    invited = await sent(
        admin, house, PEOPLE_PAGE, PEOPLE_PAGE, InvitePerson, fields={**fields, **more}
    )
    assert invited.email == "neu@verein.example"
    assert invited.roles == (PersonRole.EDITOR,), "no page makes brokers"
    assert (invited.language, str(invited.valid_to)) == ("en", "2027-12-31")
    fields = {"name": "Wer", "address": given.CLUB_MEMBER}
    known = await sent(admin, house, PEOPLE_PAGE, PEOPLE_PAGE, InvitePerson, fields=fields)
    assert known.person_id == given.ident(given.CLUB_MEMBER), "known by the address"

    member = given.ident(given.MEMBER)
    base = f"{PEOPLE_PAGE}/{member}"
    roles = await sent(
        admin, house, f"{base}/roles", PEOPLE_PAGE, ChangeRoles, {"roles": ["viewer"]}
    )
    assert roles == ChangeRoles(person_id=member, actor_id=HOUSE, roles=(PersonRole.VIEWER,))
    left = await sent(admin, house, f"{base}/leave", PEOPLE_PAGE, LeaveActor)
    assert left == LeaveActor(person_id=member, actor_id=HOUSE)
    me = given.ident(ADMIN)
    path = f"{PEOPLE_PAGE}/{me}/leave"
    over = await sent(admin, house, path, PEOPLE_PAGE, HandOverOffice, {"successor": str(member)})
    assert over == HandOverOffice(person_id=me, actor_id=HOUSE, successor_id=member)


async def test_an_invitation_does_not_tell_whose_an_address_is(house, signed_in):
    known, *_ = facts = asking(PendingKind.INVITED, PersonRole.EDITOR)
    tell(house, *facts)
    admin = await signed_in(ADMIN)
    page = (await admin.get(PEOPLE_PAGE)).text
    assert ASKING in page
    assert known.name not in page
    [waiting] = (await admin.get(f"/api/actors/{HOUSE}/people")).json()["waiting"]
    assert waiting["name"] == waiting["email"] == ASKING


async def test_others_ask_for_none_of_it(house, signed_in):
    editor = await signed_in(given.MEMBER)
    other = given.ident(given.VIEWER)
    for path in ("", f"/{other}/roles", f"/{other}/leave", f"/{other}/uninvite"):
        fields = {"operation": str(uuid4()), "name": "Wer", "address": "a@b.example"}
        answer = await editor.send_form(PEOPLE_PAGE + path, PEOPLE_PAGE, **fields)
        assert answer.status_code == 403, path
    # Everybody leaves.
    path = f"{PEOPLE_PAGE}/{given.ident(given.MEMBER)}/leave"
    assert await sent(editor, house, path, PEOPLE_PAGE, LeaveActor)


# -------------------------------------------------------------------------------- contacts

COOPERATION = f"/cooperations/{given.COOPERATION.cooperation_id}"


async def test_a_disclosed_contact_is_for_the_other_side_alone(house, visitor, signed_in):
    tell(house, *given.person(given.CLUB_MEMBER, (given.PAINTER, PersonRole.CONTACT)))
    for address, seen in (
        (None, False),
        (given.MEMBER, True),
        (given.BROKER, True),
        (given.CLUB_MEMBER, False),
    ):
        browser = await signed_in(address) if address else visitor
        answer = await browser.get(COOPERATION)
        assert answer.status_code == 200
        assert (given.OTHER_MEMBER in answer.text) == seen, address


async def test_a_contact_is_hidden_again_when_the_disclosure_ends(house, signed_in, clock):
    member = await signed_in(given.MEMBER)
    assert given.OTHER_MEMBER in (await member.get(COOPERATION)).text
    values = given.DISCLOSED.model_dump() | {"version": 2, "ended_at": given.NOW}
    tell(house, DisclosureEnded.model_validate(values))
    assert given.OTHER_MEMBER not in (await member.get(COOPERATION)).text


async def test_or_when_its_time_is_over_before_anybody_says_so(house, signed_in, clock):
    values = given.DISCLOSED.model_dump() | {"version": 2, "until": clock.now}
    tell(house, type(given.DISCLOSED).model_validate(values))
    member = await signed_in(given.MEMBER)
    assert given.OTHER_MEMBER not in (await member.get(COOPERATION)).text


async def test_a_conflict_of_interest_is_shown_to_brokers_and_blocks_nothing(house, signed_in):
    path = f"/proposals/{given.REAL_PROPOSAL.proposal_id}"
    broker = await signed_in(given.BROKER)
    assert "Interessenkonflikt" not in (await broker.get(path)).text
    known, held = given.person(
        given.CLUB_MEMBER, (given.CLUB, PersonRole.DECISION), (given.FIRM, PersonRole.CONTACT)
    )
    tell(house, known, held.model_copy(update={"version": 2}))
    page = (await broker.get(path)).text
    assert "Interessenkonflikt" in page
    assert known.name in page
    assert "Zusagen" in page
    club = (await (await signed_in(given.CLUB_MEMBER)).get(path)).text
    assert "Interessenkonflikt" not in club


# -------------------------------------------------------------------------------- the API


async def test_the_api_shows_what_the_pages_show(house, signed_in):
    tell(house, *asking(PendingKind.CLAIMED))
    admin = await signed_in(ADMIN)
    shown = (await admin.get(f"/api/actors/{HOUSE}/people")).json()
    assert {each["email"] for each in shown["members"]} == {ADMIN, given.MEMBER, given.VIEWER}
    assert [each["email"] for each in shown["waiting"]] == [ASKING]
    other = await signed_in(given.OTHER_MEMBER)
    assert (await other.get(f"/api/actors/{HOUSE}/people")).status_code == 403
    mine = (await other.get("/api/me")).json()
    assert mine["person"]["email"] == given.OTHER_MEMBER
    assert [each["to_actor_id"] for each in mine["disclosures"]] == [str(HOUSE)]
    broker = await signed_in(given.BROKER)
    assert [each["email"] for each in (await broker.get("/api/claims")).json()] == [ASKING]
    contacts = f"/api{COOPERATION}/contacts"
    member = await signed_in(given.MEMBER)
    assert [e["email"] for e in (await member.get(contacts)).json()] == [given.OTHER_MEMBER]
    assert (await other.get(contacts)).json() == [], "nothing was disclosed to their side"


async def test_the_api_asks_for_what_the_pages_ask(house, signed_in):
    tell(house, *asking(PendingKind.CLAIMED))
    person_id, member = given.ident(ASKING), given.ident(given.MEMBER)
    here = f"/api/actors/{HOUSE}"
    invitation = {"name": "Beispielstelle", "email": "gast@verein.example", "roles": ["viewer"]}
    admin, club = await signed_in(ADMIN), await signed_in(given.CLUB_MEMBER)
    claimed = await club.command("POST", f"{here}/claim")
    assert claimed.status_code == 202
    for method, path, body, kind in (
        ("POST", f"{here}/claims/{person_id}/confirm", None, ConfirmClaim),
        ("POST", f"{here}/claims/{person_id}/refuse", None, RefuseClaim),
        ("POST", f"{here}/people", invitation, InvitePerson),
        ("DELETE", f"{here}/people/{member}", None, LeaveActor),
    ):
        assert (await club.command(method, path, body)).status_code == 403, path
        assert house.heard(kind) == []
        assert (await admin.command(method, path, body)).status_code == 202, path
        house.settle()
        [said] = house.heard(kind)
        assert said.data.actor_id == HOUSE
        assert said.attributes.principal == str(given.ident(ADMIN))
    [asked_for] = house.heard(ClaimActor)
    assert asked_for.data.person_id == given.ident(given.CLUB_MEMBER)
