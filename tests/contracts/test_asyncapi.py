"""The AsyncAPI document: complete, and accepted by the official parser where Node is there."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impulse_contracts import asyncapi, topics
from impulse_contracts.schemas import messages
from tests.fixtures.missing import missing, require, require_node

CHECK = Path(__file__).parent / "asyncapi"
Parse = Callable[[dict[str, Any]], "subprocess.CompletedProcess[str]"]
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
def parse(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Gives a document to the official parser, installed once into pytest's cache."""
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

    def run(document: dict[str, Any]) -> "subprocess.CompletedProcess[str]":
        path = tmp_path_factory.mktemp("asyncapi") / "asyncapi.json"
        path.write_text(json.dumps(document), "utf-8")
        command = ["node", str(CHECK / "parse.mjs"), str(path)]
        return subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=50)

    return run


def test_the_official_parser_accepts_it(parse, document):
    result = parse(document)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "warning" not in result.stdout
    assert f"messages: {len(MESSAGES) + 1}" in result.stdout


@pytest.mark.parametrize(
    ("path", "value"), [("channel", {"$ref": "#/channels/nowhere"}), ("action", "shout")]
)
def test_the_official_parser_would_notice(parse, document, path, value):
    broken = json.loads(json.dumps(document))
    next(iter(broken["operations"].values()))[path] = value
    result = parse(broken)
    assert result.returncode == 1
    assert "error: operations." in result.stdout
