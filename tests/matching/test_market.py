"""A market's plan: talks among those who take part, for everybody where it can be."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from pydantic import ValidationError

from impulse_contracts.codes import Direction, EventFormat, ResourceCategory, WithoutTalk
from impulse_contracts.markets import MarketPlanned, PlanMarket
from impulse_matching.domain import rules, scoring
from impulse_matching.domain.fitting import fitting, size
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.market import plan
from tests.matching.given import NOW, listing

RULES = rules.shipped()
EDITION = uuid5(NAMESPACE_URL, "edition")


def actor(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def of(name: str, direction: Direction, **fields: Any) -> Listing:
    """A listing of the organisation `name`, of which it can have several."""
    title = fields.pop("title", "Wände streichen")
    return listing(f"{title} {name}", direction, actor_id=actor(name), **fields)


def asked(companies: list[str], nonprofits: list[str], **fields: Any) -> PlanMarket:
    values = {"format": EventFormat.MARKTPLATZ, **fields}
    return PlanMarket(
        edition_id=EDITION,
        companies=tuple(map(actor, companies)),
        nonprofits=tuple(map(actor, nonprofits)),
        **values,
    )


COMPANIES, NONPROFITS = [f"Firma {i}" for i in range(8)], [f"Verein {i}" for i in range(8)]
LISTINGS = [
    *(of(name, Direction.OFFER) for name in COMPANIES),
    *(of(name, Direction.NEED) for name in NONPROFITS),
]


def test_each_has_three_to_five_talks_where_it_can_be() -> None:
    made = plan(asked(COMPANIES, NONPROFITS), LISTINGS, RULES, NOW)
    for counts in (
        Counter(talk.company_id for talk in made.talks),
        Counter(talk.nonprofit_id for talk in made.talks),
    ):
        assert len(counts) == 8
        assert all(3 <= n <= 5 for n in counts.values())
    assert made.alone == ()
    assert all(talk.reasons and talk.round is None for talk in made.talks)


def test_a_talk_can_be_about_what_the_company_needs() -> None:
    rooms = ResourceCategory.MEANS
    made = plan(
        asked(["Firma"], ["Verein"]),
        [
            of("Firma", Direction.NEED, title="Raum gesucht", resource_category=rooms),
            of("Verein", Direction.OFFER, title="Raum frei", resource_category=rooms),
        ],
        RULES,
        NOW,
    )
    (talk,) = made.talks
    assert (talk.need_title, talk.offer_title) == ("Raum gesucht Firma", "Raum frei Verein")


def test_the_best_need_and_offer_of_two_speak_for_their_talk() -> None:
    worse = of("Verein", Direction.NEED, title="Buchhaltung")
    better = of("Verein", Direction.NEED, title="Wände streichen im Keller")
    (talk,) = plan(
        asked(["Firma"], ["Verein"]), [of("Firma", Direction.OFFER), worse, better], RULES, NOW
    ).talks
    assert talk.need_id == better.listing_id
    painted = scoring.score(better, of("Firma", Direction.OFFER), RULES, NOW.date())
    assert (talk.score, talk.reasons) == (painted.score, painted.reasons)


def test_who_has_no_talk_is_named_with_the_reason() -> None:
    made = plan(
        asked(["Firma", "stumm"], ["Verein", "fern", "übrig"], least=1, most=1),
        [
            of("Firma", Direction.OFFER),
            of("Verein", Direction.NEED),
            of("übrig", Direction.NEED, title="Etwas anderes"),
            of("fern", Direction.NEED, valid_until=NOW.date() - timedelta(days=1)),
        ],
        RULES,
        NOW,
    )
    assert {each.actor_id: each.why for each in made.alone} == {
        actor("stumm"): WithoutTalk.NOTHING_OPEN,
        actor("fern"): WithoutTalk.NOTHING_FITS,
        actor("übrig"): WithoutTalk.ALL_TAKEN,
    }


def test_a_speed_meeting_has_rounds_and_tables_without_clashes() -> None:
    made = plan(
        asked(COMPANIES, NONPROFITS, format=EventFormat.SPEED_MEETING, rounds=5, tables=6),
        LISTINGS,
        RULES,
        NOW,
    )
    assert len(made.talks) == 30
    assert len({(talk.round, talk.table) for talk in made.talks}) == 30
    assert len({(talk.round, talk.company_id) for talk in made.talks}) == 30
    assert len({(talk.round, talk.nonprofit_id) for talk in made.talks}) == 30


def test_the_order_in_which_listings_are_read_changes_nothing() -> None:
    command, few = asked(COMPANIES[:2], NONPROFITS[:2]), [*LISTINGS[:2], *LISTINGS[8:10]]
    plans = [plan(command, order, RULES, NOW) for order in permutations(few)]
    assert all(each == plans[0] for each in plans)


def test_a_further_plan_is_the_next_version() -> None:
    first = plan(asked(COMPANIES, NONPROFITS), LISTINGS, RULES, NOW)
    second = plan(asked(COMPANIES[:1], NONPROFITS), LISTINGS, RULES, NOW, earlier=first)
    assert (first.version, second.version) == (1, 2)
    assert {talk.company_id for talk in second.talks} == {actor(COMPANIES[0])}


CROWD = {
    "companies": tuple(actor(f"Firma {number}") for number in range(200)),
    "nonprofits": tuple(actor(f"Verein {number}") for number in range(200)),
}


def test_the_largest_market_is_planned() -> None:
    for fields in ({}, {"format": EventFormat.SPEED_MEETING, "rounds": 10, "tables": 100}):
        values = {"edition_id": EDITION, "format": EventFormat.MARKTPLATZ, **CROWD, **fields}
        assert PlanMarket.model_validate(values).companies == CROWD["companies"]


@pytest.mark.parametrize("letter", ["x", "ß", "🎨"], ids=["1 byte", "2 bytes", "4 bytes"])
def test_the_largest_plan_with_the_longest_titles_fits_into_one_record(letter: str) -> None:
    companies, nonprofits = (list(CROWD[side]) for side in ("companies", "nonprofits"))
    listings = [
        listing(letter * 200, direction, actor_id=each)
        for each_side, direction in ((companies, Direction.OFFER), (nonprofits, Direction.NEED))
        for each in each_side
    ]
    command = PlanMarket(
        edition_id=EDITION,
        format=EventFormat.MARKTPLATZ,
        companies=CROWD["companies"],
        nonprofits=CROWD["nonprofits"],
    )
    planned = plan(command, listings, RULES, NOW)
    assert len(planned.talks) == 1_000
    assert planned.talks[0].need_title.startswith(letter * 14)
    assert len(MarketPlanned.of(planned).model_dump_json().encode()) < 1024 * 1024 - 10_000


def test_what_fits_is_said_whole_and_what_does_not_is_cut_and_says_so() -> None:
    talks = plan(asked(COMPANIES, NONPROFITS), LISTINGS, RULES, NOW).talks
    whole = sum(map(size, talks))
    assert fitting(talks, whole) == list(talks)
    short = fitting(talks, 400 * len(talks))
    assert [each.company_id for each in short] == [each.company_id for each in talks]
    assert sum(map(size, short)) <= 400 * len(talks) < whole
    long = talks[0].model_copy(update={"need_title": "Wände " * 30})
    [cut] = fitting([long], 10)
    assert cut.need_title.endswith(" W…")
    assert len(cut.need_title.encode()) <= 60


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"least": 4, "most": 3}, "most: must be at least least"),
        ({"rounds": 3}, "belong to the format speed_meeting"),
        ({"format": EventFormat.SPEED_MEETING, "rounds": 3}, "belong to the format speed_meeting"),
        ({"companies": (actor("Verein"),)}, "name an organisation twice"),
        ({"companies": ()}, "at least 1 item"),
        ({"most": 0}, "greater than or equal to 1"),
        ({**CROWD, "most": 6}, "these can become 1200 talks, a plan holds 1000 at most"),
        (
            {**CROWD, "format": EventFormat.SPEED_MEETING, "rounds": 12, "tables": 90},
            "these can become 1080 talks, a plan holds 1000 at most",
        ),
    ],
)
def test_a_command_that_cannot_be_is_refused(fields: dict[str, Any], fault: str) -> None:
    whole = {
        "edition_id": EDITION,
        "format": EventFormat.MARKTPLATZ,
        "companies": (actor("Firma"),),
        "nonprofits": (actor("Verein"),),
    }
    with pytest.raises(ValidationError, match=fault):
        PlanMarket.model_validate({**whole, **fields})
