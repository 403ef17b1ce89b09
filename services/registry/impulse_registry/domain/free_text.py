"""No contact in what everybody reads: refused in what people enter, masked in what is reported."""

from typing import TypeVar

from impulse_chassis.aggregate import Refused
from impulse_contracts import free_text
from impulse_contracts.partner import ActorProfile, ListingContent
from impulse_contracts.reasons import Reason

C = TypeVar("C", bound=ListingContent)
A = TypeVar("A", bound=ActorProfile)

_WORDS = {
    "title": ("Titel", "title"),
    "description": ("Beschreibung", "description"),
    "counter_offers": ("Gegenleistung", "counter-offers"),
    "legal_name": ("Name", "name"),
    "display_name": ("Rufname", "display name"),
    "unit": ("Einheit", "unit"),
    "size_class": ("Größe", "size"),
}
_OF_ACTORS = ("legal_name", "display_name", "unit", "size_class")


def demand_none(content: ListingContent) -> None:
    """Refuses with `contact_in_text` what holds an e-mail address or a telephone number."""
    _, found = masked(content)
    if found:
        raise Refused(Reason.CONTACT_IN_TEXT, detail=_fields(found))


def masked(content: C) -> tuple[C, dict[str, int]]:
    """The content with each contact masked, and how many there were in which field."""
    title, in_title = free_text.masked(content.title)
    description, in_description = free_text.masked(content.description)
    offers = [(offer, *free_text.masked(offer.title)) for offer in content.counter_offers]
    in_offers = sum(count for _, _, count in offers)
    counts = {"title": in_title, "description": in_description, "counter_offers": in_offers}
    if not any(counts.values()):
        return content, {}
    changes = {
        "title": title,
        "description": description,
        "counter_offers": tuple(
            offer.model_copy(update={"title": text}) for offer, text, _ in offers
        ),
    }
    found = {field: count for field, count in counts.items() if count}
    return content.model_copy(update=changes), found


def demand_none_of(profile: ActorProfile) -> None:
    """Refuses with `contact_in_text` an actor of which free words hold a contact."""
    _, found = masked_of(profile)
    if found:
        raise Refused(Reason.CONTACT_IN_TEXT, detail=_fields(found))


def masked_of(profile: A) -> tuple[A, dict[str, int]]:
    """The profile of an actor with each contact in its free words masked, and how many there were
    in which field."""
    written = {name: getattr(profile, name) for name in _OF_ACTORS}
    said = {name: free_text.masked(text) for name, text in written.items() if text}
    found = {name: count for name, (_, count) in said.items() if count}
    if not found:
        return profile, {}
    return profile.model_copy(update={name: said[name][0] for name in found}), found


def note(found: dict[str, int]) -> tuple[str, str]:
    """What a partner is told of contacts that were masked, in German and English."""
    count = sum(found.values())
    de, en = _fields(found)
    contacts_de = "Kontaktangabe" if count == 1 else "Kontaktangaben"
    contacts_en = "contact detail" if count == 1 else "contact details"
    return (
        f"{count} {contacts_de} unkenntlich gemacht ({de}).",
        f"{count} {contacts_en} masked in {en}.",
    )


def _fields(found: dict[str, int]) -> tuple[str, str]:
    words = [_WORDS[field] for field in found]
    return ", ".join(de for de, _ in words), ", ".join(en for _, en in words)
