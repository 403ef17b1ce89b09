"""Numbers in forms and files: as people and spreadsheets write them, or a fault."""

from uuid import uuid4

import pytest

from impulse_contracts.booking.deliveries import ReportDelivery
from impulse_contracts.booking.editions import AnnounceEdition
from impulse_contracts.codes import Direction
from impulse_gateway.web import cooperation_form, edition_form, floor_form, listing_form, numbers
from impulse_gateway.web.cooperation_form import BY_PATH
from tests.gateway import given
from tests.gateway.editions import FLOOR
from tests.gateway.test_editions import NEW


@pytest.mark.parametrize(
    ("written", "whole", "decimal"),
    [
        ("1200", 1200, 1200.0),
        ("1.200", 1200, 1200.0),
        ("1 200", 1200, 1200.0),
        ("1.200.000", 1_200_000, 1_200_000.0),
        ("1200.00", 1200, 1200.0),
        ("1.200,00", 1200, 1200.0),
        ("8.0", 8, 8.0),
        ("12.5", None, 12.5),
        ("30,5", None, 30.5),
        ("1.200,5", None, 1200.5),
        ("1.20.0", None, None),
        ("1,200", None, None),
        ("0.125", None, None),
        ("0,1250", None, 0.125),
        ("-3", None, None),
        ("nan", None, None),
        ("²", None, None),
        ("", None, None),
        ("9" * 12, None, None),
    ],
)
def test_points_group_three_digits_and_what_is_no_number_stays_text(written, whole, decimal):
    assert numbers.whole(written) == (written if whole is None else whole)
    assert numbers.decimal(written) == (written if decimal is None else decimal)


@pytest.mark.parametrize(
    ("written", "value"), [("1200.00", 1200), ("1.200 €", 1200), ("300 Euro", 300), ("12.5", None)]
)
def test_the_value_of_a_line_is_what_was_written_or_a_fault(written, value):
    house, painter = given.HOUSE, given.PAINTER
    values = {"on": ["2026-11-24"], "number_0": ["1"], "value_0": [written]}
    values |= {"nonprofit_0": [house.legal_name], "company_0": [painter.legal_name]}
    values |= {"subject_0": ["Streichen"], "performance_0": ["Acht Leute"]}
    named = {each.legal_name.lower(): [each] for each in (house, painter)}
    good, wrong = floor_form.entries(
        FLOOR.edition_id, floor_form.lines(values), values, named, given.ident(given.BROKER)
    )
    terms = [entry.terms for _, entry in good if entry.terms]
    assert [each.estimated_value_eur for each in terms] == ([value] if value else [])
    assert [each.field for found in wrong.values() for each in found] == (
        [] if value else ["value"]
    )


@pytest.mark.parametrize(
    ("persons", "hours", "said"),
    [("8.0", "1.000", (8, 1000.0)), ("8", "30.5", (8, 30.5)), ("8.5", "30", None)],
)
def test_persons_and_hours_of_a_report_are_what_was_written_or_a_fault(persons, hours, said):
    values = {"outcome": ["done"], "persons": [persons], "hours": [hours]}
    command, wrong = cooperation_form.command_of(
        BY_PATH["report"], given.COOPERATION.cooperation_id, Direction.NEED, None, values, None
    )
    assert [each.field for each in wrong] == ([] if said else ["persons"])
    if said:
        assert isinstance(command, ReportDelivery)
        assert (command.persons, command.hours) == said


@pytest.mark.parametrize(
    ("written", "value"), [("1.000", 1000), ("1.200,5", 1200.5), ("2,5", 2.5), ("1,000", None)]
)
def test_the_amount_of_a_listing_is_what_was_written_or_a_fault(written, value):
    values = {"direction": ["need"], "title": ["Hochbeete"], "resource_category": ["hands"]}
    values |= {"quantity_value": [written], "quantity_unit": ["hour"]}
    said, wrong = listing_form.content(values)
    assert (said and said.quantity and said.quantity.value) == value
    assert [each.field for each in wrong] == ([] if value else ["quantity_value"])


@pytest.mark.parametrize("number", [0.5, 2.25, 8.0, 1e3, 1200.5, 12345.67, 2.125, 0.004, 1e-7])
def test_a_number_in_a_form_is_read_as_the_same(number):
    assert numbers.decimal(numbers.written(number)) == number


def test_places_and_persons_are_read_like_all_numbers():
    """One reader for all forms: a point in a number means the same in each."""
    values = {**{name: [said] for name, said in NEW.items()}, "nonprofit_places": ["1.200"]}
    announced, wrong = edition_form.command(AnnounceEdition, values, {"edition_id": uuid4()}, None)
    assert announced, wrong
    assert announced.nonprofit_places == 1200
