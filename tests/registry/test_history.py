"""What was said and does not stand: kept for a time, then deleted."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from impulse_contracts.registry.life import SweepActors
from tests.registry.given import (
    RegistryWorld,
    actor_reported,
    at,
    change_listing,
    listing_reported,
)

SWEEP = SweepActors(what="actors")


def of_listings(world: RegistryWorld) -> list[tuple[bool, str, str]]:
    """Whether it ever stood, how it came, and its title."""
    with world.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT applied, split_part(name, '/', 1), record->>'title'"
                " FROM listing_history ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


def test_what_listings_said_is_kept_as_that_of_actors(world: RegistryWorld):
    world.accepted(actor_reported())
    first = world.accepted(listing_reported(observed_at=at(1), title="Beispiel A"))
    said = "Ruft 0201 1234567 an"
    late = world.accepted(listing_reported(observed_at=at(0), title="Zu spät", description=said))
    assert "kept" in late.message.en
    world.accepted(listing_reported(observed_at=at(2), title="Beispiel A"))
    world.accepted(listing_reported(observed_at=at(3), title="Beispiel B"))
    world.now = at(4)
    assert first.aggregate_id
    change = change_listing(title="Beispiel C").model_copy(
        update={"listing_id": UUID(first.aggregate_id)}
    )
    world.accepted(change)
    world.now = at(5)
    world.accepted(listing_reported(observed_at=at(5), title="Beispiel D"))
    assert of_listings(world) == [
        (False, "listing", "Zu spät"),
        (True, "listing", "Beispiel A"),
        (True, "listing", "Beispiel B"),
        (True, "hand", "Beispiel C"),
    ]
    with world.engine.connect() as connection:
        kept = connection.execute(text("SELECT record::text FROM listing_history")).scalars()
        assert "1234567" not in "".join(kept), "no contact, as everywhere"


def test_it_is_deleted_in_time(world: RegistryWorld):
    world.accepted(actor_reported(observed_at=at(1)))
    world.accepted(actor_reported(observed_at=at(0), legal_name="Beispiel Alt"))
    world.accepted(listing_reported(observed_at=at(1)))
    world.accepted(listing_reported(observed_at=at(0)))

    def left() -> tuple[int, int]:
        return world.rows("actor_history"), world.rows("listing_history")

    world.send(SWEEP)
    world.advance(timedelta(days=364))
    assert left() == (1, 1)
    world.advance(timedelta(days=2))
    assert left() == (0, 0)
