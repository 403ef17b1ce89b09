"""What commands on cooperations need, and keeping what was decided on them."""

from uuid import UUID

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.domain.reminding import next_look
from impulse_booking.domain.steps import Said
from impulse_booking.handlers.asking import (
    demand_acts_for,
    demand_acts_for_party,
    demand_own,
    goes_on_as,
    read_people,
)
from impulse_booking.settings import Settings
from impulse_booking.store.cooperations import cooperations
from impulse_booking.store.people import actors, memberships, read_actors
from impulse_chassis import Messages, Refused, Transaction
from impulse_contracts.booking.agreements import Entry, Terms
from impulse_contracts.booking.cooperation_commands import CooperationCommand
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    AgreementSigned,
    CooperationAgreed,
    CooperationCancelled,
    CooperationDeclined,
    CooperationEntered,
    CooperationFact,
    CooperationNotRedeemed,
    CooperationOpened,
    CooperationWithdrawn,
    RemindOfCooperation,
)
from impulse_contracts.booking.editions import AdvanceEdition
from impulse_contracts.codes import Direction
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.rights import belongs_to

_COUNT = frozenset(
    {
        CooperationOpened,
        CooperationEntered,
        AgreementDrafted,
        AgreementSigned,
        CooperationAgreed,
        CooperationDeclined,
        CooperationWithdrawn,
        CooperationCancelled,
        CooperationNotRedeemed,
    }
)
"""What may change the results of an edition: whether it is agreed, open, and signed by both."""


def load_cooperations(tx: Transaction, messages: Messages) -> None:
    """Locks the cooperations, and reads their organisations and who asks."""
    cooperations.lock(tx, {message.data.cooperation_id for message in messages})
    known = cooperations.loaded(tx, lambda _: True)
    read_actors(tx, {actor_id for each in known for actor_id in _sides(each)})
    read_people(tx, messages)


def asked(tx: Transaction, command: CooperationCommand) -> tuple[Cooperation, Said]:
    """The cooperation, and who says something of it. Refuses with `not_found`, and with
    `not_allowed` who is neither of that side nor a broker; with `channel_missing` a broker who
    speaks for a side and does not say how it told them."""
    before = cooperations.require(tx, command.cooperation_id)
    if command.side is None:
        demand_acts_for(tx, before.need_actor_id, command.on_behalf, for_brokers=True)
    else:
        demand_acts_for_party(tx, before.actor_of(command.side), command.on_behalf)
        if command.on_behalf is None:
            demand_own(tx, before.actor_of(command.side))
    demand_past(tx, command.on_behalf)
    return before, Said(tx.now, command.side, command.on_behalf)


def is_on_both_sides(tx: Transaction, person_id: UUID | None, cooperation: Cooperation) -> bool:
    """Whether somebody belongs to both organisations."""
    person = memberships.get(tx, person_id) if person_id else None
    return person is not None and all(
        belongs_to(person.memberships, actor_id) for actor_id in _sides(cooperation)
    )


def demand_of_side(tx: Transaction, person_id: UUID | None, actor_id: UUID) -> None:
    """Refuses with `not_of_side` who is named for a side, if anybody, and does not belong to it."""
    if person_id is None:
        return
    person = memberships.get(tx, person_id)
    if person is None or not belongs_to(person.memberships, goes_on_as(tx, actor_id)):
        raise Refused(Reason.NOT_OF_SIDE)


def demand_neutral(tx: Transaction, terms: Terms | None, *actor_ids: UUID) -> None:
    """Refuses with `witness_of_side` a Marktplatz-Notar:in who belongs to one of the organisations:
    nobody checks their own agreement."""
    person = memberships.get(tx, terms.witness_id) if terms and terms.witness_id else None
    own = person.memberships if person else ()
    if any(belongs_to(own, goes_on_as(tx, actor_id)) for actor_id in actor_ids):
        raise Refused(Reason.WITNESS_OF_SIDE)


def demand_signed(tx: Transaction, entry: Entry, need_id: UUID, offer_id: UUID) -> None:
    """Refuses what a broker enters as signed with `date_in_future`, `not_of_side` and
    `witness_of_side`."""
    demand_neutral(tx, entry.terms, need_id, offer_id)
    if signing := entry.signing:
        demand_past(tx, signing.on_behalf)
        demand_of_side(tx, signing.need_signatory_id, need_id)
        demand_of_side(tx, signing.offer_signatory_id, offer_id)


def demand_past(tx: Transaction, on_behalf: OnBehalf | None) -> None:
    """Refuses with `date_in_future` what nobody can have said yet."""
    if on_behalf is not None and on_behalf.on > day_of(tx.now):
        raise Refused(Reason.DATE_IN_FUTURE)


def keep(
    tx: Transaction, after: Cooperation, fact: type[CooperationFact], **more: object
) -> Cooperation:
    """Keeps and says what happened, with what the fact says `more`, and sets the timer of what
    comes due next."""
    kept = cooperations.put(tx, after.model_copy(update={"in_charge": _in_charge(tx, after)}))
    tx.publish(fact.of(kept, **more))
    look_again(tx, kept)
    if kept.edition_id is not None and fact in _COUNT:
        tx.schedule(AdvanceEdition(edition_id=kept.edition_id), at=tx.now, name="count")
    return kept


def look_again(tx: Transaction, cooperation: Cooperation) -> None:
    """Sets the timer of what comes due next, or takes it away."""
    settings: Settings = tx.settings
    at = next_look(cooperation, tx.now, settings.escalate_again)
    if at is None:
        tx.unschedule(RemindOfCooperation, cooperation.cooperation_id)
    else:
        tx.schedule(RemindOfCooperation(cooperation_id=cooperation.cooperation_id), at=at)


def _sides(cooperation: Cooperation) -> tuple[UUID, UUID]:
    return cooperation.actor_of(Direction.NEED), cooperation.actor_of(Direction.OFFER)


def _in_charge(tx: Transaction, cooperation: Cooperation) -> UUID | None:
    """Who looks after the organisation with the need, or the one that goes on for it."""
    actor = actors.get(tx, goes_on_as(tx, cooperation.need_actor_id))
    return actor.in_charge if actor else None
