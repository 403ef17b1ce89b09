"""Reports, commands and worlds for the tests of the registry; all organisations are made up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Engine, text

from impulse_chassis.envelope import StoredRecord
from impulse_chassis.testing import START, Node, World
from impulse_contracts.message import Message
from impulse_contracts.outcomes import Outcome
from impulse_contracts.partner import (
    ActorReported,
    ActorWithdrawn,
    ListingReported,
    ListingWithdrawn,
)
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ChangeActor, RegisterActor
from impulse_contracts.registry.listings import ChangeListing, PublishListing
from impulse_contracts.registry.people import AddPerson
from impulse_registry.app import service
from impulse_registry.settings import Settings

SOURCE = "https://ehrenamt.beispielstadt.example/api"
OTHER = "https://freiwillige.beispielkreis.example/api"
CONTACT = {
    "name": "Kontaktstelle Beispiel-Stadtwald",
    "email": "kontakt@stadtwald.example",
    "phone": "0201 000000",
    "language": "de",
}


def ident(name: str) -> UUID:
    """An id that is always the same for a name."""
    return uuid5(NAMESPACE_URL, name)


def at(hours: float) -> datetime:
    """A moment so many hours after the start of the world's clock (before it, if negative)."""
    return START + timedelta(hours=hours)


def profile(**fields: Any) -> dict[str, Any]:
    """An actor's profile."""
    return {
        "kind": "nonprofit",
        "legal_name": "Beispiel-Förderverein Stadtwald e.V.",
        "legal_form": "e_v",
        "seat": {"street": "Beispielstraße 12", "postcode": "45144", "city": "Essen"},
        "topics": ["education_equity"],
        "languages": ["de"],
        **fields,
    }


def actor_reported(
    external_id: str = "4711", observed_at: datetime = START, **fields: Any
) -> ActorReported:
    return ActorReported.model_validate(
        {"external_id": external_id, "observed_at": observed_at, **profile(**fields)}
    )


def actor_withdrawn(external_id: str = "4711", observed_at: datetime = START) -> ActorWithdrawn:
    return ActorWithdrawn(external_id=external_id, observed_at=observed_at)


def content(**fields: Any) -> dict[str, Any]:
    """What a listing says."""
    return {
        "direction": "need",
        "title": "Streichaktion im Jugendzentrum",
        "description": "Zwei Gruppenräume sollen neu gestrichen werden.\nFarbe ist da.",
        "resource_category": "hands",
        "skills": ["renovation"],
        "quantity": {"value": 8, "unit": "person"},
        "team_size": {"min": 6, "max": 12},
        "time": {"mode": "fixed", "start": "2026-12-05T09:00:00+01:00", "duration_hours": 7.5},
        "topics": ["social_cohesion"],
        "requirements": ["safety_instruction"],
        "counter_offers": [{"title": "Bericht für die Website", "resource_category": "contacts"}],
        **fields,
    }


def listing_reported(
    external_id: str = "A-17",
    observed_at: datetime = START,
    actor_external_id: str = "4711",
    **fields: Any,
) -> ListingReported:
    return ListingReported.model_validate(
        {
            "external_id": external_id,
            "actor_external_id": actor_external_id,
            "observed_at": observed_at,
            **content(**fields),
        }
    )


def listing_withdrawn(
    external_id: str = "A-17", observed_at: datetime = START, actor_external_id: str = "4711"
) -> ListingWithdrawn:
    return ListingWithdrawn(
        external_id=external_id, actor_external_id=actor_external_id, observed_at=observed_at
    )


def register_actor(name: str = "actor", **fields: Any) -> RegisterActor:
    return RegisterActor.model_validate({"actor_id": ident(name), **profile(**fields)})


def change_actor(name: str = "actor", **fields: Any) -> ChangeActor:
    return ChangeActor.model_validate({"actor_id": ident(name), **profile(**fields)})


