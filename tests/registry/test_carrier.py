"""Who bears an actor, where its report does not say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.codes import DEFAULT_TYPES, ActorKind, ActorType, Carrier, LegalForm
from impulse_registry.domain.carrier import default_carrier


@pytest.mark.parametrize(
    ("kind", "actor_type", "legal_form", "carrier"),
    [
        # Every kind without a word more.
        ("company", "company_small", None, "private"),
        ("nonprofit", "nonprofit_association", None, "nonprofit"),
        ("municipal", "municipality", None, "municipal"),
        ("intermediary", "volunteer_agency", None, "nonprofit"),
        ("funder", "funder", None, "public_other"),
        ("programme", "programme_operator", None, "nonprofit"),
        # A municipal office is municipal, an agency in the form of a municipal company too.
        ("intermediary", "municipal_volunteering_office", None, "municipal"),
        ("intermediary", "volunteer_agency", "municipality_body", "municipal"),
        ("intermediary", "economic_development_agency", "gmbh", "municipal"),
        ("municipal", "economic_development_agency", None, "municipal"),
        ("municipal", "economic_development_agency", "e_v", "nonprofit"),
        ("municipal", "municipality", "public_body", "municipal"),
        # The form of a non-profit stands over the kind.
        ("intermediary", "volunteer_agency", "e_v", "nonprofit"),
        ("company", "company_small", "ggmbh", "nonprofit"),
        ("funder", "foundation", "foundation_civil", "nonprofit"),
        ("nonprofit", "faith_body", "church_body", "nonprofit"),
        # Chambers and trade associations.
        ("intermediary", "chamber_association", "public_body", "public_other"),
        ("intermediary", "chamber_association", "e_v", "private"),
        # Public, commercial, and forms that say nothing.
        ("nonprofit", "school_or_daycare", "public_body", "public_other"),
        ("intermediary", "volunteer_agency", "gmbh", "private"),
        ("nonprofit", "social_facility", "gmbh", "nonprofit"),
        ("company", "company_micro", "ek", "private"),
        ("company", "company_micro", "gbr", "private"),
        ("nonprofit", "initiative", "none", "nonprofit"),
        ("nonprofit", "initiative", "gbr", "nonprofit"),
    ],
)
def test_the_carrier_follows_from_kind_type_and_form(kind, actor_type, legal_form, carrier):
    form = next((each for each in LegalForm if each == legal_form), None)
    found = default_carrier(of(ActorKind, kind), of(ActorType, actor_type), form)
    assert found is of(Carrier, carrier)


def of(codes, code):
    """The member of a list of codes that a code names."""
    return next(each for each in codes if each == code)


@given(st.sampled_from(ActorKind), st.sampled_from(ActorType), st.sampled_from([None, *LegalForm]))
def test_there_is_always_a_carrier(kind, actor_type, legal_form):
    assert default_carrier(kind, actor_type, legal_form) in Carrier


@given(st.sampled_from([None, *LegalForm]))
def test_a_company_is_never_municipal_by_default_unless_its_form_says_so(legal_form):
    found = default_carrier(ActorKind.COMPANY, DEFAULT_TYPES[ActorKind.COMPANY], legal_form)
    assert (found is Carrier.MUNICIPAL) == (legal_form is LegalForm.MUNICIPALITY_BODY)
