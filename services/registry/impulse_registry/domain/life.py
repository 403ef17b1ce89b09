"""The life of an actor: evidence checked, confirmed, reminded, stale, suspended, back again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import ActorStatus, SuspensionReason
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorConfirmed,
    ActorEvidenceDueSoon,
    ActorEvidenceEnded,
    ActorMarkedStale,
    CheckEvidence,
    ConfirmActor,
    SubmitEvidence,
)
from impulse_registry.domain import evidence as rules
from impulse_registry.domain.actors import Actor, back, heard
from impulse_registry.domain.freshness import BERLIN, Patience, end_of
from impulse_registry.domain.identity import IdentityKey, hand_key
from impulse_registry.domain.records import standing

IN_SIGHT = frozenset({ActorStatus.REGISTERED, ActorStatus.VERIFIED})
ALIVE = IN_SIGHT | {ActorStatus.STALE}
RENEW_BEFORE = timedelta(days=60)
"""How long before its evidence ends an actor's people are told."""

State = tuple[type[ActorState], Actor]
"""A state and the fact that it is."""


# ------------------------------------------------------------------------------ evidence


def submit_evidence(actor: Actor, command: SubmitEvidence, now: datetime) -> Actor:
    """The actor with evidence that it names. Raises `wrong_state`, `date_in_future`."""
    actor.require_active()
    return actor.evolve(evidence=rules.submit(actor.evidence, command, day_of(now)))


def check_evidence(
    actor: Actor, command: CheckEvidence, checked_by: UUID | None, now: datetime
) -> Actor:
    """The actor with evidence checked: verified while some was accepted.

    Raises `own_evidence` where the intermediary is the actor itself.
    """
    actor.require_active()
    if checked_by == actor.actor_id:
        raise Refused(Reason.OWN_EVIDENCE)
    today = day_of(now)
    found = rules.check(actor.evidence, command, checked_by, today)
    return proven(actor.evolve(evidence=found), today)


def proven(actor: Actor, today: date) -> Actor:
    """The same version, as its evidence has it: verified while some was accepted, if in sight."""
    ended = rules.has_ended(actor.evidence, today, actor.inherited)
    status = back(actor) if actor.status in IN_SIGHT else actor.status
    return actor.model_copy(update={"needs_renewal": ended, "status": status})


# ---------------------------------------------------------------------------- confirmation


def confirm(actor: Actor, command: ConfirmActor, by_party: bool, now: datetime) -> Actor:
    """The actor confirmed, and in sight if it was stale. Raises `wrong_state`, `date_in_future`.

    A broker says through which channel its people confirmed it (`channel_missing`).
    """
    require_alive(actor)
    if not by_party and command.channel is None:
        raise Refused(Reason.CHANNEL_MISSING)
    if command.said_on is not None and command.said_on > day_of(now):
        raise Refused(Reason.DATE_IN_FUTURE)
    return actor.evolve(confirmed_at=max(now, actor.confirmed_at), status=back(actor))


def confirmed_by_party(actor: Actor, names: Sequence[IdentityKey]) -> list[IdentityKey]:
    """What was said under `names`, in the same order, after the actor's own people confirmed it.

    What was recorded for them stands for them as a whole, of what others said that which stands.
    """
    hand = hand_key(actor.actor_id)
    own = [each.confirmed() if each.key == hand else each for each in names]
    alive, _ = heard(own)
    stands = standing(alive) if alive else {}
    return [each.confirmed_where(stands) for each in own] if alive else own


def resting_on(actor: Actor, names: Sequence[IdentityKey]) -> Actor:
    """The same version, as what was said under `names` has it now that its people confirmed it."""
    alive, _ = heard(names)
    return actor.model_copy(update=standing(alive)) if alive else actor


# ------------------------------------------------------------------------------ suspension


def suspend(actor: Actor, reason: SuspensionReason) -> Actor:
    """The actor out of sight. Raises `wrong_state` unless it is alive."""
    require_alive(actor)
    return actor.evolve(status=ActorStatus.SUSPENDED, suspended_for=reason)


