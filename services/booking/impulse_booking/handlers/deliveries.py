"""How cooperations are carried out, and what came of it."""

from impulse_booking.domain import delivery as rules
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.steps import Said
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_chassis import Handlers, Transaction
from impulse_contracts.booking.cooperations import (
    CooperationCompleted,
    CooperationContinued,
    CooperationEvaluated,
    DeliveryDecided,
    DeliveryPlanned,
    DeliveryReported,
)
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)

handlers = Handlers()
handlers.load(
    PlanDelivery,
    ReportDelivery,
    DecideDelivery,
    EvaluateCooperation,
    CompleteCooperation,
    ContinueCooperation,
)(load_cooperations)


@handlers.on(PlanDelivery)
def plan_delivery(tx: Transaction, command: PlanDelivery) -> Cooperation:
    """They have found a date."""
    return keep(tx, rules.plan(*asked(tx, command), command.dates), DeliveryPlanned)


@handlers.on(ReportDelivery)
def report_delivery(tx: Transaction, command: ReportDelivery) -> Cooperation:
    """A side says what happened."""
    before, said = asked(tx, command)
    both = _speaks_for_both(tx, before, said)
    return keep(tx, rules.report(before, said, command, on_both_sides=both), DeliveryReported)


@handlers.on(DecideDelivery)
def decide_delivery(tx: Transaction, command: DecideDelivery) -> Cooperation:
    """The approving side says what stands."""
    before, said = asked(tx, command)
    both = _speaks_for_both(tx, before, said)
    return keep(tx, rules.decide(before, said, command, on_both_sides=both), DeliveryDecided)


@handlers.on(EvaluateCooperation)
def evaluate_cooperation(tx: Transaction, command: EvaluateCooperation) -> Cooperation:
    """A side says how good it was."""
    return keep(tx, rules.evaluate(*asked(tx, command), command), CooperationEvaluated)


@handlers.on(CompleteCooperation)
def complete_cooperation(tx: Transaction, command: CompleteCooperation) -> Cooperation:
    """It is over."""
    return keep(tx, rules.complete(*asked(tx, command)), CooperationCompleted)


@handlers.on(ContinueCooperation)
def continue_cooperation(tx: Transaction, command: ContinueCooperation) -> Cooperation:
    """It goes on as a lasting partnership."""
    return keep(tx, rules.go_on(*asked(tx, command)), CooperationContinued)


def _speaks_for_both(tx: Transaction, cooperation: Cooperation, said: Said) -> bool:
    """Whether who says something belongs to both organisations; a broker who passes on what one
    of them told is none of them."""
    return said.on_behalf is None and is_on_both_sides(tx, tx.attributes.person_id, cooperation)
