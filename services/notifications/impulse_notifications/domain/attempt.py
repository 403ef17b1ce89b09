"""What comes of an attempt to send an e-mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from impulse_contracts.codes import MessageState
from impulse_notifications.domain.message import Message, Why


class Outcome(Enum):
    """What is known after an attempt."""

    SENT = auto()
    """The server took it."""
    TEMPORARY = auto()
    """The server did not take it, and may later."""
    PERMANENT = auto()
    """The server will never take it."""
    UNKNOWN = auto()
    """The server may have taken it. It is not sent again: rather once too little than twice."""


@dataclass(frozen=True)
class Attempt:
    """An attempt: its outcome, why it did not succeed, and the server's codes (`550 5.1.1`)."""

    outcome: Outcome
    why: Why | None = None
    code: str = ""


@dataclass(frozen=True)
class Retries:
    """How often and how long what failed for the time being is tried again.

    The first time after `first`, then after twice as long each time, `longest` at most; what is
    older than `give_up` is not tried any more.
    """

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    give_up: timedelta = timedelta(hours=24)

    def pause(self, failures: int) -> timedelta:
        """How long to wait after so many failures (>= 1)."""
        # 2 ** 30 seconds are longer than any limit; beyond it a timedelta would overflow.
        return min(self.first * (1 << min(failures - 1, 30)), self.longest)


def after_attempt(message: Message, attempt: Attempt, now: datetime, retries: Retries) -> Message:
    """The message after an attempt to send it."""
    attempts = message.attempts + 1
    detail = _detail(message, attempt)
    match attempt.outcome:
        case Outcome.SENT:
            return _ended(message, MessageState.SENT, attempts, None, sent_at=now)
        case Outcome.UNKNOWN:
            return _ended(message, MessageState.UNKNOWN_OUTCOME, attempts, detail)
        case Outcome.TEMPORARY if now - message.queued_at < retries.give_up:
            next_try = now + retries.pause(attempts)
            return message.evolve(attempts=attempts, detail=detail, next_try=next_try)
        case _:
            return _ended(message, MessageState.FAILED, attempts, detail)


def found_sent(message: Message, now: datetime) -> Message:
    """A message of which it was not known whether it was sent: it was."""
    return message.evolve(state=MessageState.SENT, detail=None, sent_at=now)


def _ended(
    message: Message,
    state: MessageState,
    attempts: int,
    detail: str | None,
    sent_at: datetime | None = None,
) -> Message:
    return message.evolve(
        state=state, attempts=attempts, detail=detail, sent_at=sent_at, next_try=None, link=None
    )


def _detail(message: Message, attempt: Attempt) -> str | None:
    if attempt.why is None:
        return None
    text = attempt.why.label(message.language)
    return f"{attempt.code}: {text}" if attempt.code else text
