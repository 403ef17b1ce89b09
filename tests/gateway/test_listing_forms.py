"""Offers and needs by form: published, changed, confirmed, copied; what is wrong is said there."""

import re
from uuid import UUID

import pytest
from hypothesis import given as some
from hypothesis import strategies as st

from impulse_contracts import recurrence
from impulse_contracts.codes import ListingStatus, Visibility
from impulse_contracts.partner import ListingContent
from impulse_contracts.registry.listings import (
    ChangeListing,
    ConfirmListing,
    CopyListing,
    ListingChanged,
    PublishListing,
)
from impulse_gateway.domain.recurrence import OFFERED, spoken
from impulse_gateway.web import listing_form
from impulse_gateway.web.starters import STARTERS
from tests.gateway import given
from tests.gateway.driving import tell

NEW = f"/listings/new?actor={given.HOUSE.actor_id}&starter=none"
FILLED = {
    "direction": "need",
    "resource_category": "hands",
    "title": "Gartentag im Jugendzentrum",
    "description": "Zwei Beete sollen angelegt werden.\r\nGeräte sind da.",
    "skills": ["gardening", "event_help"],
    "quantity_value": "7,5",
    "quantity_unit": "hour",
    "team_min": "4",
    "team_max": "8",
    "time_mode": "fixed",
    "start": "2037-04-11T09:00",
    "duration_hours": "6",
    "place_mode": "third",
    "postcode": "45144",
    "topics": ["social_cohesion"],
    "counter_title_0": "Mittagessen für alle",
    "counter_category_0": "contacts",
    "material_paid_by": "shared",
    "host_fee_eur": "0",
    "visibility": "network",
    "valid_until": "2037-04-11",
}


async def send(browser, path, on, fields):
    """Sends a form as the page `on` would, with its operation."""
    text = (await browser.get(on)).text
    operation = re.search(r'name="operation" value="([^"]+)"', text)
    assert operation, f"no form on {on}"
    token = await browser.token(on)
    return await browser.post(path, data={"csrf_token": token, "operation": operation[1], **fields})


def said(world, kind):
    world.settle()
    return [heard.data for heard in world.heard(kind)]


@pytest.fixture
async def member(signed_in):
    return await signed_in(given.MEMBER)


@pytest.fixture
async def broker(signed_in):
    return await signed_in(given.BROKER)


# ------------------------------------------------------------------------------ publishing


async def test_what_is_entered_is_published(member, published):
    answer = await send(member, "/listings/new", NEW, {"actor": str(given.HOUSE.actor_id)} | FILLED)
    assert answer.status_code == 303, answer.text
    [command] = published(PublishListing)
    assert command.actor_id == given.HOUSE.actor_id
    data = command.model_dump(mode="json")
    assert data["title"] == "Gartentag im Jugendzentrum"
    assert data["description"] == "Zwei Beete sollen angelegt werden.\nGeräte sind da."
    assert data["skills"] == ["gardening", "event_help"]
    assert data["quantity"] == {"value": 7.5, "unit": "hour"}
    assert data["team_size"] == {"min": 4, "max": 8}
    assert data["time"]["start"] == "2037-04-11T09:00:00+02:00"
    assert data["place"] == {"mode": "third", "postcode": "45144", "max_distance_km": None}
    assert data["counter_offers"] == [
        {"title": "Mittagessen für alle", "resource_category": "contacts"}
    ]
    assert data["costs"] == {"material_paid_by": "shared", "host_fee_eur": 0}
    assert (data["visibility"], data["valid_until"]) == ("network", "2037-04-11")
    assert (data["template"], data["on_behalf"]) == (False, None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "fehlt"),
        ("direction", "", "fehlt"),
        ("title", "Anruf genügt: 0201 / 123 45 67", "ohne E-Mail-Adresse und Telefonnummer"),
        ("description", "kontakt@beispiel.example", "ohne E-Mail-Adresse und Telefonnummer"),
        ("counter_title_0", "an kontakt (at) beispiel . example", "ohne E-Mail-Adresse"),
        ("counter_category_0", "", "muss"),
        ("start", "", "bitte angeben, wann es beginnt"),
        ("start", "morgen", "keine Zeit"),
        ("postcode", "", "Postleitzahl"),
        ("team_max", "2", "min ist größer als max"),
        ("team_max", "viele", "ganze Zahl"),
        ("quantity_value", "0", "größer als 0"),
        ("host_fee_eur", "2,5", "ganze Zahl"),
        ("valid_until", "irgendwann", "Zeit"),
        ("valid_until", "2020-01-31", "Vergangenheit"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    member, published, field, value, words
):
    fields = {"actor": str(given.HOUSE.actor_id)} | FILLED | {field: value}
    answer = await send(member, "/listings/new", NEW, fields)
    assert answer.status_code == 422
    assert published(PublishListing) == []
    text = answer.text
    assert f'href="#{field}"' in text, "the summary leads to the field"
    fault = re.search(rf'id="{field}-fault">Fehler: ([^<]+)<', text)
    assert fault, "and the field says what is wrong"
    assert words in fault[1]
    assert 'aria-describedby="' in text
    if field != "title":
        assert 'value="Gartentag im Jugendzentrum"' in text
    assert re.search(r'id="skills-gardening"[^>]* checked', text)


