"""Agreements: drafted, and signed by both sides."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from impulse_booking.domain import agreement as rules
from impulse_booking.domain.agreement import AgreementSeries
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    demand_of_side,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_booking.store.cooperations import agreement_series, cooperations
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
    lock_series(tx, (each.edition_id for each in cooperations.loaded(tx, lambda _: True)))
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
    demand_of_side(tx, command.signatory_id, before.actor_of(command.side))
    # Who records it for others does not sign.
    signs = command.signatory_id or (None if command.on_behalf else tx.attributes.person_id)
    both = is_on_both_sides(tx, signs, before)
    number = new_number(tx)
    after = rules.sign(before, said, command.side, signs, number.number, on_both_sides=both)
    after = numbered(tx, number, after)
    agreed = after.state is CooperationState.AGREED
    return keep(tx, after, CooperationAgreed if agreed else AgreementSigned)


def lock_series(tx: Transaction, edition_ids: Iterable[UUID | None] = ()) -> None:
    """Locks the numbers of this year's agreements, and of those of editions: one is given at a
    time."""
    of_editions = {_of_edition(each) for each in edition_ids if each is not None}
    agreement_series.lock(tx, {_of_year(tx), *of_editions})


def new_number(tx: Transaction) -> AgreementSeries:
    """The series with the number that an agreement would get now."""
    return _next(tx, _of_year(tx))


def numbered(tx: Transaction, number: AgreementSeries, after: Cooperation) -> Cooperation:
    """Keeps the number, if the cooperation has got it; one of an edition gets one there too."""
    if after.number != number.number:
        return after
    agreement_series.put(tx, number)
    if after.edition_id is None:
        return after
    own = agreement_series.put(tx, _next(tx, _of_edition(after.edition_id)))
    return after.model_copy(update={"edition_number": own.last})


def _next(tx: Transaction, series: str) -> AgreementSeries:
    return (agreement_series.get(tx, series) or AgreementSeries(series=series)).next()


def _of_year(tx: Transaction) -> str:
    return str(day_of(tx.now).year)


def _of_edition(edition_id: UUID) -> str:
    return f"edition/{edition_id}"
