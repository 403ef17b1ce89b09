"""How well reports were told apart: what became one actor, and what brokers are asked about."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from sqlalchemy import Engine, text

from impulse_contracts.parts import RegisterEntry
from impulse_registry.domain import likeness, registers
from impulse_registry.domain.likeness import Traits
from tests.bench.variants import Variant

CROWDED = 200
"""Blocks of more actors than this are left out, as the registry leaves them out."""


@dataclass(frozen=True)
class Verdict:
    """What came of reports, in shares: 1 is all."""

    actors: int
    precision: float
    """Of the pairs of reports that became one actor, those truly of one organisation."""
    wrong: tuple[tuple[str, str], ...]
    """Some names that became one, and are two."""
    entry_recall: float
    """Of the pairs of reports that carry one register entry, those that became one actor."""
    remaining: int
    """True duplicates that are left: actors of an organisation beside its first."""
    suggested: int
    found: int
    """Those of `remaining` that brokers are asked about."""
    outcome: str
    """Stands for which reports became one actor: the same for all orders."""

    @property
    def suggestion_recall(self) -> float:
        """The share of the remaining duplicates that brokers are asked about."""
        return self.found / self.remaining if self.remaining else 1.0

    @property
    def suggestions_a_true_one(self) -> float:
        """How many pairs brokers look at for each true duplicate."""
        return self.suggested / max(1, self.found)


def judge(
    reports: Sequence[Variant],
    actor_of: Mapping[tuple[str, str], UUID],
    suggested: Collection[tuple[UUID, UUID]],
) -> Verdict:
    """The verdict on reports: `actor_of` tells by source and external id what each became."""
    by_actor: dict[UUID, list[Variant]] = defaultdict(list)
    by_truth: dict[str, list[Variant]] = defaultdict(list)
    for each in reports:
        by_actor[actor_of[each.source, each.external_id]].append(each)
        by_truth[each.organisation].append(each)
    pairs = Counter[bool]()
    wrong: list[tuple[str, str]] = []
    for together in by_actor.values():
        for a, b in combinations(together, 2):
            same = a.organisation == b.organisation
            pairs[same] += 1
            if not same:
                wrong.append((a.name, b.name))
    joined, entries = _joined_entries(by_truth.values(), actor_of)
    remaining, found = _found(by_truth.values(), actor_of, {frozenset(each) for each in suggested})
    return Verdict(
        actors=len(by_actor),
        precision=pairs[True] / max(1, pairs.total()),
        wrong=tuple(wrong[:20]),
        entry_recall=joined / max(1, entries),
        remaining=remaining,
        suggested=len(suggested),
        found=found,
        outcome=_outcome(by_actor.values()),
    )


def _outcome(actors: Iterable[list[Variant]]) -> str:
    together = sorted(sorted(each.external_id for each in reports) for reports in actors)
    return hashlib.sha256(repr(together).encode()).hexdigest()[:12]


def _joined_entries(
    organisations: Iterable[list[Variant]], actor_of: Mapping[tuple[str, str], UUID]
) -> tuple[int, int]:
    joined = entries = 0
    for reports in organisations:
        stated = [
            actor_of[each.source, each.external_id] for each in reports if each.court is not None
        ]
        for a, b in combinations(stated, 2):
            entries += 1
            joined += a == b
    return joined, entries


def _found(
    organisations: Iterable[list[Variant]],
    actor_of: Mapping[tuple[str, str], UUID],
    suggested: Collection[frozenset[UUID]],
) -> tuple[int, int]:
    remaining = found = 0
    for reports in organisations:
        actors = sorted({actor_of[each.source, each.external_id] for each in reports})
        for place, actor in enumerate(actors[1:], 1):
            remaining += 1
            found += any(frozenset((actor, other)) in suggested for other in actors[:place])
    return remaining, found


# ------------------------------------------------------------------- what the registry holds


def actors_of(engine: Engine) -> dict[tuple[str, str], UUID]:
    """What each source's external ids stand for."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT key, subject_id FROM identity_key WHERE key LIKE 'actor/%'")
        )
        found = {}
        for key, subject_id in rows:
            source, _, external_id = key.removeprefix("actor/").partition("|")
            found[source, external_id] = subject_id
        return found


def alike(engine: Engine) -> set[tuple[UUID, UUID]]:
    """The pairs of actors that are alike enough to ask about, all blocks looked through."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT actor_id, legal_name, seat, register FROM actor WHERE merged_into IS NULL")
        )
        traits = {actor_id: _traits(*said) for actor_id, *said in rows}
    blocks: dict[str, list[UUID]] = defaultdict(list)
    for actor_id, each in traits.items():
        for key in likeness.block_keys(each):
            blocks[key].append(actor_id)
    seen: set[tuple[UUID, UUID]] = set()
    for block in blocks.values():
        if len(block) <= CROWDED:
            seen.update((min(a, b), max(a, b)) for a, b in combinations(block, 2))
    return {
        (a, b)
        for a, b in seen
        if likeness.compare(traits[a], traits[b]).score >= likeness.THRESHOLD
    }


def _traits(legal_name: str, seat: dict[str, str], register: dict[str, str] | None) -> Traits:
    entry = RegisterEntry.model_validate(register) if register else None
    return likeness.traits(
        legal_name,
        ags=seat["ags"],
        postcode=seat["postcode"],
        register=registers.parse(entry.court, entry.number) if entry else None,
    )
