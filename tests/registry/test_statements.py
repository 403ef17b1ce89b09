"""A batch costs a handful of statements, however many messages it holds; for every handler."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from impulse_chassis.testing import START, Log
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationCancelled,
    CooperationCompleted,
    CooperationDeclined,
    CooperationDueSoon,
    CooperationFact,
    CooperationNotRedeemed,
    CooperationOverdue,
    CooperationWithdrawn,
)
from impulse_contracts.codes import EvidenceKind, IntakeChannel, PersonRole, SuspensionReason
from impulse_contracts.erasures import CompleteErasure, ErasureAcknowledged, ForgetErasure
from impulse_contracts.message import Message
from impulse_contracts.purposes import Purpose
from impulse_contracts.registry.actors import ArchiveActor
from impulse_contracts.registry.consents import ForgetConsents, GiveConsent, WithdrawConsent
from impulse_contracts.registry.disclosures import EndDisclosure, ForgetDisclosure
from impulse_contracts.registry.duplicates import (
    KeepApart,
    LookForDuplicates,
    MergeActors,
    SeparateName,
    UndoMerge,
)
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    EndMembership,
    EndPending,
    ForgetContact,
    ForgetPerson,
    HandOverOffice,
    IntroducePerson,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    FollowBearer,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
    SweepActors,
)
from impulse_contracts.registry.listings import (
    CheckListing,
    ConfirmListing,
    CopyListing,
    WithdrawListing,
)
from impulse_contracts.registry.network import (
    AdmitIntermediary,
    EndAdmission,
    FollowIntermediary,
    HandOverActor,
    HandOverListing,
    SetServiceArea,
)
from impulse_contracts.registry.people import ChangeDetails, ErasePerson, ObjectToReport
from impulse_registry.app import service
from impulse_registry.domain import blocking, disclosures, identity, people
from impulse_registry.domain.pairs import pair_id
from tests.fixtures.shelf import Shelf, undone
from tests.fixtures.statements import counted, every_handler_is_counted, record_of
from tests.registry.given import (
    CONTACT,
    SOURCE,
    actor_reported,
    actor_withdrawn,
    add_person,
    at,
    change_actor,
    change_listing,
    ident,
    listing_reported,
    listing_withdrawn,
    publish_listing,
    register_actor,
)
from tests.registry.test_disclosures import accepted, opened


def pair_of(number: int) -> dict[str, UUID]:
    return {
        "proposal_id": ident(f"proposal {number}"),
        "need_actor_id": ident(f"actor {number}"),
        "offer_actor_id": ident(f"actor {number + 1}"),
    }


def merge(one: str, other: str) -> MergeActors:
    return MergeActors(survivor_id=ident(one), other_id=ident(other))


Messages = Callable[[int], Message]


def listing_of(number: int) -> UUID:
    return identity.new_listing(SOURCE, f"L{number}").subject_id


def contact(number: int) -> dict[str, Any]:
    """A contact with an address of its own: an erased one is blocked."""
    return CONTACT | {"email": f"kontakt{number}@beispiel.example"}


def contact_of(number: int) -> UUID:
    return people.contact_id(SOURCE, f"A{number}")


def named(number: int) -> dict[str, Any]:
    """A name of one's own, as organisations have it."""
    return {"legal_name": f"Beispiel-Verein Nummer {number} e.V."}


REVIEW = SuspensionReason.UNDER_REVIEW


def of_cooperation(fact: type[CooperationFact], n: int) -> CooperationFact:
    """What is said of a pair's cooperation."""
    return fact.model_validate(opened(**pair_of(n), cooperation_id=ident(f"c {n}")).model_dump())


