"""Consents: given to one text, withdrawn at any time, on the topic of people alone."""

from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.testing import START
from impulse_contracts.codes import IntakeChannel, Language
from impulse_contracts.purposes import BY_CONSENT, Purpose
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.people import ChangeDetails, PersonState
from impulse_registry.domain import consents as rules
from impulse_registry.domain.people import Person
from tests.registry.given import RegistryWorld, add_person, at, ident, register_actor

PERSON = ident("person")
SELF = {"principal": str(PERSON)}


def give(purpose: Purpose = Purpose.MATCH_SUGGESTION, text: str = "2026-11") -> GiveConsent:
    return GiveConsent(person_id=PERSON, purpose=purpose, text_version=text)


def withdraw(purpose: Purpose = Purpose.MATCH_SUGGESTION) -> WithdrawConsent:
    return WithdrawConsent(person_id=PERSON, purpose=purpose)


def newest(world: RegistryWorld) -> PersonState:
    found: PersonState = world.heard(PersonState)[-1].data
    return found


def test_a_consent_is_given_and_withdrawn(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person())
    world.accepted(give(), **SELF)
    [consent] = newest(world).consents
    assert (consent.purpose, consent.text_version) == (Purpose.MATCH_SUGGESTION, "2026-11")
    assert (consent.given_at, consent.channel) == (START, IntakeChannel.WEB_FORM)
    assert consent.stands
    world.now = at(1)
    world.accepted(withdraw(), **SELF)
    [consent] = newest(world).consents
    assert consent.withdrawn_at == at(1)
    assert world.short()[-3:] == [
        "person.added",
        "person.consent_given",
        "person.consent_withdrawn",
    ]
    facts = world.facts()
    world.accepted(withdraw(), **SELF)
    assert world.facts() == facts
    # Correcting a person leaves what they agreed to.
    world.accepted(give(), **SELF)
    world.accepted(add_person(email="neu@stadtwald.example"))
    assert [each.stands for each in newest(world).consents] == [False, True]


def test_who_may_and_for_what(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person())
    world.accepted(add_person("broker", roles=["broker"]))
    world.accepted(add_person("colleague", roles=["admin"]))
    colleague = {"principal": str(ident("colleague"))}
    world.refused(give(), Reason.NOT_ALLOWED, **colleague)
    world.refused(withdraw(), Reason.NOT_ALLOWED, **colleague)
    world.refused(give(Purpose.MEMBERSHIP), Reason.NO_CONSENT_NEEDED, **SELF)
    by_phone = give().model_copy(update={"channel": IntakeChannel.PHONE})
    world.accepted(by_phone, principal=str(ident("broker")))
    assert newest(world).consents[0].channel is IntakeChannel.PHONE


def test_a_person_corrects_themselves_but_not_the_address_they_sign_in_with(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(add_person())
    change = ChangeDetails(
        person_id=PERSON, name=" Beispielstelle Neu ", phone="0201 1", language=Language.EN
    )
    world.refused(change, Reason.NOT_ALLOWED, principal=str(ident("other")))
    world.accepted(change, **SELF)
    said = newest(world)
    assert (said.name, said.phone, said.language) == ("Beispielstelle Neu", "0201 1", "en")
    assert said.email == "person@stadtwald.example"


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(sorted(BY_CONSENT)), st.sampled_from(["1", "2"])),
        max_size=12,
    )
)
def test_at_most_one_consent_to_a_purpose_stands_and_none_is_lost(steps):
    person = Person(version=1, person_id=PERSON, name="Beispiel", email="a@b.example")
    agreed: dict[Purpose, str] = {}
    for gives, purpose, text in steps:
        before = person.consents
        if gives:
            person = rules.give(person, purpose, text, IntakeChannel.WEB_FORM, START) or person
            agreed[purpose] = text
        else:
            person = rules.withdraw(person, purpose, START) or person
            agreed.pop(purpose, None)
        standing = {e.purpose: e.text_version for e in person.consents if e.stands}
        assert standing == agreed
        assert len([e for e in person.consents if e.stands]) == len(agreed)
        assert len(person.consents) >= len(before)
