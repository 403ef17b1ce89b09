"""What people agree to, and that they may withdraw it at any time (Art. 7 GDPR)."""

from datetime import datetime, timedelta

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import IntakeChannel
from impulse_contracts.purposes import BY_CONSENT, TERMS, Purpose
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Consent
from impulse_registry.domain.people import Person


def give(
    person: Person, purpose: Purpose, text_version: str, channel: IntakeChannel, now: datetime
) -> Person | None:
    """The person with a consent to a purpose; None if one to the same text stands.

    One to another text takes its place; earlier ones stay as proof. Refuses with
    `no_consent_needed` where the purpose rests on something else.
    """
    if purpose not in BY_CONSENT:
        raise Refused(Reason.NO_CONSENT_NEEDED)
    standing = _standing(person, purpose)
    if standing is not None and standing.text_version == text_version:
        return None
    given = Consent(purpose=purpose, text_version=text_version, given_at=now, channel=channel)
    return person.evolve(consents=(*_ended(person, purpose, now), given))


def withdraw(person: Person, purpose: Purpose, now: datetime) -> Person | None:
    """The person without a consent to a purpose; None if none stands."""
    if _standing(person, purpose) is None:
        return None
    return person.evolve(consents=_ended(person, purpose, now))


def forget_at(person: Person) -> datetime | None:
    """When the first of those consents goes that are kept as proof only; None if there is none."""
    return min((_goes_at(each) for each in person.consents if each.withdrawn_at), default=None)


def forget(person: Person, now: datetime) -> Person | None:
    """The person without the consents that were proof long enough; None if there is none."""
    left = tuple(each for each in person.consents if each.stands or now < _goes_at(each))
    return person.evolve(consents=left) if left != person.consents else None


def _goes_at(ended: Consent) -> datetime:
    assert ended.withdrawn_at is not None
    # Of a purpose that a later release brought and this one does not know, as long as any.
    terms = TERMS.get(ended.purpose)
    longest = max(TERMS[purpose].days for purpose in BY_CONSENT)
    return ended.withdrawn_at + timedelta(days=terms.days if terms else longest)


def _standing(person: Person, purpose: Purpose) -> Consent | None:
    return next((each for each in person.consents if each.purpose == purpose and each.stands), None)


def _ended(person: Person, purpose: Purpose, now: datetime) -> tuple[Consent, ...]:
    return tuple(
        each.model_copy(update={"withdrawn_at": now})
        if each.purpose == purpose and each.stands
        else each
        for each in person.consents
    )
