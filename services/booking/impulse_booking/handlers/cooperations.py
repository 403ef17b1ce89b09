"""How cooperations begin, follow their proposals, and what is said when something comes due."""

from collections.abc import Sequence

from impulse_booking.domain.cooperation import (
    Cooperation,
    cooperation_id,
    follow,
    given_back,
    passed_on,
)
from impulse_booking.domain.happening import happen
from impulse_booking.domain.opening import enter, open_cooperation
from impulse_booking.domain.reminding import Alert, Entry, due
from impulse_booking.domain.steps import settled
from impulse_booking.handlers.agreements import (
    lock_entries,
    new_number,
    numbered,
    signed_on,
)
from impulse_booking.handlers.asking import demand_acts_for, known_actor, read_people
from impulse_booking.handlers.keeping_cooperations import (
    demand_signed,
    keep,
    load_cooperations,
    look_again,
)
from impulse_booking.settings import Settings
from impulse_booking.store.cooperations import cooperations, lock_entered_for, sided_by
from impulse_booking.store.people import read_actors
from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.booking.agreements import EnterCooperation
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationDueSoon,
    CooperationEntered,
    CooperationEscalated,
    CooperationFact,
    CooperationOpened,
    CooperationOverdue,
    CooperationTransferred,
    DeliverySoon,
    DeliveryStarted,
    NextActionDue,
    PreparationDue,
    RedemptionChecked,
    RemindOfCooperation,
)
from impulse_contracts.codes import CooperationState
from impulse_contracts.matching import ProposalFact, ProposalMutuallyAccepted, ProposalTransferred
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorMerged, ActorSeparated, ActorState

_FACTS: dict[Alert, type[CooperationFact]] = {
    Alert.DUE_SOON: CooperationDueSoon,
    Alert.OVERDUE: CooperationOverdue,
    Alert.ACTION_DUE: NextActionDue,
    Alert.ESCALATED: CooperationEscalated,
    Alert.ITEMS_DUE: PreparationDue,
    Alert.DAY_SOON: DeliverySoon,
    Alert.STARTS: DeliveryStarted,
    Alert.REDEMPTION: RedemptionChecked,
}


handlers = Handlers()


@handlers.load(ProposalMutuallyAccepted, ProposalTransferred)
def load_proposed(tx: Transaction, messages: Sequence[Received[ProposalFact]]) -> None:
    """Locks the cooperations that may exist already, and reads the organisations."""
    cooperations.lock(tx, {cooperation_id(message.data.proposal_id) for message in messages})
    data = [message.data for message in messages]
    read_actors(tx, {side for each in data for side in (each.need_actor_id, each.offer_actor_id)})


@handlers.on(ProposalMutuallyAccepted)
def accepted(tx: Transaction, proposal: ProposalMutuallyAccepted) -> None:
    """Opens a cooperation, unless this proposal has opened one before."""
    if cooperations.get(tx, cooperation_id(proposal.proposal_id)) is not None:
        return
    settings: Settings = tx.settings
    keep(tx, open_cooperation(proposal, tx.now, settings.redeem_months), CooperationOpened)


@handlers.on(ProposalTransferred)
def transferred(tx: Transaction, proposal: ProposalTransferred) -> None:
    """Makes the cooperation, if the proposal has opened one, that of the same actors."""
    before = cooperations.get(tx, cooperation_id(proposal.proposal_id))
    if before is not None and (after := follow(before, proposal)) is not before:
        keep(tx, settled(after, after.next_action), CooperationTransferred)


@handlers.load(EnterCooperation)
def load_entered(tx: Transaction, messages: Sequence[Received[EnterCooperation]]) -> None:
    """The cooperations that may exist, the organisations, who enters them, and the numbers."""
    cooperations.lock(tx, {message.data.cooperation_id for message in messages})
    data = [message.data for message in messages]
    read_actors(tx, {side for each in data for side in (each.need_actor_id, each.offer_actor_id)})
    read_people(tx, messages)
    lock_entries(tx, data)


@handlers.on(EnterCooperation)
def enter_cooperation(tx: Transaction, command: EnterCooperation) -> Cooperation:
    """A broker enters a cooperation, its agreement too. Waits for the organisations."""
    need = known_actor(tx, command.need_actor_id)
    offer = known_actor(tx, command.offer_actor_id)
    demand_acts_for(tx, need.actor_id, None, for_brokers=True)
    demand_signed(tx, command, need.actor_id, offer.actor_id)
    if cooperations.get(tx, command.cooperation_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=cooperations.subject)
    settings: Settings = tx.settings
    number = new_number(tx, signed_on(tx, command))
    entered = enter(
        command,
        need.actor_id,
        offer.actor_id,
        tx.now,
        settings.redeem_months,
        number.number,
        example=command.example,
    )
    entered = numbered(tx, number, entered)
    agreed = entered.state is CooperationState.AGREED
    return keep(tx, entered, CooperationAgreed if agreed else CooperationEntered)


@handlers.load(ActorMerged, ActorSeparated)
def load_moved(tx: Transaction, messages: Sequence[Received[ActorState]]) -> None:
    """What was entered for the organisations, and those."""
    ids = {message.data.actor_id for message in messages}
    lock_entered_for(tx, ids)
    known = cooperations.loaded(tx, lambda _: True)
    survivors = {each for message in messages if (each := message.data.merged_into)}
    sides = {side for each in known for side in (each.need_actor_id, each.offer_actor_id)}
    read_actors(tx, ids | survivors | sides)


def move_cooperations(tx: Transaction, fact: ActorState) -> None:
    """What was entered for somebody is of the organisation that goes on for them; theirs again when
    they are separated. What came of a proposal follows that."""
    name = ("actor" if fact.merged_into else "formerly", fact.actor_id)
    for each in cooperations.naming(tx, sided_by, name):
        after = (
            passed_on(each, fact.actor_id, fact.merged_into)
            if fact.merged_into
            else given_back(each, fact.actor_id)
        )
        keep(tx, settled(after, after.next_action), CooperationTransferred)


handlers.load(RemindOfCooperation)(load_cooperations)


@handlers.on(RemindOfCooperation)
def remind(tx: Transaction, timer: RemindOfCooperation) -> None:
    """Says what has come due of a cooperation, if anything, and when to look again."""
    cooperation = cooperations.require(tx, timer.cooperation_id)
    # What is done by the clock changes what is due: one after another, each as it is then.
    settings: Settings = tx.settings
    while entries := due(cooperation, tx.now, settings.escalate_again):
        entry = entries[0]
        after = happen(cooperation, entry, tx.now)
        cooperation = keep(tx, after, _FACTS[entry.alert], **_more(entry))
    look_again(tx, cooperation)


def _more(entry: Entry) -> dict[str, object]:
    """What the fact of an entry says besides where the cooperation stands."""
    match entry.alert:
        case Alert.ITEMS_DUE:
            return {"due_items": entry.items}
        case Alert.ESCALATED:
            return {"times": entry.times}
        case _:
            return {}
