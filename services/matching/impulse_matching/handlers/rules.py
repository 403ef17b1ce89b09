"""What matching does to bring rules into force."""

from collections.abc import Sequence
from dataclasses import dataclass

from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.reasons import Reason
from impulse_contracts.rights import is_operator
from impulse_contracts.rulesets import ActivateRuleSet, RuleSetActivated
from impulse_matching.domain.rulesets import ActiveRuleSet, activate, checked
from impulse_matching.handlers.asking import is_system, own_memberships, read_people
from impulse_matching.store.listings import lock_scoring
from impulse_matching.store.rulesets import activations, rulesets

handlers = Handlers()


@dataclass
class Activations:
    """How many there were before the next one."""

    count: int = 0


@handlers.load(ActivateRuleSet)
def load_rules(tx: Transaction, messages: Sequence[Received[ActivateRuleSet]]) -> None:
    """Nobody scores, and nobody else brings rules into force, until this is done."""
    lock_scoring(tx)
    tx.memo(Activations).count = activations(tx)
    rulesets.lock(tx, {message.data.ruleset_version for message in messages})
    read_people(tx, messages)


@handlers.on(ActivateRuleSet)
def activate_rules(tx: Transaction, command: ActivateRuleSet) -> ActiveRuleSet:
    """Every replica judges by these rules from its next batch on; operators decide."""
    if not (is_system(tx) or is_operator(own_memberships(tx))):
        raise Refused(Reason.NOT_ALLOWED)
    rules = checked(command.ruleset_version, command.rules)
    earlier = rulesets.get(tx, command.ruleset_version)
    active = activate(rules, earlier, tx.memo(Activations).count, tx.now)
    rulesets.put(tx, active)
    tx.memo(Activations).count = active.activation
    tx.publish(RuleSetActivated.of(active))
    return active
