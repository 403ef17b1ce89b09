"""Golden examples: each is understood for good, and says what the schema says."""

import json
from functools import cache

import pytest
from jsonschema import Draft202012Validator

from impulse_contracts.schemas import examples, messages, schema_of
from impulse_contracts.upcast import upcast

MESSAGES = messages()

EXAMPLES = list(examples())


@pytest.fixture(params=EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def example(request):
    return request.param


@cache
def schema(ce_type):
    return schema_of(MESSAGES[ce_type])


def parse(ce_type, data):
    return MESSAGES[ce_type].model_validate_json(json.dumps(data))


def test_every_message_has_a_complete_example():
    complete = {ce_type for name, ce_type, _ in EXAMPLES if name == f"{ce_type}.json"}
    assert complete >= MESSAGES.keys()
    for name, ce_type, data in EXAMPLES:
        if name == f"{ce_type}.json" and ce_type in MESSAGES:
            assert data.keys() == schema(ce_type)["properties"].keys(), name


def test_what_may_be_left_out_is_left_out_in_an_example():
    """At least once for messages that share their fields, as the facts of one aggregate do."""
    shapes = {ce_type: tuple(schema(ce_type)["properties"]) for ce_type in MESSAGES}
    shown = {
        shapes[ce_type]
        for name, ce_type, data in EXAMPLES
        if name == f"{ce_type}.minimal.json" and data.keys() == set(schema(ce_type)["required"])
    }
    for ce_type, shape in shapes.items():
        assert shape in shown or set(shape) == set(schema(ce_type)["required"]), ce_type


def test_it_parses_and_comes_back_the_same(example):
    name, ce_type, data = example
    ce_type, current = upcast(ce_type, data)
    message = parse(ce_type, current)
    written = json.loads(message.model_dump_json())
    assert parse(ce_type, written) == message
    if name == f"{ce_type}.json":
        assert written == current


def test_it_is_valid_by_the_schema(example):
    _, ce_type, data = example
    ce_type, data = upcast(ce_type, data)
    validator = Draft202012Validator(
        schema(ce_type), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    assert not [error.message for error in validator.iter_errors(data)]


def test_what_it_writes_is_valid_by_the_schema(example):
    _, ce_type, data = example
    ce_type, data = upcast(ce_type, data)
    written = json.loads(parse(ce_type, data).model_dump_json())
    assert Draft202012Validator(schema(ce_type)).is_valid(written)


def test_fields_that_nobody_knows_are_ignored(example):
    _, ce_type, data = example
    ce_type, data = upcast(ce_type, data)
    assert parse(ce_type, {**data, "from_the_future": [1]}) == parse(ce_type, data)


def test_each_field_that_is_needed_is_needed(example):
    _, ce_type, data = example
    ce_type, data = upcast(ce_type, data)
    for field in schema(ce_type)["required"]:
        without = {name: value for name, value in data.items() if name != field}
        with pytest.raises(ValueError, match="Field required"):
            parse(ce_type, without)


def test_organisations_are_examples(example):
    name, _, data = example
    for field in ("legal_name", "display_name"):
        assert "Beispiel" in (data.get(field) or "Beispiel"), name