CASES: dict[str, Messages] = {
    "actor reported, new": lambda n: actor_reported(f"N{n}", **named(-n - 1)),
    "actor reported, new, with a contact": lambda n: actor_reported(
        f"N{n}", **named(-n - 1), contact=contact(-n - 1)
    ),
    "actor reported, changed": lambda n: actor_reported(
        f"A{n}", at(1), legal_name=f"Beispiel-Verein Neu {n} e.V.", contact=contact(n)
    ),
    "actor reported, the same again": lambda n: actor_reported(
        f"A{n}", at(1), **named(n), contact=contact(n)
    ),
    "actor reported, without its contact": lambda n: actor_reported(f"A{n}", at(1), **named(n)),
    "actor reported, late": lambda n: actor_reported(f"A{n}", at(-1), **named(n)),
    "actor withdrawn, with its listing": lambda n: actor_withdrawn(f"A{n}", at(1)),
    "actor withdrawn, unknown": lambda n: actor_withdrawn(f"N{n}", at(1)),
    "listing reported, new": lambda n: listing_reported(f"N{n}", actor_external_id=f"A{n}"),
    "listing reported, changed": lambda n: listing_reported(
        f"L{n}", at(1), f"A{n}", title="Gartentag"
    ),
    "listing reported, the same again": lambda n: listing_reported(f"L{n}", at(1), f"A{n}"),
    "listing reported, waiting": lambda n: listing_reported(f"N{n}", actor_external_id=f"N{n}"),
    "listing withdrawn": lambda n: listing_withdrawn(f"L{n}", at(1), f"A{n}"),
    "register actor": lambda n: register_actor(f"new {n}", **named(-n - 1)),
    "change actor": lambda n: change_actor(
        f"actor {n}", legal_name=f"Beispiel-Verein Neu {n} e.V."
    ),
    "archive actor, with its listing": lambda n: ArchiveActor(actor_id=ident(f"actor {n}")),
    "publish listing": lambda n: publish_listing(f"new {n}", f"actor {n}"),
    "change listing": lambda n: change_listing(f"listing {n}", title="Gartentag"),
    "withdraw listing": lambda n: WithdrawListing(listing_id=ident(f"listing {n}")),
    "confirm listing": lambda n: ConfirmListing(listing_id=ident(f"listing {n}")),
    "copy listing": lambda n: CopyListing(
        listing_id=ident(f"copy {n}"), original_id=ident(f"listing {n}")
    ),
    "listing reported, with a contact to mask": lambda n: listing_reported(
        f"L{n}", at(1), f"A{n}", description="Tel. 0201 123456"
    ),
    "timer, too early": lambda n: CheckListing(listing_id=listing_of(n)),
    "timer, reminder of a listing": lambda n: CheckListing(listing_id=listing_of(n)),
    "add person": lambda n: add_person(f"new {n}", f"actor {n}"),
    "add person, corrected": lambda n: add_person(
        f"person {n}", f"actor {n}", ["editor"], email="neu@beispiel.example"
    ),
    "add person, waiting": lambda n: add_person(f"new {n}", f"nowhere {n}"),
    "erase person": lambda n: ErasePerson(person_id=ident(f"person {n}")),
    "erase contact": lambda n: ErasePerson(person_id=contact_of(n)),
    "introduce person": lambda n: IntroducePerson(
        person_id=ident(f"new {n}"), name="Beispielstelle", email="neu@beispiel.example"
    ),
    "claim actor": lambda n: ClaimActor(
        person_id=ident(f"person {n}"), actor_id=ident(f"actor {(n + 1) % KNOWN}")
    ),
    "confirm claim": lambda n: ConfirmClaim(
        person_id=ident(f"asking {n}"), actor_id=ident(f"actor {n}")
    ),
    "refuse claim": lambda n: RefuseClaim(
        person_id=ident(f"asking {n}"), actor_id=ident(f"actor {n}")
    ),
    "invite person": lambda n: InvitePerson(
        person_id=ident(f"new {n}"),
        actor_id=ident(f"actor {n}"),
        name="Beispielstelle",
        email="neu@beispiel.example",
        roles=(PersonRole.EDITOR,),
    ),
    "accept invitation": lambda n: AcceptInvitation(
        person_id=ident(f"invited {n}"), actor_id=ident(f"actor {n}")
    ),
    "decline invitation": lambda n: DeclineInvitation(
        person_id=ident(f"invited {n}"), actor_id=ident(f"actor {n}")
    ),
    "change roles": lambda n: ChangeRoles(
        person_id=ident(f"person {n}"),
        actor_id=ident(f"actor {n}"),
        roles=(PersonRole.SIGNATORY,),
        valid_to=date(2027, 12, 31),
    ),
    "leave actor": lambda n: LeaveActor(
        person_id=ident(f"person {n}"), actor_id=ident(f"actor {n}")
    ),
    "hand over office": lambda n: HandOverOffice(
        person_id=ident(f"person {n}"),
        actor_id=ident(f"actor {n}"),
        successor_id=ident(f"colleague {n}"),
    ),
    "give consent": lambda n: GiveConsent(
        person_id=ident(f"person {n}"), purpose=Purpose.PROGRAMME_NEWS, text_version="1"
    ),
    "withdraw consent": lambda n: WithdrawConsent(
        person_id=ident(f"person {n}"), purpose=Purpose.MATCH_SUGGESTION
    ),
    "change details": lambda n: ChangeDetails(
        person_id=ident(f"person {n}"), name="Beispielstelle"
    ),
    "timer, pending too long": lambda n: EndPending(
        person_id=ident(f"asking {n}"), actor_id=ident(f"actor {n}")
    ),
    "timer, membership ends": lambda n: EndMembership(
        person_id=ident(f"person {n}"), actor_id=ident(f"actor {n}")
    ),
    "timer, person is forgotten": lambda n: ForgetPerson(person_id=ident(f"introduced {n}")),
    "fact, both accepted": lambda n: accepted(**pair_of(n)),
    "fact, cooperation opened": lambda n: opened(**pair_of(n), cooperation_id=ident(f"c {n}")),
    "fact, cooperation due soon": lambda n: CooperationDueSoon.model_validate(
        opened(**pair_of(n), cooperation_id=ident(f"c {n}")).model_dump()
    ),
    "fact, cooperation overdue": lambda n: CooperationOverdue.model_validate(
        opened(**pair_of(n), cooperation_id=ident(f"c {n}")).model_dump()
    ),
    **{
        f"fact, {fact.__name__}": partial(of_cooperation, fact)
        for fact in (
            CooperationAgreed,
            CooperationDeclined,
            CooperationWithdrawn,
            CooperationCancelled,
            CooperationNotRedeemed,
            CooperationCompleted,
        )
    },
    "timer, contact not confirmed for long": lambda n: ForgetContact(person_id=contact_of(n)),
    "object to report": lambda n: ObjectToReport(
        person_id=contact_of(n), mark=blocking.mark("", f"wer{n}@beispiel.example")
    ),
    "timer, consent withdrawn long ago": lambda n: ForgetConsents(person_id=ident(f"person {n}")),
    "timer, erasure was long ago": lambda n: ForgetErasure(person_id=ident(f"gone {n}")),
    "timer, disclosure was long ago": lambda n: ForgetDisclosure(
        disclosure_id=disclosures.disclosure_id(
            ident(f"known proposal {n}"), ident(f"person {n}"), ident(f"actor {n + 1}")
        )
    ),
    "timer, disclosure ends": lambda n: EndDisclosure(
        disclosure_id=disclosures.disclosure_id(
            ident(f"known proposal {n}"), ident(f"person {n}"), ident(f"actor {n + 1}")
        )
    ),
    "merge actors": lambda n: merge(f"actor {n}", f"twin {n}"),
    "undo merge": lambda n: UndoMerge(pair_id=pair_id(ident(f"one {n}"), ident(f"two {n}"))),
    "separate name, with its listing and contact": lambda n: SeparateName(
        actor_id=ident(f"joined {n}"), source=SOURCE, external_id=f"B{n}"
    ),
    "keep apart": lambda n: KeepApart(pair_id=pair_id(ident(f"left {n}"), ident(f"right {n}"))),
    "fact, erasure acknowledged": lambda n: ErasureAcknowledged(
        version=1, person_id=ident(f"gone {n}"), service="gateway", acknowledged_at=START
    ),
    "timer, erasure": lambda n: CompleteErasure(person_id=ident(f"gone {n}")),
    "submit evidence": lambda n: SubmitEvidence(
        actor_id=ident(f"actor {n}"), evidence_id=ident(f"new {n}"), kind=EvidenceKind.OTHER
    ),
    "check evidence": lambda n: CheckEvidence(
        actor_id=ident(f"actor {n}"), evidence_id=ident(f"evidence {n}"), accepted=True
    ),
    "confirm actor, stale, with its listing": lambda n: ConfirmActor(
        actor_id=ident(f"stale {n}"), channel=IntakeChannel.PHONE
    ),
    "suspend actor, with its listing": lambda n: SuspendActor(
        actor_id=ident(f"actor {n}"), reason=REVIEW
    ),
    "reactivate actor, with its listing": lambda n: ReactivateActor(actor_id=ident(f"shut {n}")),
    "timer, actors that the clock changes": lambda _: SweepActors(what="actors"),
    "admit intermediary": lambda n: AdmitIntermediary(
        actor_id=ident(f"actor {n}"), service_area=("05113",)
    ),
    "end admission": lambda n: EndAdmission(actor_id=ident(f"agency {n}")),
    "set service area": lambda n: SetServiceArea(
        actor_id=ident(f"agency {n}"), service_area=("05113",)
    ),
    "hand over actor": lambda n: HandOverActor(
        actor_id=ident(f"actor {n}"), to=ident(f"agency {n}")
    ),
    "hand over listing": lambda n: HandOverListing(
        listing_id=ident(f"listing {n}"), to=ident(f"agency {n}")
    ),
    "timer, follow bearer": lambda n: FollowBearer(bearer_id=ident(f"actor {n}")),
    "timer, follow intermediary": lambda n: FollowIntermediary(
        intermediary_id=ident(f"agency {n}"), after=ident(f"agency {n}")
    ),
    "refused": lambda n: change_actor(f"nobody {n}"),
}
LIMIT = 24
"""What the dearest batch of one type may cost: a few for each table that it touches."""
HIDDEN = ("stale", "shut")
KNOWN = 550
"""So many of each thing are known, so that 50 and 500 messages are about others."""


