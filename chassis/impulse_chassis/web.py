"""HTTP servers inside a service's event loop: health and metrics here, the gateway's pages too."""

import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Checks = Callable[[], dict[str, str | None]]
"""What is looked at, and what is wrong with it: None where all is well."""


class CantListen(Exception):
    """The port is taken, or the address another machine's; the message names the setting."""


class Server(uvicorn.Server):
    """A server that leaves signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the service's."""
        yield


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A listening socket. Raises `CantListen`; `setting` chooses the port."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise CantListen(
                f"{host} is no address of this machine: set IMPULSE_BIND to one, or to 0.0.0.0 or "
                ":: for all of them"
            ) from None
        raise CantListen(
            f"port {port} on {host} can't be used ({error.strerror}): set {setting} to a free one"
        ) from None
    return listener


def server(app: Any) -> Server:
    """A server of `app` that is started with `await server.serve(sockets=[...])`."""
    return Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5
        )
    )


def health_app(alive: Checks, ready: Checks) -> Starlette:
    """`/livez`, `/readyz` and `/metrics`: 200 where nothing is wrong, else 503 with what is."""

    def answer(checks: Checks) -> Response:
        found = checks()
        wrong = {name: fault for name, fault in found.items() if fault}
        return JSONResponse(
            {"ok": not wrong, "checks": {name: fault or "ok" for name, fault in found.items()}},
            status_code=503 if wrong else 200,
        )

    async def livez(_: Request) -> Response:
        return answer(alive)

    async def readyz(_: Request) -> Response:
        return answer(ready)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]
    )
