"""Offers and needs."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.codes import Direction, ListingStatus, ResourceCategory, SocietalTopic
from impulse_contracts.matching import ProposalFact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState, WithdrawListing
from impulse_contracts.registry.network import HandOverListing
from impulse_gateway.domain.access import Viewer, sees_actor
from impulse_gateway.store import actors, listings, network, pairs
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.forms import choice
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/listings")
async def all_listings(
    request: Request,
    q: str = "",
    direction: str = "",
    category: str = "",
    topic: str = "",
    place: str = "",
    after: str | None = None,
) -> Response:
    """Open offers and needs, the newest first."""
    viewer: Viewer = request.state.viewer
    filters = {
        "direction": choice(Direction, direction),
        "category": choice(ResourceCategory, category),
        "topic": choice(SocietalTopic, topic),
    }

    def read(
        connection: Connection,
    ) -> tuple[Page[ListingState], dict[UUID, ActorState], list[tuple[str, str]]]:
        found = listings.search(
            connection,
            viewer,
            q=q,
            direction=choice(Direction, direction),
            category=choice(ResourceCategory, category),
            topic=choice(SocietalTopic, topic),
            ags=place,
            after=after,
        )
        owners = actors.by_id(connection, {each.actor_id for each in found.items})
        return found, owners, listings.municipalities(connection)

    found, owners, places = await site_of(request).db(read)
    return page(
        request,
        "listings.html",
        found=found,
        owners=owners,
        q=q,
        filters=filters,
        place=place,
        places=places,
        first=after is None,
    )


@router.get("/listings/{listing_id}")
async def listing(request: Request, listing_id: UUID) -> Response:
    """One offer or need, and its proposals with what speaks for them."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[
        ListingState,
        dict[UUID, ActorState],
        list[ProposalFact],
        list[ActorState],
        list[ListingState],
        list[ActorState],
    ]:
        found = reading.listing(connection, viewer, listing_id)
        proposals = pairs.proposals_of_listing(connection, viewer, listing_id)
        ids = {found.actor_id} | {each for each in (found.in_charge,) if each}
        ids |= {each for pair in proposals for each in (pair.need_actor_id, pair.offer_actor_id)}
        owners = actors.by_id(connection, ids)
        owner = owners.get(found.actor_id)
        if owner is not None and owner.in_charge is not None:
            owners |= actors.by_id(connection, [owner.in_charge])
        members = network.members(connection) if viewer.sees_all else []
        own = listings.to_ask_with(connection, viewer, found)
        answering = actors.to_answer_for(connection, viewer, found)
        return found, owners, proposals, members, own, answering

    found, owners, proposals, members, own, answering = await site_of(request).db(read)
    owner = owners.get(found.actor_id)
    in_charge = found.in_charge or (owner.in_charge if owner else None)
    helper = owners.get(in_charge) if in_charge else None
    return page(
        request,
        "listing.html",
        listing=found,
        owners=owners,
        proposals=proposals,
        helper=helper if helper and sees_actor(viewer, helper) else None,
        members=[each for each in members if each.actor_id != found.actor_id],
        manages=viewer.manages(found.actor_id),
        own=own if found.status == ListingStatus.OPEN else [],
        answering=answering if found.status == ListingStatus.OPEN else [],
        standing=found.status in (ListingStatus.OPEN, ListingStatus.STALE),
        new_operation=uuid4,
    )


@router.post("/listings/{listing_id}/withdraw")
async def withdraw(
    request: Request, listing_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """Takes a listing back."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.listing(connection, viewer, listing_id)
    )
    if not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    command = WithdrawListing(listing_id=listing_id)
    return await forms.send(request, command, operation)


@router.post("/listings/{listing_id}/hand-over")
async def hand_over(
    request: Request,
    listing_id: UUID,
    operation: Annotated[str, Form()],
    to: Annotated[str, Form()] = "",
) -> Response:
    """Puts an intermediary in charge of a listing; nobody chosen: whoever is of its actor."""
    viewer: Viewer = request.state.viewer
    await site_of(request).db(lambda connection: reading.listing(connection, viewer, listing_id))
    command = HandOverListing(listing_id=listing_id, to=forms.uuid(to))
    return await forms.send(request, command, operation)
