"""What fairness did to a suggestion is said on its page, and its order is that of the list."""

import pytest

from impulse_contracts.matching import Adjustment
from tests.gateway import given
from tests.gateway.driving import tell

MOVED = Adjustment(
    rank_by_score=12,
    rank=9,
    points=0.06,
    ags="05916000",
    municipality=3.2,
    actor=4,
    average=5.1,
    de="Unter den Bedarfen von Platz 12 auf Platz 9 vorgerückt",
    en="Among the needs it moved up from place 12 to place 9",
)


@pytest.mark.parametrize(
    ("language", "heading", "said", "points"),
    [
        ("de", "Ausgleich", MOVED.de, "in der Reihenfolge 6 Punkte mehr"),
        ("en", "Fairness", MOVED.en, "in the order 6 points more"),
    ],
)
async def test_the_page_of_a_proposal_shows_what_was_adjusted(
    town, signed_in, language, heading, said, points
):
    adjusted = given.SUGGESTION.model_copy(update={"adjustment": MOVED})
    tell(town, adjusted)
    broker = await signed_in(given.BROKER)
    broker.cookies.set("impulse_language", language)
    page = (await broker.get(f"/proposals/{adjusted.proposal_id}")).text
    assert f"<h3>{heading}</h3>" in page
    assert f"<p>{said}.</p>" in page
    assert points in page
    api = (await broker.get(f"/api/proposals/{adjusted.proposal_id}")).json()
    assert api["adjustment"] == MOVED.model_dump(mode="json")
    others = (await broker.get(f"/proposals/{given.PROPOSAL.proposal_id}")).text
    assert f"<h3>{heading}</h3>" not in others


@pytest.mark.parametrize("points", [0.06, 0.04])
async def test_a_listing_shows_its_proposals_as_fairness_put_them(town, signed_in, points):
    lifted = MOVED.model_copy(update={"points": points})
    score = given.PROPOSAL.score - 0.05
    adjusted = given.SUGGESTION.model_copy(update={"adjustment": lifted, "score": score})
    tell(town, adjusted)
    broker = await signed_in(given.BROKER)
    page = (await broker.get(f"/listings/{given.OFFER.listing_id}")).text
    places = [page.index(f"/proposals/{each.proposal_id}") for each in (adjusted, given.PROPOSAL)]
    assert (places[0] < places[1]) == (points > 0.05)
