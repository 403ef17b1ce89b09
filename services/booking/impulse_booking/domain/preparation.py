"""What is prepared before a cooperation's day: by format, dated backwards from that day."""

from collections.abc import Mapping
from datetime import date, timedelta

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.domain.steps import Said, demand_ahead, take
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.cooperation_codes import (
    CooperationStep,
    PreparationItem,
    Responsible,
)
from impulse_contracts.booking.preparations import (
    ChangePreparation,
    ChecklistItem,
    Contacts,
    NameContacts,
)
from impulse_contracts.codes import CvMode
from impulse_contracts.reasons import Reason

_USUAL: Mapping[PreparationItem, tuple[Responsible, int]] = {
    PreparationItem.PROFILE: (Responsible.NEED, 56),
    PreparationItem.SITE_VISIT: (Responsible.BOTH, 42),
    PreparationItem.MATERIAL_COSTS: (Responsible.BOTH, 28),
    PreparationItem.INSURANCE_LIABILITY: (Responsible.BOTH, 28),
    PreparationItem.PHOTOS: (Responsible.NEED, 14),
    PreparationItem.BRIEFING: (Responsible.BOTH, 7),
    PreparationItem.CONTACT_ON_DAY: (Responsible.BOTH, 7),
    PreparationItem.RAIN_PLAN: (Responsible.NEED, 7),
    PreparationItem.CONDUCT_CERTIFICATE: (Responsible.NEED, 14),
}
"""Whose it is, and how many days before the day it is due."""
_ALWAYS = (PreparationItem.PROFILE, PreparationItem.BRIEFING, PreparationItem.CONTACT_ON_DAY)
_OF_FORMAT: Mapping[object, tuple[PreparationItem, ...]] = {
    CvMode.NIGHT_SHIFT: (PreparationItem.MATERIAL_COSTS, PreparationItem.PHOTOS),
    CvMode.PRO_BONO: (),
    CvMode.VIRTUAL: (),
    CvMode.MENTORING: (PreparationItem.INSURANCE_LIABILITY,),
    CvMode.SECONDMENT: (PreparationItem.INSURANCE_LIABILITY,),
    CvMode.SIDE_SWITCH: (PreparationItem.INSURANCE_LIABILITY,),
}
_WHOLE = tuple(item for item in _USUAL if item is not PreparationItem.CONDUCT_CERTIFICATE)
"""Where many hands work at a place, or nothing is known of the format."""


def checklist(cooperation: Cooperation, first_day: date, today: date) -> tuple[ChecklistItem, ...]:
    """What is to be prepared until a day. What is done stays done; what is left is dated anew, in
    no case before `today`."""
    items = {*_ALWAYS, *_OF_FORMAT.get(cooperation.format, _WHOLE)}
    known = {each.item: each for each in cooperation.checklist}
    listed = [
        known[item].model_copy(update={"due": _due(item, first_day, today)})
        if item in known
        else _item(item, first_day, today)
        for item in _USUAL
        if item in items or item in known
    ]
    return _in_order(listed)


def change(cooperation: Cooperation, said: Said, command: ChangePreparation) -> Cooperation:
    """Something is done, or changed. Refuses with `date_in_future` what can't be done yet, and with
    `date_in_past` a day to do it that is over."""
    today = day_of(said.at)
    if command.done_on is not None and command.done_on > today:
        raise Refused(Reason.DATE_IN_FUTURE)
    if command.due is not None:
        demand_ahead(command.due, said.at)
    known = {each.item: each for each in cooperation.checklist}
    first_day = day_of(cooperation.dates[0].starts) if cooperation.dates else today
    item = known.get(command.item) or _item(command.item, first_day, today)
    changes: dict[str, object] = {
        name: value
        for name in ("responsible", "person_id", "due", "needed")
        if (value := getattr(command, name)) is not None
    }
    if command.done is not None:
        changes["done_on"] = (command.done_on or today) if command.done else None
    changed = item.model_copy(update=changes)
    listed = _in_order([*(each for each in known.values() if each.item != item.item), changed])
    return take(cooperation, CooperationStep.PREPARED, said, checklist=listed)


def name_contacts(
    cooperation: Cooperation, said: Said, command: NameContacts, *, on_both_sides: bool
) -> Cooperation:
    """A side says whom to reach, and who steps in."""
    own = Contacts(
        side=command.side,
        contact_id=command.contact_id,
        successor_id=command.successor_id,
        on_both_sides=on_both_sides,
    )
    others = tuple(each for each in cooperation.contacts if each.side != own.side)
    return take(cooperation, CooperationStep.CONTACTS_NAMED, said, contacts=(*others, own))


def _item(item: PreparationItem, first_day: date, today: date) -> ChecklistItem:
    who, _ = _USUAL[item]
    return ChecklistItem(item=item, responsible=who, due=_due(item, first_day, today))


def _due(item: object, first_day: date, today: date) -> date:
    days = next((days for each, (_, days) in _USUAL.items() if each == item), 0)
    return max(first_day - timedelta(days=days), min(today, first_day))


def _in_order(items: list[ChecklistItem]) -> tuple[ChecklistItem, ...]:
    order = list(_USUAL)
    return tuple(sorted(items, key=lambda each: (each.due, order.index(each.item))))
