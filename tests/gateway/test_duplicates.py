"""Brokers look at organisations that may be one, and decide."""

from uuid import uuid4

import pytest

from impulse_contracts.codes import PairState, SuccessionKind
from impulse_contracts.registry.duplicates import (
    DuplicateKeptApart,
    DuplicateMerged,
    KeepApart,
    MergeActors,
    SeparateName,
    UndoMerge,
)
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.test_accessibility import Outline

A = given.actor(
    "Turnverein Frohnhausen von 1901 e.V.",
    register={"court": "Amtsgericht Essen", "number": "VR 101"},
    sources=({"source": "https://agentur.beispiel.example/api", "external_id": "7"},),
)
B = given.actor(
    "TV Frohnhausen", register={"court": "Amtsgericht Essen", "number": "VR 202"}, legal_form="e_v"
)
C = given.actor("Turnverein Frohnhausen 1901")
PAIR = given.pair(A, B)
ALIKE = given.pair(A, C, score=0.97, evidence=PAIR.evidence[:2])
PATH = f"/duplicates/{PAIR.pair_id}"


def decided(pair=PAIR, kind=DuplicateMerged, **fields):
    """The fact that a broker decided."""
    return kind.model_validate({**pair.model_dump(), "version": 2, **fields})


MERGED = decided(
    state=PairState.MERGED,
    survivor_id=A.actor_id,
    succession=SuccessionKind.MOVE_OF_SEAT,
    decided_at=given.NOW,
)


@pytest.fixture
def suspicion(town):
    """The town with two pairs in it."""
    tell(town, A, B, C, PAIR, ALIKE)
    return town


@pytest.fixture
async def broker(suspicion, signed_in):
    """Somebody who may decide."""
    return await signed_in(given.BROKER)


async def test_the_likeliest_comes_first(broker):
    found = (await broker.get("/api/duplicates")).json()
    assert [each["pair_id"] for each in found["items"]] == [str(ALIKE.pair_id), str(PAIR.pair_id)]
    page = (await broker.get("/duplicates")).text
    assert "2 Paare" in page
    assert page.index(str(ALIKE.pair_id)) < page.index(str(PAIR.pair_id))
    assert "verschieden: Registereintrag" in page


async def test_pages_of_many(suspicion, broker):
    pairs = [given.pair(A, given.actor(f"Verein {n}"), score=n / 100) for n in range(40)]
    tell(suspicion, *pairs)
    seen, after = [], None
    while True:
        answer = (
            await broker.get("/api/duplicates", params={"after": after} if after else {})
        ).json()
        seen += [each["score"] for each in answer["items"]]
        after = answer["next"]
        if after is None:
            break
    assert len(seen) == answer["total"] == 42
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("de", ("Ist das dieselbe Organisation?", "stimmt überein", "Warum gibt es zwei")),
        ("en", ("Is this the same organisation?", "agrees", "Why are there two register")),
    ],
)
async def test_the_evidence_stands_side_by_side(broker, language, texts):
    page = (await broker.get(PATH, headers={"Accept-Language": language})).text
    for text in (*texts, A.legal_name, B.legal_name, "VR 101", "VR 202", "agentur.beispiel"):
        assert text in page
    assert page.count('class="differs"') == 1


async def test_markup(broker):
    for path in ("/duplicates", PATH):
        page = Outline((await broker.get(path)).text)
        assert page.open == []
        assert page.headings[0] == 1
        assert len(page.ids) == len(set(page.ids))
        for tag, values in page.tags:
            if tag in ("input", "select") and values.get("type") != "hidden":
                assert values["id"] in page.labels, values
            if tag == "th":
                assert values.get("scope")
            assert "style" not in values


async def test_only_staff_sees_pairs(suspicion, signed_in, visitor):
    member = await signed_in(given.CLUB_MEMBER)
    for path in (PATH, "/duplicates", f"/api{PATH}", "/api/duplicates"):
        assert (await member.get(path)).status_code == 403
        answer = await visitor.get(path, follow_redirects=False)
        assert answer.status_code in (303, 401)
    assert 'href="/duplicates"' not in (await member.get("/")).text
    assert 'href="/duplicates"' in (await (await signed_in(given.OPERATOR)).get("/")).text


async def test_a_merge_by_a_form(suspicion, broker):
    fields = {"operation": str(uuid4()), "survivor": str(B.actor_id), "succession": "move_of_seat"}
    answer = await broker.send_form(f"{PATH}/merge", on=PATH, **fields)
    assert answer.status_code in (200, 303), answer.text
    suspicion.settle()
    [heard] = suspicion.heard(MergeActors)
    assert heard.data == MergeActors(
        survivor_id=B.actor_id, other_id=A.actor_id, succession=SuccessionKind.MOVE_OF_SEAT
    )
    assert heard.attributes.principal == str(given.ident(given.BROKER))


