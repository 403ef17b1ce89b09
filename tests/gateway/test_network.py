"""Who helps where, the care of an entry, and the operator's page on the network."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from impulse_contracts import ruhr
from impulse_contracts.codes import (
    ActorStatus,
    EvidenceKind,
    EvidenceState,
    IntakeChannel,
    SuspensionReason,
)
from impulse_contracts.message import MESSAGES, Message
from impulse_contracts.parts import Evidence, Handover, InheritedEvidence
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.network import (
    AdmitIntermediary,
    EndAdmission,
    HandOverActor,
    HandOverListing,
)
from impulse_gateway.domain.network import coverage
from impulse_registry.domain import geography
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.test_accessibility import Outline

HELPER = given.AGENCY.model_copy(
    update={
        "version": 2,
        "admitted_at": given.NOW,
        "service_area": ("05113000", "05954"),
        "example": False,
    }
)
NOTICE = Evidence(
    evidence_id=given.ident("notice"),
    kind=EvidenceKind.EXEMPTION_NOTICE,
    issued_on=date(2021, 3, 1),
    valid_until=date(2026, 3, 1),
    state=EvidenceState.ACCEPTED,
    checked_on=date(2026, 2, 1),
    checked_by=HELPER.actor_id,
)
CARED = given.HOUSE.model_copy(
    update={
        "version": 2,
        "status": "verified",
        "evidence": (NOTICE,),
        "needs_renewal": True,
        "in_charge": HELPER.actor_id,
        "handovers": (Handover(at=given.NOW, taken_by=HELPER.actor_id),),
    }
)
PATH = f"/organisations/{CARED.actor_id}/care"


@pytest.fixture
def net(town):
    """The town with an intermediary, and an organisation that it is in charge of."""
    tell(town, HELPER, CARED)
    return town


def asked(net) -> list[Message]:
    """The commands that were asked for, in order."""
    found = []
    for node in net.nodes:
        for row in node.claim():
            kind = MESSAGES[dict(row.headers)["ce_type"].decode()]
            if row.topic == "impulse.registry.commands":
                found.append(kind.model_validate_json(row.value))
    return found


# ------------------------------------------------------------------------------- the places


def test_the_municipalities_are_those_of_the_registry():
    shipped = {(each.ags, each.name) for each in geography.ruhr_municipalities()}
    assert {(each.ags, each.name) for each in ruhr.MUNICIPALITIES} == shipped
    assert len(ruhr.MUNICIPALITIES) == 53


def test_the_municipality_itself_stands_before_its_district():
    district = HELPER.model_copy(update={"actor_id": uuid4(), "service_area": ("05954",)})
    town = HELPER.model_copy(update={"service_area": ("05954016",)})
    by = {each.place.ags: each.by for each in coverage((district, town))}
    assert by["05954016"] == (town, district)
    assert by["05113000"] == ()


async def test_everybody_sees_who_helps_and_where_nobody_does(visitor, net):
    answer = await visitor.get("/places")
    assert answer.text.count("<tr>") == 54
    assert answer.text.count("Beispiel-Freiwilligenagentur") == 10, "Essen, and a district of nine"
    assert answer.text.count("noch niemand vor Ort<") == 43
    Outline(answer.text)


async def test_organisations_are_found_by_municipality_and_district(visitor, net):
    everywhere = (await visitor.get("/organisations")).text
    assert "5 Organisationen" in everywhere
    for ags, expected in (("05113000", "5 Org"), ("05113", "5 Org"), ("05913000", "0 Org")):
        assert expected in (await visitor.get(f"/organisations?ags={ags}")).text, ags
    assert "5 Organisationen" in (await visitor.get("/organisations?ags=%25")).text, "no key"


async def test_the_page_says_what_is_proven_and_who_is_in_charge(visitor, net):
    answer = await visitor.get(f"/organisations/{CARED.actor_id}")
    assert "zu erneuern" in answer.text
    assert f'href="/organisations/{HELPER.actor_id}"' in answer.text
    other = await visitor.get(f"/organisations/{given.CLUB.actor_id}")
    assert "der Programmbetrieb" in other.text
    assert "noch nicht geprüft" in other.text


async def test_a_unit_stands_on_the_evidence_of_its_carrier(visitor, net):
    inherited = InheritedEvidence(actor_id=CARED.actor_id)
    changes = {"version": 2, "status": ActorStatus.VERIFIED, "needs_renewal": True}
    tell(net, given.CLUB.model_copy(update={**changes, "inherited": inherited}))
    unit = given.CLUB
    text = (await visitor.get(f"/organisations/{unit.actor_id}")).text
    assert "über den Träger geprüft" in text
    assert "zu erneuern" in text


# --------------------------------------------------------------------------------- the care


async def test_its_own_people_confirm_and_name_evidence(signed_in, net):
    member = await signed_in(given.MEMBER)
    page = await member.get(PATH)
    assert page.status_code == 200
    assert "Geprüft und anerkannt" not in page.text
    Outline(page.text)
    evidence_id = str(uuid4())
    for path, fields in (
        ("confirm", {"operation": str(uuid4())}),
        (
            "evidence",
            {
                "operation": evidence_id,
                "kind": "tax_notice_annex",
                "issuer": "Finanzamt Beispielstadt",
                "issued_on": "2026-02-03",
            },
        ),
    ):
        answer = await member.send_form(f"{PATH}/{path}", on=PATH, **fields)
        assert answer.status_code == 303, answer.text
    confirm, named = asked(net)
    assert confirm == ConfirmActor(actor_id=CARED.actor_id)
    assert named == SubmitEvidence(
        actor_id=CARED.actor_id,
        evidence_id=UUID(evidence_id),
        kind=EvidenceKind.TAX_NOTICE_ANNEX,
        issuer="Finanzamt Beispielstadt",
        issued_on=date(2026, 2, 3),
    )


async def test_staff_check_suspend_and_hand_over(signed_in, net):
    broker = await signed_in(given.BROKER)
    page = await broker.get(PATH)
    assert "Geprüft und anerkannt" in page.text
    Outline(page.text)
    for path, fields in (
        (f"evidence/{NOTICE.evidence_id}", {"answer": "yes", "valid_until": "2027-01-31"}),
        (f"evidence/{NOTICE.evidence_id}", {"answer": "no"}),
        ("suspend", {"reason": "under_review"}),
        ("suspend", {}),
        ("hand-over", {"to": str(HELPER.actor_id)}),
        ("hand-over", {"to": ""}),
    ):
        answer = await broker.send_form(f"{PATH}/{path}", on=PATH, operation=str(uuid4()), **fields)
        assert answer.status_code == 303, answer.text
    actor_id = CARED.actor_id
    assert asked(net) == [
        CheckEvidence(
            actor_id=actor_id,
            evidence_id=NOTICE.evidence_id,
            accepted=True,
            valid_until=date(2027, 1, 31),
        ),
        CheckEvidence(actor_id=actor_id, evidence_id=NOTICE.evidence_id, accepted=False),
        SuspendActor(actor_id=actor_id, reason=SuspensionReason.UNDER_REVIEW),
        ReactivateActor(actor_id=actor_id),
        HandOverActor(actor_id=actor_id, to=HELPER.actor_id),
        HandOverActor(actor_id=actor_id),
    ]


async def test_what_is_not_theirs_is_refused(signed_in, net):
    member = await signed_in(given.MEMBER)
    other = f"/organisations/{given.CLUB.actor_id}/care"
    assert (await member.get(other)).status_code == 403
    for path in ("suspend", "hand-over", f"evidence/{NOTICE.evidence_id}"):
        answer = await member.send_form(f"{PATH}/{path}", on=PATH, operation=str(uuid4()))
        assert answer.status_code == 403, path
    for fields in ({"kind": "other", "issued_on": "gestern"}, {"kind": "nothing"}):
        answer = await member.send_form(
            f"{PATH}/evidence", on=PATH, operation=str(uuid4()), **fields
        )
        assert answer.status_code == 422


async def test_a_listing_is_handed_over_on_its_page(signed_in, net):
    path = f"/listings/{given.NEED.listing_id}"
    broker = await signed_in(given.BROKER)
    text = (await broker.get(path)).text
    assert "Eintrag übergeben" in text
    assert f'href="/organisations/{HELPER.actor_id}"' in text, "in charge of its organisation"
    assert "für diesen Eintrag so entschieden" not in text
    Outline(text)
    for to in (str(HELPER.actor_id), ""):
        answer = await broker.send_form(f"{path}/hand-over", on=path, operation=str(uuid4()), to=to)
        assert answer.status_code == 303, answer.text
    listing_id = given.NEED.listing_id
    assert asked(net) == [
        HandOverListing(listing_id=listing_id, to=HELPER.actor_id),
        HandOverListing(listing_id=listing_id),
    ]
    handed = {"version": 2, "in_charge": HELPER.actor_id}
    tell(net, given.NEED.model_copy(update=handed))
    assert "für diesen Eintrag so entschieden" in (await broker.get(path)).text
    member = await signed_in(given.MEMBER)
    assert "Eintrag übergeben" not in (await member.get(path)).text
    answer = await member.send_form(f"{path}/hand-over", on=path, operation=str(uuid4()))
    assert answer.status_code == 403


async def test_programs_care_for_entries_as_pages_do(signed_in, net):
    api = f"/api/actors/{CARED.actor_id}"
    listing = f"/api/listings/{given.NEED.listing_id}"
    key = uuid4()
    calls = [
        (f"{api}/confirm", {"channel": "letter", "said_on": "2026-11-20"}, None),
        (f"{api}/evidence", {"kind": "tax_notice_annex", "issued_on": "2026-02-03"}, key),
        (f"{api}/evidence/{NOTICE.evidence_id}", {"accepted": False}, None),
        (f"{api}/suspend", {"reason": "under_review"}, None),
        (f"{api}/reactivate", None, None),
        (f"{api}/hand-over", {"to": str(HELPER.actor_id)}, None),
        (f"{listing}/hand-over", {}, None),
    ]
    stranger = await signed_in(given.CLUB_MEMBER)
    for path, body, _ in calls:
        assert (await stranger.command("POST", path, body)).status_code == 403, path
    broker = await signed_in(given.BROKER)
    for path, body, chosen in calls:
        answer = await broker.command("POST", path, body, key=chosen)
        assert answer.status_code == 202, (path, answer.text)
    wrong = await broker.command("POST", f"{api}/suspend", {"reason": "whim"})
    assert wrong.status_code == 422
    actor_id = CARED.actor_id
    assert asked(net) == [
        ConfirmActor(actor_id=actor_id, channel=IntakeChannel.LETTER, said_on=date(2026, 11, 20)),
        SubmitEvidence(
            actor_id=actor_id,
            evidence_id=key,
            kind=EvidenceKind.TAX_NOTICE_ANNEX,
            issued_on=date(2026, 2, 3),
        ),
        CheckEvidence(actor_id=actor_id, evidence_id=NOTICE.evidence_id, accepted=False),
        SuspendActor(actor_id=actor_id, reason=SuspensionReason.UNDER_REVIEW),
        ReactivateActor(actor_id=actor_id),
        HandOverActor(actor_id=actor_id, to=HELPER.actor_id),
        HandOverListing(listing_id=given.NEED.listing_id),
    ]


async def test_programs_find_organisations_by_municipality_and_district(visitor, net):
    for ags, expected in (("05113000", 5), ("05113", 5), ("05913000", 0), ("", 5)):
        answer = await visitor.get(f"/api/actors?ags={ags}")
        assert answer.json()["total"] == expected, ags
    assert (await visitor.get("/api/actors?ags=%25")).status_code == 422


# ------------------------------------------------------------------------------- the network


async def test_the_operator_admits_and_ends(signed_in, net):
    operator = await signed_in(given.OPERATOR)
    page = await operator.get("/network")
    assert "Essen, Ennepe-Ruhr-Kreis" in page.text
    Outline(page.text)
    for fields in ({"areas": ["05113000", "05954"]}, {"answer": "end"}):
        answer = await operator.send_form(
            "/network",
            on="/network",
            operation=str(uuid4()),
            actor_id=str(HELPER.actor_id),
            **fields,
        )
        assert answer.status_code == 303, answer.text
    assert asked(net) == [
        AdmitIntermediary(actor_id=HELPER.actor_id, service_area=("05113000", "05954")),
        EndAdmission(actor_id=HELPER.actor_id),
    ]
    answer = await operator.send_form(
        "/network",
        on="/network",
        operation=str(uuid4()),
        actor_id=str(HELPER.actor_id),
        areas="Essen",
    )
    assert answer.status_code == 422


async def test_an_organisation_is_admitted_by_its_name(signed_in, net):
    page = await (await signed_in(given.OPERATOR)).get("/network?q=jugendz")
    assert f'<option value="{CARED.actor_id}">' in page.text
    assert f'<option value="{HELPER.actor_id}">' not in page.text, "it is one already"


async def test_nobody_is_led_to_an_intermediary_that_is_out_of_sight(visitor, net):
    places = (await visitor.get("/places")).text
    cared = f"/organisations/{CARED.actor_id}"
    assert str(HELPER.actor_id) in places
    assert str(HELPER.actor_id) in (await visitor.get(cared)).text
    tell(net, HELPER.model_copy(update={"version": 3, "status": ActorStatus.STALE}))
    assert str(HELPER.actor_id) not in (await visitor.get("/places")).text
    assert "der Programmbetrieb" in (await visitor.get(cared)).text


async def test_nobody_else_sees_that_page(signed_in, visitor, net):
    assert (await visitor.get("/network")).status_code in (303, 403)
    assert (await (await signed_in(given.BROKER)).get("/network")).status_code == 403
