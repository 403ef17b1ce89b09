"""Brokers plan a market, and print who talks with whom."""

from uuid import UUID, uuid4

import pytest

from impulse_contracts.codes import EventFormat, WithoutTalk
from impulse_contracts.markets import Alone, MarketPlanned, PlanMarket, SuggestedTalk
from impulse_contracts.matching import ReasonGiven
from tests.gateway import given
from tests.gateway.driving import tell

FIRM = given.actor("Beispiel Malerbetrieb GmbH")
CLUB = given.actor("Beispiel Jugendzentrum e.V.", display_name="Jugendzentrum")
QUIET = given.actor("Beispiel Seniorentreff e.V.")
TWINS = [
    given.actor("Beispiel Turnverein", actor_id=uuid4(), unit=unit) for unit in ("Ost", "West")
]
EDITION = UUID("0c5a7f6e-92d1-4b8a-a3c4-1e6d7b2f9a05")


def planned(**fields: object) -> MarketPlanned:
    """A speed meeting of one talk, and one without."""
    values = {
        "version": 1,
        "edition_id": EDITION,
        "format": EventFormat.SPEED_MEETING,
        "companies": (FIRM.actor_id,),
        "nonprofits": (CLUB.actor_id, QUIET.actor_id),
        "rounds": 4,
        "tables": 6,
        "talks": (
            SuggestedTalk(
                company_id=FIRM.actor_id,
                nonprofit_id=CLUB.actor_id,
                need_id=given.NEED.listing_id,
                offer_id=given.OFFER.listing_id,
                need_title="Wände streichen",
                offer_title="Malerteam für einen Tag",
                score=0.8,
                reasons=(ReasonGiven(criterion="distance", de="2 km entfernt.", en="2 km away."),),
                round=3,
                table=5,
            ),
        ),
        "alone": (Alone(actor_id=QUIET.actor_id, why=WithoutTalk.NOTHING_OPEN),),
        "ruleset_version": "ruhr-1",
        "planned_at": given.NOW,
        **fields,
    }
    return MarketPlanned.model_validate(values)


@pytest.fixture
async def broker(town, signed_in):
    """Somebody who may plan, and a market that is planned."""
    tell(town, FIRM, CLUB, QUIET, *TWINS, planned())
    return await signed_in(given.BROKER)


async def send(broker, **fields: str):
    """The form as a browser sends it."""
    entered = {"operation": str(uuid4()), "least": "3", "most": "5", **fields}
    return await broker.send_form("/markets", on="/markets", **entered)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("Runde 3", "noch ohne Gespräch", "hat keinen offenen Eintrag", "2 km entfernt.")),
        ("en", ("Round 3", "without a talk yet", "has no open listing", "2 km away.")),
    ],
)
async def test_a_plan_is_read_by_round_and_by_participant(broker, language, texts):
    page = (await broker.get(f"/markets/{EDITION}", headers={"accept-language": language})).text
    assert all(text in page for text in texts)
    # In the round, with both of them, and with the non-profit's own list.
    assert page.count("Jugendzentrum") >= 3
    assert '<th scope="row">5</th>' in page
    assert (await broker.get(f"/api/markets/{EDITION}")).json() == planned().model_dump(mode="json")


async def test_a_market_is_planned_by_names(broker, published):
    answer = await send(
        broker,
        format="marktplatz",
        companies="beispiel malerbetrieb gmbh",
        nonprofits=f"Jugendzentrum\r\n{QUIET.actor_id}\r\n",
        rounds="9",
    )
    assert answer.status_code == 303
    [command] = published(PlanMarket)
    assert (command.companies, command.nonprofits) == (
        (FIRM.actor_id,),
        (CLUB.actor_id, QUIET.actor_id),
    )
    # Rounds are for speed meetings; elsewhere what the field holds plays no part.
    assert command.rounds is None


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        ({"companies": "Niemand GmbH"}, ("„Niemand GmbH“ ist nicht eingetragen",)),
        ({"nonprofits": "Beispiel Turnverein"}, ("„Beispiel Turnverein“ heißen mehrere",)),
        ({"companies": ""}, ("hat weniger als 1 Einträge",)),
        ({"format": "speed_meeting"}, ("gehören zum Format speed_meeting",)),
        ({"least": "viele"}, ("muss eine ganze Zahl sein",)),
        ({"nonprofits": "Beispiel Malerbetrieb GmbH"}, ("eine Organisation zweimal",)),
    ],
)
async def test_what_is_wrong_is_said_beside_what_was_entered(broker, published, fields, texts):
    whole = {
        "format": "marktplatz",
        "companies": "Beispiel Malerbetrieb GmbH",
        "nonprofits": "Jugendzentrum",
    }
    answer = await send(broker, **{**whole, **fields})
    assert answer.status_code == 422
    assert all(text in answer.text for text in texts)
    assert "Fehler: " in answer.text
    assert {**whole, **fields}["nonprofits"] in answer.text
    assert not published(PlanMarket)


async def test_members_plan_nothing_and_see_no_plan(broker, signed_in):
    member = await signed_in(given.MEMBER)
    assert (await member.get("/markets")).status_code == 403
    assert (await member.get(f"/api/markets/{EDITION}")).status_code == 403
    assert "/markets" not in (await member.get("/")).text


async def test_the_plan_that_was_asked_for_is_found_from_the_operation(broker):
    answer = await send(
        broker,
        format="marktplatz",
        companies="Beispiel Malerbetrieb GmbH",
        nonprofits="Jugendzentrum",
    )
    page = (await broker.get(answer.headers["location"])).text
    assert "Einen Markt planen" in page
    assert '<a href="/markets/' in page
