"""How a cooperation is prepared: a list of what is to be done before the day, and whom to reach."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.booking.cooperation_codes import PreparationItem, Responsible
from impulse_contracts.booking.cooperation_commands import CooperationCommand
from impulse_contracts.codes import Direction
from impulse_contracts.message import Part, Timer
from impulse_contracts.types import Day, Flag, Open


class ChangePreparation(CooperationCommand, ce_type="impulse.booking.change_preparation.v1"):
    """Something of the preparation is done, or somebody else's, or due on another day.

    What is left out stays as it was; an item that is not in the list is added to it. Of a
    certificate of conduct nothing else is kept than that it is required, and was inspected.
    """

    item: PreparationItem
    done: Flag | None = None
    done_on: Day | None = None
    """When it was done, or inspected; today, where that is not said."""
    responsible: Responsible | None = None
    person_id: UUID | None = None
    due: Day | None = None
    needed: Flag | None = None


class NameContacts(CooperationCommand, ce_type="impulse.booking.name_contacts.v1"):
    """Whom to reach on a side, and who steps in when that person is away or leaves."""

    side: Direction
    contact_id: UUID
    successor_id: UUID | None = None


class LookForContacts(
    Timer,
    ce_type="impulse.booking.look_for_contacts.v1",
    topic=topics.BOOKING_COMMANDS,
    key="person_id",
):
    """Somebody may have left an organisation: look whether cooperations have lost a contact."""

    person_id: UUID


class ChecklistItem(Part):
    """Something to be prepared, by whom, until when, and whether that is done."""

    item: Open[PreparationItem]
    responsible: Open[Responsible]
    due: Day
    person_id: UUID | None = None
    done_on: Day | None = None
    needed: bool = True


class Contacts(Part):
    """Whom to reach on a side."""

    side: Open[Direction]
    contact_id: UUID
    successor_id: UUID | None = None
    on_both_sides: bool = False
    """Whether one of them belongs to both organisations."""
    contact_left: bool = False
    successor_left: bool = False
    """Whether who was named is no longer with the organisation."""
