"""Natural keys: what tells that two reports speak of one organisation, whoever sends them.

A register entry and a Wirtschafts-Identifikationsnummer name the legal entity. A name at a place is
weaker: it decides only where nothing else says otherwise (`likeness` is for all that is weaker).
Names of firms and of associations differ within a municipality (§ 30 HGB, § 57 BGB), but whole
names: with the legal form where trade is meant, and with a word in them that tells something.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Self
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.codes import ActorKind, LegalForm
from impulse_contracts.partner import ActorProfile
from impulse_registry.domain import names, registers, words
from impulse_registry.domain.records import Record

CROWDED = 12
"""So many actors of one name and place are no help to know one by it; more are not kept."""


class NaturalKey(Aggregate, key="key"):
    """A key and the actors that it speaks of; `crowded` once there were too many of them."""

    key: str
    holders: tuple[UUID, ...] = ()
    crowded: bool = False

    def with_holder(self, actor_id: UUID) -> Self:
        """The key speaking of this actor, too; the same object if it does already."""
        if actor_id in self.holders or self.crowded:
            return self
        if len(self.holders) >= CROWDED and self.key.startswith("name/"):
            return self.evolve(holders=(), crowded=True)
        return self.evolve(holders=(*self.holders, actor_id))

    def without_holder(self, actor_id: UUID) -> Self:
        """The key not speaking of this actor; the same object if it never did."""
        if actor_id not in self.holders:
            return self
        return self.evolve(holders=tuple(each for each in self.holders if each != actor_id))


def keys_of(records: Iterable[Record]) -> set[str]:
    """The natural keys of records."""
    return {key for each in records for key in keys_in(each, each.seat.ags)}


def keys_in(said: Record | ActorProfile, ags: str | None) -> tuple[str, ...]:
    """The natural keys in what is said of an actor with its seat in `ags`, the strongest first."""
    entry = said.register_entry
    return _keys(
        said.legal_name,
        said.unit,
        said.legal_form,
        said.kind is ActorKind.COMPANY,
        (entry.court, entry.number) if entry else None,
        said.w_idnr,
        ags,
    )


@lru_cache(maxsize=5_000)
def _keys(
    legal_name: str,
    unit: str | None,
    form: LegalForm | None,
    company: bool,
    register: tuple[str, str] | None,
    w_idnr: str | None,
    ags: str | None,
) -> tuple[str, ...]:
    entry = registers.parse(*register) if register else None
    entity = registers.w_idnr(w_idnr) if w_idnr else None
    name = _whole_name(legal_name, unit, form, company) if ags else None
    return (
        *((f"register/{entry}",) if entry else ()),
        *((f"w_idnr/{entity}",) if entity else ()),
        *((f"name/{name}|{ags}",) if name else ()),
    )


def _whole_name(
    legal_name: str, unit: str | None, form: LegalForm | None, company: bool
) -> str | None:
    """All of a name that must be equal; None for one that says too little to know anybody by it:
    general words, places and short forms are what many are called."""
    core, in_name = names.parse(legal_name)
    if not any(len(word) >= _TELLING and words.weight(word) == 1.0 for word in core.split()):
        return None
    form = form or in_name
    parts = (
        core,
        names.core(unit) if unit else "",
        "" if form is None or form in _LEFT_OUT else form.value,
        "company" if company else "",
    )
    return "|".join(parts)


_TELLING = 4
"""Letters of a word that tells something; shorter ones are initials."""
_LEFT_OUT = frozenset(
    {
        LegalForm.E_V,
        LegalForm.UNREGISTERED_ASSOCIATION,
        LegalForm.FOUNDATION_CIVIL,
        LegalForm.TRUST_FOUNDATION,
        LegalForm.PUBLIC_BODY,
        LegalForm.CHURCH_BODY,
        LegalForm.MUNICIPALITY_BODY,
        LegalForm.NONE,
    }
)
"""Forms that are hardly ever said with the name. Those of trade belong to it (§ 19 HGB, § 4 GmbHG):
the firm without it may be the merchant, another company, or the general partner of a KG."""


def is_name(key: str) -> bool:
    """Whether a key is a name at a place; else it names a legal entity."""
    return key.startswith("name/")


def bearer_key(source: str, external_id: str) -> str:
    """Under which the units wait whose bearer a partner, `source`, knows as `external_id`."""
    return f"bearer/{source.replace('|', '%7C')}|{external_id}"