async def test_two_register_entries_need_a_succession(suspicion, broker):
    body = {"survivor_id": str(A.actor_id)}
    answer = await broker.command("POST", f"/api{PATH}/merge", body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "succession"
    other = f"/api/duplicates/{ALIKE.pair_id}/merge"
    assert (await broker.command("POST", other, body)).status_code == 202
    suspicion.settle()
    assert [each.data.other_id for each in suspicion.heard(MergeActors)] == [C.actor_id]


async def test_the_survivor_is_one_of_the_two(broker):
    body = {"survivor_id": str(C.actor_id), "succession": "merger"}
    answer = await broker.command("POST", f"/api{PATH}/merge", body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "survivor_id"


async def test_not_the_same(suspicion, broker):
    assert (await broker.command("POST", f"/api{PATH}/keep-apart")).status_code == 202
    suspicion.settle()
    assert [each.data for each in suspicion.heard(KeepApart)] == [KeepApart(pair_id=PAIR.pair_id)]
    apart = decided(kind=DuplicateKeptApart, state=PairState.NOT_THE_SAME, decided_at=given.NOW)
    tell(suspicion, apart)
    page = (await broker.get(PATH)).text
    assert "Nicht dieselbe</button>" not in page
    assert "Zusammenführen</button>" in page, "who erred may still merge"
    assert str(PAIR.pair_id) not in (await broker.get("/duplicates")).text
    assert str(PAIR.pair_id) in (await broker.get("/duplicates?state=not_the_same")).text


async def test_a_merge_is_undone(suspicion, broker):
    assert "rückgängig machen</button>" not in (await broker.get(PATH)).text
    tell(suspicion, MERGED)
    page = (await broker.get(PATH)).text
    assert "Sitzverlegung" in page
    assert "Zusammenführen</button>" not in page
    operation = str(uuid4())
    answer = await broker.send_form(f"{PATH}/undo", on=PATH, operation=operation)
    assert answer.status_code in (200, 303), answer.text
    suspicion.settle()
    assert [each.data for each in suspicion.heard(UndoMerge)] == [UndoMerge(pair_id=PAIR.pair_id)]


async def test_a_pair_whose_actor_is_not_known_yet(town, signed_in):
    unknown = given.pair(given.actor("Noch nicht hier"), A)
    tell(town, unknown)
    broker = await signed_in(given.BROKER)
    assert (await broker.get(f"/duplicates/{unknown.pair_id}")).status_code == 200
    assert "unbekannte Organisation" in (await broker.get("/duplicates")).text


TWO_SOURCES = given.actor(
    "Turnverein Kray e.V.",
    sources=tuple(
        {"source": f"https://{name}.beispiel.example/api", "external_id": name}
        for name in ("agentur", "stadt")
    ),
)
SEPARATE = SeparateName(
    actor_id=TWO_SOURCES.actor_id,
    source="https://stadt.beispiel.example/api",
    external_id="stadt",
)
ORGANISATION = f"/organisations/{TWO_SOURCES.actor_id}"


async def test_a_source_is_separated_by_a_form(town, signed_in):
    tell(town, TWO_SOURCES)
    broker = await signed_in(given.BROKER)
    page = (await broker.get(ORGANISATION)).text
    assert page.count(f'action="{ORGANISATION}/separate"') == 2
    assert "Lösen<span" in page
    english = (await broker.get(ORGANISATION, headers={"Accept-Language": "en"})).text
    assert "Separate<span" in english
    assert Outline(page).open == []
    fields = {"source": SEPARATE.source, "external_id": SEPARATE.external_id}
    answer = await broker.send_form(
        f"{ORGANISATION}/separate", on=ORGANISATION, operation=str(uuid4()), **fields
    )
    assert answer.status_code in (200, 303), answer.text
    answer = await broker.command("POST", f"/api/actors/{SEPARATE.actor_id}/separate", fields)
    assert answer.status_code == 202
    town.settle()
    assert [each.data for each in town.heard(SeparateName)] == [SEPARATE, SEPARATE]


async def test_only_staff_separates_and_only_where_something_is_left(town, signed_in):
    tell(town, TWO_SOURCES, A)
    broker = await signed_in(given.BROKER)
    alone = f"/organisations/{A.actor_id}"
    assert f'action="{alone}/separate"' not in (await broker.get(alone)).text
    member = await signed_in(given.CLUB_MEMBER)
    assert "separate" not in (await member.get(ORGANISATION)).text
    fields = {"source": SEPARATE.source, "external_id": SEPARATE.external_id}
    answer = await member.command("POST", f"/api/actors/{SEPARATE.actor_id}/separate", fields)
    assert answer.status_code == 403
    answer = await broker.send_form(
        f"{ORGANISATION}/separate",
        on=ORGANISATION,
        operation=str(uuid4()),
        source=" ",
        external_id="x",
    )
    assert answer.status_code == 404
