"""The JSON API: what it reads, how commands are answered, how it says what is wrong."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from impulse_contracts.matching import AcceptProposal, DeclineProposal
from impulse_contracts.registry.actors import ChangeActor, RegisterActor
from impulse_contracts.registry.listings import PublishListing, WithdrawListing
from tests.gateway import given
from tests.gateway.driving import tell

ACCEPT = f"/api/proposals/{given.PROPOSAL.proposal_id}/accept"
NOTHING = given.ident("nothing")


async def test_things_look_as_the_facts_about_them_do(visitor):
    for path, fact in (
        (f"/api/actors/{given.HOUSE.actor_id}", given.HOUSE),
        (f"/api/listings/{given.NEED.listing_id}", given.NEED),
        (f"/api/proposals/{given.PROPOSAL.proposal_id}", given.PROPOSAL),
        (f"/api/cooperations/{given.COOPERATION.cooperation_id}", given.COOPERATION),
    ):
        answer = await visitor.get(path)
        assert type(fact).model_validate(answer.json()) == fact


async def test_pages_of_many(town, visitor):
    tell(town, *(given.actor(f"Verein Nr. {number:02} e.V.") for number in range(40)))
    seen, after = [], None
    while True:
        params = {"q": "verein", **({"after": after} if after else {})}
        found = (await visitor.get("/api/actors", params=params)).json()
        assert found["total"] == 40
        seen += [each["legal_name"] for each in found["items"]]
        after = found["next"]
        if after is None:
            break
    assert seen == [f"Verein Nr. {number:02} e.V." for number in range(40)]


@pytest.mark.parametrize(
    "path,names",
    [
        ("/api/actors?q=frohnh turn", ["Turnverein Frohnhausen e.V."]),
        ("/api/actors?q=45144&kind=intermediary", ["Beispiel-Freiwilligenagentur"]),
        ("/api/actors?q=%00%27%22%3B--", None),
        ("/api/actors?q=stuttgart", []),
    ],
)
async def test_search(visitor, path, names):
    found = (await visitor.get(path)).json()["items"]
    assert names is None or [each["legal_name"] for each in found] == names


@pytest.mark.parametrize(
    "path,titles",
    [
        ("direction=offer&category=means", {"Netze aus dem Lager"}),
        ("q=netz&direction=need", {"Neue Netze für das Tor"}),
        ("topic=climate_impact", set()),
        ("q=FÜR das", {"Neue Netze für das Tor"}),
    ],
)
async def test_filters(visitor, path, titles):
    found = (await visitor.get(f"/api/listings?{path}")).json()["items"]
    assert {each["title"] for each in found} == titles


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "W10", "WyJhIiwgImIiXQ", "äöü", "WyJcdTAwMDAiLCAxXQ"]
)
@pytest.mark.parametrize("path", ["/api/actors", "/api/listings", "/listings"])
async def test_a_cursor_that_is_none(visitor, path, cursor):
    assert (await visitor.get(path, params={"after": cursor})).status_code == 422


# ------------------------------------------------------------------------------ commands


async def test_a_command_and_its_outcome(town, signed_in):
    member = await signed_in(given.MEMBER)
    key = uuid4()
    answer = await member.command("POST", ACCEPT, {"side": "need"}, key=key)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/operations/{key}"
    assert answer.json()["state"] == "pending"

    town.settle()
    [heard] = town.heard(AcceptProposal)
    assert heard.attributes.id == str(key)
    assert heard.attributes.principal == str(given.ident(given.MEMBER))
    assert heard.record.key == str(given.NEED.listing_id).encode(), "the need orders the answers"

    tell(town, given.accepted(str(key), given.PROPOSAL.proposal_id))
    operation = (await member.get(answer.headers["location"])).json()
    assert operation["state"] == "accepted"
    assert operation["aggregate_id"] == str(given.PROPOSAL.proposal_id)
    assert operation["version"] == 2
    assert operation["resolved_at"]


async def test_a_refused_command_says_why_in_both_languages(town, signed_in):
    member = await signed_in(given.MEMBER)
    body = {"side": "need", "reason": "too_far"}
    path = f"/api/proposals/{given.PROPOSAL.proposal_id}/decline"
    answer = await member.command("POST", path, body)
    town.settle()
    assert len(town.heard(DeclineProposal)) == 1
    tell(town, given.refused(answer.json()["operation_id"]))
    operation = (await member.get(answer.headers["location"])).json()
    assert operation["state"] == "refused"
    assert operation["reason"] == "offer_taken"
    assert operation["message"]["en"].startswith("The offer is already promised")
    page = await member.get(answer.headers["location"].removeprefix("/api"))
    assert "Das Angebot ist schon einem anderen Bedarf zugesagt." in page.text


async def test_the_highest_attempt_stands(town, signed_in):
    member = await signed_in(given.MEMBER)
    answer = await member.command("POST", ACCEPT, {"side": "need"})
    key = answer.json()["operation_id"]
    again = given.accepted(key, given.PROPOSAL.proposal_id).model_copy(update={"attempt": 2})
    tell(town, given.refused(key, reason="handler_error"), again, given.refused(key))
    assert (await member.get(answer.headers["location"])).json()["state"] == "accepted"


async def test_outcomes_of_others_are_theirs(town, signed_in):
    member = await signed_in(given.MEMBER)
    answer = await member.command("POST", ACCEPT, {"side": "need"})
    key = answer.json()["operation_id"]
    tell(
        town,
        given.refused(key, source="https://partner.example/api"),
        given.refused("not a UUID"),
        given.refused(str(NOTHING)),
    )
    assert (await member.get(answer.headers["location"])).json()["state"] == "pending"


async def test_the_same_key_is_the_same_operation(town, signed_in):
    broker = await signed_in(given.BROKER)
    key = uuid4()
    body = {"kind": "nonprofit", "legal_name": "Beispiel-Verein", "seat": {"city": "Essen"}}
    first = await broker.command("POST", "/api/actors", body, key=key)
    together = await asyncio.gather(
        *(broker.command("POST", "/api/actors", body, key=key) for _ in range(8))
    )
    for answer in together:
        assert answer.status_code == 202
        assert answer.json() == first.json()
    town.settle()
    assert len(town.heard(RegisterActor)) == 1

    other = await broker.command("POST", "/api/actors", {**body, "legal_name": "x"}, key=key)
    assert other.status_code == 422
    assert other.json()["type"] == "urn:impulse:problem:idempotency_key_reused"
    operator = await signed_in(given.OPERATOR)
    assert (await operator.command("POST", "/api/actors", body, key=key)).status_code == 422


async def test_what_is_recorded_for_others_says_how_and_when_they_said_it(town, signed_in):
    broker = await signed_in(given.BROKER)
    told = {"channel": "phone", "said_on": "2026-11-20"}
    body = {"kind": "nonprofit", "legal_name": "Beispiel", "seat": {"city": "Essen"}, **told}
    path = f"/api/actors/{given.HOUSE.actor_id}"
    for method, address in (("POST", "/api/actors"), ("PUT", path)):
        assert (await broker.command(method, address, body)).status_code == 202
    assert (await broker.command("PUT", path, {**body, "channel": "rumour"})).status_code == 422
    town.settle()
    for heard in (*town.heard(RegisterActor), *town.heard(ChangeActor)):
        assert (heard.data.channel, heard.data.said_on) == ("phone", date(2026, 11, 20))
    assert town.heard(ChangeActor)


async def test_what_is_published_is_what_was_sent(town, signed_in):
    member = await signed_in(given.MEMBER)
    body = {
        "actor_id": str(given.HOUSE.actor_id),
        "listing_id": str(given.ident("new")),
        "direction": "need",
        "title": "Wer liest vor?",
        "resource_category": "minds",
        "time": {
            "mode": "window",
            "start": "2026-12-01T09:00:00+01:00",
            "end": "2037-02-28T17:00:00+01:00",
        },
        "place": {"mode": "online"},
        "valid_until": "2037-02-28",
    }
    assert (await member.command("POST", "/api/listings", body)).status_code == 202
    withdrawn = await member.command("DELETE", f"/api/listings/{given.NEED.listing_id}")
    assert withdrawn.status_code == 202
    town.settle()
    [published] = town.heard(PublishListing)
    assert published.data == PublishListing.model_validate_json(published.record.value)
    assert published.data.title == "Wer liest vor?"
    assert str(published.data.listing_id) == body["listing_id"]
    assert len(town.heard(WithdrawListing)) == 1


# ------------------------------------------------------------------------------ problems


async def test_problems_in_the_language_of_whoever_asks(visitor, signed_in):
    broker = await signed_in(given.BROKER)
    body = {"kind": "club", "legal_name": " ", "seat": {}}
    token = (await broker.get("/api/session")).json()["csrf_token"]
    for language, missing, title in (
        ("de", "muss einer dieser Werte sein", "Angaben unvollständig oder falsch"),
        ("en", "must be one of", "Something is missing or wrong"),
    ):
        headers = {"Accept-Language": language, "X-CSRF-Token": token}
        answer = await broker.post("/api/actors", json=body, headers=headers)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["title"] == title
        faults = {fault["field"]: fault["message"] for fault in problem["faults"]}
        assert faults.keys() == {"kind", "legal_name", "seat"}
        assert missing in faults["kind"]
        assert (" oder " in faults["kind"]) == (language == "de")
        assert "club" not in answer.text, "the value is not repeated"


@pytest.mark.parametrize(
    "method,path,status,code",
    [
        ("GET", f"/api/actors/{NOTHING}", 404, "not_found"),
        ("GET", "/api/actors/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/listings?direction=sideways", 422, "invalid"),
        ("GET", "/api/activity?limit=1000000", 422, "invalid"),
        ("PATCH", "/api/actors", 405, "http_405"),
        ("GET", f"/api/operations/{NOTHING}", 401, "sign_in_needed"),
        ("POST", "/api/actors", 401, "sign_in_needed"),
    ],
)
async def test_problems(visitor, method, path, status, code):
    answer = await visitor.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:impulse:problem:{code}"
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"side": "need\\u0000"}', b'{"side": "\\ud800"}', b"[" * 60_000],
)
async def test_bodies_that_are_none(signed_in, body):
    member = await signed_in(given.MEMBER)
    token = (await member.get("/api/session")).json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Content-Type": "application/json"}
    answer = await member.post(ACCEPT, content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_bad_idempotency_key(signed_in):
    member = await signed_in(given.MEMBER)
    token = (await member.get("/api/session")).json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Idempotency-Key": "again"}
    answer = await member.post(ACCEPT, json={"side": "need"}, headers=headers)
    assert answer.json()["faults"] == [{"field": "Idempotency-Key", "message": "ist keine UUID"}]


async def test_it_describes_itself(visitor):
    described = (await visitor.get("/api/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    assert all(path.startswith("/api/") for path in described["paths"])
    accept = described["paths"]["/api/proposals/{proposal_id}/accept"]["post"]
    assert "202" in accept["responses"]
    assert {each["name"] for each in accept["parameters"]} == {"proposal_id", "Idempotency-Key"}
    assert "ProblemView" in described["components"]["schemas"]