def publish_listing(
    name: str = "listing", actor: UUID | str = "actor", **fields: Any
) -> PublishListing:
    actor_id = ident(actor) if isinstance(actor, str) else actor
    return PublishListing.model_validate(
        {"listing_id": ident(name), "actor_id": actor_id, **content(**fields)}
    )


def change_listing(listing: UUID | str = "listing", **fields: Any) -> ChangeListing:
    listing_id = ident(listing) if isinstance(listing, str) else listing
    return ChangeListing.model_validate({"listing_id": listing_id, **content(**fields)})


def add_person(
    name: str = "person", actor: UUID | str = "actor", roles: Iterable[str] = (), **fields: Any
) -> AddPerson:
    actor_id = ident(actor) if isinstance(actor, str) else actor
    return AddPerson.model_validate(
        {
            "person_id": ident(name),
            "actor_id": actor_id,
            "name": f"Beispielstelle {name}",
            "email": f"{name.replace(' ', '-')}@stadtwald.example",
            "roles": list(roles),
            **fields,
        }
    )


class RegistryWorld(World):
    """The registry alone; what is said settles at once, unless told otherwise."""

    def __init__(self, engine: Engine, settings: Settings | None = None) -> None:
        super().__init__([Node(service, engine, settings)])
        self.engine = engine

    def tell(self, message: Message, source: str = SOURCE, **options: Any) -> Outcome | None:
        """Says `message`, lets the registry work, and returns the outcome, if there is one yet."""
        return self.outcome(self.send(message, source=source, **options), settle=True)

    def send(self, message: Message, source: str = SOURCE, **options: Any) -> str:
        """Says `message` as a partner does, whose records of one actor have one key."""
        if message.ce_type.startswith("impulse.partner."):
            options.setdefault("key", f"{source}|{message.key}")
        return self.say(message, source=source, **options)

    def outcome(self, message_id: str, settle: bool = False) -> Outcome | None:
        """What became of a message; None while it is open, AssertionError if it has two."""
        if settle:
            self.settle()
        found = [heard.data for heard in self.heard(Outcome) if heard.data.command_id == message_id]
        assert len(found) <= 1
        return found[0] if found else None

    def refused(self, message: Message, reason: Reason, **options: Any) -> None:
        """Tells `message` and checks that it is refused for `reason`, and that nothing is said."""
        before = self.facts()
        outcome = self.tell(message, **options)
        assert outcome is not None, "no outcome"
        assert outcome.reason is reason
        assert outcome.aggregate_id is None
        assert "{" not in outcome.message.de + outcome.message.en
        assert self.facts() == before

    def accepted(self, message: Message, **options: Any) -> Outcome:
        """Tells `message` and checks that it is accepted."""
        outcome = self.tell(message, **options)
        assert outcome is not None, "no outcome"
        assert outcome.reason is None, outcome.message.en
        return outcome

    def facts(self) -> list[str]:
        """The types of all facts, key by key in their order; `tombstone` for a tombstone."""
        return [
            _type(record)
            for (topic, _), records in sorted(self.log.records.items())
            if topic in FACTS
            for record in records
        ]

    def short(self) -> list[str]:
        """As `facts`, without what they all begin with."""
        return [fact.removeprefix("impulse.registry.").removesuffix(".v1") for fact in self.facts()]

    def timers(self) -> int:
        """How many timers are set, besides the sweep that always is and the look for duplicates."""
        with self.engine.connect() as connection:
            counted = text(
                "SELECT count(*) FROM timer"
                " WHERE key <> 'actors' AND ce_type NOT LIKE '%look_for_duplicates%'"
            )
            return int(connection.execute(counted).scalar_one())

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        with self.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _type(record: StoredRecord) -> str:
    if record.value is None:
        return "tombstone"
    headers = dict(record.headers)
    return (headers["ce_type"] or b"").decode()


FACTS = ("impulse.actors", "impulse.listings", "impulse.memberships", "impulse.people")
