"""Reminding whoever runs an edition to close it, once its day is over."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.notifications import RemindToClose
from impulse_notifications.domain.editions import KnownEdition, remind_to_close_at, to_close
from impulse_notifications.store import lock_audience
from impulse_notifications.store.editions import editions
from impulse_notifications.telling import load_staff_told, load_told, tell_all, tell_staff

handlers = Handlers()


@handlers.load(RemindToClose)
def load_closing(tx: Transaction, received: Sequence[Received[RemindToClose]]) -> None:
    """Loads the editions, whoever is told, and what they were told before."""
    lock_audience(tx, change=False)
    editions.read(tx, {message.data.edition_id for message in received})
    known = editions.loaded(tx, lambda _: True)
    said = [notice for each in known if (notice := to_close(each, tx.now))]
    load_told(tx, said)
    load_staff_told(tx, said)


@handlers.on(RemindToClose)
def remind(tx: Transaction, timer: RemindToClose) -> None:
    """Reminds whoever runs an edition to close it, unless they have."""
    known = editions.get(tx, timer.edition_id)
    if known is None:
        return
    if notice := to_close(known, tx.now):
        if known.provider_actor_id is not None:
            tell_all(tx, [notice])
        else:
            tell_staff(tx, notice)
    look_again(tx, known)


def look_again(tx: Transaction, known: KnownEdition) -> None:
    """Sets the timer of the next reminder to close an edition, or takes it away."""
    if (at := remind_to_close_at(known, tx.now)) is None:
        tx.unschedule(RemindToClose, known.edition_id)
    else:
        tx.schedule(RemindToClose(edition_id=known.edition_id), at=at)
