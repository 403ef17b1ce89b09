"""Cooperations on their way: planned, carried out."""

from datetime import timedelta

from impulse_chassis.testing import START
from impulse_contracts.booking.deliveries import PlanDelivery, ReportDelivery
from tests.booking.cooperating import FIRM, HOST, said

DAY = START + timedelta(days=60)
DATES = [{"starts": DAY, "ends": DAY + timedelta(hours=7)}]


def planned(world):
    key = world.agreed()
    world.accepted(said(PlanDelivery, key, dates=DATES, side="need"), principal=str(HOST))
    return key


def carried_out(world):
    key = planned(world)
    world.advance(timedelta(days=61))
    report = {"outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(ReportDelivery, key, side="offer", **report), principal=str(FIRM))
    return key


def weekly(*weeks):
    return [
        {"starts": at, "ends": at + timedelta(hours=2)}
        for at in (DAY + timedelta(weeks=each) for each in weeks)
    ]