async def test_faults_are_told_in_english_as_well(member):
    member.headers["Accept-Language"] = "en"
    fields = {"actor": str(given.HOUSE.actor_id)} | FILLED | {"description": "a@b.example"}
    answer = await send(member, "/listings/new", NEW, fields)
    assert "please without e-mail address and telephone number" in answer.text


async def test_nobody_publishes_for_others(member, published):
    fields = {"actor": str(given.CLUB.actor_id)} | FILLED
    answer = await send(member, "/listings/new", NEW, fields)
    assert answer.status_code == 403
    assert published(PublishListing) == []
    answer = await member.get(f"/listings/new?actor={given.CLUB.actor_id}&starter=none")
    assert answer.status_code == 403


async def test_a_broker_says_how_and_when_the_party_said_it(broker, published):
    answer = await send(broker, "/listings/new", NEW, {"actor": str(given.HOUSE.actor_id)} | FILLED)
    assert answer.status_code == 422
    assert 'href="#channel"' in answer.text
    told = {"actor": str(given.HOUSE.actor_id), "channel": "phone", "on": "2026-11-20"} | FILLED
    assert (await send(broker, "/listings/new", NEW, told)).status_code == 303
    [command] = published(PublishListing)
    assert command.model_dump(mode="json")["on_behalf"] == {"channel": "phone", "on": "2026-11-20"}


async def test_the_same_form_sent_twice_is_one_listing(member, published):
    text = (await member.get(NEW)).text
    [operation] = re.findall(r'name="operation" value="([^"]+)"', text)
    fields = {"actor": str(given.HOUSE.actor_id), "operation": operation} | FILLED
    for _ in range(2):
        answer = await member.post(
            "/listings/new", data={"csrf_token": await member.token(NEW), **fields}
        )
        assert answer.status_code == 303
    assert len(published(PublishListing)) == 1


async def test_where_it_happens_is_left_open_until_somebody_says_so(member, published, town):
    path = f"/listings/{given.NEED.listing_id}"
    place = given.NEED.place.model_dump() | {"mode_stated": False}
    left_open = given.NEED.model_dump() | {"version": 2, "place": place}
    tell(town, ListingChanged.model_validate(left_open))
    assert "nach Absprache, 45144" in (await member.get(path)).text
    entered = listing_form.of_listing(ListingChanged.model_validate(left_open))
    assert "place_mode" not in entered
    for mode in ("", "at_nonprofit"):
        fields = {"actor": str(given.HOUSE.actor_id)} | FILLED | {"place_mode": mode}
        assert (await send(member, "/listings/new", NEW, fields)).status_code == 303
    assert {each.place.mode_stated for each in published(PublishListing)} == {False, True}


