"""The whole stack for the end-to-end tests: ours, or a running one that the environment names.

`IMPULSE_E2E_BOOTSTRAP`, `IMPULSE_E2E_GATEWAY` and `IMPULSE_E2E_MAILBOX` name a running stack, such
as that of docker-compose.yml.
"""

import os
from collections.abc import Iterator

import pytest

from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack, Wire


class Remote(Wire):
    """A stack that runs somewhere."""

    def __init__(self) -> None:
        super().__init__(os.environ["IMPULSE_E2E_BOOTSTRAP"])
        self.gateway_url = os.environ["IMPULSE_E2E_GATEWAY"]
        self.mailbox_url = os.environ["IMPULSE_E2E_MAILBOX"]


@pytest.fixture(scope="package")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack | Remote]:
    """All five services, a mail sink, and the way to their topics."""
    if "IMPULSE_E2E_BOOTSTRAP" in os.environ:
        yield Remote()
        return
    kafka: Kafka = request.getfixturevalue("kafka")
    postgres: Postgres = request.getfixturevalue("postgres")
    folder = request.getfixturevalue("tmp_path_factory").mktemp("stack")
    found = Stack(kafka, postgres, folder, "")
    try:
        found.start_mail()
        found.start_all()
        yield found
    finally:
        found.close()
