"""For which organisation somebody books or asks: one of their own, or for staff any."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors
from impulse_gateway.web import reading
from impulse_gateway.web.problems import Problem


class Choice(NamedTuple):
    """The organisation that was chosen, or those to choose from; `for_others`: what it says is
    recorded on its behalf."""

    actor: ActorState | None
    own: list[ActorState]
    for_others: bool = False


def choose(connection: Connection, viewer: Viewer, actor_id: UUID | None, q: str = "") -> Choice:
    """An organisation that the viewer may bind; without one those to choose from, for staff also
    those that they search for. Who has but one does not choose. Raises `Problem`."""
    own = [each for each in viewer.actors if viewer.answers_for(each)]
    if actor_id is None and len(own) == 1 and not viewer.sees_all:
        actor_id = own[0]
    if actor_id is None:
        searched = viewer.sees_all and q
        found = actors.search(connection, q=q).items if searched else []
        return Choice(None, found or list(actors.by_id(connection, own).values()))
    if not viewer.answers_for(actor_id):
        raise Problem.not_allowed()
    actor = reading.actor(connection, viewer, actor_id)
    return Choice(
        actor,
        list(actors.by_id(connection, own).values()),
        viewer.acts_for_others(actor.actor_id),
    )
