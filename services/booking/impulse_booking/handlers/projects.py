"""Projects of editions: submitted, claimed once, and given back; a cooperation comes of a claim."""

from collections import Counter
from contextlib import suppress
from uuid import UUID

from impulse_booking.domain import projects as rules
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.editions import Edition, day_id
from impulse_booking.domain.opening import from_project
from impulse_booking.domain.projects import Project
from impulse_booking.domain.registration import COMPANIES, NONPROFITS, demand_registered
from impulse_booking.domain.steps import Said, end
from impulse_booking.handlers.asking import (
    demand_acts_for,
    demand_acts_for_party,
    goes_on_as,
    known_actor,
    read_people,
)
from impulse_booking.handlers.keeping_cooperations import demand_past, keep
from impulse_booking.settings import Settings
from impulse_booking.store.bookings import bookings, found_by, read_of_parties
from impulse_booking.store.cooperations import cooperations
from impulse_booking.store.editions import (
    claimed_for,
    editions,
    free_at,
    lock_claimed_for,
    lock_free,
    projects,
)
from impulse_booking.store.people import read_actors
from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.booking.cooperation_codes import CooperationStep, NotRedeemedReason
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    DeclineCooperation,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperations import (
    CooperationCancelled,
    CooperationFact,
    CooperationOpened,
    CooperationWithdrawn,
)
from impulse_contracts.booking.edition_codes import ProjectState
from impulse_contracts.booking.editions import CancelEdition
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ProjectChanged,
    ProjectClaimed,
    ProjectFact,
    ProjectReleased,
    ProjectSubmitted,
    ProjectWithdrawn,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_contracts.codes import Direction
from impulse_contracts.reasons import Reason

LATER = (ChangeProject, WithdrawProject, ClaimProject, ReleaseProject)
handlers = Handlers()


@handlers.load(SubmitProject, *LATER)
def load_projects(tx: Transaction, messages: Messages) -> None:
    """The projects, their editions and organisations, what those have booked, and who asks."""
    data = [message.data for message in messages]
    projects.lock(tx, {each.project_id for each in data})
    submitted = [each for each in data if isinstance(each, SubmitProject)]
    known = projects.loaded(tx, lambda _: True)
    named: list[SubmitProject | Project] = [*submitted, *known]
    of = {each.project_id: each.edition_id for each in named}
    editions.read(tx, {each.edition_id for each in named})
    asking = [each for each in data if isinstance(each, (SubmitProject, ClaimProject))]
    sides = {actor_id for each in known for actor_id in (each.actor_id, each.claimed_by)}
    read_actors(tx, {each for each in sides if each} | {each.actor_id for each in asking})
    read_of_parties(
        tx,
        {
            (actor_id, day_id(of[each.project_id]))
            for each in asking
            for actor_id in (each.actor_id, goes_on_as(tx, each.actor_id))
            if each.project_id in of
        }
        | {
            (actor_id, day_id(each.edition_id))
            for each in known
            for actor_id in (each.actor_id, goes_on_as(tx, each.actor_id))
        },
    )
    read_people(tx, messages)


@handlers.load(ClaimProject, ReleaseProject)
def load_cooperations(tx: Transaction, messages: Messages) -> None:
    """The cooperations that came of the projects, and those that may come of them in this batch."""
    may_come: set[UUID] = set()
    for project_id, times in Counter(each.data.project_id for each in messages).items():
        project = projects.get(tx, project_id)
        claims = project.claims if project else 0
        may_come |= {rules.cooperation_id(project_id, claims + each) for each in range(times + 1)}
    cooperations.lock(tx, may_come)
    came = cooperations.loaded(tx, lambda each: each.cooperation_id in may_come)
    read_actors(
        tx, {actor_id for each in came for actor_id in (each.need_actor_id, each.offer_actor_id)}
    )


@handlers.load(DeclineCooperation, WithdrawCooperation, CancelCooperation)
def load_claimed(tx: Transaction, messages: Messages) -> None:
    """The projects of which the cooperations came, and their editions."""
    lock_claimed_for(tx, {message.data.cooperation_id for message in messages})
    editions.read(tx, {each.edition_id for each in projects.loaded(tx, lambda _: True)})


@handlers.on(SubmitProject)
def submit_project(tx: Transaction, command: SubmitProject) -> Project:
    """A non-profit offers a project. Waits for the organisation."""
    actor = known_actor(tx, command.actor_id)
    demand_acts_for(tx, actor.actor_id, command.on_behalf)
    demand_past(tx, command.on_behalf)
    edition = editions.require(tx, command.edition_id)
    if projects.get(tx, command.project_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=projects.subject)
    submitted = rules.submit(command, actor.actor_id, edition, tx.now)
    _demand_registered(tx, edition, {actor.actor_id, command.actor_id}, NONPROFITS)
    return _keep(tx, submitted, ProjectSubmitted)