async def test_the_owner_alone_sees_that_a_place_is_not_known_and_what_to_do(
    town, signed_in, visitor
):
    page = f"/listings/{given.NEED.listing_id}"
    pages = {
        page: f'{page}/edit">Postleitzahl angeben',
        f"/organisations/{given.HOUSE.actor_id}": "Ort nicht bekannt",
    }
    owner, other = await signed_in(given.MEMBER), await signed_in(given.OTHER_MEMBER)

    async def told(browser):
        return [said in (await browser.get(path)).text for path, said in pages.items()]

    assert await told(owner) == [False, False]
    nowhere = given.NEED.model_dump() | {"version": 2, "place": {"postcode": "00000"}}
    tell(town, ListingChanged.model_validate(nowhere))
    assert await told(owner) == [True, True]
    assert await told(other) == await told(visitor) == [False, False]


# ------------------------------------------------------------------- changing, confirming


async def test_the_form_shows_what_stands_and_sends_it_back_the_same(member, published):
    path = f"/listings/{given.NEED.listing_id}/edit"
    page = (await member.get(path)).text
    assert f'value="{given.NEED.title}"' in page
    values = listing_form.of_listing(given.NEED)
    answer = await send(member, path, path, values)
    assert answer.status_code == 303, answer.text
    [command] = published(ChangeListing)
    before = given.NEED.model_dump(mode="json")
    after = command.model_dump(mode="json")
    for name in ("title", "description", "quantity", "team_size", "topics", "counter_offers"):
        assert after[name] == before[name]


async def test_one_click_confirms(member, broker, published):
    path = f"/listings/{given.NEED.listing_id}/confirm"
    assert "Gilt noch" in (await member.get(path)).text
    assert (await send(member, path, path, {})).status_code == 303
    assert [each.on_behalf for each in published(ConfirmListing)] == [None]
    assert (await send(broker, path, path, {})).status_code == 422
    told = {"channel": "letter", "on": "2026-11-20"}
    assert (await send(broker, path, path, told)).status_code == 303
    assert published(ConfirmListing)[-1].on_behalf is not None


async def test_a_listing_is_kept_as_a_template(member, published):
    page = f"/listings/{given.NEED.listing_id}"
    assert (await send(member, f"{page}/template", page, {})).status_code == 303
    [command] = published(CopyListing)
    assert (command.original_id, command.template) == (given.NEED.listing_id, True)
    assert command.listing_id != given.NEED.listing_id


async def test_programs_confirm_and_copy_as_well(member, signed_in, published):
    path = f"/api/listings/{given.NEED.listing_id}"
    assert (await member.command("POST", f"{path}/confirm")).status_code == 202
    assert [each.listing_id for each in published(ConfirmListing)] == [given.NEED.listing_id]
    answer = await member.command("POST", f"{path}/copy?template=true")
    assert answer.json()["subject_id"] != str(given.NEED.listing_id)
    assert [each.template for each in published(CopyListing)] == [True]
    stranger = await signed_in(given.CLUB_MEMBER)
    for action in ("confirm", "copy"):
        assert (await stranger.command("POST", f"{path}/{action}")).status_code == 403


@pytest.mark.parametrize("action", ["edit", "confirm", "template"])
async def test_strangers_change_and_confirm_nothing(signed_in, visitor, published, action):
    stranger = await signed_in(given.CLUB_MEMBER)
    path = f"/listings/{given.NEED.listing_id}/{action}"
    token = await stranger.token("/listings")
    answer = await stranger.post(path, data={"csrf_token": token, "operation": str(UUID(int=1))})
    assert answer.status_code == 403
    if action != "template":
        assert (await visitor.get(path)).status_code == 303, "to the sign-in, and back"
    assert not any(published(each) for each in (ChangeListing, ConfirmListing, CopyListing))


# ------------------------------------------------------------------------ where to start from


