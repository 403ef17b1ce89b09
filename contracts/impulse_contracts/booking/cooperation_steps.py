"""Which steps a cooperation can take from where it is: the one table for booking and for pages.

Until something is agreed a side declines or withdraws; from then on what was agreed is cancelled,
or is not redeemed. What was agreed can be drafted anew, and then both sign again; what was done
meanwhile is reported nevertheless.
"""

from collections.abc import Mapping, Sized
from datetime import datetime
from typing import NamedTuple, Protocol

from impulse_contracts.booking.cooperation_codes import CooperationStep
from impulse_contracts.codes import CooperationState
from impulse_contracts.types import Open

_ALWAYS = (CooperationStep.PUT_ON_HOLD, CooperationStep.ACTION_SET)
_BEFORE = (CooperationStep.DECLINED, CooperationStep.WITHDRAWN)
_AFTER = (CooperationStep.CANCELLED, CooperationStep.NOT_REDEEMED)
_STEPS: Mapping[str, tuple[CooperationStep, ...]] = {
    CooperationState.INTRODUCED: (CooperationStep.DRAFTED,),
    CooperationState.NEGOTIATING: (CooperationStep.DRAFTED, CooperationStep.SIGNED),
    CooperationState.AGREED: (
        CooperationStep.PLANNED,
        CooperationStep.CONTACTS_NAMED,
        CooperationStep.REPORTED,
        CooperationStep.DRAFTED,
    ),
    CooperationState.PREPARING: (
        CooperationStep.PREPARED,
        CooperationStep.CONTACTS_NAMED,
        CooperationStep.PLANNED,
        CooperationStep.REPORTED,
        CooperationStep.DRAFTED,
    ),
    CooperationState.IN_DELIVERY: (
        CooperationStep.REPORTED,
        CooperationStep.CONTACTS_NAMED,
        CooperationStep.PLANNED,
    ),
    CooperationState.EVALUATING: (
        CooperationStep.REPORTED,
        CooperationStep.DECIDED,
        CooperationStep.EVALUATED,
        CooperationStep.PLANNED,
        CooperationStep.COMPLETED,
        CooperationStep.CONTINUED,
    ),
    CooperationState.ON_HOLD: (CooperationStep.RESUMED,),
}
"""What leads on; a state that is not named here is the end."""
BOTH = 2
"""So many sides sign."""


class Standing(Protocol):
    """Where a cooperation is."""

    @property
    def state(self) -> Open[CooperationState]:
        """Where it is in its life."""

    @property
    def number(self) -> str | None:
        """The number of its agreement: something was agreed, if there is one."""

    @property
    def signatures(self) -> Sized:
        """Who has signed the terms as they are, one for each side."""

    @property
    def redeemed_at(self) -> datetime | None:
        """When it was known to have been carried out, at least partly."""


def possible(cooperation: Standing) -> tuple[CooperationStep, ...]:
    """The steps that it can take now; none when it is over."""
    on = _STEPS.get(cooperation.state)
    if on is None:
        return ()
    if cooperation.state == CooperationState.EVALUATING:
        # What was carried out is completed, or decided not to have been.
        to_sign = (CooperationStep.DRAFTED, CooperationStep.SIGNED)
        unsigned = len(cooperation.signatures) < BOTH
        return (*on, *(to_sign if unsigned else ()), CooperationStep.ACTION_SET)
    if cooperation.number is None:
        return (*on, *_BEFORE, *_ALWAYS)
    again = cooperation.state == CooperationState.NEGOTIATING
    out = _AFTER if cooperation.redeemed_at is None else ()
    return (*on, *((CooperationStep.REPORTED,) if again else ()), *out, *_ALWAYS)


class _Where(NamedTuple):
    state: CooperationState
    number: str | None
    signatures: tuple[()] = ()
    redeemed_at: None = None


def states_of(step: CooperationStep) -> tuple[CooperationState, ...]:
    """The states in which a step can be possible."""
    return tuple(
        state
        for state in CooperationState
        if any(step in possible(_Where(state, number)) for number in (None, "1"))
    )
