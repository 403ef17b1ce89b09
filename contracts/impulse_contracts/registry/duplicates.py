"""Commands on actors that may be one organisation, and facts about such pairs."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import Criterion, PairState, SuccessionKind
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.types import Identifier, Moment, Open, Whole

# ------------------------------------------------------------------------------ commands


class MergeActors(
    Command,
    ce_type="impulse.registry.merge_actors.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="survivor_id",
):
    """Two actors are one organisation: `survivor_id` goes on for both.

    `succession` says why it has two register entries; it is needed only if it has.
    """

    survivor_id: UUID
    other_id: UUID
    succession: SuccessionKind | None = None


class KeepApart(
    Command,
    ce_type="impulse.registry.keep_apart.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="pair_id",
):
    """Two actors are two organisations. Nobody is asked about them again."""

    pair_id: UUID


class UndoMerge(
    Command,
    ce_type="impulse.registry.undo_merge.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="pair_id",
):
    """Two actors were merged by mistake: each stands by itself again."""

    pair_id: UUID


class SeparateName(
    Command,
    ce_type="impulse.registry.separate_name.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """What a partner reports under one of an actor's names was never meant for it.

    An actor of its own stands under that name from then on. Nobody is asked about the two again.
    """

    actor_id: UUID
    source: Identifier
    external_id: Identifier


class LookForDuplicates(
    Timer,
    ce_type="impulse.registry.look_for_duplicates.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="portion",
):
    """Actors are new or others than before: look for those that may be the same."""

    portion: Whole


# --------------------------------------------------------------------------------- facts


class Comparison(Part):
    """What the two say on one criterion, and whether they agree."""

    criterion: Open[Criterion]
    a: str | None = None
    b: str | None = None
    agrees: bool


class Pair(Fact, topic=topics.DUPLICATES, key="pair_id"):
    """Two actors that may be one organisation, and what a broker decided.

    The evidence is as it was when the pair was found. Of sole traders, whose names are personal,
    nothing stands here.
    """

    pair_id: UUID
    state: Open[PairState]
    actor_a_id: UUID
    actor_b_id: UUID
    score: float
    """How alike they are, 0 to 1. 1 where a broker merged two that nobody had suspected."""
    evidence: tuple[Comparison, ...] = ()
    survivor_id: UUID | None = None
    """The one that goes on for both, once they are merged."""
    succession: Open[SuccessionKind] | None = None
    found_at: Moment
    decided_at: Moment | None = None


class DuplicateSuspected(Pair, ce_type="impulse.registry.duplicate.suspected.v1"):
    """Two actors may be one organisation."""


class DuplicateMerged(Pair, ce_type="impulse.registry.duplicate.merged.v1"):
    """Two actors are one organisation, and were merged."""


class DuplicateKeptApart(Pair, ce_type="impulse.registry.duplicate.kept_apart.v1"):
    """Two actors are two organisations."""


class DuplicateSeparated(Pair, ce_type="impulse.registry.duplicate.separated.v1"):
    """A merge was undone."""


class DuplicateSettled(Pair, ce_type="impulse.registry.duplicate.settled.v1"):
    """One of the two was merged into a third, which is asked about in its place."""