@pytest.fixture(scope="module")
def known(shelf: Shelf) -> Iterator[Engine]:
    """An engine on a database in which everything is known that the cases are about."""
    with shelf.engine(service) as engine:
        _know(engine)
        yield engine


def _know(engine: Engine) -> None:
    numbers = range(KNOWN)
    batches: list[list[Message]] = [
        [actor_reported(f"A{n}", **named(n), contact=contact(n)) for n in numbers],
        [listing_reported(f"L{n}", actor_external_id=f"A{n}") for n in numbers],
        [register_actor(f"joined {n}", **named(n + 7 * KNOWN)) for n in numbers],
        [actor_reported(f"B{n}", **named(n + 7 * KNOWN), contact=contact(n)) for n in numbers],
        [listing_reported(f"M{n}", actor_external_id=f"B{n}") for n in numbers],
        [register_actor(f"actor {n}", **named(n + KNOWN)) for n in numbers],
        [publish_listing(f"listing {n}", f"actor {n}") for n in numbers],
        [
            register_actor(f"{name} {n}", **named((place + 2) * KNOWN + n))
            for place, name in enumerate(("twin", "one", "two", "left", "right"))
            for n in numbers
        ],
        [merge(f"one {n}", f"two {n}") for n in numbers],
        [merge(f"left {n}", f"right {n}") for n in numbers],
        [UndoMerge(pair_id=pair_id(ident(f"left {n}"), ident(f"right {n}"))) for n in numbers],
        [add_person(f"person {n}", f"actor {n}", ["editor", "contact"]) for n in numbers],
        [add_person(f"colleague {n}", f"actor {n}", ["viewer"]) for n in numbers],
        [
            IntroducePerson(person_id=ident(f"{who} {n}"), name="Beispiel", email="a@b.example")
            for n in numbers
            for who in ("introduced", "asking", "invited")
        ],
        [ClaimActor(person_id=ident(f"asking {n}"), actor_id=ident(f"actor {n}")) for n in numbers],
        [
            InvitePerson(
                person_id=ident(f"invited {n}"),
                actor_id=ident(f"actor {n}"),
                name="Beispiel",
                email="a@b.example",
            )
            for n in numbers
        ],
        [
            GiveConsent(
                person_id=ident(f"person {n}"), purpose=Purpose.MATCH_SUGGESTION, text_version="0"
            )
            for n in numbers
        ],
        [
            GiveConsent(
                person_id=ident(f"person {n}"), purpose=Purpose.MATCH_SUGGESTION, text_version="1"
            )
            for n in numbers
        ],
        [accepted(**pair_of(n) | {"proposal_id": ident(f"known proposal {n}")}) for n in numbers],
        [add_person(f"gone {n}", f"actor {n}") for n in numbers],
        [ErasePerson(person_id=ident(f"gone {n}")) for n in numbers],
        [
            register_actor(f"{kind} {n}", legal_name=f"Beispiel-{kind.title()} Nummer {n} e.V.")
            for kind in ("agency", "stale", "shut")
            for n in numbers
        ],
        [publish_listing(f"{kind} {n}", f"{kind} {n}") for kind in HIDDEN for n in numbers],
        [AdmitIntermediary(actor_id=ident(f"agency {n}")) for n in numbers],
        [
            SubmitEvidence(
                actor_id=ident(f"actor {n}"),
                evidence_id=ident(f"evidence {n}"),
                kind=EvidenceKind.OTHER,
            )
            for n in numbers
        ],
        [SuspendActor(actor_id=ident(f"shut {n}"), reason=REVIEW) for n in numbers],
    ]
    for batch in batches:
        process(engine, batch)
    with engine.begin() as connection:
        stale = [ident(f"stale {n}") for n in numbers]
        connection.execute(
            text("UPDATE actor SET status = 'stale', due_at = null WHERE actor_id = ANY(:stale)"),
            {"stale": stale},
        )
        connection.execute(
            text("UPDATE listing SET status = 'stale' WHERE actor_id = ANY(:stale)"),
            {"stale": stale},
        )
        # Else every case would count what was said before it.
        connection.execute(text("TRUNCATE inbox, outbox"))


