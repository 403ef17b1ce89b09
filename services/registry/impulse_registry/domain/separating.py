"""A name that was joined to the wrong actor, and is taken from it by a broker."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.reasons import Reason
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.naturalkeys import is_name, keys_of
from impulse_registry.domain.pairs import Pair

NAME = ("Die Kennung", "The id")
ONLY_ONE = ("nur unter dieser Kennung bekannt", "known under this id only")
BY_MERGE = ("durch eine Zusammenführung dazugekommen", "come by a merge")


def separated_id(name: str, actor_id: UUID) -> UUID:
    """The id of the actor that stands under a name once it was taken from another."""
    return stable_uuid("actor", name, str(actor_id))


def check(name: IdentityKey, left: Sequence[IdentityKey], merges: Iterable[Pair]) -> None:
    """Whether a name may be taken from an actor of which is said what is `left`.

    Raises `wrong_state` where nothing is left, or where a merge brought it, which is undone as a
    whole; `one_entity` where both sides state one register entry or W-IdNr., as every report would
    find the two together again.
    """
    if any(name.key in each.moved.names for each in merges if each.moved):
        raise Refused(Reason.WRONG_STATE, state=BY_MERGE)
    records = [each.record for each in left if each.record]
    if not records:
        raise Refused(Reason.WRONG_STATE, state=ONLY_ONE)
    own = keys_of([name.record] if name.record else ())
    if any(not is_name(key) for key in own & keys_of(records)):
        raise Refused(Reason.ONE_ENTITY)