async def test_a_new_entry_starts_from_a_format_a_template_or_a_copy(town, member):
    template = given.listing(
        "Vorlage Gartentag", given.HOUSE, status=ListingStatus.TEMPLATE, skills=("gardening",)
    )
    tell(town, template)
    start = (await member.get("/listings/new")).text
    assert "Vorlage Gartentag" in start
    for starter in STARTERS.values():
        assert starter.de in start
    copied = (await member.get(f"/listings/new?copy={template.listing_id}")).text
    assert 'value="Vorlage Gartentag"' in copied
    assert re.search(r'id="skills-gardening"[^>]* checked', copied)
    listing = (await member.get(f"/listings/{template.listing_id}")).text
    assert "Vorlage verwenden" in listing


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("key", STARTERS)
def test_what_we_ship_can_be_published_once_the_gaps_are_filled(key, language):
    values = STARTERS[key].values(language)
    gaps = {"start": ["2037-04-11T09:00"], "end": ["2037-04-11T17:00"]}
    content, faults = listing_form.content(values | gaps)
    assert faults == []
    assert isinstance(content, ListingContent)


# ------------------------------------------------------------------------------ who sees what


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        (Visibility.PUBLIC, {"visitor", "stranger", "member", "broker"}),
        (Visibility.NETWORK, {"stranger", "member", "broker"}),
        (Visibility.BROKERS, {"member", "broker"}),
    ],
)
async def test_a_listing_is_shown_to_those_whom_it_is_for(
    town, visitor, signed_in, visibility, seen
):
    tell(town, given.listing("Nur für manche", given.HOUSE, visibility=visibility))
    browsers = {
        "visitor": visitor,
        "stranger": await signed_in(given.CLUB_MEMBER),
        "member": await signed_in(given.MEMBER),
        "broker": await signed_in(given.BROKER),
    }
    listing_id = given.ident("Nur für manche")
    for path in (
        "/listings?q=manche",
        "/api/listings?q=manche",
        f"/organisations/{given.HOUSE.actor_id}",
    ):
        found = {
            name
            for name, each in browsers.items()
            if str(listing_id) in (await each.get(path)).text
        }
        assert found == seen, path
    found = {
        name
        for name, each in browsers.items()
        if (await each.get(f"/listings/{listing_id}")).status_code == 200
    }
    assert found == seen
    told = "Nur für manche" in (await visitor.get("/live")).text
    assert told is (visibility is Visibility.PUBLIC)


async def test_a_template_is_for_its_own_people(town, visitor, member):
    tell(town, given.listing("Vorlage", given.HOUSE, status=ListingStatus.TEMPLATE))
    path = f"/listings/{given.ident('Vorlage')}"
    assert (await visitor.get(path)).status_code == 404
    assert (await member.get(path)).status_code == 200
    assert "Vorlage" not in (await visitor.get("/live")).text


async def test_a_page_says_all_that_a_listing_says(town, visitor):
    fields = {
        "skills": ("gardening", "own_code"),
        "target_groups": ("youth",),
        "cv_format": "hands_on",
        "cv_mode": "social_day",
        "cc_instrument": "social_sponsoring",
        "worktime_basis": "paid_release",
        "costs": {"material_paid_by": "shared", "host_fee_eur": 25},
        "time": {"mode": "recurring", "rrule": "FREQ=WEEKLY;BYDAY=TU", "flexibility_days": 3},
        "on_behalf": {"channel": "phone", "on": "2026-11-20"},
    }
    tell(town, given.listing("Alles", given.HOUSE, **fields))
    for language, words in {
        "de": (
            *("Gartenarbeit, own code", "Jugendliche", "Hands-on: anpacken, Social Day"),
            *("Sozialsponsoring", "nicht vermittelt", "bezahlte Freistellung"),
            *("beide gemeinsam", "25 Euro", "jede Woche dienstags", "verschiebbar um 3 Tage"),
            *("Im Auftrag der Organisation aufgenommen", "Telefon", "20. November 2026"),
        ),
        "en": ("gardening", "young people", "every week on Tuesdays", "Recorded on behalf"),
    }.items():
        answer = await visitor.get(
            f"/listings/{given.ident('Alles')}", headers={"Accept-Language": language}
        )
        for word in words:
            assert word in answer.text, word


