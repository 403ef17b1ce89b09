"""What an entry of the agenda does when its time has come."""

from datetime import datetime

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.delivery import start
from impulse_booking.domain.redemption import check_redemption
from impulse_booking.domain.reminding import Alert, Entry
from impulse_booking.domain.steps import settled


def happen(cooperation: Cooperation, entry: Entry, now: datetime) -> Cooperation:
    """The cooperation after an entry: it has begun, was looked at, or somebody is told."""
    match entry.alert:
        case Alert.STARTS:
            after = start(cooperation, now)
        case Alert.REDEMPTION:
            after = check_redemption(cooperation, entry.months)
        case _:
            after = cooperation.evolve()
    # One that was last changed before there were next actions gets its own now.
    settled_now = settled(after, after.next_action)
    return settled_now.model_copy(update={"reminded": (*cooperation.reminded, entry.key)})
