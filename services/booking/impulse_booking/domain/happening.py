"""What an entry of the agenda does when its time has come."""

from datetime import datetime

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.delivery import check_redemption, start
from impulse_booking.domain.reminding import Alert, Entry


def happen(cooperation: Cooperation, entry: Entry, now: datetime) -> Cooperation:
    """The cooperation after an entry: it has begun, was looked at, or somebody is told."""
    match entry.alert:
        case Alert.STARTS:
            after = start(cooperation, now)
        case Alert.REDEMPTION:
            after = check_redemption(cooperation, entry.months)
        case _:
            after = cooperation.evolve()
    return after.model_copy(update={"reminded": (*cooperation.reminded, entry.key)})
