"""What two runs of the main job must agree about in the end, and what may differ."""

from typing import Any

from tests.simulation.chain import OWN

_NEVER_THE_SAME = {
    # Ids that are made from the ids of timers, which are new each time.
    *("activity_id", "message_id", "notice_id", "cause_id"),
    # By the clock of the run.
    *("acknowledged_at", "at", "changed_at", "changed_in", "completed_at", "confirm_by"),
    *(
        "disclosed_at",
        "released_at",
        "ended_at",
        "forgotten_at",
        "next_try",
        "opened_at",
        "position",
    ),
    *("requested_at", "since", "until", "due_at", "reminded_at", "found_at"),
    *("queued_at", "answer_until", "send_by", "sent_at", "stands_until", "suggested_at"),
    # Which of two listings came first, and who had been suggested how often by then.
    *("version", "need_version", "offer_version", "inputs_hash", "adjustment"),
}


def normal(service: str, table: str, row: dict[str, Any]) -> dict[str, Any] | None:
    """A row without what differs from run to run."""
    if table in {"activity", "actor_history", "unexamined", "block", "earlier_listing"}:
        return None  # They tell the way, not the end.
    if (service, table) == ("booking", "evidence"):
        return None  # As well.
    if table in {"pair", "duplicate"}:
        row = {**row, "evidence": None, "score": None}  # As when the pair was found.
    if str(row.get("key")).startswith("hand/"):
        row = {**row, "reported_at": None}  # When the run's clock had it that it was said.
    if row.get("actor_id") == str(OWN) or table == "person":
        row = {**row, "confirmed_at": None}  # By the clock of the run, as nobody reported it.
    kept: dict[str, Any] = _without(row, _NEVER_THE_SAME)
    if table == "message" and kept["channel"] == "email":
        # A crash between DATA and its record leaves the outcome unknown, and that is right.
        kept = {**kept, "state": "ended", "attempts": None, "detail": None, "link": None}
    return kept


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(each, names) for name, each in value.items() if name not in names}
    if isinstance(value, list):
        return [_without(each, names) for each in value]
    return value
