"""Commands to notifications and its facts: messages to people."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import Channel, Language, MessageState
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.types import Moment, Open


class SendSignInLink(
    Command,
    ce_type="impulse.notifications.send_sign_in_link.v1",
    topic=topics.NOTIFICATIONS_COMMANDS,
    key="person_id",
):
    """Send a person a link to sign in; not sent any more once it has expired."""

    person_id: UUID
    link: Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f]+$")]
    expires_at: Moment


class SendDigest(
    Timer,
    ce_type="impulse.notifications.send_digest.v1",
    topic=topics.NOTIFICATIONS_COMMANDS,
    key="reader_id",
):
    """Tell the people of an intermediary, or the operator's, what was gathered for them."""

    reader_id: UUID


class RemindOfSession(
    Timer,
    ce_type="impulse.notifications.remind_of_session.v1",
    topic=topics.NOTIFICATIONS_COMMANDS,
    key="session_id",
):
    """Tomorrow a session starts: tell those who have a place, unless its times changed since."""

    session_id: UUID
    sequence: int
    """How often its times had been changed."""


class RemindOfDeadline(
    Timer,
    ce_type="impulse.notifications.remind_of_deadline.v1",
    topic=topics.NOTIFICATIONS_COMMANDS,
    key="edition_id",
):
    """In some days projects of an edition can't be submitted, or claimed, any more: tell those who
    have a place, unless the deadline is another one by now."""

    edition_id: UUID
    claiming: bool
    until: Moment


class RemindToClose(
    Timer,
    ce_type="impulse.notifications.remind_to_close.v1",
    topic=topics.NOTIFICATIONS_COMMANDS,
    key="edition_id",
):
    """The day of an edition is over for some weeks: tell whoever runs it, unless it is closed by
    now, and again in a week."""

    edition_id: UUID


class MessageFact(Fact, topic=topics.MESSAGES, key="message_id"):
    """A message to a person. `title` and `text` only in the inbox, never a name or an address."""

    message_id: UUID
    person_id: UUID
    template: str
    channel: Open[Channel]
    language: Open[Language]
    state: Open[MessageState]
    cause_id: str
    title: str | None = None
    text: str | None = None
    about: tuple[UUID, ...] = ()
    """The organisations that an entry in the inbox lists."""
    path: str | None = None
    """The page that shows what an entry in the inbox is about, below the address of all pages."""
    attempts: int = 0
    detail: str | None = None
    queued_at: Moment
    sent_at: Moment | None = None


class MessageQueued(MessageFact, ce_type="impulse.notifications.message.queued.v1"):
    """A message is to be sent."""


class MessageSent(MessageFact, ce_type="impulse.notifications.message.sent.v1"):
    """A message was handed over: to the mail server, or to the inbox."""


class MessageFailed(MessageFact, ce_type="impulse.notifications.message.failed.v1"):
    """A message can't be delivered, or it is not known whether it was (`unknown_outcome`)."""


class MessageSuppressed(MessageFact, ce_type="impulse.notifications.message.suppressed.v1"):
    """A message was not sent because it would have come too late or to nobody."""
