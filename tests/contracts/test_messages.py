"""What every message has, and what a reader of facts bears."""

import json
import re
from uuid import uuid4

import pytest
from pydantic import BaseModel, ValidationError

from impulse_contracts import topics
from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.codes import CooperationState
from impulse_contracts.message import Fact, Incoming, Message, Timer
from impulse_contracts.outcomes import Outcome
from impulse_contracts.registry.actors import ActorRegistered
from impulse_contracts.registry.people import MembershipGranted, PersonAdded
from impulse_contracts.schemas import LATER_CODE, examples, kind, messages, schema_of

MESSAGES = messages()

WORD = "[a-z]+(_[a-z]+)*"
FACT = re.compile(rf"impulse\.{WORD}\.{WORD}\.{WORD}\.v[1-9][0-9]*")
COMMAND = re.compile(rf"impulse\.{WORD}\.[a-z]+_{WORD}\.v[1-9][0-9]*")

FACTS = [message for message in MESSAGES.values() if issubclass(message, Fact)]


def test_each_says_what_it_means():
    for ce_type, message in MESSAGES.items():
        assert message.__doc__, ce_type
        assert message.__doc__ != Message.__doc__, ce_type
        assert message.__doc__.strip().endswith((".", "look.", "it.")), ce_type


def test_each_type_is_named_as_the_contract_says():
    for ce_type, message in MESSAGES.items():
        assert message.ce_type == ce_type
        if issubclass(message, Outcome):
            assert re.fullmatch(r"impulse\.outcome\.(accepted|refused)\.v1", ce_type)
        elif kind(message) in ("command", "timer"):
            assert COMMAND.fullmatch(ce_type), ce_type
        else:
            assert FACT.fullmatch(ce_type), ce_type


def test_each_has_a_topic_and_a_key():
    for ce_type, message in MESSAGES.items():
        assert message.topic in topics.ALL, ce_type
        assert message.key_field in message.model_fields, ce_type
        assert message.model_fields[message.key_field].is_required(), ce_type
        assert message.topic.incoming == issubclass(message, Incoming | Timer), ce_type


def test_each_is_frozen():
    assert [each for each, message in MESSAGES.items() if not message.model_config["frozen"]] == []


def test_times_of_what_was_seen_are_bounded():
    """`observed_at` may not be ahead; plans may."""
    for ce_type, message in MESSAGES.items():
        seen = "observed_at" in message.model_fields
        assert message.not_ahead == (("observed_at",) if seen else ()), ce_type


def test_the_topics_of_the_slice_carry_messages():
    silent = {topic.name for topic in topics.ALL} - {m.topic.name for m in MESSAGES.values()}
    # What later slices bring, and what is no message of ours.
    assert silent == {
        "impulse.preferences",
        "impulse.dead-letters",
    }


def test_two_messages_have_two_names():
    with pytest.raises(TypeError, match=r"two messages are called impulse\.registry\.person"):

        class Again(PersonAdded, ce_type="impulse.registry.person.added.v1"):
            """A person again."""


# ---------------------------------------------------------------------------------- facts


def test_each_fact_holds_its_version():
    assert all(fact.model_fields["version"].is_required() for fact in FACTS)


def test_no_fact_has_a_closed_list_of_codes():
    for fact in FACTS:
        schema = schema_of(fact)
        definitions = schema.get("$defs", {})
        check_codes(schema, {f"#/$defs/{name}" for name, at in definitions.items() if "enum" in at})


def check_codes(node, codes):
    """Wherever a schema refers to a list of codes, a later code is allowed beside."""
    if isinstance(node, dict):
        assert node.get("$ref") not in codes, node
        choices = node.get("anyOf", ())
        if any(choice.get("$ref") in codes for choice in choices):
            assert any(choice.get("description") == LATER_CODE for choice in choices), node
        for name, inner in node.items():
            if name == "anyOf":
                inner = [choice for choice in inner if choice.get("$ref") not in codes]
            check_codes(inner, codes)
    elif isinstance(node, list):
        for inner in node:
            check_codes(inner, codes)


def paths_of_codes(data, node, root, path=()):
    """Where the data of a fact holds codes, by its schema."""
    for choice in node.get("anyOf", [node]):
        choice = root["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
        if choice.get("description") == LATER_CODE and isinstance(data, str):
            yield path
        for name, inner in choice.get("properties", {}).items():
            if isinstance(data, dict) and name in data:
                yield from paths_of_codes(data[name], inner, root, (*path, name))
        if "items" in choice and isinstance(data, list):
            for index, item in enumerate(data):
                yield from paths_of_codes(item, choice["items"], root, (*path, index))


def test_a_code_that_came_later_is_read_as_unknown():
    tried = 0
    for name, ce_type, data in examples():
        if name != f"{ce_type}.json" or not issubclass(MESSAGES[ce_type], Fact | Outcome):
            continue
        schema = schema_of(MESSAGES[ce_type])
        paths = list(paths_of_codes(data, schema, schema))
        later = json.loads(json.dumps(data))
        for *way, last in paths:
            at(later, way)[last] = "from_the_future"
        message = MESSAGES[ce_type].model_validate_json(json.dumps(later))
        read = json.loads(message.model_dump_json())
        for path in paths:
            assert at(read, path) == "unknown", (ce_type, path)
        tried += len(paths)
    assert tried > len(FACTS)


def at(place, way):
    for step in way:
        place = place[step]
    return place


class Member(BaseModel):
    """An aggregate as the domain has it: more than the fact says."""

    version: int
    person_id: object
    memberships: tuple[()] = ()
    pending: tuple[()] = ()
    secret: str = "stays here"


def test_a_fact_of_an_aggregate_is_its_state():
    member = Member(version=3, person_id=uuid4())
    fact = MembershipGranted.of(member)
    assert fact.model_dump() == {
        "version": 3,
        "person_id": member.person_id,
        "memberships": (),
        "pending": (),
    }
    assert MembershipGranted.model_validate_json(fact.model_dump_json()) == fact
    assert fact.key == str(member.person_id)


def test_single_fields_of_a_fact_can_be_others():
    assert MembershipGranted.of(Member(version=3, person_id=uuid4()), version=4).version == 4


def test_a_fact_of_an_aggregate_that_lacks_a_field_is_a_mistake():
    with pytest.raises(KeyError, match="proposal_id"):
        CooperationOpened.of(Member(version=3, person_id=uuid4()), cooperation_id=uuid4())


def test_a_fact_is_written_with_the_names_of_the_contract():
    [data] = [d for n, _, d in examples() if n == "impulse.registry.actor.registered.v1.json"]
    fact = ActorRegistered.model_validate_json(json.dumps(data))
    assert json.loads(ActorRegistered.of(fact).model_dump_json())["register"] == data["register"]


def test_a_message_does_not_change():
    fact = MembershipGranted.of(Member(version=3, person_id=uuid4()))
    with pytest.raises(ValidationError, match="frozen"):
        fact.version = 4  # type: ignore[misc]


def test_codes_in_facts_are_those_of_the_domain():
    [data] = [d for n, _, d in examples() if n == "impulse.booking.cooperation.opened.v1.json"]
    fact = CooperationOpened.model_validate_json(json.dumps(data))
    assert fact.state is CooperationState.INTRODUCED
