"""Commands on consents."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import IntakeChannel
from impulse_contracts.message import Command, Timer
from impulse_contracts.purposes import Purpose
from impulse_contracts.types import Identifier


class GiveConsent(
    Command,
    ce_type="impulse.registry.give_consent.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A person agrees to a purpose, by the text of a version."""

    person_id: UUID
    purpose: Purpose
    text_version: Identifier
    channel: IntakeChannel = IntakeChannel.WEB_FORM


class WithdrawConsent(
    Command,
    ce_type="impulse.registry.withdraw_consent.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A person withdraws their consent to a purpose."""

    person_id: UUID
    purpose: Purpose


class ForgetConsents(
    Timer,
    ce_type="impulse.registry.forget_consents.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A consent that a person withdrew was kept long enough as proof."""

    person_id: UUID
