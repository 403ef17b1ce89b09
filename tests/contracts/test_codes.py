"""Codes and reasons: named well, in German and in English."""

import inspect
import re
from itertools import chain
from string import Formatter

import pytest

from impulse_contracts import codes
from impulse_contracts.codes import DEFAULT_TYPES, ActorKind
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Coded

LISTS: list[type[Coded]] = [
    item
    for _, item in inspect.getmembers(codes, inspect.isclass)
    if issubclass(item, Coded) and item is not Coded
]
CODES = list(chain(*LISTS, Reason))
# Umlauts that were written with two letters; "ue" after a vowel or q is no umlaut (neue, Quelle).
TRANSCRIBED = re.compile(r"ae|oe|(?<![aeioq])ue", re.IGNORECASE)
NO_UMLAUT = {"aktuell", "individuell", "zuerst"}


def test_each_is_a_code():
    for code in CODES:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", str(code)), repr(code)
        assert str(code) == code.value == f"{code}", repr(code)


def test_each_has_a_label_in_both_languages():
    for code in CODES:
        assert code.label("de") == code.de == code.de.strip() != "", repr(code)
        assert code.label("en") == code.en == code.en.strip() != "", repr(code)
        assert code.label("fr") == code.de, repr(code)


def test_german_has_real_umlauts():
    for code in CODES:
        words = [word for word in re.findall(r"\w+", code.de) if word not in NO_UMLAUT]
        assert not [word for word in words if TRANSCRIBED.search(word)], repr(code)


@pytest.mark.parametrize("codes_of", [*LISTS, Reason], ids=lambda cls: cls.__name__)
def test_labels_tell_codes_apart(codes_of):
    assert codes_of.__doc__
    assert len({code.de for code in codes_of}) == len(codes_of)
    assert len({code.en for code in codes_of}) == len(codes_of)


def test_every_kind_of_actor_has_a_usual_type():
    assert DEFAULT_TYPES.keys() == set(ActorKind)


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("reason", Reason, ids=str)
def test_a_reason_is_a_sentence_with_the_same_details_in_both_languages(reason):
    assert fields(reason.de) == fields(reason.en)
    for text in (reason.de, reason.en):
        assert text.endswith((".", "{detail}"))
    details = dict.fromkeys(fields(reason.de), ("etwas", "something"))
    assert "{" not in reason.text("de", **details)
    assert ("something" in reason.text("en", **details)) == bool(details)
    assert "etwas" not in reason.text("en", **details)


def test_reasons_of_dead_letters_are_those_of_the_contract():
    assert [str(reason) for reason in Reason][:7] == [
        "not_json",
        "unknown_type",
        "contract_violation",
        "bad_header",
        "unexpected_tombstone",
        "waited_too_long",
        "handler_error",
    ]
