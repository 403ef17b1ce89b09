"""The command to bring matching rules into force, and the fact that they are."""

from typing import Annotated, Any

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.message import Command, Fact
from impulse_contracts.types import Identifier, Moment

Version = Annotated[Identifier, Field(examples=["ruhr-3"])]


class ActivateRuleSet(
    Command,
    ce_type="impulse.matching.activate_ruleset.v1",
    topic=topics.MATCHING_COMMANDS,
    key="ruleset_version",
):
    """Pairs are judged by these rules from now on; what was proposed before stands as it is.

    `rules` is the whole rule set, as the files in `impulse_matching/rulesets` have it. One that
    does not validate is refused with the path of each fault, and the rules in force stay. A version
    means the same rules for ever: other rules are another version. One that was in force before can
    be activated again.
    """

    ruleset_version: Version
    rules: dict[str, Any]


class RuleSetActivated(
    Fact,
    ce_type="impulse.matching.ruleset.activated.v1",
    topic=topics.RULESETS,
    key="ruleset_version",
):
    """These are the rules since `activated_at`, until a fact of a higher `activation`."""

    ruleset_version: str
    rules: dict[str, Any]
    activation: int
    """Counts all activations, of whatever version."""
    activated_at: Moment
