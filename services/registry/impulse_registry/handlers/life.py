"""Commands on evidence, confirmation and suspension of actors, and what time does to actors."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.codes import ActorStatus, EvidenceState
from impulse_contracts.partner import ActorReported, ListingReported
from impulse_contracts.registry.actors import ActorReactivated, ActorState, ChangeActor
from impulse_contracts.registry.life import (
    ActorConfirmed,
    ActorEvidenceSubmitted,
    ActorSuspended,
    ActorVerificationRejected,
    ActorVerified,
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
    SweepActors,
)
from impulse_contracts.registry.listings import (
    ChangeListing,
    ConfirmListing,
    CopyListing,
    PublishListing,
)
from impulse_registry.domain import evidence, identity
from impulse_registry.domain import life as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.principals import demand
from impulse_registry.handlers import naming
from impulse_registry.handlers.common import hear, principal, read_principals, standing_id
from impulse_registry.handlers.keeping import say
from impulse_registry.handlers.keeping_listings import (
    follow_actor,
    last_confirmed,
    lock_names_of,
    patience,
)
from impulse_registry.settings import Settings
from impulse_registry.store.actors import actors
from impulse_registry.store.history import forget_before
from impulse_registry.store.keys import keys
from impulse_registry.store.listings import listings, lock_visible_listings
from impulse_registry.store.network import PORTION, known, lock_due, postpone

SWEEP_EVERY = timedelta(minutes=10)
"""How often the sweep looks, when there is no more than a portion to do."""

handlers = Handlers()


# ------------------------------------------------------------------------------- commands


@handlers.load(SubmitEvidence, CheckEvidence, ConfirmActor, SuspendActor, ReactivateActor)
def load_commands(tx: Transaction, messages: Messages) -> None:
    """The actors, and who asks."""
    actors.lock(tx, {message.data.actor_id for message in messages})
    read_principals(tx, messages)


@handlers.load(
    ActorReported,
    ChangeActor,
    ConfirmActor,
    ReactivateActor,
    ListingReported,
    PublishListing,
    ChangeListing,
    ConfirmListing,
    CopyListing,
)
def load_listings_of_hidden(tx: Transaction, _: Messages) -> None:
    """The listings of those actors that may come back in sight, or back to a partner that withdrew
    them; nothing where there are none."""
    hidden = (ActorStatus.STALE, ActorStatus.SUSPENDED, ActorStatus.ARCHIVED)
    ids = {actor.actor_id for actor in actors.loaded(tx, lambda each: each.status in hidden)}
    ids |= {name.subject_id for name in keys.loaded(tx, lambda each: each.gone)}
    if ids:
        lock_visible_listings(tx, ids)
        lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in ids))


@handlers.load(SuspendActor)
def load_listings_of_suspended(tx: Transaction, messages: Messages) -> None:
    """The listings that go out of sight with their actors, and what these rest on."""
    ids = {standing_id(tx, each.data.actor_id) for each in messages}
    lock_visible_listings(tx, ids)
    lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in ids))


@handlers.on(SubmitEvidence)
def submit_evidence(tx: Transaction, command: SubmitEvidence) -> Actor:
    """Notes evidence that an actor names."""
    demand(principal(tx).may_manage(standing_id(tx, command.actor_id)))
    before = actors.require(tx, command.actor_id)
    after = rules.submit_evidence(before, command, tx.now)
    return _keep(tx, before, after, ActorEvidenceSubmitted)


@handlers.on(CheckEvidence)
def check_evidence(tx: Transaction, command: CheckEvidence) -> Actor:
    """Notes what came of checking evidence: an intermediary does that, or the operator."""
    asking = principal(tx)
    demand(asking.is_staff)
    before = actors.require(tx, command.actor_id)
    checked_by = None if asking.is_operator else asking.broker_at
    after = rules.check_evidence(before, command, checked_by, tx.now)
    checked = evidence.find(after.evidence, command.evidence_id)
    accepted = checked is not None and checked.state is EvidenceState.ACCEPTED
    return _keep(tx, before, after, ActorVerified if accepted else ActorVerificationRejected)


@handlers.load(ConfirmActor)
def load_said_by_hand(tx: Transaction, messages: Messages) -> None:
    """What was said of the actors by hand, and what else they rest on."""
    actor_ids = {standing_id(tx, message.data.actor_id) for message in messages}
    keys.lock(tx, {identity.hand_key(actor_id) for actor_id in actor_ids})
    naming.read_names(tx, actor_ids)


@handlers.on(ConfirmActor)
def confirm_actor(tx: Transaction, command: ConfirmActor) -> Actor:
    """Confirms that an actor is current; its own people confirm what stands about it."""
    asking = principal(tx)
    actor_id = standing_id(tx, command.actor_id)
    demand(asking.may_manage(actor_id))
    before = actors.require(tx, actor_id)
    by_party = asking.speaks_for(actor_id)
    after = rules.confirm(before, command, by_party, tx.now)
    if by_party and command.channel is None:
        names = naming.names_of(tx, before)
        heard = rules.confirmed_by_party(before, names)
        for name, now in zip(names, heard, strict=True):
            hear(tx, name, now)
        after = rules.resting_on(after, heard)
    return _keep(tx, before, after, ActorConfirmed)


@handlers.on(SuspendActor)
def suspend_actor(tx: Transaction, command: SuspendActor) -> Actor:
    """Takes an actor out of sight."""
    demand(principal(tx).is_staff)
    before = actors.require(tx, command.actor_id)
    return _keep(tx, before, rules.suspend(before, command.reason), ActorSuspended)


@handlers.on(ReactivateActor)
def reactivate_actor(tx: Transaction, command: ReactivateActor) -> Actor:
    """Lifts a suspension."""
    demand(principal(tx).is_staff)
    before = actors.require(tx, command.actor_id)
    return _keep(tx, before, rules.reactivate(before, tx.now), ActorReactivated)


# ----------------------------------------------------------------------------------- time


@handlers.load(SweepActors)
def load_due(tx: Transaction, _: Messages) -> None:
    """The actors that the clock changes, what was heard of them, and their listings.

    Those that it would have changed by now under a patience that was set before wait on: else the
    sweep would find them again and again, and nobody after them. What was kept long enough of what
    does not stand is deleted.
    """
    settings: Settings = tx.settings
    known(tx).more = forget_before(tx, tx.now - timedelta(days=settings.history_days))
    lock_due(tx, tx.now)
    due = _due(tx)
    moments = {each.actor_id: rules.due_at(each, patience(tx)) for each in due}
    postpone(tx, {key: at for key, at in moments.items() if at is None or at > tx.now})
    ids = {actor.actor_id for actor in due}
    naming.read_names(tx, ids)
    lock_visible_listings(tx, ids)
    lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in ids))


@handlers.on(SweepActors)
def sweep_actors(tx: Transaction, timer: SweepActors) -> None:
    """Makes of each actor what the clock makes of it, a portion at a time."""
    due = _due(tx)
    known(tx).due = []
    heard = _heard(tx, due)
    for before in due:
        states = rules.pass_time(before, heard[before.actor_id], tx.now, patience(tx))
        for fact, after in states:
            before = _keep(tx, before, after, fact)
    more = known(tx).more or len(due) == PORTION
    tx.schedule(timer, at=tx.now + (timedelta(0) if more else SWEEP_EVERY))


# ------------------------------------------------------------------------------- the parts


def _keep(tx: Transaction, before: Actor, after: Actor, fact: type[ActorState]) -> Actor:
    """Keeps and publishes a state; the actor's listings go out of sight with it, and come back."""
    kept = say(tx, before, after, fact)
    follow_actor(tx, before, kept)
    return kept


def _heard(tx: Transaction, due: Sequence[Actor]) -> dict[UUID, list[datetime]]:
    """When actors or their listings were heard of last."""
    heard: dict[UUID, list[datetime]] = {}
    for actor in due:
        names = naming.names_of(tx, actor)
        heard[actor.actor_id] = [key.reported_at for key in names if key.reported_at]
    for listing in listings.loaded(tx, lambda each: each.actor_id in heard):
        heard[listing.actor_id].append(last_confirmed(tx, listing))
    return heard


def _due(tx: Transaction) -> list[Actor]:
    return [actor for each in known(tx).due if (actor := actors.get(tx, each)) is not None]
