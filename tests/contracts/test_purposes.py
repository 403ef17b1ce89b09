"""Purposes of personal data: each with its terms, nothing promotional without consent."""

from itertools import chain

import pytest

from impulse_contracts.purposes import BY_CONSENT, TERMS, Basis, Purpose, Recipient, Start
from tests.contracts.test_codes import TRANSCRIBED


def test_every_purpose_has_its_terms():
    assert TERMS.keys() == set(Purpose)
    assert {terms.starts for terms in TERMS.values()} == set(Start)
    assert {terms.basis for terms in TERMS.values()} <= set(Basis)


@pytest.mark.parametrize("purpose", Purpose, ids=str)
def test_the_terms_say_how_long_and_which_data(purpose):
    terms = TERMS[purpose]
    assert 0 < terms.days <= 10 * 365
    assert terms.de != terms.en
    assert min(len(terms.de), len(terms.en)) > 10


def test_what_is_promotional_needs_a_consent_and_may_be_agreed_to():
    promotional = {purpose for purpose, terms in TERMS.items() if terms.promotional}
    assert promotional == {Purpose.MATCH_SUGGESTION, Purpose.PROGRAMME_NEWS}
    assert promotional <= BY_CONSENT
    assert all((TERMS[each].basis is Basis.CONSENT) == (each in BY_CONSENT) for each in Purpose)


@pytest.mark.parametrize("code", list(chain(Purpose, Basis, Start, Recipient)), ids=str)
def test_both_languages(code):
    assert code.de.strip() != ""
    assert code.en.strip() != ""
    assert code.de != code.en
    assert not TRANSCRIBED.search(code.de)
