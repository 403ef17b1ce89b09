"""The page of an organisation: what each field rests on, who bears it, where old ids lead."""

import pytest

from impulse_contracts.codes import ActorStatus, PairState
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.test_accessibility import Outline

BEARER = given.actor("Wohlfahrtsverband Frohnhausen e.V.")
HOUSE = given.actor(
    "Mehrgenerationenhaus Frohnhausen",
    unit="Mehrgenerationenhaus",
    carrier_actor_id=BEARER.actor_id,
    sources=({"source": "https://stadt.beispiel.example/api", "external_id": "K-17"},),
    provenance=(
        {
            "fields": ("legal_name", "seat", "example"),
            "source": "https://stadt.beispiel.example/api",
            "channel": "import",
            "at": given.NOW,
        },
        {"fields": ("website",), "channel": "phone", "at": given.NOW, "confirmed": True},
    ),
)
OLD = given.actor(
    "MGH Frohnhausen", status=ActorStatus.MERGED, merged_into=HOUSE.actor_id, version=2
)
PATH = f"/organisations/{HOUSE.actor_id}"


@pytest.fixture
def bearing(town):
    """The town with an organisation that bears another, into which a third was merged."""
    tell(town, BEARER, HOUSE, OLD)
    return town


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("Woher diese Angaben stammen", "Name, Sitz", "Telefon", "direkt bei Impulse")),
        ("en", ("Where this comes from", "name, seat", "telephone", "said to Impulse itself")),
    ],
)
async def test_each_field_says_what_it_rests_on(bearing, visitor, language, texts):
    page = (await visitor.get(PATH, headers={"Accept-Language": language})).text
    for text in (*texts, "https://stadt.beispiel.example/api"):
        assert text in page
    outline = Outline(page)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert all(values.get("scope") for tag, values in outline.tags if tag == "th")


async def test_bearer_and_units_lead_to_each_other(bearing, visitor):
    assert BEARER.legal_name in (await visitor.get(PATH)).text
    assert HOUSE.legal_name in (await visitor.get(f"/organisations/{BEARER.actor_id}")).text


async def test_a_bearer_out_of_sight_is_not_shown(bearing, visitor, signed_in):
    gone = BEARER.model_copy(update={"version": 2, "status": ActorStatus.ARCHIVED})
    tell(bearing, gone)
    assert BEARER.legal_name not in (await visitor.get(PATH)).text
    assert BEARER.legal_name in (await (await signed_in(given.BROKER)).get(PATH)).text


async def test_an_old_id_leads_to_the_survivor_until_the_merge_is_undone(bearing, visitor):
    old = f"/organisations/{OLD.actor_id}"
    answer = await visitor.get(old, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, PATH)
    api = (await visitor.get(f"/api/actors/{OLD.actor_id}")).json()
    assert api["actor_id"] == str(HOUSE.actor_id)
    back = OLD.model_copy(
        update={"version": 3, "status": ActorStatus.REGISTERED, "merged_into": None}
    )
    tell(bearing, back)
    assert OLD.legal_name in (await visitor.get(old)).text


async def test_ids_and_pairs_are_for_brokers(bearing, visitor, signed_in):
    pair = given.pair(HOUSE, OLD, state=PairState.MERGED, survivor_id=HOUSE.actor_id)
    tell(bearing, pair)
    broker = (await (await signed_in(given.BROKER)).get(PATH)).text
    assert "K-17" in broker
    assert f"/duplicates/{pair.pair_id}" in broker
    seen = (await visitor.get(PATH)).text
    assert "K-17" not in seen
    assert "/duplicates/" not in seen
