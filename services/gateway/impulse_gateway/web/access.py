"""Which role may call which route: the one table, and the check that every route goes through."""

from starlette.requests import Request
from starlette.routing import BaseRoute

from impulse_gateway.domain.access import Role
from impulse_gateway.web import sessions
from impulse_gateway.web.problems import Problem, SignInNeeded

_ALL = frozenset(Role)
_SIGNED_IN = frozenset({Role.MEMBER, Role.BROKER, Role.OPERATOR})
_OPERATOR = frozenset({Role.OPERATOR})
_STAFF = frozenset({Role.BROKER, Role.OPERATOR})

ACCESS: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/"): _ALL,
    ("GET", "/organisations"): _ALL,
    ("GET", "/organisations/new"): _STAFF,
    ("POST", "/organisations/new"): _STAFF,
    ("GET", "/organisations/{actor_id}"): _ALL,
    ("GET", "/organisations/{actor_id}/change"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/change"): _SIGNED_IN,
    ("GET", "/organisations/{actor_id}/claim"): _ALL,
    ("POST", "/organisations/{actor_id}/claim"): _ALL,
    ("POST", "/organisations/{actor_id}/claims/{person_id}"): _SIGNED_IN,
    ("GET", "/organisations/{actor_id}/people"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/people"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/people/{person_id}/roles"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/people/{person_id}/leave"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/people/{person_id}/uninvite"): _SIGNED_IN,
    ("GET", "/claims"): _STAFF,
    ("GET", "/me"): _SIGNED_IN,
    ("POST", "/me"): _SIGNED_IN,
    ("POST", "/me/erase"): _SIGNED_IN,
    ("POST", "/me/consents/{purpose}"): _SIGNED_IN,
    ("POST", "/me/invitations/{actor_id}"): _SIGNED_IN,
    ("GET", "/organisations.csv"): _ALL,
    ("GET", "/organisations.csv-metadata.json"): _ALL,
    ("GET", "/organisations.jsonl"): _ALL,
    ("GET", "/organisations/{actor_id}/care"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/care/confirm"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/care/evidence"): _SIGNED_IN,
    ("POST", "/organisations/{actor_id}/care/evidence/{evidence_id}"): _STAFF,
    ("POST", "/organisations/{actor_id}/care/suspend"): _STAFF,
    ("POST", "/organisations/{actor_id}/care/hand-over"): _STAFF,
    ("GET", "/places"): _ALL,
    ("GET", "/network"): _OPERATOR,
    ("POST", "/network"): _OPERATOR,
    ("GET", "/listings"): _ALL,
    ("GET", "/listings/new"): _SIGNED_IN,
    ("POST", "/listings/new"): _SIGNED_IN,
    ("GET", "/listings/{listing_id}"): _ALL,
    ("GET", "/listings/{listing_id}/edit"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/edit"): _SIGNED_IN,
    ("GET", "/listings/{listing_id}/confirm"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/confirm"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/template"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/withdraw"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/hand-over"): _STAFF,
    ("POST", "/listings/{listing_id}/interest"): _SIGNED_IN,
    ("GET", "/listings/{listing_id}/answer"): _SIGNED_IN,
    ("POST", "/listings/{listing_id}/answer"): _SIGNED_IN,
    ("GET", "/proposals"): _ALL,
    ("GET", "/proposals/{proposal_id}"): _ALL,
    ("POST", "/proposals/{proposal_id}/release"): _STAFF,
    ("POST", "/proposals/{proposal_id}/accept"): _SIGNED_IN,
    ("POST", "/proposals/{proposal_id}/decline"): _SIGNED_IN,
    ("GET", "/cooperations"): _ALL,
    ("GET", "/cooperations/{cooperation_id}"): _ALL,
    ("POST", "/organisations/{actor_id}/separate"): _STAFF,
    ("GET", "/duplicates"): _STAFF,
    ("GET", "/duplicates/{pair_id}"): _STAFF,
    ("POST", "/duplicates/{pair_id}/merge"): _STAFF,
    ("POST", "/duplicates/{pair_id}/keep-apart"): _STAFF,
    ("POST", "/duplicates/{pair_id}/undo"): _STAFF,
    ("GET", "/markets"): _STAFF,
    ("POST", "/markets"): _STAFF,
    ("GET", "/markets/{edition_id}"): _STAFF,
    ("GET", "/programme"): _ALL,
    ("GET", "/programme/{programme_offer_id}"): _ALL,
    ("GET", "/programme/{programme_offer_id}/support"): _SIGNED_IN,
    ("POST", "/programme/{programme_offer_id}/support"): _SIGNED_IN,
    ("GET", "/sessions/{session_id}/book"): _SIGNED_IN,
    ("POST", "/sessions/{session_id}/book"): _SIGNED_IN,
    ("GET", "/bookings"): _SIGNED_IN,
    ("POST", "/bookings/{booking_id}/take"): _SIGNED_IN,
    ("POST", "/bookings/{booking_id}/decline"): _SIGNED_IN,
    ("POST", "/bookings/{booking_id}/cancel"): _SIGNED_IN,
    ("GET", "/support"): _STAFF,
    ("POST", "/support/{request_id}/accept"): _STAFF,
    ("POST", "/support/{request_id}/start"): _STAFF,
    ("POST", "/support/{request_id}/finish"): _STAFF,
    ("POST", "/support/{request_id}/decline"): _STAFF,
    ("POST", "/support/{request_id}/withdraw"): _SIGNED_IN,
    ("GET", "/place/{token}"): _ALL,
    ("POST", "/place/{token}"): _ALL,
    ("GET", "/live"): _ALL,
    ("GET", "/live/events"): _ALL,
    ("GET", "/inbox"): _SIGNED_IN,
    ("GET", "/operations/{operation_id}"): _SIGNED_IN,
    ("GET", "/sign-in"): _ALL,
    ("POST", "/sign-in"): _ALL,
    ("GET", "/sign-in/{token}"): _ALL,
    ("POST", "/sign-in/{token}"): _ALL,
    ("GET", "/objection/{token}"): _ALL,
    ("POST", "/objection/{token}"): _ALL,
    ("GET", "/confirmation/{token}"): _ALL,
    ("POST", "/confirmation/{token}"): _ALL,
    ("POST", "/sign-out"): _ALL,
    ("POST", "/language"): _ALL,
    ("GET", "/imprint"): _ALL,
    ("GET", "/privacy"): _ALL,
    ("GET", "/accessibility"): _ALL,
    ("GET", "/attribution"): _ALL,
    ("GET", "/api/openapi.json"): _ALL,
    ("GET", "/api/session"): _ALL,
    ("GET", "/api/actors"): _ALL,
    ("POST", "/api/actors"): _STAFF,
    ("GET", "/api/actors/{actor_id}"): _ALL,
    ("PUT", "/api/actors/{actor_id}"): _SIGNED_IN,
    ("DELETE", "/api/actors/{actor_id}"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/separate"): _STAFF,
    ("POST", "/api/actors/{actor_id}/confirm"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/evidence"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/evidence/{evidence_id}"): _STAFF,
    ("POST", "/api/actors/{actor_id}/suspend"): _STAFF,
    ("POST", "/api/actors/{actor_id}/reactivate"): _STAFF,
    ("POST", "/api/actors/{actor_id}/hand-over"): _STAFF,
    ("GET", "/api/listings"): _ALL,
    ("POST", "/api/listings"): _SIGNED_IN,
    ("GET", "/api/listings/{listing_id}"): _ALL,
    ("PUT", "/api/listings/{listing_id}"): _SIGNED_IN,
    ("DELETE", "/api/listings/{listing_id}"): _SIGNED_IN,
    ("POST", "/api/listings/{listing_id}/confirm"): _SIGNED_IN,
    ("POST", "/api/listings/{listing_id}/copy"): _SIGNED_IN,
    ("POST", "/api/listings/{listing_id}/hand-over"): _STAFF,
    ("POST", "/api/listings/{listing_id}/interest"): _SIGNED_IN,
    ("GET", "/api/proposals"): _ALL,
    ("GET", "/api/proposals/{proposal_id}"): _ALL,
    ("POST", "/api/proposals/{proposal_id}/release"): _STAFF,
    ("POST", "/api/proposals/{proposal_id}/accept"): _SIGNED_IN,
    ("POST", "/api/proposals/{proposal_id}/decline"): _SIGNED_IN,
    ("GET", "/api/cooperations"): _ALL,
    ("GET", "/api/cooperations/{cooperation_id}"): _ALL,
    ("GET", "/api/duplicates"): _STAFF,
    ("GET", "/api/duplicates/{pair_id}"): _STAFF,
    ("POST", "/api/duplicates/{pair_id}/merge"): _STAFF,
    ("POST", "/api/duplicates/{pair_id}/keep-apart"): _STAFF,
    ("POST", "/api/duplicates/{pair_id}/undo"): _STAFF,
    ("GET", "/api/markets"): _STAFF,
    ("POST", "/api/markets"): _STAFF,
    ("GET", "/api/markets/{edition_id}"): _STAFF,
    ("GET", "/api/me"): _SIGNED_IN,
    ("PUT", "/api/me"): _SIGNED_IN,
    ("DELETE", "/api/me"): _SIGNED_IN,
    ("PUT", "/api/me/consents/{purpose}"): _SIGNED_IN,
    ("DELETE", "/api/me/consents/{purpose}"): _SIGNED_IN,
    ("POST", "/api/me/invitations/{actor_id}/accept"): _SIGNED_IN,
    ("POST", "/api/me/invitations/{actor_id}/decline"): _SIGNED_IN,
    ("GET", "/api/claims"): _STAFF,
    ("POST", "/api/actors/{actor_id}/claim"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/claims/{person_id}/confirm"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/claims/{person_id}/refuse"): _SIGNED_IN,
    ("GET", "/api/actors/{actor_id}/people"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/people"): _SIGNED_IN,
    ("DELETE", "/api/actors/{actor_id}/people/{person_id}"): _SIGNED_IN,
    ("PUT", "/api/actors/{actor_id}/people/{person_id}/roles"): _SIGNED_IN,
    ("POST", "/api/actors/{actor_id}/people/{person_id}/hand-over"): _SIGNED_IN,
    ("DELETE", "/api/actors/{actor_id}/invitations/{person_id}"): _SIGNED_IN,
    ("GET", "/api/cooperations/{cooperation_id}/contacts"): _SIGNED_IN,
    ("GET", "/api/activity"): _ALL,
    ("GET", "/api/operations/{operation_id}"): _SIGNED_IN,
}
"""Roles by method and route. What somebody may see and do of a kind is in `domain.access`: of
proposals, a visitor sees those of examples alone, and brokers alone see what is not released. A
route that is not here is not served."""

_WITHOUT_TOKEN = {
    ("POST", "/language"),
    ("POST", "/objection/{token}"),
    ("POST", "/confirmation/{token}"),
    ("POST", "/place/{token}"),
}
"""Changes nothing but how the next page looks; or the address itself is the token (RFC 8058: a mail
program has no other)."""


async def authorise(request: Request) -> None:
    """Lets a request pass: the role may call the route, and what changes something is meant.

    Raises `SignInNeeded` or `Problem`.
    """
    request.state.viewer = viewer = await sessions.viewer_of(request)
    route: BaseRoute = request.scope["route"]
    called = (request.method, str(getattr(route, "path", "")))
    if not viewer.roles & ACCESS.get(called, frozenset()):
        if viewer.person_id is None and called in ACCESS:
            raise SignInNeeded
        raise Problem.not_allowed()
    if request.method not in ("GET", "HEAD") and called not in _WITHOUT_TOKEN:
        if request.url.path.startswith("/api/") and viewer.person_id is None:
            raise SignInNeeded
        if not await sessions.csrf_valid(request):
            raise Problem.no_token()
