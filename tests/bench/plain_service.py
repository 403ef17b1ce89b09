"""The same work as `handwritten.py`, as a service on the chassis.

`python plain_service.py`: an inbox, a state and an outbox in one transaction, two records out.
"""

from pathlib import Path
from uuid import UUID

from pydantic import Field as PydanticField
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from impulse_chassis import (
    Aggregate,
    Handlers,
    Repository,
    Service,
    ServiceSettings,
    stable_uuid,
)
from impulse_contracts import topics
from impulse_contracts.codes import ActorStatus, ActorType, Carrier
from impulse_contracts.partner import ActorReported
from impulse_contracts.parts import Seat, Source
from impulse_contracts.registry import ActorRegistered


class Settings(ServiceSettings, service="plain"):
    """Nothing of its own."""


class Plain(Aggregate, key="actor_id"):
    """What is known, as its fact says it."""

    actor_id: UUID
    state: ActorRegistered | None = PydanticField(default=None)


class PlainRow(SQLModel, table=True):
    """The state of an actor."""

    __tablename__ = "plain"
    actor_id: UUID = Field(primary_key=True)
    version: int
    state: dict[str, object] = Field(sa_column=Column(JSONB, nullable=False))


actors = Repository(PlainRow, Plain)
handlers = Handlers()


def _id(source: str, external_id: str) -> UUID:
    return stable_uuid("actor", source, external_id)


@handlers.load(ActorReported)
def _(tx, messages):
    actors.lock(tx, {_id(each.attributes.source, each.data.external_id) for each in messages})


@handlers.on(ActorReported)
def actor_reported(tx, report):
    """Keeps the newest report."""
    source = tx.attributes.source
    actor_id = _id(source, report.external_id)
    plain = (actors.get(tx, actor_id) or Plain(actor_id=actor_id)).evolve()
    fact = ActorRegistered.model_construct(
        None,
        version=plain.version,
        actor_id=actor_id,
        status=ActorStatus.REGISTERED,
        kind=report.kind,
        actor_type=report.actor_type or ActorType.NONPROFIT_ASSOCIATION,
        carrier=report.carrier or Carrier.NONPROFIT,
        legal_name=report.legal_name,
        legal_form=report.legal_form,
        register_entry=report.register_entry,
        seat=Seat(postcode=report.seat.postcode, city=report.seat.city),
        topics=report.topics,
        sources=(Source(source=source, external_id=report.external_id),),
        confirmed_at=report.observed_at,
    )
    tx.publish(fact)
    return actors.put(tx, plain.model_copy(update={"state": fact}))


service = Service(
    "plain",
    Settings,
    handlers,
    reads=[topics.ACTOR_REPORTS],
    migrations=Path(__file__).parent / "plain_migrations",
)

if __name__ == "__main__":
    service.main()
