"""What is prepared before a cooperation's day: by format, dated backwards from that day."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.domain.days import day_of
from impulse_booking.domain.reminding import BEFORE
from impulse_booking.domain.steps import Said, demand_near, settled, take
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.cooperation_codes import (
    CooperationStep,
    CooperationWarning,
    PreparationItem,
    Responsible,
)
from impulse_contracts.booking.preparations import (
    ChangePreparation,
    ChecklistItem,
    Contacts,
    NameContacts,
)
from impulse_contracts.codes import CvMode, Direction
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
_LOST = {
    Direction.NEED: CooperationWarning.CONTACT_LEFT_NEED,
    Direction.OFFER: CooperationWarning.CONTACT_LEFT_OFFER,
}
_WHOLE = tuple(item for item in _USUAL if item is not PreparationItem.CONDUCT_CERTIFICATE)
"""Where many hands work at a place, or nothing is known of the format."""


def checklist(cooperation: Cooperation, first_day: date, today: date) -> tuple[ChecklistItem, ...]:
    """What is to be prepared until a day. What is done stays done; what is left is dated anew, in
    no case so soon that nobody would be reminded (`BEFORE`)."""
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
    """Something is done, or changed. Refuses with `date_in_future` what can't be done yet, and a
    day to do it as `demand_near`."""
    today = day_of(said.at)
    if command.done_on is not None and command.done_on > today:
        raise Refused(Reason.DATE_IN_FUTURE)
    if command.due is not None:
        demand_near(command.due, said.at)
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


def look_for_contacts(
    cooperation: Cooperation, is_there: Callable[[UUID, UUID], bool]
) -> Cooperation:
    """The cooperation when it was looked whether those named are still with their organisations
    (`is_there`: person, organisation); as it is, if nothing of that has changed."""
    contacts = []
    for each in cooperation.contacts:
        side = Direction.NEED if each.side == Direction.NEED else Direction.OFFER
        actor_id = cooperation.actor_of(side)
        successor = each.successor_id
        left = {
            "contact_left": not is_there(each.contact_id, actor_id),
            "successor_left": successor is not None and not is_there(successor, actor_id),
        }
        contacts.append(each.model_copy(update=left))
    if tuple(contacts) == cooperation.contacts:
        return cooperation
    return settled(cooperation.evolve(contacts=tuple(contacts)), cooperation.next_action)


def lost(before: Cooperation, after: Cooperation) -> tuple[Direction, ...]:
    """The sides of which nobody is left to reach, and was before."""
    new = set(after.warnings) - set(before.warnings)
    return tuple(side for side, warning in _LOST.items() if warning in new)


def _item(item: PreparationItem, first_day: date, today: date) -> ChecklistItem:
    who, _ = _USUAL[item]
    return ChecklistItem(item=item, responsible=who, due=_due(item, first_day, today))


def _due(item: object, first_day: date, today: date) -> date:
    days = next((days for each, (_, days) in _USUAL.items() if each == item), 0)
    return max(first_day - timedelta(days=days), min(today + BEFORE, first_day))


def _in_order(items: list[ChecklistItem]) -> tuple[ChecklistItem, ...]:
    order = list(_USUAL)
    return tuple(sorted(items, key=lambda each: (each.due, order.index(each.item))))
