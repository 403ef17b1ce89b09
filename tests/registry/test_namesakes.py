"""Two organisations of one name in one place: what cannot be told apart stands by itself."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from impulse_contracts.registry.duplicates import MergeActors
from tests.registry.given import OTHER, SOURCE, RegistryWorld, actor_reported
from tests.registry.test_identity import THIRD, newest

ONE = {"court": "Essen", "number": "VR 1"}
TWO = {"court": "Essen", "number": "VR 2"}
REPORTS: dict[str, tuple[str, dict[str, Any]]] = {
    "one": (SOURCE, {"register": ONE}),
    "two": (OTHER, {"register": TWO}),
    "bare": (THIRD, {}),
}


def tell(world: RegistryWorld, which: str) -> None:
    source, said = REPORTS[which]
    world.accepted(actor_reported(which, **said), source=source)


def entries(world: RegistryWorld) -> dict[UUID, set[str]]:
    """Under which ids each actor is known that stands now."""
    with world.engine.connect() as connection:
        rows = connection.execute(text("SELECT actor_id, sources FROM actor"))
        return {actor_id: {each["external_id"] for each in sources} for actor_id, sources in rows}


@pytest.mark.parametrize("order", list(permutations(REPORTS)))
def test_what_has_only_a_name_belongs_to_neither_of_two(
    world: RegistryWorld, order: tuple[str, ...]
):
    for which in order:
        tell(world, which)
    assert sorted(map(sorted, entries(world).values())) == [["bare"], ["one"], ["two"]]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # A partner that has nothing but the name knows two of it: the others' may be either.
        ({}, [["a"], ["b"], ["c"], ["d"]]),
        # So it does where it knows one of them by the entry.
        ({"register": ONE}, [["a", "d"], ["b"], ["c"]]),
        ({"register": TWO}, [["a"], ["b"], ["c"], ["d"]]),
        # Another partner of one name and entry says nothing of that kind.
        ({"register": ONE, "source": SOURCE}, [["a", "b", "c", "d"]]),
    ],
)
def test_the_order_of_reports_makes_no_difference(
    world: RegistryWorld, said: dict[str, Any], left: list[list[str]]
):
    for number, order in enumerate(permutations("abcd")):
        entry = {key: {"court": "Essen", "number": f"VR {number}{key}"} for key in "12"}
        for which in order:
            more = dict(said) if which == "d" else {"register": ONE} if which == "a" else {}
            source = more.pop("source", {"a": SOURCE, "b": OTHER}.get(which, THIRD))
            if "register" in more:
                more["register"] = entry[more["register"]["number"][-1]]
            report = actor_reported(
                f"{which}{number}", legal_name=f"Beispielverein Nr. {number}", **more
            )
            world.accepted(report, source=source)
        found = [
            sorted(each[0] for each in names)
            for names in entries(world).values()
            if any(each[1:] == str(number) for each in names)
        ]
        assert sorted(found) == left, order


def test_it_is_taken_for_the_only_one_until_then(world: RegistryWorld):
    tell(world, "one")
    tell(world, "bare")
    assert list(entries(world).values()) == [{"one", "bare"}]


def test_it_stays_where_a_broker_decided(world: RegistryWorld):
    tell(world, "one")
    world.accepted(actor_reported("more", legal_name="Anders", register=ONE), source=OTHER)
    tell(world, "bare")
    world.accepted(actor_reported("third", legal_name="Noch anders"), source=THIRD)
    ids = {name: key for key, names in entries(world).items() for name in names}
    world.accepted(MergeActors(survivor_id=ids["one"], other_id=ids["third"]))
    tell(world, "two")
    assert {"one", "more", "bare", "third"} in entries(world).values()


def test_the_parted_one_follows_its_partner_from_then_on(world: RegistryWorld):
    for which in ("one", "bare", "two"):
        tell(world, which)
    [parted] = [key for key, names in entries(world).items() if names == {"bare"}]
    source, _ = REPORTS["bare"]
    outcome = world.accepted(actor_reported("bare", website="neu.example"), source=source)
    assert outcome.aggregate_id == str(parted)
    assert newest(world, str(parted)).website == "neu.example"
    assert newest(world, str(parted)).register_entry is None
