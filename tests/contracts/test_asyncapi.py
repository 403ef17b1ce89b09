"""The AsyncAPI document: complete, and accepted by the official parser where Node is there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from impulse_contracts import asyncapi, topics
from impulse_contracts.schemas import messages
from tests.fixtures.missing import missing, require, require_node

CHECK = Path(__file__).parent / "asyncapi"
MESSAGES = messages()


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi.document()


def test_every_topic_is_a_channel_with_its_settings(document):
    for topic in topics.ALL:
        channel = document["channels"][topic.name]
        kafka = channel["bindings"]["kafka"]
        assert channel["address"] == kafka["topic"] == topic.name
        assert kafka["partitions"] == topic.partitions
        assert topic.key in channel["description"]
        policy = ",".join(kafka["topicConfiguration"]["cleanup.policy"])
        assert policy == topic.cleanup.value
        assert ("retention.ms" in kafka["topicConfiguration"]) == ("delete" in policy)


def test_every_message_is_on_its_channel_and_nowhere_else(document):
    for ce_type, message in MESSAGES.items():
        places = {
            name for name, channel in document["channels"].items() if ce_type in channel["messages"]
        }
        assert places - {asyncapi.PARTNER_CHANNEL} == {message.topic.name}
        shown = document["components"]["messages"][ce_type]
        assert shown["examples"]
        assert shown["bindings"]["kafka"]["key"]


def test_every_message_is_sent_and_what_asks_is_received(document):
    operations: dict[str, set[str]] = {"send": set(), "receive": set()}
    for operation in document["operations"].values():
        for message in operation["messages"]:
            operations[operation["action"]].add(message["$ref"].rpartition("/")[2])
    assert operations["send"] == {*MESSAGES, asyncapi.DEAD_LETTER}
    assert operations["receive"] == {
        ce_type for ce_type, message in MESSAGES.items() if message.topic.incoming
    }


def test_each_command_goes_to_the_service_that_it_names(document):
    receives = {
        (operation["tags"][0]["name"], message["$ref"].rpartition("/")[2])
        for operation in document["operations"].values()
        if operation["action"] == "receive"
        for message in operation["messages"]
    }
    for service, ce_type in receives:
        context = ce_type.split(".")[1]
        assert service == ("registry" if context == "partner" else context)


@pytest.fixture(scope="module")
def parser(pytestconfig: pytest.Config) -> Path:
    """Where the official parser is installed, once into pytest's cache."""
    require_node()
    require("npm", "Debian: apt install npm")
    cache = pytestconfig.cache
    assert cache is not None
    home = cache.mkdir("asyncapi-parser")
    wanted = (CHECK / "package.json").read_text("utf-8")
    installed = home / "installed.json"
    if not installed.exists() or installed.read_text("utf-8") != wanted:
        (home / "package.json").write_text(wanted, "utf-8")
        command = "npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent"
        try:
            subprocess.run(command.split(), cwd=home, check=True, capture_output=True, timeout=50)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            missing("npm's @asyncapi/parser", f"with a network: cd {home} && npm install")
        installed.write_text(wanted, "utf-8")
    return home


def small(document: dict[str, Any], **broken: Any) -> dict[str, Any]:
    """Of the document the dead letters' channel and its first operation, which `broken` changes."""
    name, message = topics.DEAD_LETTERS.name, asyncapi.DEAD_LETTER
    parts = document["components"]
    operation, said = next(
        (operation, said)
        for operation, said in document["operations"].items()
        if said["channel"]["$ref"] == f"#/channels/{name}"
    )
    return {
        **document,
        "channels": {name: document["channels"][name]},
        "operations": {operation: {**said, **broken}},
        "components": {
            "messages": {message: parts["messages"][message]},
            "schemas": {"DeadLetterHeaders": parts["schemas"]["DeadLetterHeaders"]},
        },
    }


BROKEN: dict[str, Any] = {"channel": {"$ref": "#/channels/nowhere"}, "action": "shout"}


@pytest.fixture(scope="module")
def parsed(parser, document, tmp_path_factory) -> dict[str, Any]:
    """What the parser says of the whole document, a small one, and that broken in a place; all at
    once, as the parser takes longer to start than to read them."""
    documents = {"whole": document, "small": small(document)}
    documents |= {part: small(document, **{part: value}) for part, value in BROKEN.items()}
    folder: Path = tmp_path_factory.mktemp("asyncapi")
    for name, each in documents.items():
        (folder / name).write_text(json.dumps(each), "utf-8")
    command = ["node", str(CHECK / "parse.mjs"), *(str(folder / name) for name in documents)]
    said = subprocess.run(command, cwd=parser, capture_output=True, text=True, timeout=50)
    assert said.returncode == 0, said.stderr
    return dict(zip(documents, map(json.loads, said.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(("which", "messages"), [("whole", len(MESSAGES) + 1), ("small", 1)])
def test_the_official_parser_accepts_it(parsed, which, messages):
    assert parsed[which]["messages"] == messages, parsed[which]
    assert not [each for each in parsed[which]["found"] if each.startswith(("error", "warning"))]


@pytest.mark.parametrize("part", BROKEN)
def test_the_official_parser_would_notice(parsed, part):
    assert parsed[part]["messages"] is None
    assert any(each.startswith("error: operations.") for each in parsed[part]["found"])