async def test_listings_are_found_by_municipality(town, visitor):
    place = {"postcode": "44787", "ags": "05911000"}
    here = {"postcode": "45144", "ags": "05113000"}
    tell(town, given.listing("In Bochum", given.HOUSE, place=place))
    tell(town, given.listing("In Essen", given.HOUSE, place=here))
    page = (await visitor.get("/listings?place=05113000")).text
    assert '<option value="05113000" selected>Essen</option>' in page
    assert "In Essen" in page
    assert "In Bochum" not in page
    found = (await visitor.get("/api/listings?ags=05911000")).json()
    assert [each["title"] for each in found["items"]] == ["In Bochum"]


# ---------------------------------------------------------------------------------- domain


@pytest.mark.parametrize("rule", OFFERED)
def test_every_rule_that_is_offered_has_words_and_is_one(rule):
    words = spoken(rule)
    assert words is not None
    assert words[0] != words[1]
    values = {"time_mode": ["recurring"], "rrule": [rule]}
    full: dict[str, list[str]] = {
        name: [value] if isinstance(value, str) else list(value) for name, value in FILLED.items()
    }
    content, faults = listing_form.content(full | values)
    assert faults == []
    assert content is not None
    assert content.time.rrule == rule


@pytest.mark.parametrize(
    ("rule", "german", "english"),
    [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;WKST=SU",
            "alle zwei Wochen montags, mittwochs und freitags (Wochen ab Sonntag)",
            "every two weeks on Mondays, Wednesdays and Fridays (weeks from Sunday)",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO,-1FR;UNTIL=20271224T120000Z",
            "jeden Monat am 1. Montag und am letzten Freitag bis 24. Dezember 2027",
            "every month on the 1st Monday and on the last Friday until 24 December 2027",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-2,15;COUNT=10",
            "jeden Monat am vorletzten und 15. Tag des Monats 10-mal",
            "every month on the 2nd last and 15th day of the month 10 times",
        ),
        (
            "FREQ=YEARLY;INTERVAL=3;BYMONTH=3,11;BYDAY=SU",
            "alle 3 Jahre sonntags im März und November",
            "every 3 years on Sundays in March and November",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
            "jeden Monat montags und dienstags (davon jeweils der letzte Termin)",
            "every month on Mondays and Tuesdays (of these the last one each time)",
        ),
    ],
)
def test_rules_in_words(rule, german, english):
    assert spoken(rule) == (german, english)


@some(
    st.fixed_dictionaries(
        {"FREQ": st.sampled_from(recurrence.FREQUENCIES)},
        optional={
            "INTERVAL": st.integers(2, 99).map(str),
            "COUNT": st.integers(2, 99).map(str),
            "BYDAY": st.sampled_from(["MO", "MO,SU", "2TU", "-1FR,WE"]),
            "BYMONTHDAY": st.integers(2, 31).map(str),
            "BYYEARDAY": st.integers(-366, -6).map(str),
            "BYWEEKNO": st.integers(2, 53).map(str),
            "BYMONTH": st.sampled_from(["4", "1,12"]),
            "BYHOUR": st.integers(0, 23).map(str),
            "BYMINUTE": st.integers(0, 59).map(str),
            "BYSETPOS": st.integers(2, 9).map(str),
            "WKST": st.sampled_from(["MO", "SU"]),
        },
    )
)
def test_every_rule_has_words_and_no_part_of_it_is_left_unsaid(parts):
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if recurrence.parts(rule) is None:
        assert spoken(rule) is None
        return
    whole = spoken(rule)
    assert whole is not None
    for name in parts.keys() - {"FREQ"}:
        less = ";".join(f"{each}={value}" for each, value in parts.items() if each != name)
        for said, shorter in zip(whole, spoken(less) or ("", ""), strict=True):
            assert len(said) > len(shorter) or name == "INTERVAL", name
    assert "=" not in whole[0] + whole[1]


@some(st.dictionaries(st.sampled_from([*FILLED, "counter_title_99"]), st.text(max_size=20)))
def test_whatever_is_entered_is_understood_or_refused_in_words(fields):
    values = listing_form.entered(fields.items())
    content, faults = listing_form.content(values)
    assert (content is None) == bool(faults)
    for fault in faults:
        assert fault.de
        assert fault.en
        assert "ist so nicht zulässig" not in fault.de or fault.field
    assert listing_form.rows(values) <= 20