@pytest.fixture
def engine(known: Engine) -> Iterator[Engine]:
    """The same; what a case does there is undone."""
    with undone(known):
        yield known


def process(
    engine: Engine,
    messages: Sequence[Message],
    principal: Callable[[int], str] = lambda _: "system",
    now: datetime = START,
) -> int:
    """Handles messages in one batch; returns how many statements that took."""
    log = Log()
    records = [
        record_of(message, log, source=SOURCE, principal=principal(number))
        for number, message in enumerate(messages)
    ]
    return counted(service, engine, records, now=now).total


def outcomes(engine: Engine) -> tuple[int, int]:
    """How many messages were accepted, and how many refused."""
    count = """
        SELECT count(*) FILTER (WHERE outcome::jsonb ->> 'reason' IS NULL),
               count(*) FILTER (WHERE outcome::jsonb ->> 'reason' IS NOT NULL)
        FROM inbox WHERE outcome IS NOT NULL
    """
    with engine.connect() as connection:
        accepted, refused = connection.execute(text(count)).one()
    return accepted, refused


@pytest.mark.parametrize("case", CASES)
def test_a_batch_costs_the_same_whatever_its_size(engine: Engine, case: str):
    message = CASES[case]
    days = 3650 if "long" in case else 90
    now = START + timedelta(days=days if "timer" in case and "too early" not in case else 0)
    few = process(engine, [message(number) for number in range(50)], now=now)
    many = process(engine, [message(number) for number in range(50, KNOWN)], now=now)
    assert few == many <= LIMIT

    silent = any(word in case for word in ("waiting", "timer", "fact"))
    answered = 0 if silent else KNOWN
    refused = answered if case == "refused" else 0
    assert outcomes(engine) == (answered - refused, refused), "it is another case"


def test_nor_does_it_matter_how_many_people_ask(engine: Engine):
    def change(numbers: range) -> int:
        first = numbers.start
        return process(
            engine,
            [change_actor(f"actor {number}", unit="Büro") for number in numbers],
            principal=lambda place: str(ident(f"person {first + place}")),
        )

    assert change(range(50)) == change(range(50, KNOWN)) <= LIMIT
    assert outcomes(engine) == (KNOWN, 0)


def test_every_handler_is_counted():
    counted_elsewhere = {LookForDuplicates}  # test_duplicates.py: it takes what there is.
    said = {type(message(0)) for message in CASES.values()}
    every_handler_is_counted(service, said | counted_elsewhere)
