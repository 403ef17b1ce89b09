"""Matching on its database: from a listing to proposals, answers and who may give them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_chassis.testing import START, Node, World
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import (
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    DeclineReason,
    Direction,
    ListingStatus,
    PersonRole,
)
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
    ProposalExpired,
    ProposalFact,
    ProposalSuggested,
    ProposalTransferred,
    ReleaseProposal,
)
from impulse_contracts.outcomes import Outcome
from impulse_contracts.parts import Seat, Time
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorRegistered
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_matching import metrics
from impulse_matching.app import service
from impulse_matching.domain import proposals
from impulse_matching.domain.listing import Listing
from impulse_matching.handlers.cooperations import ENDED
from tests.fixtures.services import Engines
from tests.fixtures.statements import record_of
from tests.matching.given import changed, ended, need, offer

NEED, OFFER = Direction.NEED, Direction.OFFER
WANTED, GIVEN = need("Streichen"), offer("Malern")
PAIR = proposals.proposal_id(WANTED.listing_id, GIVEN.listing_id)


class Matching:
    """A world with one matching service, or two replicas of it, on one database."""

    def __init__(self, engine: Engine, replicas: int = 1) -> None:
        self.world = World([Node(service, engine) for _ in range(replicas)])

    def publish(self, *listings: Listing) -> None:
        for listing in listings:
            self.world.say(listing.state)

    def accept(
        self, pair: UUID = PAIR, side: Direction = NEED, principal: str | None = "system"
    ) -> str:
        return self.world.say(AcceptProposal(proposal_id=pair, side=side), principal=principal)

    def decline(self, pair: UUID = PAIR, side: Direction = NEED) -> str:
        command = DeclineProposal(proposal_id=pair, side=side, reason=DeclineReason.TOO_FAR)
        return self.world.say(command)

    def settle(self) -> None:
        self.world.settle()

    def states(self) -> dict[UUID, list[str]]:
        """The states that each proposal went through."""
        went: dict[UUID, list[str]] = {}
        for heard in self.world.heard(ProposalFact):
            states = went.setdefault(heard.data.proposal_id, [])
            assert heard.data.version == len(states) + 1
            states.append(str(heard.data.state))
        return went

    def outcome(self, command_id: str) -> Any:
        [found] = [
            heard.data for heard in self.world.heard(Outcome) if heard.data.command_id == command_id
        ]
        return found


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


@pytest.fixture
def matching(engine: Engine) -> Matching:
    """One service."""
    return Matching(engine)


def test_listings_become_a_proposal_that_explains_itself(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    [heard] = matching.world.heard(ProposalSuggested)
    fact = heard.data
    assert (fact.proposal_id, fact.need_id, fact.offer_id) == (
        PAIR,
        WANTED.listing_id,
        GIVEN.listing_id,
    )
    assert fact.score == pytest.approx(sum(c.points for c in fact.contributions))
    first, second, *_ = fact.reasons
    assert (first.criterion, first.de, first.en) == (
        "text",
        "„Streichen“ und „Malern“: Renovierung",
        "“Streichen” and “Malern”: renovation",
    )
    assert (second.criterion, second.de, second.en) == ("distance", "0 km entfernt", "0 km away")
    assert fact.suggested_at == START


def test_both_sides_accept_and_the_rivals_are_over(matching: Matching) -> None:
    rival = need("Tapezieren")
    matching.publish(WANTED, rival, GIVEN)
    matching.settle()
    first, second = matching.accept(side=NEED), matching.accept(side=OFFER)
    matching.settle()
    other = proposals.proposal_id(rival.listing_id, GIVEN.listing_id)
    assert matching.states() == {
        PAIR: ["suggested", "accepted_by_need", "mutually_accepted"],
        other: ["suggested", "invalidated_by_other_agreement"],
    }
    assert [matching.outcome(each).version for each in (first, second)] == [2, 3]
    late = matching.accept(other)
    matching.settle()
    assert matching.outcome(late).reason is Reason.WRONG_STATE
    matching.publish(need("Noch ein Bedarf"), changed(GIVEN, title="Streichen"))
    matching.settle()
    assert len(matching.states()) == 2, "a promised offer is suggested to nobody"


@pytest.mark.parametrize("kind", ENDED)
def test_an_offer_is_free_again_when_its_cooperation_ends_without_delivery(
    engine: Engine, kind: type[CooperationFact]
) -> None:
    matching = Matching(engine, replicas=2)
    rival = need("Tapezieren")
    matching.publish(WANTED, rival, GIVEN)
    matching.settle()
    for side in (NEED, OFFER):
        matching.accept(side=side)
    matching.settle()
    over = ended(kind, WANTED.listing_id, GIVEN.listing_id)
    for offer_id in (GIVEN.listing_id, over.cooperation_id):
        matching.world.say(over.model_copy(update={"proposal_id": uuid4(), "offer_id": offer_id}))
    matching.publish(changed(rival, title="Tapezieren und streichen"))
    matching.settle()
    other = proposals.proposal_id(rival.listing_id, GIVEN.listing_id)
    assert matching.states()[other][-1] == "invalidated_by_other_agreement", "nothing of it ended"
    matching.world.say(over)
    matching.settle()
    third = need("Wände streichen")
    matching.publish(third, changed(changed(rival), title="Streichen"))
    matching.settle()
    new = proposals.proposal_id(third.listing_id, GIVEN.listing_id)
    states = matching.states()
    assert (states[new], states[other][-1]) == (["suggested"], "suggested")
    matching.publish(changed(GIVEN), changed(WANTED))
    matching.settle()
    assert matching.states()[PAIR][-1] == "mutually_accepted", "they were brought together once"
    for side in (NEED, OFFER):
        matching.accept(new, side=side)
    matching.settle()
    assert matching.states()[new][-1] == "mutually_accepted"
    matching.world.say(over.model_copy(update={"version": 3}))
    matching.publish(need("Zimmer streichen"))
    matching.settle()
    assert len(matching.states()) == 3, "it is promised to another one by now"


@pytest.mark.parametrize(
    ("accepted", "state"),
    [((NEED,), "accepted_by_need"), ((NEED, OFFER), "mutually_accepted")],
)
def test_what_is_accepted_goes_where_its_listing_goes_and_back(
    matching: Matching, accepted: tuple[Direction, ...], state: str
) -> None:
    matching.publish(WANTED, GIVEN)
    for side in accepted:
        matching.settle()
        matching.accept(side=side)
    matching.settle()
    survivor = uuid4()
    at_survivor = changed(GIVEN, actor_id=survivor)
    matching.publish(at_survivor)
    matching.settle()
    matching.publish(changed(at_survivor, actor_id=GIVEN.state.actor_id))
    matching.settle()
    there, back = (each.data for each in matching.world.heard(ProposalTransferred))
    assert (there.need_actor_id, there.offer_actor_id) == (WANTED.state.actor_id, survivor)
    assert (back.need_actor_id, back.offer_actor_id) == (
        WANTED.state.actor_id,
        GIVEN.state.actor_id,
    )
    assert matching.states()[PAIR][-3:] == [state] * 3, "nobody answered it"


def test_who_goes_on_for_a_side_answers_for_it(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    matching.accept(side=NEED)
    matching.settle()
    person, survivor = uuid4(), uuid4()
    matching.publish(changed(GIVEN, actor_id=survivor))
    role = Membership(actor_id=survivor, roles=(PersonRole.ADMIN,))
    matching.world.say(MembershipGranted(version=1, person_id=person, memberships=(role,)))
    matching.settle()
    asked = matching.accept(side=OFFER, principal=str(person))
    matching.settle()
    assert matching.outcome(asked).reason is None
    assert matching.states()[PAIR][-1] == "mutually_accepted"


@pytest.mark.parametrize("status", [ListingStatus.CLOSED, ListingStatus.WITHDRAWN])
def test_what_is_agreed_goes_with_a_listing_that_is_over(
    matching: Matching, status: ListingStatus
) -> None:
    matching.publish(WANTED, GIVEN)
    for side in (NEED, OFFER):
        matching.settle()
        matching.accept(side=side)
    matching.settle()
    over, survivor = changed(WANTED, status=status), uuid4()
    matching.publish(over, changed(over, actor_id=survivor))
    matching.settle()
    [told] = matching.world.heard(ProposalTransferred)
    assert (told.data.need_actor_id, told.data.state) == (survivor, "mutually_accepted")


def test_a_reserved_offer_is_taken_until_the_time_to_answer_is_over(matching: Matching) -> None:
    rival = need("Tapezieren")
    other = proposals.proposal_id(rival.listing_id, GIVEN.listing_id)
    matching.publish(WANTED, rival, GIVEN)
    matching.settle()
    matching.accept()
    matching.settle()
    refused = matching.accept(other)
    matching.settle()
    assert matching.outcome(refused).reason is Reason.OFFER_TAKEN
    assert "anderen Bedarf" in matching.outcome(refused).message.de
    matching.world.advance(timedelta(days=13, hours=23))
    assert not matching.world.heard(ProposalExpired)
    matching.world.advance(timedelta(hours=2))
    assert matching.states()[PAIR][-1] == "expired"
    accepted = matching.accept(other)
    matching.settle()
    assert matching.outcome(accepted).reason is None


def test_declining_frees_the_offer_and_ends_the_waiting(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    matching.accept(side=NEED)
    matching.settle()
    matching.decline(side=OFFER)
    matching.settle()
    matching.world.advance(timedelta(days=30))
    assert matching.states() == {PAIR: ["suggested", "accepted_by_need", "declined"]}
    assert not matching.world.heard(ExpireProposal)
    matching.publish(changed(WANTED))
    matching.settle()
    assert matching.states()[PAIR][-1] == "declined"


def test_a_withdrawn_listing_takes_its_proposals_along_and_frees_the_offer(
    matching: Matching,
) -> None:
    rival = need("Tapezieren")
    matching.publish(WANTED, rival, GIVEN)
    matching.settle()
    matching.accept()
    matching.publish(changed(WANTED, status=ListingStatus.WITHDRAWN))
    matching.settle()
    assert matching.states()[PAIR][-1] == "invalidated_by_withdrawal"
    accepted = matching.accept(proposals.proposal_id(rival.listing_id, GIVEN.listing_id))
    matching.settle()
    assert matching.outcome(accepted).reason is None


def test_facts_may_come_late_and_twice(matching: Matching) -> None:
    third = changed(changed(WANTED), title="Streichen und tapezieren")
    matching.publish(GIVEN, third, changed(WANTED), WANTED, third)
    matching.settle()
    [heard] = matching.world.heard(ProposalSuggested)
    assert heard.data.need_title == "Streichen und tapezieren"


def test_an_unknown_proposal_is_not_found(matching: Matching) -> None:
    asked = matching.accept(uuid4())
    matching.settle()
    outcome = matching.outcome(asked)
    assert (outcome.reason, outcome.aggregate_id) == (Reason.NOT_FOUND, None)
    assert outcome.message.de == "Der Vorschlag ist nicht bekannt."


@pytest.mark.parametrize(
    ("role", "actor", "allowed"),
    [
        (PersonRole.CONTACT, WANTED, True),
        (PersonRole.CONTACT, GIVEN, False),
        (PersonRole.VIEWER, WANTED, False),
        (PersonRole.BROKER, GIVEN, True),
    ],
)
def test_who_may_accept(
    matching: Matching, role: PersonRole, actor: Listing, allowed: bool
) -> None:
    person = uuid4()
    membership = Membership(actor_id=actor.state.actor_id, roles=(role,))
    matching.publish(WANTED, GIVEN)
    matching.world.say(MembershipGranted(person_id=person, version=1, memberships=(membership,)))
    matching.settle()
    matching.world.say(ReleaseProposal(proposal_id=PAIR))
    matching.settle()
    asked = matching.accept(principal=str(person))
    matching.settle()
    assert matching.outcome(asked).reason is (None if allowed else Reason.NOT_ALLOWED)


@pytest.mark.parametrize("principal", [None, "somebody", str(UUID(int=7))])
def test_strangers_may_not_accept(matching: Matching, principal: str | None) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    asked = matching.accept(principal=principal)
    matching.settle()
    assert matching.outcome(asked).reason is Reason.NOT_ALLOWED
    assert matching.states() == {PAIR: ["suggested"]}


# -------------------------------------------------------------------- replicas and crashes


def test_two_replicas_miss_no_pair(engine: Engine) -> None:
    """Each replica gets every other listing; both find counterparts that the other brought."""
    matching = Matching(engine, replicas=2)
    entries = [kind(f"Streichen {number}") for number in range(6) for kind in (need, offer)]
    for number, entry in enumerate(entries):
        record = record_of(entry.state, matching.world.log)
        matching.world.nodes[number % 3 == 0].process([record], START)
    for node in matching.world.nodes:
        matching.world.relay(node)
    assert len(matching.states()) == 36


def test_a_promise_made_on_one_replica_is_seen_by_the_other(engine: Engine) -> None:
    matching = Matching(engine, replicas=2)
    one, other = matching.world.nodes
    matching.publish(WANTED, GIVEN)
    matching.world.step(one)
    other.process([], START)
    matching.accept(side=NEED)
    matching.accept(side=OFFER)
    matching.world.step(one)
    assert matching.states()[PAIR][-1] == "mutually_accepted"
    late = need("Noch ein Bedarf")
    other.process([record_of(late.state, matching.world.log)], START)
    matching.world.relay(other)
    assert len(matching.states()) == 1


def test_a_replica_that_crashed_reads_its_index_from_the_database(matching: Matching) -> None:
    matching.publish(GIVEN)
    matching.settle()
    [node] = matching.world.nodes
    node.restart()
    matching.publish(WANTED)
    matching.settle()
    assert matching.states() == {PAIR: ["suggested"]}


def test_records_of_another_making_are_made_again(engine: Engine, matching: Matching) -> None:
    matching.publish(GIVEN)
    matching.settle()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE listing SET entry = '\\x00000000'")
    [node] = matching.world.nodes
    node.restart()
    matching.publish(WANTED)
    matching.settle()
    assert matching.states() == {PAIR: ["suggested"]}


def test_a_promised_offer_stays_promised_when_the_index_is_built_anew(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    matching.accept(side=NEED)
    matching.accept(side=OFFER)
    matching.settle()
    [node] = matching.world.nodes
    node.restart()
    matching.publish(changed(GIVEN), need("Noch ein Bedarf"))
    matching.settle()
    assert len(matching.states()) == 1


def borne(listing: Listing, by: UUID) -> ActorRegistered:
    """That an organisation is a unit of another one."""
    return ActorRegistered(
        actor_id=listing.state.actor_id,
        version=1,
        status=ActorStatus.REGISTERED,
        kind=ActorKind.NONPROFIT,
        actor_type=ActorType.SOCIAL_FACILITY,
        carrier=Carrier.NONPROFIT,
        legal_name="Beispiel-Haus",
        seat=Seat(),
        carrier_actor_id=by,
        confirmed_at=START,
    )


def test_units_of_one_entity_are_not_brought_together(engine: Engine) -> None:
    """Also where that becomes known to one replica when the other has the listing already."""
    matching, by = Matching(engine, replicas=2), uuid4()
    one, other = matching.world.nodes
    log = matching.world.log
    one.process([record_of(GIVEN.state, log)], START)
    other.process([record_of(borne(WANTED, by), log)], START)
    other.process([record_of(borne(GIVEN, by), log)], START)
    stranger = need("Tapezieren")
    one.process([record_of(WANTED.state, log), record_of(stranger.state, log)], START)
    matching.world.relay(one)
    assert matching.states() == {
        proposals.proposal_id(stranger.listing_id, GIVEN.listing_id): ["suggested"]
    }


def test_what_became_one_partys_own_affair_is_not_agreed(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    by = uuid4()
    for each in (WANTED, GIVEN):
        matching.world.say(borne(each, by))
    matching.settle()
    released = matching.world.say(ReleaseProposal(proposal_id=PAIR))
    accepted = matching.accept(side=NEED)
    matching.settle()
    for asked in (released, accepted):
        outcome = matching.outcome(asked)
        assert outcome.reason is Reason.BLOCKED
        assert "desselben Trägers" in outcome.message.de
    assert matching.states()[PAIR] == ["suggested"]


@pytest.mark.parametrize("state", ["suggested", "sent", "accepted_by_need", "accepted_by_offer"])
@pytest.mark.parametrize("merged", ["need", "offer"])
def test_what_two_were_to_agree_is_over_when_they_are_merged(
    matching: Matching, state: str, merged: str
) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    if state == "sent":
        matching.world.say(ReleaseProposal(proposal_id=PAIR))
    elif state != "suggested":
        matching.accept(side=NEED if state == "accepted_by_need" else OFFER)
    matching.settle()
    assert matching.states()[PAIR][-1] == state
    moved, stays = (WANTED, GIVEN) if merged == "need" else (GIVEN, WANTED)
    one = changed(moved, actor_id=stays.state.actor_id)
    matching.publish(one)
    matching.settle()
    fact = matching.world.heard(ProposalFact)[-1].data
    assert (fact.state, fact.answer_until) == ("no_longer_fitting", None)
    assert [each.criterion for each in fact.blockers] == ["same_party"]
    # Nobody was promised anything: with others the offer goes on, and so do they if it is undone.
    rival = need("Tapezieren")
    matching.publish(rival, changed(one, actor_id=moved.state.actor_id))
    matching.settle()
    assert matching.states()[PAIR][-1] == "suggested"
    accepted = matching.accept(proposals.proposal_id(rival.listing_id, GIVEN.listing_id))
    matching.settle()
    assert matching.outcome(accepted).reason is None


def test_two_who_agreed_before_are_known_to_each_other(matching: Matching) -> None:
    matching.publish(WANTED, GIVEN)
    matching.settle()
    matching.accept(side=NEED)
    matching.accept(side=OFFER)
    matching.settle()
    again = offer("Noch einmal malern", actor_id=GIVEN.state.actor_id)
    matching.publish(again, changed(WANTED))
    matching.settle()
    fact = matching.world.heard(ProposalSuggested)[-1].data
    relation = next(c for c in fact.contributions if c.criterion == "past_relation")
    assert (fact.offer_id, relation.raw) == (again.listing_id, 1.0)


def test_what_cannot_be_is_left_out_and_counted(matching: Matching) -> None:
    before = metrics.LEFT_OUT.labels("ends_before_it_begins")._value.get()
    time = {"mode": "window", "start": START + timedelta(days=2), "end": START}
    nowhere = need("Ohne Ort", place={"postcode": "00000"})
    matching.publish(changed(WANTED, time=Time.model_validate(time)), nowhere, GIVEN)
    matching.settle()
    assert matching.states() == {}
    assert metrics.LEFT_OUT.labels("ends_before_it_begins")._value.get() == before + 1
    matching.publish(changed(changed(WANTED)))
    matching.settle()
    assert matching.states() == {PAIR: ["suggested"]}


def test_what_a_failed_batch_put_into_memory_is_forgotten(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching = Matching(engine)
    [node] = matching.world.nodes
    matching.publish(GIVEN)
    monkeypatch.setattr("impulse_chassis.inbox.remember", _fail)
    with pytest.raises(RuntimeError):
        node.processor._transact(
            [_parsed(node, record) for record in node.pending(matching.world.log)],
            START,
            _progress(),
            {},
            {},
        )
    monkeypatch.undo()
    node.committed.update(
        {("impulse.listings", record.partition): 1 for record in node.pending(matching.world.log)}
    )
    matching.publish(WANTED)
    matching.settle()
    assert matching.states() == {}


def _fail(*_: object) -> None:
    raise RuntimeError("as if the process had failed here")


def _parsed(node: Node, record: Any) -> Any:
    from impulse_chassis.parsing import parse

    topic = node.processor.topics[record.topic]
    return parse(record, topic, START, node.processor._does.wanted)


def _progress() -> Any:
    from impulse_chassis.processor import Progress

    return Progress()
