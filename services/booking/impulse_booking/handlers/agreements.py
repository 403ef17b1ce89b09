"""Agreements: drafted, and signed by both sides."""

from collections.abc import Sequence

from impulse_booking.domain import agreement as rules
from impulse_booking.domain.agreement import AgreementSeries
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_booking.store.cooperations import agreement_series
from impulse_booking.store.people import memberships
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    AgreementSigned,
    CooperationAgreed,
)
from impulse_contracts.codes import CooperationState

handlers = Handlers()
handlers.load(DraftAgreement, SignAgreement)(load_cooperations)


@handlers.load(SignAgreement)
def load_signing(tx: Transaction, messages: Sequence[Received[SignAgreement]]) -> None:
    """The numbers, and what those are to organisations who sign."""
    lock_series(tx)
    named = {message.data.signatory_id for message in messages}
    memberships.read(tx, (person for person in named if person is not None))


@handlers.on(DraftAgreement)
def draft_agreement(tx: Transaction, command: DraftAgreement) -> Cooperation:
    """Writes the terms down."""
    before, said = asked(tx, command)
    after = rules.draft(before, said, command.terms, command.format)
    return keep(tx, after, AgreementDrafted)


@handlers.on(SignAgreement)
def sign_agreement(tx: Transaction, command: SignAgreement) -> Cooperation:
    """A side agrees to the terms; when both have, they are agreed."""
    before, said = asked(tx, command)
    # Who records it for others does not sign.
    signs = command.signatory_id or (None if command.on_behalf else tx.attributes.person_id)
    both = is_on_both_sides(tx, signs, before)
    number = new_number(tx)
    after = rules.sign(before, said, command.side, signs, number.number, on_both_sides=both)
    used(tx, number, after)
    agreed = after.state is CooperationState.AGREED
    return keep(tx, after, CooperationAgreed if agreed else AgreementSigned)


def lock_series(tx: Transaction) -> None:
    """Locks the numbers of this year's agreements: one is given at a time."""
    agreement_series.lock(tx, {_series(tx)})


def new_number(tx: Transaction) -> AgreementSeries:
    """The series with the number that an agreement would get now."""
    known = agreement_series.get(tx, _series(tx))
    return (known or AgreementSeries(series=_series(tx))).next()


def used(tx: Transaction, number: AgreementSeries, after: Cooperation) -> None:
    """Keeps the number, if the cooperation has got it."""
    if after.number == number.number:
        agreement_series.put(tx, number)


def _series(tx: Transaction) -> str:
    return str(day_of(tx.now).year)
