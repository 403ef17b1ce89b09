"""What the domain of a service is made of: aggregates, refusals, waiting for what is unknown."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from impulse_contracts.reasons import Reason
from impulse_contracts.unchecked import unchecked


class Aggregate(BaseModel):
    """A frozen state with a version; version 0 is one that was never published.

    A class names its key: `class Book(Aggregate, key="book_id")`.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", serialize_by_alias=True, validate_by_name=True
    )

    key_field: ClassVar[str] = ""
    version: int = 0

    def __init_subclass__(cls, *, key: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if key:
            cls.key_field = key

    @property
    def aggregate_id(self) -> str:
        """The key as text, as outcomes and records have it."""
        return str(getattr(self, self.key_field))

    def evolve(self, **changes: Any) -> Self:
        """The next version, with `changes` made; values are taken as they are, not validated."""
        return unchecked(self.__class__, {**self.__dict__, **changes, "version": self.version + 1})


class Refused(Exception):
    """A decision against a command or report; raised before anything was put or published.

    `details` fill the sentences of the reason; a pair is taken as (German, English).
    """

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.details = details


class WaitFor(Exception):
    """The message needs something that is not known yet: `key`, e.g. `actor/<source>|<id>`.

    It is tried again when a handler calls `tx.resolve(key)`, and refused as `waited_too_long` in
    the end. `subject` names what is missing, in German (nominative) and English.
    """

    def __init__(self, key: str, subject: tuple[str, str]) -> None:
        super().__init__(key)
        self.key = key
        self.subject = subject
