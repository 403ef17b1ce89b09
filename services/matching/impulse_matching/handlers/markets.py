"""What matching does to plan a market."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.markets import MarketPlanned, PlanMarket
from impulse_contracts.reasons import Reason
from impulse_matching.domain import market
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.market import MarketPlan
from impulse_matching.domain.rules import RuleSet, shipped
from impulse_matching.handlers.asking import is_brokers, read_people
from impulse_matching.store.markets import markets, taking_part
from impulse_matching.view import InForce

handlers = Handlers()


@dataclass
class Participating:
    """The listings of all who take part in the markets of a batch, and the rules for them."""

    listings: list[Listing] = field(default_factory=list)
    rules: RuleSet = field(default_factory=shipped)


@handlers.load(PlanMarket)
def load_markets(tx: Transaction, messages: Sequence[Received[PlanMarket]]) -> None:
    """Reads the listings of all who take part, and who may ask."""
    commands = [message.data for message in messages]
    markets.lock(tx, [command.edition_id for command in commands])
    participants = {each for command in commands for each in command.companies}
    participants |= {each for command in commands for each in command.nonprofits}
    tx.memo(Participating).listings = [
        Listing(fact, carrier) for fact, carrier in taking_part(tx, participants)
    ]
    tx.memo(Participating).rules = tx.cache(InForce).read(tx)
    read_people(tx, messages)


@handlers.on(PlanMarket)
def plan_market(tx: Transaction, command: PlanMarket) -> MarketPlan:
    """Who should talk with whom; brokers and operators plan."""
    if not is_brokers(tx):
        raise Refused(Reason.NOT_ALLOWED)
    named = {*command.companies, *command.nonprofits}
    planned = market.plan(
        command,
        (each for each in tx.memo(Participating).listings if each.state.actor_id in named),
        tx.memo(Participating).rules,
        tx.now,
        markets.get(tx, command.edition_id),
    )
    markets.put(tx, planned)
    tx.publish(MarketPlanned.of(planned))
    return planned
