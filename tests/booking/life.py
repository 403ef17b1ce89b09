"""What becomes of an agreement in the year after it was made, as chance has it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from impulse_chassis.envelope import SYSTEM
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_codes import NotRedeemedReason
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    CooperationCommand,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
)
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    EvaluateCooperation,
    PlanDelivery,
    ReportDelivery,
)
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts
from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason

REASONS = list(NotRedeemedReason)
FATES = {
    **{"carried_out": 54, "rested": 8, "moved": 8},
    **{"not_done": 4, "ended": 11, "cancelled": 7, "resting": 3, "forgotten": 5},
}
"""What becomes of a hundred agreements: the first three are carried out."""


class Said(NamedTuple):
    """Something that somebody says, and why it is refused, if it is."""

    at: datetime
    message: Message
    principal: str = SYSTEM
    refused: Reason | None = None


class Pair(NamedTuple):
    """Two organisations that work together, and the broker who helps them."""

    key: UUID
    need: UUID
    offer: UUID
    broker: UUID

    def speaks(self, side: str | None) -> str:
        """Who speaks for a side, or else the broker."""
        sides = {"need": self.need, "offer": self.offer}
        return str(uuid5(sides[side], "contact") if side else self.broker)


def terms(chance: random.Random, day: datetime) -> dict[str, Any]:
    """What two agree on, to be carried out within a year; some of it without a return."""
    return {
        "performance": "Acht Personen streichen zwei Räume.",
        "counter_performance": chance.choice(("Ein Bericht für die Website.", None)),
        "redeem_by": str((day + timedelta(days=365)).date()),
        "estimated_value_eur": chance.choice((None, 300, 800, 1200, 2500)),
        "value_method": chance.choice(("market_price", "hourly_rate", "own_estimate")),
    }


def lived(
    pair: Pair, agreed: datetime, chance: random.Random, *, draft: bool = False
) -> Iterator[Said]:
    """All that is said of an agreement within a year; of a `draft`, that it is signed at last."""
    life = _Life(pair, agreed, chance)
    if draft:
        life.on(chance.randrange(2, 15))
        life.sign(agreed)
        life.agreed = life.at
    getattr(life, chance.choices(list(FATES), [*FATES.values()])[0])()
    yield from life.said


class _Life:
    """The life of an agreement, told day by day; each fate is a method."""

    def __init__(self, pair: Pair, agreed: datetime, chance: random.Random) -> None:
        self.pair, self.agreed, self.at, self.chance = pair, agreed, agreed, chance
        self.said: list[Said] = []

    def on(self, day: int) -> None:
        """So many days after the agreement, at some hour."""
        morning = self.agreed.astimezone(UTC).replace(hour=0, minute=0, second=0)
        self.at = morning + timedelta(days=day, hours=self.chance.choice((9, 14)))

    def say(
        self,
        kind: type[CooperationCommand],
        side: str | None = None,
        refused: Reason | None = None,
        **fields: Any,
    ) -> None:
        """A side says something, or the broker."""
        said = {"cooperation_id": self.pair.key, "side": side, **fields}
        principal = self.pair.speaks(side)
        self.said.append(Said(self.at, kind.model_validate(said), principal, refused))

    def sign(self, day: datetime) -> None:
        """The terms are completed, and both sign."""
        self.say(DraftAgreement, terms=terms(self.chance, day))
        for side in ("need", "offer"):
            self.say(SignAgreement, side)

    # ------------------------------------------------------------------------------- fates

    def carried_out(self, since: int = 3) -> None:
        """They find a date and prepare it, do what they agreed on, and say so."""
        self.delivered(self.prepared(since))

    def rested(self) -> None:
        """It rests for a while, and goes on."""
        self.on(rests := self.chance.randrange(5, 40))
        goes_on = rests + self.chance.randrange(10, 60)
        self.hold(goes_on)
        self.on(goes_on + self.chance.randrange(-5, 5))
        self.say(ResumeCooperation)
        self.carried_out(goes_on + 6)

    def moved(self) -> None:
        """It rains, and they find another date."""
        self.on(day := self.prepared(3, latest=150))
        self.say(
            ReportDelivery, "need", outcome="not_done", reason=self.reason(), hours=0, persons=0
        )
        self.carried_out(day + 3)

    def not_done(self) -> None:
        """The one side says that it was done, the other one, which decides, that it was not."""
        self.on(day := self.prepared(3, latest=200) + 1)
        self.say(ReportDelivery, "offer", outcome="done", persons=6, hours=30)
        self.on(day + 3)
        self.say(DecideDelivery, "need", outcome="not_done", reason=self.reason())
        self.on(day + 90)
        self.say(EndUnredeemed, reason=self.reason())

    def ended(self) -> None:
        """The broker says that nothing will come of it."""
        self.on(self.chance.randrange(60, 350))
        self.say(EndUnredeemed, reason=self.reason())

    def cancelled(self) -> None:
        """A side calls it off, some after all was prepared."""
        day = self.prepared(3) - 6 if self.chance.random() < 0.5 else self.chance.randrange(9, 200)
        self.on(day)
        self.say(CancelCooperation, self.chance.choice(("need", "offer")), reason=self.reason())

    def resting(self) -> None:
        """It rests, and nobody takes it up again."""
        self.on(day := self.chance.randrange(5, 60))
        self.hold(day + self.chance.randrange(20, 90))

    def forgotten(self) -> None:
        """Nobody says anything any more, or only what is to be done."""
        if self.chance.random() < 0.5:
            self.on(20)
            due = str((self.at + timedelta(days=20)).date())
            self.say(SetNextAction, text="Anrufen", responsible="broker", due=due)

    # ------------------------------------------------------------------------------- parts

    def reason(self) -> str:
        """Any reason."""
        return self.chance.choice(REASONS)

    def hold(self, day: int) -> None:
        """It is put on hold until a day."""
        until = str((self.agreed + timedelta(days=day)).date())
        self.say(HoldCooperation, "offer", reason=self.reason(), until=until)

    def prepared(self, since: int, latest: int = 330) -> int:
        """A date is found and what is to be done before is done, mostly; returns the day."""
        self.on(planned := since + self.chance.randrange(14))
        day = planned + 8 + round((latest - planned - 8) * self.chance.random() ** 2)
        starts = self.at.replace(hour=8) + timedelta(days=day - planned)
        dates = [{"starts": starts, "ends": starts + timedelta(hours=6)}]
        self.say(PlanDelivery, self.chance.choice(("need", "offer")), dates=dates)
        if self.chance.random() < 0.2:
            self.say(CompleteCooperation, refused=Reason.WRONG_STATE)
        for side, actor_id in (("need", self.pair.need), ("offer", self.pair.offer)):
            people: dict[str, Any] = {"contact_id": uuid5(actor_id, "contact")}
            if self.chance.random() < 0.6:
                people["successor_id"] = uuid5(actor_id, "successor")
            self.say(NameContacts, side, **people)
        for items in (("profile", "insurance_liability", "photos"), ("briefing", "contact_on_day")):
            self.on(self.chance.randrange(planned + 1, day - 6))
            for item in items:
                if self.chance.random() < 0.8:
                    self.say(ChangePreparation, "need", item=item, done=True)
        self.said.sort(key=lambda each: each.at)
        return day

    def delivered(self, day: int) -> None:
        """Both say how it was, in other words now and then; it is decided, and they go apart."""
        persons = self.chance.randrange(3, 15)
        hours = persons * self.chance.randrange(2, 13) / 2
        done: dict[str, Any] = {"outcome": "done", "persons": persons, "hours": hours}
        if self.chance.random() < 0.15:
            done |= {"outcome": "partly", "reason": self.reason()}
        other = {**done, "hours": hours + self.chance.choice((0, 0, 4, -1.5))}
        alone = self.chance.random() < 0.1
        self.on(day + 1)
        self.say(ReportDelivery, "need", **done)
        if not alone:
            self.on(day + self.chance.randrange(2, 9))
            self.say(ReportDelivery, "offer", **other)
        approves = "offer" if alone else "need"
        self.on(day + 10)
        if self.chance.random() < 0.1:
            return
        if self.chance.random() < 0.2:
            wrong = "need" if alone else "offer"
            self.say(DecideDelivery, wrong, refused=Reason.NOT_APPROVING, **done)
        self.say(DecideDelivery, approves, **(other if self.chance.random() < 0.5 else done))
        for side in ("need", "offer"):
            if self.chance.random() < 0.8:
                self.on(day + self.chance.randrange(11, 20))
                grades: dict[str, Any] = {
                    name: self.chance.randrange(2, 6) for name in ("structure", "process", "result")
                }
                self.say(EvaluateCooperation, side, **grades)
        self.on(day + 21)
        if self.chance.random() < 0.9:
            self.say(self.chance.choice((CompleteCooperation, ContinueCooperation)))
        self.said.sort(key=lambda each: each.at)
