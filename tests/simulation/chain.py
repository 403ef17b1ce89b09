"""The main job by seed: partners report, listings match, sides answer, cooperations open and end.

All that is said has ids of its own. Where order between partitions decides (two needs want one
offer), scenarios do not say it, except `race`: there only the invariants count.
"""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from impulse_chassis.envelope import Attributes, render
from impulse_chassis.testing import START, World
from impulse_contracts import topics
from impulse_contracts.codes import DeclineReason, Direction, ProposalState
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ProposalFact,
    ReleaseProposal,
)
from impulse_contracts.message import Message
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.partner import (
    ActorReported,
    ActorWithdrawn,
    ListingReported,
    ListingWithdrawn,
)
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.people import AddPerson, ChangeDetails, ErasePerson, PersonState
from tests.simulation.cast import Phase, Saying

SOURCES = ["https://ehrenamt.beispielstadt.example/api", "https://kammer.example"]
POSTCODES = ["45144", "44787", "45127", "00000"]
"""The last one does not exist: registered, not located."""
OWN = UUID(int=1)
"""The actor that no partner reports."""
SIDES = [Direction.NEED, Direction.OFFER]


def scenario(seed: int, *, race: bool = False) -> list[Phase]:
    """Reports; some releases; one side's answer; the other's; the end of some things; and more than
    a year.

    Contacts confirm what is kept of them before that year: else whether they go before or after
    they are told of something due on the same day would be up to chance.
    """
    chance = random.Random(f"chain {seed}")
    number = chance.randint(2, 3)
    reports = _reports(chance, number)
    return [
        Phase(reports),
        Phase(partial(_releases, chance.random())),
        Phase(partial(_answers, chance.random(), 0, race), timedelta(hours=3)),
        Phase(partial(_answers, chance.random(), 1, race), timedelta(days=15)),
        Phase(_confirmations),
        Phase(_ends(chance, number), timedelta(days=330)),
        Phase([], timedelta(days=60)),
    ]


# -------------------------------------------------------------------------------- reports


def _reports(chance: random.Random, number: int) -> list[Saying]:
    """Each actor's own reports stay in order; whose comes next is up to chance."""
    queues: list[list[Saying]] = []
    for which, source in enumerate(SOURCES):
        for each in range(number):
            queues.append(_of_actor(chance, source, f"{which}-{each}"))
    queues += [[say] for say in (*_commands(), *_poison())]
    mixed: list[Saying] = []
    while queues:
        queue = chance.choice(queues)
        mixed.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    return mixed


def _of_actor(chance: random.Random, source: str, name: str) -> list[Saying]:
    """What a partner says about an actor: it and its listing, in either order, changed, late."""
    kind = "nonprofit" if name.startswith("0") else "company"
    direction = Direction.NEED if kind == "nonprofit" else Direction.OFFER
    postcode = chance.choice(POSTCODES[:3]) if not name.endswith("2") else POSTCODES[3]
    minutes = iter(range(100))

    def actor(**more: Any) -> Saying:
        return reported(source, _actor(name, kind, postcode, next(minutes), **more))

    def listing(**more: Any) -> Saying:
        return reported(source, _listing(name, direction, next(minutes), **more))

    said = [listing(), actor()] if chance.random() < 0.5 else [actor(), listing()]
    known: dict[str, str] = {}
    if chance.random() < 0.4:
        known = {"website": "https://www.beispiel.example"}
        said.append(actor(**known))
    if chance.random() < 0.4:
        said.append(listing(title=f"Gruppenräume streichen, zweiter Anlauf {name}"))
    if chance.random() < 0.3:
        said.append(reported(source, _actor(name, kind, postcode, -60)))
    if chance.random() < 0.3:
        # Its contact is taken back and named again: a tombstone, and the same key after it.
        said += [actor(contact=None, **known), actor(**known)]
    if chance.random() < 0.2:
        # What was known stays: a pair that was suspected for it would else depend on the hour.
        said.append(actor(**known))
    return said


def _actor(name: str, kind: str, postcode: str, minute: int, **more: Any) -> ActorReported:
    return ActorReported.model_validate(
        {
            "external_id": name,
            "kind": kind,
            "legal_name": f"Beispiel-Organisation {name}",
            "seat": {"postcode": postcode},
            "topics": ["social_cohesion"],
            "example": True,
            "contact": {
                "name": f"Geschäftsstelle Beispiel {name}",
                "email": f"kontakt@{name}.example",
                "language": "de",
            },
            "observed_at": _at(minute),
            **more,
        }
    )


def _listing(name: str, direction: Direction, minute: int, **more: Any) -> ListingReported:
    return ListingReported.model_validate(
        {
            "external_id": f"L-{name}",
            "actor_external_id": name,
            "direction": direction,
            "title": f"Gruppenräume streichen {name}",
            "description": "Gruppenräume im Jugendzentrum streichen und renovieren.",
            "resource_category": "hands",
            "skills": ["renovation"],
            "team_size": {"min": 4, "max": 12},
            "time": {
                "mode": "window",
                "start": START + timedelta(days=10),
                "end": START + timedelta(days=80),
            },
            "place": {"mode": "at_nonprofit", "max_distance_km": 50},
            "topics": ["social_cohesion"],
            "observed_at": _at(minute),
            **more,
        }
    )


def reported(source: str, report: Any) -> Saying:
    """A partner says it; the id is made of what it says, as careful partners do."""
    owner = getattr(report, "actor_external_id", report.external_id)
    message_id = f"{report.ce_type.rsplit('.', 2)[-2]} {report.external_id} {report.observed_at}"
    return said(report, message_id, source=source, key=f"{source}|{owner}", principal=None)


