"""`impulse rules`: the command that matching adds for operators."""

import sys
import tomllib
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from impulse_chassis import client
from impulse_chassis.aggregate import Refused
from impulse_chassis.client import Unreachable
from impulse_chassis.words import Words, language_of
from impulse_contracts.outcomes import OutcomeAccepted
from impulse_contracts.rulesets import ActivateRuleSet
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.rulesets import checked

rules = typer.Typer(no_args_is_help=True, help="The rules by which pairs are judged.")

NOT_IN_FORCE, UNUSABLE = 1, 2
"""How the process ends: refused, or without an answer; nothing was sent."""

File = Annotated[Path, typer.Argument(help="The rule set (TOML).")]
Patience = Annotated[
    float, typer.Option("--timeout", min=1, help="Seconds to wait for the answer.")
]


@rules.command()
def check(file: File) -> None:
    """Say whether a file is a valid rule set, and where it is not. Sends nothing."""
    found = _read(file)
    _say(Words(f"{file}: gültig, Fassung {found.version}", f"{file}: valid, {found.version}"))


@rules.command()
def activate(file: File, patience: Patience = 60) -> None:
    """Bring a rule set into force; pairs are judged by it from then on."""
    found = _read(file)
    command = ActivateRuleSet(ruleset_version=found.version, rules=found.model_dump(mode="json"))
    try:
        outcome = client.send(command, patience=patience)
    except Unreachable as error:
        _end(Words(*error.words), NOT_IN_FORCE)
    if outcome is None:
        words = Words(
            f"Matching hat nach {patience:.0f} s nicht geantwortet; der Befehl gilt trotzdem.",
            f"Matching has not answered after {patience:.0f} s; the command stands.",
        )
        _end(words, NOT_IN_FORCE)
    if not isinstance(outcome, OutcomeAccepted):
        _end(Words(outcome.message.de, outcome.message.en), NOT_IN_FORCE)
    _say(Words(f"In Kraft: {found.version}", f"In force: {found.version}"))


def _read(file: Path) -> RuleSet:
    """The rules in a file; ends the process where they are none."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
        return checked(str(document.get("version", "")), document)
    except OSError as error:
        words = Words(
            f"{file} ist nicht lesbar: {error.strerror}", f"{file} can't be read: {error.strerror}"
        )
    except ValueError as error:
        words = Words(f"{file} ist kein TOML: {error}", f"{file} is no TOML: {error}")
    except Refused as refused:
        texts = (refused.reason.text(language, **refused.details) for language in ("de", "en"))
        words = Words(*texts)
    _end(words, UNUSABLE)


def _say(words: Words, *, beside: bool = False) -> None:
    console = Console(stderr=beside, soft_wrap=True, highlight=False)
    console.print(words(language_of()), markup=False)


def _end(words: Words, status: int) -> NoReturn:
    _say(words, beside=True)
    sys.exit(status)
