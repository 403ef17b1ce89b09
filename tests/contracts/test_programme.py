"""What a session can't be: each is refused with the field, in both languages."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from impulse_contracts.booking.programme import ScheduleSession

SESSION = {
    "session_id": UUID(int=1),
    "programme_offer_id": UUID(int=2),
    "starts": "2027-03-01T09:00:00+01:00",
    "ends": "2027-03-01T12:00:00+01:00",
    "capacity": 8,
}


def meeting(begins: str, ends: str) -> dict[str, str]:
    return {"starts": f"2027-03-01T{begins}+01:00", "ends": f"2027-03-01T{ends}+01:00"}


def scheduled(**values: Any) -> ScheduleSession:
    return ScheduleSession.model_validate({**SESSION, **values})


COMPANIES, NONPROFITS = {"kind": "company"}, {"kind": "nonprofit"}
CITY, AROUND = {"district": "05113000"}, {"district": "05113"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"quotas": [COMPANIES, COMPANIES]}, "quotas: a group is named twice"),
        ({"quotas": [{**CITY, "reserved": 9}]}, "quotas: keep more places than there are"),
        (
            {"quotas": [{**COMPANIES, "reserved": 5}, {**NONPROFITS, "reserved": 4}]},
            "quotas: keep more places than there are",
        ),
        (
            {"opens_at": "2027-02-01T00:00:00Z", "closes_at": "2027-02-01T00:00:00Z"},
            "closes_at: is not later than opens_at",
        ),
        (
            {"meetings": [meeting("10:59:00", "12:00:00"), meeting("09:00:00", "11:00:00")]},
            "meetings: overlap",
        ),
    ],
)
def test_what_can_not_be_is_said_with_its_field(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        scheduled(**values)


def test_a_district_in_another_counts_for_both_and_meetings_may_follow_at_once() -> None:
    kept = [{**CITY, "reserved": 8}, {**AROUND, "reserved": 8}]
    meetings = [meeting("09:00:00", "11:00:00"), meeting("11:00:00", "12:00:00")]
    assert len(scheduled(quotas=kept, meetings=meetings).quotas) == 2
