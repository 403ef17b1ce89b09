"""What came of editions, counted anew whenever it is said."""

from impulse_booking.domain.agreement_batches import results
from impulse_booking.domain.editions import Edition, day_id
from impulse_booking.domain.registration import counted as by_side
from impulse_booking.store.bookings import in_state, read_of_sessions
from impulse_booking.store.cooperations import cooperations, of_edition, read_of_editions
from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.booking.agreement_batches import EnterAgreements
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.editions import AdvanceEdition, CloseEdition

handlers = Handlers()


@handlers.load(EnterAgreements, AdvanceEdition, CloseEdition)
def load_results(tx: Transaction, messages: Messages) -> None:
    """Who takes part in the editions, and their cooperations. After all that is locked: what is
    only read must not be there before."""
    ids = {message.data.edition_id for message in messages}
    read_of_sessions(tx, {day_id(each) for each in ids})
    read_of_editions(tx, ids)


def counted_again(tx: Transaction, edition: Edition) -> Edition | None:
    """The edition with its results, if they were counted before, and are others now."""
    if edition.results is None:
        return None
    after = counted(tx, edition.evolve())
    was, now = (
        each and each.model_dump(exclude={"counted_at"})
        for each in (edition.results, after.results)
    )
    return after if now != was else None


def counted(tx: Transaction, edition: Edition) -> Edition:
    """The same version with its results as they are now."""
    attended = in_state(tx, edition.session_id, BookingState.ATTENDED)
    others = in_state(tx, edition.session_id, BookingState.CONFIRMED, BookingState.NO_SHOW)
    found = results(
        cooperations.naming(tx, of_edition, edition.edition_id),
        by_side([*attended, *others]),
        by_side(attended),
        tx.now,
    )
    return edition.model_copy(update={"results": found})