def _commands() -> list[Saying]:
    """People and an actor of our own, in any order: who comes too early waits."""
    profile = _actor("own", "company", POSTCODES[0], 0).model_dump(
        include={"kind", "legal_name", "seat", "topics", "example"}
    )
    found = [said(RegisterActor.model_validate({**profile, "actor_id": OWN}), "register")]
    for number in (1, 2):
        person = AddPerson.model_validate(
            {
                "person_id": UUID(int=100 + number),
                "actor_id": OWN,
                "name": f"Beispielperson {number}",
                "email": f"person@{number}.example",
                "language": "en",
                "roles": ["contact"],
            }
        )
        found.append(said(person, f"add {number}"))
        link = SendSignInLink.model_validate(
            {
                "person_id": UUID(int=100 + number),
                "link": "https://impulse.example/sign-in?token=x",
                "expires_at": START + timedelta(days=1),
            }
        )
        found.append(said(link, f"link {number}"))
    stranger = AddPerson.model_validate(
        {**person.model_dump(), "person_id": UUID(int=200), "actor_id": UUID(int=404)}
    )
    return [*found, said(stranger, "add nobody")]


def _poison() -> list[Saying]:
    source = SOURCES[0]
    found: list[Saying] = []
    for number, value in enumerate([b"{", b"\xff", b'{"external_id": "\\ud800"}', None]):
        attributes = Attributes(f"bad {number}", source, ActorReported.ce_type, START)
        headers = list(render(attributes))
        found.append(partial(_raw, topics.ACTOR_REPORTS.name, b"\0", value, headers))
    found.append(partial(_raw, topics.MATCHING_COMMANDS.name, b"k", b"{}", [("ce_id", b"\xff")]))
    found.append(partial(_raw, topics.LISTINGS.name, b"k", b"not wanted", []))
    return found


def _raw(topic: str, key: bytes, value: bytes | None, headers: Any, world: World) -> None:
    world.say_raw(topic, key, value, headers)


# -------------------------------------------------------------------------------- answers


def _releases(seed: float, world: World) -> list[Saying]:
    """About every second suggestion reaches its sides; those that nobody answers expire."""
    chance = random.Random(f"{seed} release")
    return [
        said(
            ReleaseProposal(proposal_id=proposal.proposal_id),
            f"release {proposal.proposal_id}",
            key=str(proposal.need_id),
        )
        for proposal in standing(world)
        if chance.random() < 0.5
    ]


def _answers(seed: float, turn: int, race: bool, world: World) -> list[Saying]:
    """What the sides say to the proposals that stand: to each offer one, or (`race`) to all."""
    chance = random.Random(f"{seed} {turn}")
    taken: set[UUID] = set()
    answers: list[Saying] = []
    for proposal in standing(world):
        pair = {proposal.need_id, proposal.offer_id}
        if not race and pair & taken:
            continue
        taken |= pair
        sides = chance.sample(SIDES, 2) if race else [SIDES[turn]]
        for side in sides:
            what = chance.random()
            ce_id = f"answer {turn} {proposal.proposal_id} {side}"
            if what < 0.7 or race:
                command: Message = AcceptProposal(proposal_id=proposal.proposal_id, side=side)
            elif what < 0.85:
                command = DeclineProposal(
                    proposal_id=proposal.proposal_id, side=side, reason=DeclineReason.TOO_FAR
                )
            else:
                continue
            answers.append(said(command, ce_id, key=str(proposal.need_id)))
    return answers


def _confirmations(world: World) -> list[Saying]:
    """Those whom partners reported say themselves who they are."""
    contacts = {each.data.person_id: each.data for each in world.heard(PersonState)}
    return [
        said(
            ChangeDetails(person_id=person_id, name=contact.name, language=contact.language),
            f"confirm {person_id}",
            principal=str(person_id),
        )
        for person_id, contact in sorted(contacts.items())
        if contact.contact_of
    ]


def standing(world: World) -> list[ProposalFact]:
    """The newest state of each proposal that is open, in an order that never changes."""
    newest: dict[UUID, ProposalFact] = {}
    for heard in world.heard(ProposalFact):
        known = newest.get(heard.data.proposal_id)
        if known is None or known.version < heard.data.version:
            newest[heard.data.proposal_id] = heard.data
    open_states = {
        ProposalState.SUGGESTED,
        ProposalState.SENT,
        ProposalState.ACCEPTED_BY_NEED,
        ProposalState.ACCEPTED_BY_OFFER,
    }
    found = [each for each in newest.values() if each.state in open_states]
    return sorted(found, key=lambda each: (each.need_id, each.offer_id))


# ----------------------------------------------------------------------------------- ends


def _ends(chance: random.Random, number: int) -> list[Saying]:
    """A listing and an actor are taken back, something unknown too, a person is erased."""
    found = [
        reported(
            SOURCES[1],
            ListingWithdrawn.model_validate(
                {
                    "external_id": f"L-1-{chance.randrange(number)}",
                    "actor_external_id": "1-0",
                    "observed_at": _at(200),
                }
            ),
        ),
        reported(
            SOURCES[0],
            ActorWithdrawn.model_validate({"external_id": "0-0", "observed_at": _at(200)}),
        ),
        reported(
            SOURCES[0],
            ActorWithdrawn.model_validate({"external_id": "unknown", "observed_at": _at(200)}),
        ),
        said(ErasePerson(person_id=UUID(int=101)), "erase"),
    ]
    chance.shuffle(found)
    return found


# -------------------------------------------------------------------------------- helpers


def said(message: Message, message_id: str, **more: Any) -> Saying:
    """A function that says the message, always with the same id."""

    def say(world: World) -> object:
        return world.say(message, message_id=message_id, **more)

    return say


def _at(minute: int) -> datetime:
    return START - timedelta(hours=5) + timedelta(minutes=minute)
