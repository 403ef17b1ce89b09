"""What happens to actors without people, gathered for those who look after them.

They are told once a day, in one message: after an import of thousands, one message for each actor
would bury them.
"""

from collections.abc import Container, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.codes import ActorStatus, Direction
from impulse_contracts.registry.actors import ActorState
from impulse_notifications.domain.message import Concern, Matter, Template
from impulse_notifications.domain.notice import NEWS, Notice, Telling, standing

OPERATOR = UUID(int=0)
"""Stands for the operator's people, who look after actors that nobody else is in charge of."""
LISTED = 100
"""How many concerns a digest lists; the rest it counts."""

_TOLD_AT = time(7)
_ZONE = ZoneInfo("Europe/Berlin")
_UNCONFIRMED = frozenset({Template.ACTOR_UNCONFIRMED, Template.ACTOR_STALE})
_CONCERNS = _UNCONFIRMED | {Template.EVIDENCE_ENDS}
_IN_USE = frozenset({ActorStatus.REGISTERED, ActorStatus.VERIFIED, ActorStatus.STALE})


class Standing(NamedTuple):
    """What of an actor, as it is now, tells whether a concern about it is over."""

    status: str
    confirmed_at: datetime


class Digest(Aggregate, key="reader_id"):
    """What the people of the intermediary `reader_id`, or of `OPERATOR`, are told next."""

    reader_id: UUID
    concerns: tuple[Concern, ...] = ()
    more: int = 0


def reader_of(fact: Telling, notice: Notice) -> UUID | None:
    """Who looks after the actor, should it have no people; None: it is for its people alone."""
    if isinstance(fact, ActorState) and notice.template in _CONCERNS:
        return fact.in_charge or OPERATOR
    return None


def gather(
    digest: Digest | None, reader_id: UUID, fact: ActorState, template: Template, since: datetime
) -> Digest:
    """The digest with what `fact` says of its actor; what it lists already it lists once."""
    known = digest or Digest(version=0, reader_id=reader_id)
    name = fact.display_name or fact.legal_name
    concern = Concern(
        actor_id=fact.actor_id,
        name=name,
        template=template,
        since=since,
        confirmed_at=fact.confirmed_at,
    )
    others = tuple(each for each in known.concerns if not _same(each, concern))
    if len(others) == LISTED:
        return known.evolve(more=known.more + 1)
    return known.evolve(concerns=(*others, concern))


def _same(one: Concern, other: Concern) -> bool:
    return (one.actor_id, one.template) == (other.actor_id, other.template)


def is_over(concern: Concern, standing: Standing | None) -> bool:
    """Whether an actor, as it is now, was confirmed meanwhile, or is not in use any more."""
    if standing is None:
        return False
    known = concern.confirmed_at
    confirmed = known is not None and standing.confirmed_at > known
    return standing.status not in _IN_USE or (concern.template in _UNCONFIRMED and confirmed)


def told_by(
    digest: Digest,
    attended: Container[UUID],
    standings: Mapping[UUID, Standing],
    cause_id: str,
    now: datetime,
) -> Notice | None:
    """What the digest says, if anything is left to say.

    Actors that have got people meanwhile are left to them; what is over, or old news, is none.
    """
    left = tuple(
        each
        for each in digest.concerns
        if each.actor_id not in attended
        and now < each.since + NEWS
        and not is_over(each, standings.get(each.actor_id))
    )
    if not left:
        return None
    matter = Matter(
        side=Direction.NEED,
        actor_id=digest.reader_id,
        concerns=left,
        more=digest.more,
        path="/inbox",
    )
    return standing(Template.DIGEST, matter, cause_id, now, now)


def next_digest(now: datetime) -> datetime:
    """When what is gathered at `now` is told: the next morning at seven, by the clock here."""
    today = datetime.combine(now.astimezone(_ZONE), _TOLD_AT, _ZONE)
    if now < today:
        return today
    return datetime.combine(today + timedelta(days=1), _TOLD_AT, _ZONE)
