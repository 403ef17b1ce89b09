"""Every reason with every subject that a service names: a whole sentence in both languages."""

import re
from importlib import import_module
from itertools import product

import pytest

from impulse_chassis import Repository
from impulse_contracts.reasons import Reason

STORES = (
    "impulse_registry.store.actors",
    "impulse_registry.store.listings",
    "impulse_registry.store.people",
    "impulse_matching.store.listings",
    "impulse_matching.store.proposals",
    "impulse_booking.store.advice",
    "impulse_booking.store.bookings",
    "impulse_booking.store.cooperations",
    "impulse_booking.store.people",
    "impulse_booking.store.programme",
    "impulse_booking.store.support",
    "impulse_notifications.store",
    "impulse_gateway.store.operations",
)
SUBJECTS = sorted(
    {
        found.subject
        for store in STORES
        for found in vars(import_module(store)).values()
        if isinstance(found, Repository)
    }
)


def test_subjects_are_nominative():
    assert len(SUBJECTS) > 5
    for german, english in SUBJECTS:
        for part in german.split(" oder "):
            assert re.match(r"(Der|Die|Das|der|die|das)\b", part), german
        assert re.match(r"(The|It)\b", english), english


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence_about_every_subject(reason):
    for (german, english), language in product(SUBJECTS, ("de", "en")):
        said = reason.text(
            language, subject=(german, english), detail="ein Feld", state=("offen", "open")
        )
        assert "{" not in said
        assert said[0].isupper()
        if "{subject}" in reason.label(language):
            subject = english if language == "en" else german
            assert re.match(rf"{re.escape(subject)} (ist|is|exists) ", said)


def test_the_object_of_a_sentence_would_be_another_case():
    """Why no sentence has its subject after a verb like “gibt es”: that takes the accusative."""
    for reason in Reason:
        assert "{subject}" not in reason.de[1:]
        assert "{subject} gibt" not in reason.de
