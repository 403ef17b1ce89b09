"""What a message is: a frozen model with a CloudEvents type, a topic and a key.

Three kinds come in (`Report`, `Command`, `Timer`), one goes out (`Fact`). A class names its
type, topic and key where it is declared:

    class AcceptProposal(Command, ce_type="impulse.matching.accept_proposal.v1",
                         topic=topics.MATCHING_COMMANDS): ...
"""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from impulse_contracts.topics import Topic
from impulse_contracts.unchecked import unchecked


class Part(BaseModel):
    """A frozen value inside messages; unknown fields are ignored, so that they can be added."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        allow_inf_nan=False,
        serialize_by_alias=True,
        validate_by_name=True,
        # At first use: a process knows some hundred messages, and handles a tenth of them. Threads
        # may come to it at once from pydantic 2.14 on, which locks what it builds.
        defer_build=True,
    )


class Message(Part):
    """Base of everything that travels. Concrete classes register themselves by `ce_type`."""

    ce_type: ClassVar[str] = ""
    topic: ClassVar[Topic]
    key_field: ClassVar[str] = ""
    not_ahead: ClassVar[tuple[str, ...]] = ()
    """Fields that may be at most 24 hours ahead of the message's receipt."""

    def __init_subclass__(
        cls,
        *,
        ce_type: str = "",
        topic: Topic | None = None,
        key: str = "",
        not_ahead: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if topic is not None:
            cls.topic = topic
        if key:
            cls.key_field = key
        if not_ahead:
            cls.not_ahead = not_ahead
        if ce_type:
            if ce_type in MESSAGES:
                raise TypeError(f"two messages are called {ce_type}")
            cls.ce_type = ce_type
            MESSAGES[ce_type] = cls

    @property
    def key(self) -> str:
        """The record key, and `ce_subject`: the id of the aggregate that the message is about."""
        return str(getattr(self, self.key_field))


class Incoming(Message):
    """What somebody asks or tells us; answered with exactly one outcome."""


class Report(Incoming):
    """What a partner's system knows, as it knows it; observed at a time, sent whole."""


class Command(Incoming):
    """What somebody wants done."""


class Timer(Message):
    """A service's command to itself that comes due; it has no outcome."""


class Fact(Message):
    """What happened: the whole state of an aggregate after it, and its version."""

    version: int

    @classmethod
    def of(cls, aggregate: BaseModel, **more: object) -> Self:
        """The fact that `aggregate` is now as it is; `more` overrides single fields.

        Fields are taken by name and not validated again: the domain holds valid values only.
        """
        state = aggregate.__dict__
        names = cls.model_fields.keys()
        if not more.keys() <= names:
            raise TypeError(f"{cls.__name__} has no field {sorted(more.keys() - names)}")
        values = {name: more[name] if name in more else state[name] for name in names}
        return unchecked(cls, values)


MESSAGES: dict[str, type[Message]] = {}
"""Every message by its `ce_type`."""

DELETED = "impulse.chassis.deleted.v1"
"""Type of a tombstone of ours: a record without a value, which deletes its key."""

TICK = "impulse.chassis.tick.v1"
"""Type of the records, of key `tick`, that let Kafka compact an idle topic; readers ignore them."""
