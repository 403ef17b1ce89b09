"""A stored proposal is scored once more from what is stored: the same comes out, or it is said."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from impulse_chassis import Transaction, transact
from impulse_chassis.testing import START, Node, World
from impulse_contracts.codes import Direction
from impulse_contracts.matching import AcceptProposal, ExpressInterest
from impulse_matching.app import service
from impulse_matching.domain import again
from impulse_matching.domain.proposals import proposal_id
from impulse_matching.exchange.explain import proposals
from impulse_matching.store.explained import kept
from tests.fixtures.services import Engines
from tests.matching.given import HAMM, changed, need, offer

WANTED, GIVEN, FAR = need("Streichen"), offer("Malern"), offer("Tapezieren", place=HAMM)
PAIR = proposal_id(WANTED.listing_id, GIVEN.listing_id)


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


@pytest.fixture
def world(engine: Engine) -> World:
    """A need that the one side accepted, another one that asked for it, and both have changed."""
    world = World([Node(service, engine)])
    for each in (WANTED, GIVEN, FAR):
        world.say(each.state)
    world.settle()
    world.say(AcceptProposal(proposal_id=PAIR, side=Direction.NEED))
    actor_id = FAR.state.actor_id
    world.say(
        ExpressInterest(interest_id=UUID(int=1), need_id=WANTED.listing_id, actor_id=actor_id)
    )
    world.settle()
    confirmed = changed(WANTED, confirmed_at=START + timedelta(hours=1))
    for each in (confirmed, changed(confirmed, title="Wände streichen"), changed(GIVEN)):
        world.say(each.state)
        world.settle()
    return world


def found(engine: Engine, of: UUID = PAIR) -> again.Kept:
    """What is kept of a proposal."""

    def read(tx: Transaction) -> again.Kept:
        there = kept(tx, of)
        assert isinstance(there, again.Kept)
        return there

    return transact(engine, "matching", read)


def explained(engine: Engine, monkeypatch: pytest.MonkeyPatch, of: UUID = PAIR) -> tuple[int, str]:
    """What the command says, and how it ends."""
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IMPULSE_MATCHING_DATABASE_URL", url)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    result = CliRunner().invoke(proposals, ["explain", str(of)])
    return result.exit_code, result.output


@pytest.mark.usefixtures("world")
def test_every_proposal_is_scored_the_same_once_more(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.connect() as connection:
        ids = connection.exec_driver_sql("SELECT proposal_id FROM proposal").scalars().all()
    assert len(ids) == 2
    for each in ids:
        there = found(engine, each)
        assert again.deviations(there.proposal, again.score_again(there)) == []
    accepted = found(engine)
    # It rests on what was said when it was accepted, not on what the two say now.
    assert (accepted.need.version, accepted.need.title) == (1, "Streichen")
    assert (accepted.offer.version, accepted.proposal.state) == (1, "accepted_by_need")
    status, said = explained(engine, monkeypatch)
    assert status == 0, said
    assert "Stimmt mit dem Vorschlag überein" in said
    assert f"{accepted.proposal.score:.6f} nach ruhr-3" in said
    assert f"Bedarf {WANTED.listing_id} in Fassung 1" in said


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ('UPDATE earlier_listing SET fact = fact || \'{"title": "Kochen"}\'', "inputs_hash"),
        ("UPDATE proposal SET scored_on = scored_on + 60", "inputs_hash"),
        ("UPDATE proposal SET score = score + 0.01", "score"),
        (
            'UPDATE proposal SET inputs = inputs || \'{"taxonomy": "x"}\', score = 0',
            "score (andere Taxonomie)",
        ),
    ],
)
def test_a_changed_input_or_score_is_found_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, change: str, differing: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    status, said = explained(engine, monkeypatch)
    assert status == 1
    assert f"Weicht vom Vorschlag ab: {differing}" in said


def test_what_no_proposal_rests_on_is_not_kept(engine: Engine, world: World) -> None:
    def earlier() -> list[tuple[UUID, int]]:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT listing_id, version FROM earlier_listing ORDER BY version"
            )
            return [(row.listing_id, row.version) for row in rows]

    sides = [(WANTED.listing_id, 1), (GIVEN.listing_id, 1)]
    assert sorted(earlier()) == sorted(sides)
    # Suggested again, the pair rests on what both say then; the other one still on the old need.
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE proposal SET state = 'invalidated_by_withdrawal'")
    world.say(changed(changed(GIVEN), title="Wände malern").state)
    world.settle()
    assert earlier() == [(WANTED.listing_id, 1)]
    assert found(engine).offer.title == "Wände malern"


def test_what_is_not_known_is_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    status, said = explained(engine, monkeypatch)
    assert (status, "ist nicht bekannt" in said) == (2, True)


@pytest.mark.usefixtures("world")
def test_a_proposal_of_before_has_no_inputs(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE proposal SET inputs = NULL")
    status, said = explained(engine, monkeypatch)
    assert (status, "nicht mehr vorhanden" in said) == (2, True)
