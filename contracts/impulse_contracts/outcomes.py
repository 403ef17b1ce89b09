"""What became of a command or a report: exactly one outcome each."""

from impulse_contracts import topics
from impulse_contracts.message import Message, Part
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Open


class BothLanguages(Part):
    """A sentence in German and English."""

    de: str
    en: str


class Outcome(Message, topic=topics.OUTCOMES, key="command_id"):
    """The answer to the message whose `ce_id` is `command_id` and whose `ce_source` is `source`.

    `attempt` is 1, or more after an operator retried a dead letter; the highest stands.
    """

    command_id: str
    command_type: str
    source: str
    aggregate_id: str | None = None
    version: int | None = None
    reason: Open[Reason] | None = None
    message: BothLanguages
    attempt: int = 1


class OutcomeAccepted(Outcome, ce_type="impulse.outcome.accepted.v1"):
    """It took effect, or changed nothing because what it says was known."""


class OutcomeRefused(Outcome, ce_type="impulse.outcome.refused.v1"):
    """It had no effect; `reason` says why."""
