"""What people write of bookings, support, offers and cooperations; the log keeps it."""

from impulse_chassis.aggregate import Refused
from impulse_contracts import free_text
from impulse_contracts.reasons import Reason

NOTE = ("Grund", "reason")


def demand_no_contact(text: str | None, field: tuple[str, str]) -> None:
    """Refuses with `contact_in_text` e-mail addresses and telephone numbers in a field."""
    if text and free_text.has_contact(text):
        raise Refused(Reason.CONTACT_IN_TEXT, detail=field)
