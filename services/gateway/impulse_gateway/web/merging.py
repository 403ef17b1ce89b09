"""What a page or the API makes of "these two are one": the command, or what is missing in it."""

from uuid import UUID

from starlette.requests import Request

from impulse_contracts.codes import SuccessionKind
from impulse_contracts.registry.duplicates import MergeActors, Pair
from impulse_gateway.domain import duplicates as rules
from impulse_gateway.web import language
from impulse_gateway.web.problems import Problem


def merge_of(
    request: Request, pair: Pair, survivor: UUID | str, succession: SuccessionKind | None
) -> MergeActors:
    """The command that merges a pair. Raises `Problem` where the survivor is none of the two, or
    a succession is needed and not given."""
    by_id = {str(each): each for each in (pair.actor_a_id, pair.actor_b_id)}
    survivor_id = by_id.get(str(survivor))
    if survivor_id is None:
        raise _invalid(request, "survivor_id", "bitte eine der beiden wählen", "choose one of both")
    if rules.needs_succession(pair) and succession is None:
        raise _invalid(
            request,
            "succession",
            "bitte angeben, wie die Registereinträge aufeinander folgen",
            "say how the one register entry follows the other",
        )
    other_id = rules.other_of(pair, survivor_id)
    assert other_id is not None
    return MergeActors(survivor_id=survivor_id, other_id=other_id, succession=succession)


def _invalid(request: Request, field: str, de: str, en: str) -> Problem:
    message = en if language.of_request(request) == "en" else de
    return Problem.invalid([{"field": field, "message": message}])
