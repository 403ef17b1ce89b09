"""People who register the organisation that is theirs, and that nobody knew."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.people import MembershipGranted
from impulse_registry.domain import joining as rules
from impulse_registry.domain.people import Memberships
from impulse_registry.domain.principals import demand
from impulse_registry.handlers import naming
from impulse_registry.store.actors import actors
from impulse_registry.store.people import memberships, people

handlers = Handlers()

KNOWN = (
    "Eine Organisation dieses Namens an diesem Ort",
    "An organisation of this name at this place",
)


@handlers.load(RegisterActor)
def load_founders(tx: Transaction, messages: Sequence[Received[RegisterActor]]) -> None:
    """Who asks, held so that nobody is forgotten meanwhile."""
    people.lock(tx, {each.attributes.person_id for each in messages if each.attributes.person_id})


def found(tx: Transaction, command: RegisterActor) -> None:
    """Makes whoever asks the administrator of the actor that they register.

    Refuses with `already_exists` what is known already: that has to be claimed, and somebody
    decides on the claim.
    """
    person_id = tx.attributes.person_id
    demand(person_id is not None and people.get(tx, person_id) is not None)
    assert person_id is not None
    held = memberships.get(tx, person_id) or Memberships(person_id=person_id)
    founded = rules.found(held, command.actor_id, rules.day_of(tx.now))
    if actors.get(tx, command.actor_id) is not None or naming.known_by(tx, command):
        raise Refused(Reason.ALREADY_EXISTS, subject=KNOWN)
    tx.publish(MembershipGranted.of(memberships.put(tx, founded)))