def reactivate(actor: Actor, now: datetime) -> Actor:
    """The actor in sight again, and confirmed. Raises `wrong_state` unless it is suspended."""
    if actor.status is not ActorStatus.SUSPENDED:
        raise Refused(Reason.WRONG_STATE, state=(actor.status.de, actor.status.en))
    lifted = actor.evolve(suspended_for=None, confirmed_at=max(now, actor.confirmed_at))
    return lifted.model_copy(update={"status": back(lifted)})


def require_alive(actor: Actor) -> None:
    """Refuses with `wrong_state` when it is suspended, archived or merged."""
    if actor.status not in ALIVE:
        raise Refused(Reason.WRONG_STATE, state=(actor.status.de, actor.status.en))


# ------------------------------------------------------------------------------------ time


def due_at(actor: Actor, patience: Patience) -> datetime | None:
    """When the clock changes the actor next, if nobody does before; None: never."""
    moments = [*_confirmation_due(actor, patience), *_renewal_due(actor)]
    return min(moments, default=None)


def sign_of_life(actor: Actor, at: datetime, now: datetime, patience: Patience) -> Actor | None:
    """The stale actor in sight again, because somebody said something of its listings at `at`.

    None if it is not stale, or that is too long ago.
    """
    if actor.status is not ActorStatus.STALE or at + patience.stale_after <= now:
        return None
    return actor.evolve(status=back(actor), confirmed_at=max(at, actor.confirmed_at))


def pass_time(
    actor: Actor, moments: Iterable[datetime], now: datetime, patience: Patience
) -> tuple[State, ...]:
    """What the clock made of the actor until `now`, each state with its fact.

    `moments` are when partners reported it or its listings: what said nothing new confirms it,
    too. Nobody goes stale who was not reminded long enough before.
    """
    states: list[State] = []

    def follow(fact: type[ActorState], **changes: object) -> None:
        nonlocal actor
        actor = actor.evolve(**changes)
        states.append((fact, actor))

    latest = max(moments, default=actor.confirmed_at)
    due = min(_confirmation_due(actor, patience), default=now + timedelta(days=1))
    if due <= now and latest > actor.confirmed_at:
        follow(ActorConfirmed, confirmed_at=latest)
        due = min(_confirmation_due(actor, patience))
    if due <= now:
        if _is_reminded(actor):
            follow(ActorMarkedStale, status=ActorStatus.STALE)
        else:
            follow(ActorConfirmationDue, reminded_at=now)
    until = rules.holds_until(actor.evidence)
    if any(moment <= now for moment in _renewal_due(actor)):
        if rules.has_ended(actor.evidence, day_of(now), actor.inherited):
            follow(ActorEvidenceEnded, needs_renewal=True, renewal_told=until)
        else:
            follow(ActorEvidenceDueSoon, renewal_told=until)
    return tuple(states)


def _is_reminded(actor: Actor) -> bool:
    return actor.reminded_at is not None and actor.reminded_at >= actor.confirmed_at


def _confirmation_due(actor: Actor, patience: Patience) -> list[datetime]:
    if actor.status not in IN_SIGHT:
        return []
    if actor.reminded_at is None or not _is_reminded(actor):
        return [actor.confirmed_at + patience.remind_after]
    margin = patience.remind_before
    return [max(actor.confirmed_at + patience.stale_after, actor.reminded_at + margin)]


def _renewal_due(actor: Actor) -> list[datetime]:
    """When its evidence ends, and when its people are told before; of what it inherits its bearer's
    people are told."""
    until = rules.holds_until(actor.evidence, actor.inherited)
    if actor.status not in ALIVE or until is None or until == date.max or actor.needs_renewal:
        return []
    ended = end_of(until)
    told = actor.renewal_told == until or until != rules.holds_until(actor.evidence)
    return [ended if told else ended - RENEW_BEFORE]


# ------------------------------------------------------------------------------- the parts


def day_of(moment: datetime) -> date:
    """The day in the Ruhr area."""
    return moment.astimezone(BERLIN).date()
