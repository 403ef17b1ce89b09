"""What is generated and committed is up to date, and is never overwritten incompatibly."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from impulse_contracts import generate, pages
from impulse_contracts.schemas import committed, messages

MESSAGES = messages()


def test_what_is_committed_is_up_to_date():
    assert not generate.drifted(), "run: python -m impulse_contracts generate"


def test_nothing_that_is_committed_is_broken():
    assert [str(refusal) for refusal in generate.refusals()] == []


def test_every_message_has_a_committed_schema():
    assert committed().keys() >= MESSAGES.keys()


class Checkout:
    """A copy of the contracts and their documentation, to be changed at will."""

    def __init__(self, home: Path) -> None:
        self.package = home / "contracts" / "impulse_contracts"
        shutil.copytree(
            generate.ROOT / "contracts" / "impulse_contracts",
            self.package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        (home / "docs").mkdir()
        page = "docs/publishing-actor-events.md"
        shutil.copy(generate.ROOT / page, home / page)

    def change(self, file: str, old: str, new: str) -> None:
        path = self.package / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def generate(self) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "PYTHONPATH": str(self.package.parent)}
        command = [sys.executable, "-m", "impulse_contracts", "generate"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50)

    def schema(self, ce_type: str) -> str:
        return (self.package / "schemas" / f"{ce_type}.json").read_text("utf-8")


REPORTED = "impulse.partner.actor.reported.v1"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_an_optional_field_is_written(checkout):
    checkout.change("partner.py", "    seat: Rep", "    nickname: str | None = None\n    seat: Rep")
    result = checkout.generate()
    assert result.returncode == 0, result.stderr
    assert f"wrote contracts/impulse_contracts/schemas/{REPORTED}.json" in result.stdout
    assert '"nickname"' in checkout.schema(REPORTED)
    assert checkout.generate().stdout == ""


def test_an_incompatible_schema_is_not_written(checkout):
    before = checkout.schema(REPORTED)
    checkout.change("partner.py", "    seat: Rep", "    nickname: str\n    seat: Rep")
    result = checkout.generate()
    assert result.returncode == 1
    assert f"{REPORTED}: nickname: required field added" in result.stderr
    assert "declare a new type with the next major version" in result.stderr
    assert "Nothing was written." in result.stderr
    assert result.stdout == ""
    assert checkout.schema(REPORTED) == before


def test_a_type_does_not_go_without_an_upcaster(checkout):
    erase = "impulse.registry.erase_person"
    checkout.change("registry/people.py", f"{erase}.v1", f"{erase}.v2")
    result = checkout.generate()
    assert result.returncode == 1
    assert f"{erase}.v1: the type is gone, and has no upcaster" in result.stderr
    checkout.change(
        "upcast.py",
        "def upcast(",
        f'@upcaster("{erase}.v1", "{erase}.v2")\ndef _(data: Data) -> Data:\n    return data\n\n\n'
        "def upcast(",
    )
    assert checkout.generate().returncode == 0
    assert checkout.schema(f"{erase}.v1")
    assert checkout.schema(f"{erase}.v2")


def test_a_page_that_asks_for_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="there is no table colours; there are fields"):
        pages.filled("<!-- generated: colours -->\n<!-- /generated -->")
