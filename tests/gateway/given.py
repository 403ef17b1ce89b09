"""A small town for the tests of the gateway: organisations, listings, a proposal, people."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.codes import (
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    Channel,
    CooperationState,
    Criterion,
    Direction,
    Language,
    ListingStatus,
    MessageState,
    PairState,
    PersonRole,
    ProposalState,
    ResourceCategory,
    SocietalTopic,
    Unit,
)
from impulse_contracts.matching import Contribution, ProposalReleased, ReasonGiven
from impulse_contracts.notifications import MessageSent
from impulse_contracts.outcomes import BothLanguages, OutcomeAccepted, OutcomeRefused
from impulse_contracts.parts import CounterOffer, Place, Quantity, Seat, TeamSize
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorRegistered
from impulse_contracts.registry.disclosures import DisclosureMade
from impulse_contracts.registry.duplicates import Comparison, DuplicateSuspected
from impulse_contracts.registry.listings import ListingPublished
from impulse_contracts.registry.people import Membership, MembershipGranted, PersonAdded

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ESSEN = Seat(
    postcode="45144",
    city="Essen",
    ags="05113000",
    latitude=51.4589,
    longitude=6.9747,
    located_by="postcode",
)


def ident(name: str) -> UUID:
    """The id of what is called `name`."""
    return uuid5(NAMESPACE_URL, name)


def actor(name: str, **fields: Any) -> ActorRegistered:
    """An organisation called `name`."""
    values: dict[str, Any] = {
        "actor_id": ident(name),
        "version": 1,
        "status": ActorStatus.REGISTERED,
        "kind": ActorKind.NONPROFIT,
        "actor_type": ActorType.NONPROFIT_ASSOCIATION,
        "carrier": Carrier.NONPROFIT,
        "legal_name": name,
        "seat": ESSEN,
        "confirmed_at": NOW,
        **fields,
    }
    return ActorRegistered.model_validate(values)


def listing(title: str, owner: ActorRegistered, **fields: Any) -> ListingPublished:
    """A need of `owner`, or another listing, called `title`."""
    values: dict[str, Any] = {
        "listing_id": ident(title),
        "version": 1,
        "actor_id": owner.actor_id,
        "status": ListingStatus.OPEN,
        "direction": Direction.NEED,
        "title": title,
        "description": f"{title}, und mehr dazu.",
        "resource_category": ResourceCategory.HANDS,
        "quantity": Quantity(value=8, unit=Unit.PERSON),
        "team_size": TeamSize(min=6, max=12),
        "place": Place(postcode="45144", latitude=51.4589, longitude=6.9747, max_distance_km=30),
        "topics": (SocietalTopic.SOCIAL_COHESION,),
        "counter_offers": (
            CounterOffer(
                title="Fotos und Bericht für die Website",
                resource_category=ResourceCategory.CONTACTS,
            ),
        ),
        "valid_until": date(2037, 2, 28),
        "example": owner.example,
        "confirmed_at": NOW,
        **fields,
    }
    return ListingPublished.model_validate(values)


def proposal(need: ListingPublished, offer: ListingPublished, **fields: Any) -> ProposalReleased:
    """A proposal of a pair that its sides may answer, with what speaks for it."""
    values: dict[str, Any] = {
        "proposal_id": ident(f"{need.title} + {offer.title}"),
        "version": 1,
        "need_id": need.listing_id,
        "offer_id": offer.listing_id,
        "need_actor_id": need.actor_id,
        "offer_actor_id": offer.actor_id,
        "need_title": need.title,
        "offer_title": offer.title,
        "score": 0.82,
        "contributions": (
            Contribution(
                criterion="topics",
                raw=1.0,
                weight=0.2,
                points=0.2,
                de="Gemeinsames Thema: sozialer Zusammenhalt",
                en="Shared topic: social cohesion",
            ),
            Contribution(
                criterion="distance",
                raw=0.7,
                weight=0.2,
                points=0.14,
                de="2,6 km voneinander entfernt",
                en="2.6 km apart",
            ),
        ),
        "reasons": (
            ReasonGiven(
                criterion="topics",
                de="Gemeinsames Thema: sozialer Zusammenhalt",
                en="Shared topic: social cohesion",
            ),
        ),
        "ruleset_version": "ruhr-1",
        "inputs_hash": "0" * 32,
        "topics": need.topics,
        "example": need.example,
        "state": ProposalState.SENT,
        "suggested_at": NOW,
        "released_at": NOW,
        "answer_until": datetime(2026, 12, 8, 9, tzinfo=UTC),
        **fields,
    }
    return ProposalReleased.model_validate(values)


TERMS: dict[str, Any] = {
    "performance": "Acht Personen streichen zwei Gruppenräume.",
    "counter_performance": "Fotos und ein Bericht.",
    "redeem_by": date(2027, 11, 24),
    "estimated_value_eur": 1200,
    "value_method": "hourly_rate",
    "worktime_basis": "paid_release",
    "liability": "each",
    "insurance": "offer",
    "witness_id": ident("the witness"),
}
"""What both sides agree on."""


def cooperation(pair: ProposalReleased, **fields: Any) -> CooperationOpened:
    """The cooperation that came of a proposal."""
    values: dict[str, Any] = {
        **{
            name: getattr(pair, name)
            for name in CooperationOpened.model_fields
            if hasattr(pair, name)
        },
        "cooperation_id": ident(f"cooperation {pair.proposal_id}"),
        "origin": "proposal",
        "version": 1,
        "state": CooperationState.AGREED,
        "opened_at": NOW,
        "redeem_by": date(2027, 11, 24),
        "since": NOW,
        "terms": TERMS,
        "number": "2026-17",
        "signatures": [
            {"side": "need", "at": NOW},
            {"side": "offer", "at": NOW, "on_behalf": {"channel": "phone", "on": NOW.date()}},
        ],
        "next_action": {"kind": "find_date", "responsible": "both", "due": date(2026, 12, 22)},
        "warnings": ["conflict_of_interest", "no_successor_need"],
        "checklist": [
            {"item": "profile", "responsible": "need", "due": "2026-10-06", "done_on": NOW.date()},
            {"item": "site_visit", "responsible": "both", "due": "2026-10-20"},
            {"item": "rain_plan", "responsible": "need", "due": "2099-11-24", "needed": False},
        ],
        "dates": [{"starts": "2026-12-01T18:00:00+01:00", "ends": "2026-12-02T02:00:00+01:00"}],
        "reports": [
            {"side": "offer", "at": NOW, "outcome": "done", "persons": 8, "hours": 56.0},
            {"side": "need", "at": NOW, "outcome": "partly", "reason": "other", "hours": 30.5},
        ],
        "decision": {"side": "need", "at": NOW, "outcome": "done", "persons": 1, "hours": 50.0},
        "evaluations": [{"side": "need", "at": NOW, "structure": 4, "process": 5, "result": 3}],
        "steps": [
            {"step": "opened", "at": NOW, "state": "introduced"},
            {"step": "signed", "at": NOW, "state": "agreed", "side": "offer"},
        ],
        **fields,
    }
    return CooperationOpened.model_validate(values)


def pair(a: ActorRegistered, b: ActorRegistered, **fields: Any) -> DuplicateSuspected:
    """Two organisations that may be one; their registers differ."""
    values: dict[str, Any] = {
        "pair_id": ident(f"{a.legal_name} = {b.legal_name}"),
        "version": 1,
        "state": PairState.SUSPECTED,
        "actor_a_id": a.actor_id,
        "actor_b_id": b.actor_id,
        "score": 0.84,
        "evidence": (
            Comparison(
                criterion=Criterion.NAME,
                a="turnverein frohnhausen",
                b="tv frohnhausen",
                agrees=True,
            ),
            Comparison(criterion=Criterion.PLACE, a="05113000", b="05113000", agrees=True),
            Comparison(
                criterion=Criterion.REGISTER, a="essen|VR|101", b="essen|VR|202", agrees=False
            ),
        ),
        "found_at": NOW,
        **fields,
    }
    return DuplicateSuspected.model_validate(values)


def person(
    address: str, *memberships: tuple[ActorRegistered, PersonRole]
) -> tuple[PersonAdded, MembershipGranted]:
    """A person with an address and what they are to organisations. Nobody is named."""
    person_id = ident(address)
    return (
        PersonAdded(
            person_id=person_id,
            version=1,
            name=f"Beispiel-Konto {address.partition('@')[0]}",
            email=address,
            language=Language.DE,
        ),
        MembershipGranted(
            person_id=person_id,
            version=1,
            memberships=tuple(
                Membership(actor_id=owner.actor_id, roles=(role,)) for owner, role in memberships
            ),
        ),
    )


def message(address: str, title: str, **fields: Any) -> MessageSent:
    """A message in the inbox of the person with an address."""
    values: dict[str, Any] = {
        "message_id": ident(f"{address} {title}"),
        "version": 1,
        "person_id": ident(address),
        "template": "proposal_suggested",
        "channel": Channel.IN_APP,
        "language": Language.DE,
        "state": MessageState.SENT,
        "cause_id": "cause",
        "title": title,
        "text": f"{title}: der ganze Text.",
        "queued_at": NOW,
        "sent_at": NOW,
        **fields,
    }
    return MessageSent.model_validate(values)


HOUSE = actor("Beispiel-Jugendzentrum Holsterhausen e.V.", example=True)
PAINTER = actor(
    "Beispiel-Malerbetrieb GmbH",
    example=True,
    kind=ActorKind.COMPANY,
    actor_type=ActorType.COMPANY_SMALL,
    carrier=Carrier.PRIVATE,
)
AGENCY = actor("Beispiel-Freiwilligenagentur", example=True, kind=ActorKind.INTERMEDIARY)
CLUB = actor("Turnverein Frohnhausen e.V.")
FIRM = actor(
    "Stahlhandel Frohnhausen GmbH",
    kind=ActorKind.COMPANY,
    actor_type=ActorType.COMPANY_MEDIUM,
    carrier=Carrier.PRIVATE,
)

NEED = listing("Streichaktion im Jugendzentrum", HOUSE)
OFFER = listing("Streichteam für einen Aktionstag", PAINTER, direction=Direction.OFFER)
CLUB_NEED = listing("Neue Netze für das Tor", CLUB, resource_category=ResourceCategory.MEANS)
FIRM_OFFER = listing(
    "Netze aus dem Lager",
    FIRM,
    direction=Direction.OFFER,
    resource_category=ResourceCategory.MEANS,
)
TABLES = listing("Tische in den neuen Gruppenraum tragen", HOUSE)
CARRIERS = listing("Sechs Leute, die tragen", PAINTER, direction=Direction.OFFER)

PROPOSAL = proposal(NEED, OFFER)
REAL_PROPOSAL = proposal(CLUB_NEED, FIRM_OFFER)
SUGGESTION = proposal(
    TABLES, OFFER, state=ProposalState.SUGGESTED, released_at=None, answer_until=None
)
"""Brokers alone see it; it is not in the town."""
AGREED = proposal(TABLES, CARRIERS, state=ProposalState.MUTUALLY_ACCEPTED)
COOPERATION = cooperation(AGREED)
REAL_COOPERATION = cooperation(REAL_PROPOSAL)

MEMBER = "haus@beispiel-jugendzentrum.example"
OTHER_MEMBER = "buero@beispiel-malerbetrieb.example"
CLUB_MEMBER = "vorstand@turnverein.example"
VIEWER = "lesen@beispiel-jugendzentrum.example"
BROKER = "vermittlung@beispiel-agentur.example"
OPERATOR = "betrieb@beispiel-agentur.example"

DISCLOSED = DisclosureMade(
    version=1,
    disclosure_id=ident("disclosure"),
    person_id=ident(OTHER_MEMBER),
    actor_id=PAINTER.actor_id,
    to_actor_id=HOUSE.actor_id,
    proposal_id=AGREED.proposal_id,
    cooperation_id=COOPERATION.cooperation_id,
    disclosed_at=NOW,
    until=datetime(2037, 12, 24, tzinfo=UTC),
)

PEOPLE = [
    *person(MEMBER, (HOUSE, PersonRole.EDITOR)),
    *person(OTHER_MEMBER, (PAINTER, PersonRole.EDITOR)),
    *person(CLUB_MEMBER, (CLUB, PersonRole.DECISION)),
    *person(VIEWER, (HOUSE, PersonRole.VIEWER)),
    *person(BROKER, (AGENCY, PersonRole.BROKER)),
    *person(OPERATOR, (AGENCY, PersonRole.OPERATOR)),
]

TOWN = [
    *(HOUSE, PAINTER, AGENCY, CLUB, FIRM),
    *(NEED, OFFER, CLUB_NEED, FIRM_OFFER, TABLES, CARRIERS),
    *(PROPOSAL, REAL_PROPOSAL, AGREED, COOPERATION, REAL_COOPERATION),
    *PEOPLE,
    message(MEMBER, "Ein Vorschlag für Sie"),
    DISCLOSED,
]
"""Everything of the town, as facts."""


def accepted(operation_id: str, aggregate_id: UUID) -> OutcomeAccepted:
    """The outcome that a command of the gateway took effect."""
    return OutcomeAccepted(
        command_id=operation_id,
        command_type="impulse.matching.accept_proposal.v1",
        source="urn:impulse:gateway",
        aggregate_id=str(aggregate_id),
        version=2,
        message=BothLanguages(de="Angenommen.", en="Accepted."),
    )


def refused(operation_id: str, **fields: Any) -> OutcomeRefused:
    """The outcome that a command of the gateway was refused."""
    values: dict[str, Any] = {
        "command_id": operation_id,
        "command_type": "impulse.matching.accept_proposal.v1",
        "source": "urn:impulse:gateway",
        "reason": Reason.OFFER_TAKEN,
        "message": BothLanguages(de=Reason.OFFER_TAKEN.de, en=Reason.OFFER_TAKEN.en),
        **fields,
    }
    return OutcomeRefused.model_validate(values)
