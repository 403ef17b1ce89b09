"""Agreements: drafted, and signed by both sides."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from impulse_booking.domain import agreement as rules
from impulse_booking.domain.agreement import AgreementSeries
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.domain.steps import Said
from impulse_booking.handlers.keeping_cooperations import (
    asked,
    demand_neutral,
    demand_of_side,
    is_on_both_sides,
    keep,
    load_cooperations,
)
from impulse_booking.store.cooperations import agreement_series, cooperations
from impulse_booking.store.people import memberships
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.agreements import DraftAgreement, Entry, SignAgreement
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    AgreementSigned,
    CooperationAgreed,
)

handlers = Handlers()
handlers.load(DraftAgreement, SignAgreement)(load_cooperations)


@handlers.load(SignAgreement)
def load_signing(tx: Transaction, messages: Sequence[Received[SignAgreement]]) -> None:
    """The numbers, and what those are to organisations who sign."""
    known = cooperations.loaded(tx, lambda _: True)
    before = (Said(each.at, on_behalf=each.on_behalf) for one in known for each in one.signatures)
    now = (Said(tx.now, on_behalf=message.data.on_behalf) for message in messages)
    days = {each.on for each in (*before, *now)}
    lock_series(tx, days, (each.edition_id for each in known))
    read_named(tx, (message.data.signatory_id for message in messages))


@handlers.load(DraftAgreement)
def load_drafting(tx: Transaction, messages: Sequence[Received[DraftAgreement]]) -> None:
    """What those are to organisations who have checked."""
    read_named(tx, (message.data.terms.witness_id for message in messages))


@handlers.on(DraftAgreement)
def draft_agreement(tx: Transaction, command: DraftAgreement) -> Cooperation:
    """Writes the terms down."""
    before, said = asked(tx, command)
    demand_neutral(tx, command.terms, before.need_actor_id, before.offer_actor_id)
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
    number = new_number(tx, rules.day_of_agreement(before, said, command.side))
    after = rules.sign(before, said, command.side, signs, number.number, on_both_sides=both)
    after = numbered(tx, number, after)
    return keep(tx, after, CooperationAgreed if after.is_signed else AgreementSigned)


def read_named(tx: Transaction, person_ids: Iterable[UUID | None]) -> None:
    """Reads what those are to organisations who are named, if anybody is."""
    memberships.read(tx, {each for each in person_ids if each is not None})


def lock_series(
    tx: Transaction, days: Iterable[date], edition_ids: Iterable[UUID | None] = ()
) -> None:
    """Locks the numbers of the agreements of this year and of those of `days`, and of those of
    editions: one is given at a time."""
    of_years = {_of_year(day) for day in (day_of(tx.now), *days)}
    of_editions = {_of_edition(each) for each in edition_ids if each is not None}
    agreement_series.lock(tx, of_years | of_editions)


def lock_entries(
    tx: Transaction, entries: Sequence[Entry], edition_ids: Iterable[UUID | None] = ()
) -> None:
    """Locks the numbers of what brokers enter, and reads what those are to organisations who are
    named there."""
    signed = [each.signing for each in entries if each.signing]
    read_named(
        tx,
        [
            *(each.terms.witness_id for each in entries if each.terms),
            *(each.need_signatory_id for each in signed),
            *(each.offer_signatory_id for each in signed),
        ],
    )
    lock_series(tx, (each.on_behalf.on for each in signed), edition_ids)


def signed_on(tx: Transaction, entry: Entry) -> date:
    """The day on which an entry was signed; today, if it was not."""
    return entry.signing.on_behalf.on if entry.signing else day_of(tx.now)


def new_number(tx: Transaction, day: date) -> AgreementSeries:
    """The series with the number that an agreement of that day would get now."""
    return _next(tx, _of_year(day))


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


def _of_year(day: date) -> str:
    return str(day.year)


def _of_edition(edition_id: UUID) -> str:
    return f"edition/{edition_id}"
