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
ERASE = "impulse.registry.erase_person"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def refused(checkout):
    """What is said of changes that break somebody: each start of the generator takes seconds."""
    checkout.change("partner.py", "    seat: Rep", "    nickname: str\n    seat: Rep")
    checkout.change("registry/people.py", f"{ERASE}.v1", f"{ERASE}.v2")
    before = checkout.schema(REPORTED)
    result = checkout.generate()
    assert checkout.schema(REPORTED) == before
    return result


@pytest.fixture(scope="module")
def mended(checkout, refused):
    """What is said of the same changes, when they break nobody any more."""
    checkout.change("partner.py", "nickname: str", "nickname: str | None = None")
    checkout.change(
        "upcast.py",
        "def upcast(",
        f'@upcaster("{ERASE}.v1", "{ERASE}.v2")\ndef _(data: Data) -> Data:\n    return data\n\n\n'
        "def upcast(",
    )
    return checkout.generate()


def test_an_incompatible_schema_is_not_written(refused):
    assert refused.returncode == 1
    assert f"{REPORTED}: nickname: required field added" in refused.stderr
    assert "declare a new type with the next major version" in refused.stderr
    assert "Nothing was written." in refused.stderr
    assert refused.stdout == ""


def test_a_type_does_not_go_without_an_upcaster(refused, mended, checkout):
    assert f"{ERASE}.v1: the type is gone, and has no upcaster" in refused.stderr
    assert mended.returncode == 0, mended.stderr
    assert checkout.schema(f"{ERASE}.v1")
    assert checkout.schema(f"{ERASE}.v2")


def test_an_optional_field_is_written(mended, checkout):
    assert mended.returncode == 0, mended.stderr
    assert f"wrote contracts/impulse_contracts/schemas/{REPORTED}.json" in mended.stdout
    assert '"nickname"' in checkout.schema(REPORTED)


def test_what_is_written_is_up_to_date(mended, checkout):
    again = checkout.generate()
    assert (again.returncode, again.stdout) == (0, "")


def test_a_page_that_asks_for_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="there is no table colours; there are fields"):
        pages.filled("<!-- generated: colours -->\n<!-- /generated -->")
