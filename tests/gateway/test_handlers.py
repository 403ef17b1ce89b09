"""Facts become the read model, activities and outcomes: once, in a handful of statements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from impulse_contracts import matching, notifications
from impulse_contracts.booking import cooperations
from impulse_contracts.codes import ActorStatus, ActorType, Channel, LegalForm, ProposalState
from impulse_contracts.message import MESSAGES, Fact
from impulse_contracts.registry.actors import ActorArchived, ActorDetailsChanged, ActorState
from impulse_contracts.registry.listings import ListingChanged, ListingReminded, ListingState
from impulse_gateway.app import service
from impulse_gateway.domain.activity import tell as told_of
from impulse_gateway.handlers import TOLD
from impulse_gateway.store import activity, actors
from tests.fixtures.statements import counted, every_handler_is_counted
from tests.gateway import given
from tests.gateway.driving import tell


def lines(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [entry.de for entry in reversed(activity.newest(connection, 100))]


def test_the_read_model_is_the_newest_state(world, engine):
    newer = given.HOUSE.model_copy(update={"version": 2, "display_name": "Unser Haus"})
    changed = ActorDetailsChanged.model_validate(newer.model_dump())
    tell(world, given.HOUSE, changed, given.HOUSE)
    with engine.connect() as connection:
        found = actors.get(connection, given.HOUSE.actor_id)
    assert found is not None
    assert (found.version, found.display_name) == (2, "Unser Haus")
    assert found.model_dump() == changed.model_dump()


def test_codes_that_came_later_are_unknown(world, engine):
    value = given.HOUSE.model_dump_json().replace('"nonprofit_association"', '"space_agency"')
    world.say(given.HOUSE)
    [record] = world.log.of("impulse.actors")
    world.log.records.clear()
    world.say_raw("impulse.actors", record.key, value.encode(), record.headers)
    world.settle()
    with engine.connect() as connection:
        found = actors.get(connection, given.HOUSE.actor_id)
    assert found is not None
    assert found.actor_type == "unknown"


def test_every_step_is_told_once_in_the_order_of_its_time(world, engine):
    for fact in (given.HOUSE, given.NEED, given.OFFER, given.PROPOSAL, given.COOPERATION):
        tell(world, fact)
        world.advance(timedelta(seconds=1))
    world.nodes[0].committed.clear()
    world.settle()
    assert lines(engine) == [
        "Neu eingetragen: Beispiel-Jugendzentrum Holsterhausen e.V. in Essen",
        "Neu: „Streichaktion im Jugendzentrum“",
        "Neu: „Streichteam für einen Aktionstag“",
        "Beiden Seiten vorgeschlagen: „Streichaktion im Jugendzentrum“ und "
        "„Streichteam für einen Aktionstag“",
        "Eröffnet: „Tische in den neuen Gruppenraum tragen“ und „Sechs Leute, die tragen“",
    ]


def test_facts_of_one_moment_stand_in_their_order(world, engine):
    versions = [
        ListingChanged.model_validate(
            {**given.NEED.model_dump(), "version": number, "title": f"Fassung {number:02}"}
        )
        for number in range(2, 60)
    ]
    tell(world, *versions)
    assert lines(engine) == [f"Geändert: „Fassung {number:02}“" for number in range(2, 60)]


def test_there_is_something_to_say_about_every_fact_of_the_slice():
    silent = {
        "impulse.registry.person",
        "impulse.registry.membership",
        "impulse.registry.disclosure",
        "impulse.registry.duplicate",
        # Of two entries that were one, both are shown as what they are now.
        "impulse.registry.actor.merged",
        "impulse.registry.actor.separated",
        # An actor's evidence, its being current and who is in charge are for its own people.
        *(
            f"impulse.registry.actor.{what}"
            for what in (
                *("evidence_", "verified", "verification_", "confirmed_", "confirmation_"),
                *("marked_stale", "suspended", "admitted", "admission_", "service_area_"),
                *("handed_over", "in_charge_"),
            )
        ),
        "impulse.registry.listing.handed_over",
        # The plan of a market is for those who hold it.
        "impulse.matching.market.planned",
        # Reports are for staff.
        "impulse.booking.report.",
        # The programme has pages of its own; who books is nobody else's business.
        *(f"impulse.booking.{what}." for what in ("programme_offer", "session", "booking")),
        "impulse.booking.support.",
        # Editions have pages of their own.
        *(f"impulse.booking.{what}." for what in ("edition", "project", "agreement_batch")),
        # What the sides of a cooperation arrange with each other is for them.
        *(
            f"impulse.booking.cooperation.{what}"
            for what in (
                *("entered", "drafted", "signed", "put_on_hold", "resumed", "declined"),
                *("withdrawn", "cancelled", "not_redeemed", "action_", "escalated", "planned"),
                *("day_soon", "started", "reported", "decided", "evaluated", "redemption_"),
                *("prepared", "items_due", "contacts_named", "contact_left"),
            )
        ),
        "impulse.booking.advice_hours.",
        "impulse.registry.erasure",
        "impulse.chassis.erasure",
    }
    facts = {
        kind
        for name, kind in MESSAGES.items()
        if issubclass(kind, Fact) and name.startswith("impulse.") and name.endswith(".v1")
    }
    read = {kind for kind in facts if kind.topic in service.topics.values()}
    untold = {kind.ce_type for kind in read - set(TOLD)}
    assert all(
        any(name.startswith(prefix) for prefix in silent)
        or name
        in (
            matching.ProposalInvalidated.ce_type,
            matching.ProposalRescored.ce_type,
            matching.ProposalReminded.ce_type,
            # Of two entries that were one, both are shown as what they are now.
            matching.ProposalTransferred.ce_type,
            cooperations.CooperationTransferred.ce_type,
            ListingReminded.ce_type,
            notifications.MessageQueued.ce_type,
            notifications.MessageSuppressed.ce_type,
        )
        for name in untold
    ), untold


# ----------------------------------------------------------------------- what is not told


def test_real_pairs_are_not_named():
    for fact in (given.REAL_PROPOSAL, given.REAL_COOPERATION):
        told = told_of(fact)
        assert told is not None
        assert told.path is None
        assert fact.need_title not in told.de + told.en
        assert fact.offer_title not in told.de + told.en


@pytest.mark.parametrize(
    "fields",
    [
        {"legal_form": LegalForm.EK},
        {"legal_form": LegalForm.GBR},
        {"legal_form": LegalForm.SELF_EMPLOYED},
        {"actor_type": ActorType.SELF_EMPLOYED},
    ],
)
def test_sole_traders_are_not_named(fields):
    told = told_of(given.actor("Beispiel Vorname Nachname", **fields))
    assert told is not None
    assert told.de == "Neu eingetragen: gemeinnützige Organisation in Essen"


def test_who_left_is_not_named():
    left = ActorArchived.model_validate({**given.CLUB.model_dump(), "status": ActorStatus.ARCHIVED})
    told = told_of(left)
    assert told is not None
    assert told.path is None
    assert "Turnverein" not in told.de


def test_sign_in_links_are_not_told():
    """Or who tries an address would see on the live page whether it is known."""
    sent = given.message(given.MEMBER, "x", template="sign_in_link", channel=Channel.EMAIL)
    assert told_of(sent) is None


@pytest.mark.parametrize(
    "kind,state,line",
    [
        (matching.ProposalAccepted, ProposalState.ACCEPTED_BY_NEED, "Der Bedarf sagt ja"),
        (matching.ProposalAccepted, ProposalState.ACCEPTED_BY_OFFER, "Das Angebot sagt ja"),
        (matching.ProposalMutuallyAccepted, ProposalState.MUTUALLY_ACCEPTED, "Beide Seiten"),
        (matching.ProposalDeclined, ProposalState.DECLINED, "Abgelehnt"),
        (matching.ProposalExpired, ProposalState.EXPIRED, "Ohne Antwort"),
    ],
)
def test_answers_to_a_proposal(kind, state, line):
    told = told_of(kind.model_validate({**given.PROPOSAL.model_dump(), "state": state}))
    assert told is not None
    assert told.de.startswith(line)
    assert told.path == f"/proposals/{given.PROPOSAL.proposal_id}"


# ------------------------------------------------------------------------------ statements


def many(kind, number):
    """Facts of a kind, each of another aggregate."""
    patterns = {
        ActorState: given.HOUSE,
        ListingState: given.NEED,
        matching.ProposalFact: given.PROPOSAL,
        cooperations.CooperationFact: given.COOPERATION,
        notifications.MessageFact: given.message(given.MEMBER, "x"),
    }
    pattern = next(fact for state, fact in patterns.items() if issubclass(kind, state))
    return [
        kind.model_validate({**pattern.model_dump(), pattern.key_field: uuid4()})
        for _ in range(number)
    ]


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_statements_of_facts(engine, kind):
    few = counted(service, engine, many(kind, 50))
    plenty = counted(service, engine, many(kind, 500))
    assert few.total == plenty.total <= 5, plenty.statements


@pytest.mark.parametrize("make", [given.refused, lambda key: given.accepted(key, uuid4())])
def test_statements_of_outcomes(engine, make):
    few = counted(service, engine, [make(str(uuid4())) for _ in range(50)])
    plenty = counted(service, engine, [make(str(uuid4())) for _ in range(500)])
    assert few.total == plenty.total <= 3, plenty.statements


def test_every_handler_is_counted():
    outcomes = (type(given.refused("x")), type(given.accepted("x", uuid4())))
    every_handler_is_counted(service, (*TOLD, *outcomes))


def test_statements_of_what_is_only_projected(engine):
    people = [given.person(f"{number}@beispiel.example") for number in range(550)]
    flat = [fact for both in people for fact in both]
    few, plenty = counted(service, engine, flat[:100]), counted(service, engine, flat[100:])
    # Two tables, and the inbox, which keeps those who were erased from coming back by a repeat.
    assert few.total == plenty.total == 4, plenty.statements
