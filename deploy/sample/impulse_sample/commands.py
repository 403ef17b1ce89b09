"""The commands of the sample: two people of the example agency, the release of a proposal, and the
answers of both sides."""

from datetime import UTC, datetime

from impulse_contracts import topics
from impulse_contracts.matching import AcceptProposal, ReleaseProposal
from impulse_contracts.registry.people import AddPerson
from impulse_sample.envelope import Record, record, sample_id
from impulse_sample.examples import AGENCY_DOMAIN

SOURCE = "urn:impulse:sample:publisher"
"""The `ce_source` of the sample's commands."""

PEOPLE_TOPIC = topics.PEOPLE_COMMANDS.name
MATCHING_TOPIC = topics.MATCHING_COMMANDS.name

BROKER_EMAIL = f"broker@{AGENCY_DOMAIN}"
STAFF = (
    ("broker", "Vermittlung Beispiel-Freiwilligenagentur", BROKER_EMAIL),
    ("operator", "Betrieb Beispiel-Freiwilligenagentur", f"betrieb@{AGENCY_DOMAIN}"),
)
"""Role, function and address of the people who are added; no names, as nobody is invented."""


def add_staff(agency_id: str) -> list[Record]:
    """Commands that add the broker and the operator of the agency with an actor id."""
    return [
        command(
            AddPerson.ce_type,
            key=(person_id := sample_id("person", email)),
            about=person_id,
            data={
                "person_id": person_id,
                "actor_id": agency_id,
                "name": name,
                "email": email,
                "language": "de",
                "roles": [role],
            },
        )
        for role, name, email in STAFF
    ]


def release(proposal_id: str, need_id: str) -> Record:
    """The command that lets both sides see a proposal and answer it."""
    return command(
        ReleaseProposal.ce_type,
        key=need_id,
        about=proposal_id,
        data={"proposal_id": proposal_id},
    )


def accept(proposal_id: str, need_id: str, side: str) -> Record:
    """The command by which a side ("need" or "offer") accepts a proposal."""
    return command(
        AcceptProposal.ce_type,
        key=need_id,
        about=f"{proposal_id}|{side}",
        data={"proposal_id": proposal_id, "side": side},
    )


def command(ce_type: str, *, key: str, about: str, data: dict[str, object]) -> Record:
    """A command of the sample; its id comes from type and `about`, so it is the same each time."""
    return record(
        ce_id=sample_id(ce_type, about),
        ce_type=ce_type,
        ce_source=SOURCE,
        ce_time=datetime.now(UTC),
        subject=key,
        key=key,
        data=data,
        principal="system",
    )
