"""A season by chance: what a report has to count, said and done in an order that nobody chose."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from impulse_chassis.testing import START
from impulse_contracts.booking import cooperations as cooperation_facts
from impulse_contracts.booking.bookings import RecordAttendance
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionAnnounced
from impulse_contracts.matching import (
    ProposalDeclined,
    ProposalExpired,
    ProposalFact,
    ProposalMutuallyAccepted,
    ProposalReleased,
    ProposalSuggested,
)
from impulse_contracts.registry.listings import (
    ListingClosed,
    ListingConfirmed,
    ListingMarkedStale,
    ListingPublished,
)
from tests.booking.given import mutually_accepted
from tests.booking.programme import ident, offer, organisation, request, session
from tests.booking.reporting import ReportWorld, listing

MARKET = ident("market")
TOWNS = ("05113000", "05913000", "05911000", None)
FORMATS = ("hands_on", "encounter", "competence", None)
ACCESS = ("step_free", "accessible_toilet", "quiet_room")
TOPICS = ("social_cohesion", "education_equity", "climate_impact")


class Season:
    """What happens to the organisations of a world, as `chance` has it."""

    def __init__(self, world: ReportWorld, chance: random.Random) -> None:
        self.world = world
        self.chance = chance
        self.names = [f"org {number}" for number in range(12)]
        self.versions: dict[UUID, int] = {}
        self.pairs: list[ProposalFact] = []
        self.accepted: list[UUID] = []
        self.listed: dict[str, list[tuple[UUID, UUID]]] = {"need": [], "offer": []}
        self.agreements: list[CooperationFact] = []
        self.sessions: list[UUID] = []
        self.booked: list[tuple[str, UUID]] = []

    def play(self, steps: int) -> None:
        """Some steps, each some time after the one before."""
        for number, name in enumerate(self.names):
            place = {"postcode": None, "city": "Ort", "ags": self.chance.choice(TOWNS)}
            kind = {"kind": "intermediary", "actor_type": "volunteer_agency"} if number < 3 else {}
            self.world.say(organisation(name, seat=place, example=number == 11, **kind))
        for course in ("waiting", "none"):
            terms = {"waiting_list": course == "waiting", "event_format": "gute_sache_course"}
            self.world.ask(offer(ident(course), **terms))
        self.say(market())
        happenings = (self.book, self.book, self.list, self.propose, self.answer, self.agree)
        for _ in range(steps):
            self.world.now += timedelta(hours=self.chance.randrange(1, 90))
            self.chance.choice((*happenings, self.come, self.go_on, self.go_on, self.merge))()
            self.world.settle()

    def say(self, fact: Any, source: str = "urn:impulse:elsewhere") -> None:
        """A fact of another service, in the next version of what it is about."""
        key = UUID(fact.key)
        self.versions[key] = self.versions.get(key, 0) + 1
        self.world.say(fact.model_copy(update={"version": self.versions[key]}), source=source)

    def book(self) -> None:
        """Somebody asks for one of two places of a course."""
        now = self.world.now
        if not self.sessions or self.chance.random() < 0.3:
            self.sessions.append(uuid4())
            course = ident(self.chance.choice(("waiting", "none")))
            times = {"starts": now + timedelta(days=9), "ends": now + timedelta(days=9, hours=3)}
            more = {"programme_offer_id": course, "capacity": 2, **times}
            self.world.ask(session(self.sessions[-1], **more))
        name, place = self.chance.choice(self.names), self.chance.choice(self.sessions[-2:])
        booking = f"{name}/{place}"
        size = self.chance.randrange(1, 9)
        wish = request(booking, place, party_size=size)
        self.world.ask(wish.model_copy(update={"actor_id": ident(name)}))
        self.booked.append((booking, place))

    def come(self) -> None:
        """It is written down whether some came."""
        for booking, _ in self.booked[-8:]:
            presence = self.chance.choice(("present", "present", "no_show", "absent_excused"))
            said = {
                "booking_id": ident(f"booking/{booking}"),
                "attendance": [{"presence": presence}],
            }
            self.world.ask(RecordAttendance.model_validate(said))

    def list(self) -> None:
        """An offer or a need is published, and what becomes of it."""
        name, owner = str(uuid4()), self.chance.choice(self.names)
        direction = self.chance.choice(("offer", "need"))
        more: dict[str, Any] = {
            **{"direction": direction, "example": owner == "org 11"},
            "place": {"ags": self.chance.choice(TOWNS)},
            "cv_format": self.chance.choice(FORMATS),
            "accessibility": self.chance.sample(ACCESS, self.chance.randrange(3)),
        }
        self.listed[direction].append((ident(name), ident(owner)))
        self.say(listing(ListingPublished, name, owner, **more))
        for kind, status in ((ListingConfirmed, "open"), (ListingMarkedStale, "stale")):
            if self.chance.random() < 0.5:
                self.say(listing(kind, name, owner, status=status, **more))
        if self.chance.random() < 0.2:
            self.say(listing(ListingClosed, name, owner, status="closed", **more))

    def propose(self) -> None:
        """Two are suggested to each other, and mostly told so."""
        pair = mutually_accepted().model_copy(update=self.sides())
        self.pairs.append(pair)
        self.say(_as(ProposalSuggested, pair, state="suggested"))
        if self.chance.random() < 0.7:
            self.say(_as(ProposalReleased, pair, state="sent"))

    def answer(self) -> None:
        """A proposal comes to an end; where both accept, booking opens a cooperation."""
        if self.pairs:
            pair = self.pairs.pop(self.chance.randrange(len(self.pairs)))
            kind = self.chance.choice((ProposalMutuallyAccepted, ProposalDeclined, ProposalExpired))
            reason = "too_far" if kind is ProposalDeclined else None
            if kind is ProposalMutuallyAccepted:
                self.accepted.append(pair.proposal_id)
            state = kind.ce_type.split(".")[-2]
            self.say(_as(kind, pair, state=state, decline_reason=reason))

    def sides(self) -> dict[str, Any]:
        """Who has the need and who the offer; mostly of those that are listed."""
        found: dict[str, Any] = {}
        for side, name in zip(("need", "offer"), self.chance.sample(self.names, 2), strict=True):
            listing_id, owner = uuid4(), ident(name)
            if self.listed[side] and self.chance.random() < 0.8:
                listing_id, owner = self.chance.choice(self.listed[side])
            found |= {f"{side}_id": listing_id, f"{side}_actor_id": owner}
        example = ident("org 11") in (found["need_actor_id"], found["offer_actor_id"])
        return {**found, "example": example}

    def agree(self) -> None:
        """A cooperation begins whose life is told here, as booking would tell it."""
        came_of = [uuid4(), *self.accepted[-2:]]
        fact = CooperationFact.model_validate(
            {
                "version": 1,
                "cooperation_id": uuid4(),
                "proposal_id": self.chance.choice(came_of),
                **self.sides(),
                "example": False,
                "need_title": "Bedarf",
                "offer_title": "Angebot",
                "topics": self.chance.sample(TOPICS, self.chance.randrange(3)),
                "state": "introduced",
                "opened_at": self.world.now,
                "redeem_by": "2028-01-01",
            }
        )
        self.agreements.append(fact)
        self.tell(cooperation_facts.CooperationEntered, fact, "introduced")

    def go_on(self) -> None:
        """An agreement is signed, carried out, or not."""
        if not self.agreements:
            return
        fact = self.chance.choice(self.agreements)
        match self.versions[fact.cooperation_id]:
            case 1:
                terms: dict[str, Any] = {"performance": "Hilfe", "value_method": "own_estimate"}
                terms["estimated_value_eur"] = self.chance.choice((None, 250))
                came_of = {"edition_id": self.chance.choice((None, MARKET)), "terms": terms}
                agreed = CooperationFact.model_validate({**fact.model_dump(), **came_of})
                self.tell(cooperation_facts.CooperationAgreed, agreed, "agreed")
            case 2 if self.chance.random() < 0.6:
                ended = self.world.now - timedelta(days=self.chance.randrange(1, 40))
                there = {"dates": [{"starts": ended - timedelta(hours=6), "ends": ended}]}
                own = {"side": "offer", "at": self.world.now, "outcome": "done"}
                done = {**fact.model_dump(), **there, "redeemed_at": self.world.now}
                done["reports"] = [own]
                self.agreements.remove(fact)
                self.agreements.append(CooperationFact.model_validate(done))
                self.tell(cooperation_facts.DeliveryReported, self.agreements[-1], "evaluating")
            case 3 | 4 if fact.redeemed_at:
                # How many took part for how long is decided later, and now and then once more.
                stands = {"side": "need", "at": self.world.now, "outcome": "done"}
                stands["persons"] = self.chance.choice((None, *range(1, 9)))
                stands["hours"] = self.chance.choice((None, self.chance.randrange(1, 90) / 10))
                over = CooperationFact.model_validate({**fact.model_dump(), "decision": stands})
                self.tell(cooperation_facts.DeliveryDecided, over, "evaluating")
            case 2:
                step = {"step": "not_redeemed", "at": self.world.now, "state": "not_redeemed"}
                step["reason"] = self.chance.choice(("contact_lost", "date_not_found"))
                over = CooperationFact.model_validate({**fact.model_dump(), "steps": [step]})
                self.tell(cooperation_facts.CooperationNotRedeemed, over, "not_redeemed")

    def tell(self, kind: type[CooperationFact], fact: CooperationFact, state: str) -> None:
        """A fact on a cooperation."""
        self.say(_as(kind, fact, state=state), source="urn:impulse:booking")

    def merge(self) -> None:
        """One of two organisations goes on for both."""
        if self.chance.random() < 0.2:
            gone, survivor = self.chance.sample(self.names[:11], 2)
            more = {"status": "merged", "merged_into": ident(survivor), "version": 2}
            self.names.remove(gone)
            self.world.say(organisation(gone, **more))


def market() -> EditionAnnounced:
    """A market that some agreements come of."""
    day = START + timedelta(days=30)
    return EditionAnnounced.model_validate(
        {
            **{"version": 1, "edition_id": MARKET, "stage": "announced", "since": START},
            **{"title": "Marktplatz", "format": "marktplatz", "selection_mode": "first_come"},
            **{"programme_offer_id": uuid4(), "session_id": uuid4(), "timezone": "Europe/Berlin"},
            **{"starts": day, "ends": day + timedelta(hours=2), "places": {}},
        }
    )


def _as(kind: type[Any], fact: Any, **changes: Any) -> Any:
    return kind.model_validate({**fact.model_dump(), **changes})
