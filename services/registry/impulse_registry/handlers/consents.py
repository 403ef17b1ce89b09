"""Commands on consents, and on a person's own details."""

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.registry.consents import ForgetConsents, GiveConsent, WithdrawConsent
from impulse_contracts.registry.people import (
    ChangeDetails,
    PersonConsentGiven,
    PersonConsentWithdrawn,
    PersonContactChanged,
    PersonState,
)
from impulse_registry.domain import consents as rules
from impulse_registry.domain import people as person_rules
from impulse_registry.domain.people import Person
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import principal, read_principals
from impulse_registry.store.people import people

handlers = Handlers()


@handlers.load(GiveConsent, WithdrawConsent, ChangeDetails)
def load_people(tx: Transaction, messages: Messages) -> None:
    """The people, and who asks."""
    people.lock(tx, {message.data.person_id for message in messages})
    read_principals(tx, messages)


@handlers.load(ForgetConsents)
def load_ended(tx: Transaction, messages: Messages) -> None:
    """The people."""
    people.lock(tx, {message.data.person_id for message in messages})


@handlers.on(GiveConsent)
def give_consent(tx: Transaction, command: GiveConsent) -> Person:
    """Keeps that a person agreed; brokers record what they were told."""
    demand(principal(tx).is_self_or_staff(command.person_id))
    person = people.require(tx, command.person_id)
    given = rules.give(person, command.purpose, command.text_version, command.channel, tx.now)
    return _keep(tx, person, given, PersonConsentGiven)


@handlers.on(WithdrawConsent)
def withdraw_consent(tx: Transaction, command: WithdrawConsent) -> Person:
    """Keeps that a person withdrew; as easy as giving."""
    demand(principal(tx).is_self_or_staff(command.person_id))
    person = people.require(tx, command.person_id)
    withdrawn = rules.withdraw(person, command.purpose, tx.now)
    return _keep(tx, person, withdrawn, PersonConsentWithdrawn)


@handlers.on(ChangeDetails)
def change_details(tx: Transaction, command: ChangeDetails) -> Person:
    """Corrects a person's name, telephone number or language, for themselves."""
    demand(principal(tx).is_self(command.person_id))
    person = people.require(tx, command.person_id)
    return _keep(tx, person, person_rules.change(person, command, tx.now), PersonContactChanged)


@handlers.on(ForgetConsents)
def forget_consents(tx: Transaction, timer: ForgetConsents) -> None:
    """Deletes the consents of a person that were proof long enough."""
    person = people.get(tx, timer.person_id)
    if person is not None:
        _keep(tx, person, rules.forget(person, tx.now), PersonConsentWithdrawn)


def _keep(
    tx: Transaction, person: Person, changed: Person | None, fact: type[PersonState]
) -> Person:
    """Keeps and publishes a person's next state; consents that ended go when their time is over."""
    if changed is None:
        return person
    people.put(tx, changed)
    tx.publish(fact.of(changed))
    if (at := rules.forget_at(changed)) is not None:
        tx.schedule(ForgetConsents(person_id=changed.person_id), at=at)
    return changed
