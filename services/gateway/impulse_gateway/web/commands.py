"""Commands: sent through the outbox, with an operation that is resolved by their outcome."""

from uuid import UUID

from starlette.requests import Request

from impulse_chassis import Transaction
from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation, begin, fingerprint
from impulse_gateway.store.bookings import record_key
from impulse_gateway.store.operations import operations
from impulse_gateway.web.listing_form import Entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

_OF_THE_PAGE = ("csrf_token", "operation")


async def submit(
    request: Request,
    command: Command,
    operation_id: UUID,
    *,
    key: str | None = None,
    typed: Entered | None = None,
) -> Operation:
    """Sends `command` as the person who asks; `operation_id` is its `ce_id`.

    The same id with the same command gives the same operation, whatever has become of it; with
    another command, or of another person, it is refused (`Problem`). `key` is the record key where
    it isn't the command's own. What was `typed` into the form at the address of the request is kept
    for a day, so that it can be filled again: not what is typed on persons, and nothing once it is
    accepted. Raises `Unavailable`.
    """
    site = site_of(request)
    viewer: Viewer = request.state.viewer
    person_id = viewer.person_id
    if person_id is None:
        raise Problem.sign_in()

    # The token is the session's; the operation has had its turn.
    entered = typed and {name: said for name, said in typed.items() if name not in _OF_THE_PAGE}

    def work(tx: Transaction) -> Operation:
        operations.lock(tx, {operation_id})
        known = operations.get(tx, operation_id)
        if known is not None:
            return known
        where = key or record_key(tx, command)
        tx.publish(command, key=where, message_id=str(operation_id), principal=str(person_id))
        form = request.url.path if typed is not None else None
        return operations.put(tx, begin(operation_id, person_id, command, tx.now, form, entered))

    operation: Operation = await site.transact(work)
    if operation.person_id != person_id or operation.fingerprint != fingerprint(command):
        raise Problem(
            422,
            "idempotency_key_reused",
            ("Kennung schon verwendet", "Key used before"),
            (
                "Unter dieser Kennung wurde schon etwas anderes in Auftrag gegeben.",
                "Something else was asked for under this key before.",
            ),
        )
    return operation
