"""Cooperations: for their parties, brokers and operators; examples for everybody."""

from collections.abc import Awaitable, Callable
from inspect import cleandoc
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, create_model
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.booking.agreements import EnterCooperation
from impulse_contracts.booking.cooperation_codes import CooperationStep
from impulse_contracts.booking.cooperation_commands import CooperationCommand
from impulse_contracts.booking.cooperation_steps import states_of
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import CooperationState
from impulse_gateway.domain.access import Viewer, party
from impulse_gateway.store import cooperations
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.cooperation_form import FORMS, Form
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

_BEFORE = (CooperationStep.DECLINED, CooperationStep.WITHDRAWN)
_AFTER = (CooperationStep.CANCELLED, CooperationStep.NOT_REDEEMED)
router = APIRouter(prefix="/api/cooperations", tags=["cooperations"], responses=PROBLEMS)


@router.get("")
async def list_cooperations(
    request: Request,
    state: CooperationState | None = None,
    due: bool = False,
    in_charge: bool = False,
    after: str | None = None,
) -> Page[CooperationFact]:
    """The cooperations that you may see, the newest first.

    `due`: those in which something is to be done, by when, the next first; `in_charge`: for brokers
    and operators, those that they are in charge of. Visitors see examples alone, members those of
    their organisations too.
    """
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: cooperations.page(
            connection, viewer, state=state, due=due, charged=in_charge, after=after
        )
    )


@router.get("/{cooperation_id}")
async def get_cooperation(request: Request, cooperation_id: UUID) -> CooperationFact:
    """One cooperation: what is agreed, what was said of it, what is next, and what is to be looked
    at. Not found, if you may not see it."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.cooperation(connection, viewer, cooperation_id)
    )


def _body(command: type[CooperationCommand] | type[EnterCooperation], name: str) -> type[BaseModel]:
    """What a call says: the command without the id, which its address names, or which is made."""
    fields: dict[str, Any] = {
        field: (info.annotation, info)
        for field, info in command.model_fields.items()
        if field != "cooperation_id"
    }
    return create_model(name, __doc__=command.__doc__, **fields)


Entry: Any = _body(EnterCooperation, "NewCooperation")


@router.post("", status_code=202, responses=REFUSALS)
async def enter_cooperation(ask: Asking, body: Entry) -> OperationView:
    """Enters a cooperation of which no proposal was made. For brokers and operators."""
    if not ask.viewer.sees_all:
        raise Problem.not_allowed()
    key = stable_uuid("cooperation", str(ask.key))
    return await ask(EnterCooperation(cooperation_id=key, **_said(body)))


def _said(body: BaseModel) -> dict[str, Any]:
    return {name: getattr(body, name) for name in type(body).model_fields}


def _endpoint(form: Form) -> Callable[..., Awaitable[OperationView]]:
    model: Any = _body(form.command, form.command.__name__)

    async def step(ask: Asking, cooperation_id: UUID, body: model) -> OperationView:
        found = await ask.find(reading.cooperation, cooperation_id)
        side = getattr(body, "side", None)
        if not (ask.viewer.sees_all or (side and ask.viewer.answers_for(party(found, side)))):
            raise Problem.not_allowed()
        return await ask(form.command(cooperation_id=cooperation_id, **_said(body)))

    step.__doc__ = "\n\n".join([cleandoc(form.command.__doc__ or ""), _who(form), _when(form)])
    return step


def _who(form: Form) -> str:
    """Who may take a step, for the description."""
    own = "With `side`: for its own people who may bind it, and for brokers and operators, who say"
    told = "in `on_behalf` how it told them."
    alone = "" if form.by_side else " Without: for brokers and operators, in their own name."
    return f"{own} {told}{alone}"


def _when(form: Form) -> str:
    """When a step is possible, for the description."""
    states = ", ".join(f"`{each}`" for each in states_of(form.step))
    agreed = {_BEFORE: ", before anything was agreed", _AFTER: ", after something was agreed"}
    until = next((text for steps, text in agreed.items() if form.step in steps), "")
    return (
        f"Possible in the states {states}{until}; in others the operation is refused with"
        " `wrong_state`, and says what is possible."
    )


for _form in FORMS:
    router.add_api_route(
        f"/{{cooperation_id}}/{_form.path}",
        _endpoint(_form),
        methods=["POST"],
        status_code=202,
        responses=REFUSALS,
        name=_form.command.ce_type.split(".")[2],
    )
