"""The example programme: valid commands, sessions ahead on whatever day it is published."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.booking.advice import SetAdviceHours
from impulse_contracts.booking.editions import AnnounceEdition
from impulse_contracts.booking.programme import PublishProgrammeOffer, ScheduleSession
from impulse_sample import programme
from impulse_sample.envelope import header


def of(records, kind):
    return [
        kind.model_validate_json(record.value)
        for record in records
        if header(record.headers, "ce_type") == kind.ce_type
    ]


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_sessions_lie_ahead_on_any_day(today):
    records = programme.dates(today)
    # Waited for before anything that names them, which comes on other partitions.
    offers = of(programme.offers(), PublishProgrammeOffer)
    sessions = of(records, ScheduleSession)
    assert not of(records, PublishProgrammeOffer)
    assert all(offer.example for offer in offers)
    assert {str(offer.category) for offer in offers} == {"advice", "qualification", "support"}
    [hours] = of(records, SetAdviceHours)
    assert hours.programme_offer_id in {o.programme_offer_id for o in offers}
    now = datetime.combine(today, time(23, 59), UTC)
    for session in sessions:
        assert now < session.starts < session.ends
        assert session.starts.weekday() == 1
        assert session.starts - now < timedelta(weeks=14)
    [edition] = of(records, AnnounceEdition)
    assert edition.example
    assert now < edition.workshop.starts < edition.starts < edition.ends
    assert {s.programme_offer_id for s in sessions} < {o.programme_offer_id for o in offers}


def test_it_is_the_same_all_month():
    first, last = programme.dates(date(2027, 3, 1)), programme.dates(date(2027, 3, 31))
    assert [record.key for record in first] == [record.key for record in last]
    assert [record.value for record in first] == [record.value for record in last]
    assert [r.key for r in first] != [r.key for r in programme.dates(date(2027, 4, 1))]
