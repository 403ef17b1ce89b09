"""Agreements of editions that are entered in batches, and the results that come of them."""

from collections.abc import Sequence

from impulse_booking.domain import agreement_batches as rules
from impulse_booking.domain.agreement_batches import AgreementBatch
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.editions import ENTERING, Edition, require
from impulse_booking.domain.opening import enter, enter_again
from impulse_booking.domain.registration import demand_both_sides
from impulse_booking.handlers.agreements import (
    lock_entries,
    new_number,
    numbered,
    signed_on,
)
from impulse_booking.handlers.asking import demand_brokers, goes_on_as, read_people
from impulse_booking.handlers.keeping_cooperations import demand_signed, keep
from impulse_booking.handlers.results import counted
from impulse_booking.settings import Settings
from impulse_booking.store.cooperations import cooperations
from impulse_booking.store.editions import batches, editions
from impulse_booking.store.people import actors, read_actors
from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.booking.agreement_batches import (
    AgreementsEntered,
    EnterAgreements,
    LineResult,
)
from impulse_contracts.booking.agreements import Entry
from impulse_contracts.booking.cooperations import CooperationAgreed, CooperationEntered
from impulse_contracts.booking.editions import EditionCounted
from impulse_contracts.reasons import Reason

handlers = Handlers()


@handlers.load(EnterAgreements)
def load_batches(tx: Transaction, messages: Sequence[Received[EnterAgreements]]) -> None:
    """The editions, batches and cooperations, the organisations, who enters them, the numbers."""
    commands = [message.data for message in messages]
    edition_ids = {each.edition_id for each in commands}
    lines = [line for each in commands for line in each.lines]
    editions.lock(tx, edition_ids)
    batches.lock(tx, {each.batch_id for each in commands})
    cooperations.lock(tx, {line.cooperation_id for line in lines})
    read_actors(tx, {side for line in lines for side in (line.need_actor_id, line.offer_actor_id)})
    read_people(tx, messages)
    lock_entries(tx, lines, edition_ids)


@handlers.on(EnterAgreements)
def enter_agreements(tx: Transaction, command: EnterAgreements) -> AgreementBatch:
    """Enters each line by itself, and says what became of it. A batch that was entered before is
    answered with what was said then; refused with `already_exists`, if its lines say something else
    now, or it is of another edition."""
    demand_brokers(tx)
    edition = editions.require(tx, command.edition_id)
    before = batches.get(tx, command.batch_id)
    if before is not None:
        if before.holds(edition.edition_id, command.lines):
            return before
        raise Refused(Reason.ALREADY_EXISTS, subject=rules.OTHER_LINES)
    require(edition, ENTERING, tx.now)
    batch = batches.put(
        tx,
        AgreementBatch(
            version=1,
            batch_id=command.batch_id,
            edition_id=edition.edition_id,
            entered_at=tx.now,
            lines=tuple(
                rules.digested(_entered(tx, edition, line), line) for line in command.lines
            ),
        ),
    )
    tx.publish(AgreementsEntered.of(batch))
    tx.publish(EditionCounted.of(editions.put(tx, counted(tx, edition.evolve()))))
    return batch


def _entered(tx: Transaction, edition: Edition, line: Entry) -> LineResult:
    before = cooperations.get(tx, line.cooperation_id)
    try:
        made = _made(tx, edition, line, before)
    except Refused as refusal:
        return rules.refused(line.cooperation_id, refusal)
    if made is before:
        return rules.known(made)
    agreed = made.number is not None
    return rules.entered(keep(tx, made, CooperationAgreed if agreed else CooperationEntered))


def _made(
    tx: Transaction, edition: Edition, line: Entry, before: Cooperation | None
) -> Cooperation:
    """The cooperation of a line, with its numbers. Nothing is put when it is refused."""
    need, offer = (
        actors.require(tx, goes_on_as(tx, side))
        for side in (line.need_actor_id, line.offer_actor_id)
    )
    if need.actor_id != offer.actor_id:
        demand_both_sides(need.kind, offer.kind)
    sides = need.actor_id, offer.actor_id
    demand_signed(tx, line, *sides)
    number = new_number(tx, signed_on(tx, line))
    if before is not None:
        again = enter_again(before, line, *sides, edition.edition_id, tx.now, number.number)
        return numbered(tx, number, again)
    settings: Settings = tx.settings
    made = enter(
        line,
        *sides,
        tx.now,
        settings.redeem_months,
        number.number,
        example=edition.example,
        edition_id=edition.edition_id,
    )
    return numbered(tx, number, made)
