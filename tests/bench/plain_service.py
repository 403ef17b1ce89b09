"""The same work as `handwritten.py`, as a service on the chassis.

`python plain_service.py`: an inbox, a state and an outbox in one transaction, two records out.
"""

from pathlib import Path
from uuid import UUID

from pydantic import Field as PydanticField
from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Handlers,
    Repository,
    Service,
    ServiceSettings,
    Table,
    json_column,
    stable_uuid,
)
from impulse_contracts import topics
from impulse_contracts.codes import ActorStatus, ActorType, Carrier, IntakeChannel
from impulse_contracts.partner import ActorReported
from impulse_contracts.parts import Provenance, Seat, Source
from impulse_contracts.registry.actors import ActorRegistered

FIELDS = ("kind", "legal_name", "legal_form", "register", "topics", "seat")
"""What a fact says that a report's source said."""


class Settings(ServiceSettings, service="plain"):
    """Nothing of its own."""


class Plain(Aggregate, key="actor_id"):
    """What is known, as its fact says it."""

    actor_id: UUID
    state: ActorRegistered | None = PydanticField(default=None)


class PlainRow(Table, table=True):
    """The state of an actor."""

    __tablename__ = "plain"
    actor_id: UUID = Field(primary_key=True)
    version: int
    state: dict[str, object] = json_column()


actors = Repository(PlainRow, Plain)
handlers = Handlers()


def _id(source: str, external_id: str) -> UUID:
    return stable_uuid("actor", source, external_id)


@handlers.load(ActorReported)
def load_actors(tx, messages):
    actors.lock(tx, {_id(each.attributes.source, each.data.external_id) for each in messages})


@handlers.on(ActorReported)
def actor_reported(tx, report):
    """Keeps the newest report."""
    source = tx.attributes.source
    actor_id = _id(source, report.external_id)
    plain = actors.get(tx, actor_id) or Plain(actor_id=actor_id)
    fact = ActorRegistered.model_construct(
        None,
        version=plain.version + 1,
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
        provenance=(
            Provenance.model_construct(
                None,
                fields=FIELDS,
                source=source,
                channel=IntakeChannel.IMPORT,
                at=report.observed_at,
                confirmed=False,
            ),
        ),
        confirmed_at=report.observed_at,
    )
    plain = actors.put(tx, plain.evolve(state=fact))
    tx.publish(fact)
    return plain


service = Service(
    "plain",
    Settings,
    handlers,
    reads=[topics.ACTOR_REPORTS],
    migrations=Path(__file__).parent / "plain_migrations",
)

if __name__ == "__main__":
    service.main()
