"""Golden examples: each is understood for good, and says what the schema says."""

import json
from contextlib import suppress
from functools import cache

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from impulse_contracts.schemas import examples, messages, schema_of
from impulse_contracts.upcast import upcast

MESSAGES = messages()

EXAMPLES = list(examples())
CURRENT = [(name, *upcast(ce_type, data)) for name, ce_type, data in EXAMPLES]
"""As they are read today: those of earlier versions made current."""


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


def test_each_parses_and_comes_back_the_same():
    for name, ce_type, data in CURRENT:
        message = parse(ce_type, data)
        written = json.loads(message.model_dump_json())
        assert parse(ce_type, written) == message, name
        if name == f"{ce_type}.json":
            assert written == data, name


def places(data, path=()):
    """The path of everything in an example; of lists, the first."""
    for key, value in data.items() if isinstance(data, dict) else list(enumerate(data))[:1]:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def spoilt(data, path, value):
    if not path:
        return value
    copied = data.copy()
    copied[path[0]] = spoilt(data[path[0]], path[1:], value)
    return copied


def test_whatever_stands_in_a_field_nothing_breaks():
    """A reader that fails at a record in another way than by a `ValidationError` stands still."""
    for name, ce_type, data in CURRENT:
        for path in places(data) if name == f"{ce_type}.json" else ():
            for value in (["a"], {"a": 1}, "\0", -1e300, True, None):
                with suppress(ValidationError):
                    parse(ce_type, spoilt(data, path, value))


def test_each_is_valid_by_the_schema():
    for name, ce_type, data in CURRENT:
        validator = Draft202012Validator(
            schema(ce_type), format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        assert not [error.message for error in validator.iter_errors(data)], name


def test_what_each_writes_is_valid_by_the_schema():
    for name, ce_type, data in CURRENT:
        written = json.loads(parse(ce_type, data).model_dump_json())
        assert Draft202012Validator(schema(ce_type)).is_valid(written), name


def test_fields_that_nobody_knows_are_ignored():
    for name, ce_type, data in CURRENT:
        assert parse(ce_type, {**data, "from_the_future": [1]}) == parse(ce_type, data), name


def test_each_field_that_is_needed_is_needed():
    for name, ce_type, data in CURRENT:
        for field in schema(ce_type)["required"]:
            without = {known: value for known, value in data.items() if known != field}
            with pytest.raises(ValueError, match="Field required"):
                parse(ce_type, without)
                pytest.fail(f"{name} is read without {field}")


def test_organisations_are_examples():
    for name, _, data in EXAMPLES:
        for field in ("legal_name", "display_name"):
            assert "Beispiel" in (data.get(field) or "Beispiel"), name
