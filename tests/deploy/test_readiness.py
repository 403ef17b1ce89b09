"""Why a service is not ready, and whether that holds up the stack."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from impulse_local.ports import free_port
from impulse_local.readiness import why_not_ready


@pytest.fixture
def answering():
    """`answering(checks)`: the port of a service whose `/readyz` says so, the first time."""
    servers = []

    def serve(checks):
        said = iter([json.dumps({"ok": False, "checks": checks}).encode()])

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if set(checks.values()) == {"ok"} else 503)
                self.end_headers()
                self.wfile.write(next(said))

            def log_message(self, *_):
                """Nothing to say."""

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_port

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("checks", "ready", "paused"),
    [
        ({"database": "ok", "paused": "ok"}, True, False),
        ({"database": "ok", "paused": "impulse.actor-reports/2: nothing but poison"}, False, True),
        ({"database": "not reachable", "paused": "impulse.actor-reports/2: x"}, False, False),
        ({"database": "not reachable", "paused": "ok"}, False, False),
    ],
)
def test_only_paused_partitions_wait_for_an_operator(answering, checks, ready, paused):
    found = why_not_ready(answering(checks))
    assert (found is None) == ready
    assert bool(found and found.only_paused) == paused


def test_nobody_answers():
    found = why_not_ready(free_port())
    assert found
    assert not found.only_paused