@handlers.on(ChangeProject)
def change_project(tx: Transaction, command: ChangeProject) -> Project:
    """Changes what it says."""
    return _keep(tx, rules.change(_own(tx, command), command), ProjectChanged)


@handlers.on(WithdrawProject)
def withdraw_project(tx: Transaction, command: WithdrawProject) -> Project:
    """Takes it back."""
    return _keep(tx, rules.withdraw(_own(tx, command)), ProjectWithdrawn)


@handlers.on(ClaimProject)
def claim_project(tx: Transaction, command: ClaimProject) -> Project:
    """A company takes it, and a cooperation begins. Waits for the organisation."""
    actor = known_actor(tx, command.actor_id)
    demand_acts_for(tx, actor.actor_id, command.on_behalf)
    demand_past(tx, command.on_behalf)
    before = projects.require(tx, command.project_id)
    edition = editions.require(tx, before.edition_id)
    _demand_registered(tx, edition, {actor.actor_id, command.actor_id}, COMPANIES)
    after = rules.claim(before, edition, actor.actor_id, tx.now)
    nonprofit_id = goes_on_as(tx, before.actor_id)
    _demand_registered(tx, edition, {nonprofit_id, before.actor_id}, NONPROFITS)
    settings: Settings = tx.settings
    begun = from_project(after, nonprofit_id, actor.actor_id, tx.now, settings.redeem_months)
    keep(tx, begun, CooperationOpened)
    return _keep(tx, after, ProjectClaimed)


@handlers.on(ReleaseProject)
def release_project(tx: Transaction, command: ReleaseProject) -> Project:
    """The company gives it back, and the cooperation ends."""
    before = projects.require(tx, command.project_id)
    # Nobody speaks for a company that is not there; that nobody has it is said to its own people.
    speaks_for = before.claimed_by or before.actor_id
    demand_acts_for_party(tx, speaks_for, command.on_behalf)
    demand_past(tx, command.on_behalf)
    after = rules.release(before, editions.require(tx, before.edition_id), tx.now)
    held = cooperations.require(tx, rules.cooperation_id(before.project_id, before.claims))
    step, fact = _ENDS[held.number is not None]
    said = Said(tx.now, Direction.OFFER, command.on_behalf)
    keep(tx, end(held, step, said, NotRedeemedReason.COMPANY_WITHDREW), fact)
    return _keep(tx, after, _FACTS[after.state])


_FACTS: dict[ProjectState, type[ProjectFact]] = {
    ProjectState.FREE: ProjectReleased,
    ProjectState.WITHDRAWN: ProjectWithdrawn,
}
_GONE = (NotRedeemedReason.NEED_GONE, NotRedeemedReason.NONPROFIT_WITHDREW)
"""Why a project is not to be claimed again."""
_ENDS: dict[bool, tuple[CooperationStep, type[CooperationFact]]] = {
    False: (CooperationStep.WITHDRAWN, CooperationWithdrawn),
    True: (CooperationStep.CANCELLED, CooperationCancelled),
}
"""How a claim ends, before anything is agreed and after it."""


def free_project(tx: Transaction, ended: Cooperation) -> None:
    """The project of a cooperation that ended before it was carried out can be claimed again, if
    there is still time for that; it is withdrawn, if there is no need for it any more."""
    for project in projects.naming(tx, claimed_for, ended.cooperation_id):
        edition = editions.require(tx, project.edition_id)
        if ended.steps[-1].reason in _GONE:
            _keep(tx, rules.give_up(project), ProjectWithdrawn)
            continue
        with suppress(Refused):
            after = rules.release(project, edition, tx.now)
            _keep(tx, after, _FACTS[after.state])


@handlers.load(CancelEdition)
def load_free(tx: Transaction, messages: Messages) -> None:
    """The projects of the editions that nobody has claimed."""
    lock_free(tx, {message.data.edition_id for message in messages})


def withdraw_free(tx: Transaction, edition_id: UUID) -> None:
    """There is no day for the projects that nobody has claimed; a cooperation that came of a claim
    goes on without it."""
    for project in projects.naming(tx, free_at, edition_id):
        _keep(tx, rules.give_up(project), ProjectWithdrawn)


def _own(tx: Transaction, command: ChangeProject | WithdrawProject) -> Project:
    """The project. Refuses with `not_found`, or `not_allowed` who is not of the organisation."""
    before = projects.require(tx, command.project_id)
    demand_acts_for_party(tx, before.actor_id, command.on_behalf)
    demand_past(tx, command.on_behalf)
    return before


def _demand_registered(tx: Transaction, edition: Edition, ids: set[UUID], side: str) -> None:
    own = [each for actor in ids for each in bookings.naming(tx, found_by, ("actor", actor))]
    demand_registered((each for each in own if each.session_id == edition.session_id), side)


def _keep(tx: Transaction, project: Project, fact: type[ProjectFact]) -> Project:
    tx.publish(fact.of(projects.put(tx, project)))
    return project
