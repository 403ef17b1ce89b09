"""`impulse`, the operators' command, on the databases and the broker of the local stack."""

from __future__ import annotations

import os
from collections.abc import Sequence

from impulse_chassis.cli import app
from impulse_local.errors import StackError
from impulse_local.postgres import Database
from impulse_local.settings import Settings


def run_impulse(arguments: Sequence[str]) -> int:
    """Runs `impulse ARGUMENTS` on the stack that runs; the exit status.

    Raises StackError when the embedded database does not run.
    """
    settings = Settings.load()
    if settings.database_url is None:
        database = Database(settings.data_dir / "postgres")
        if database.running:
            os.environ["IMPULSE_DATABASE_URL"] = database.url
        elif arguments and "--help" not in arguments:
            raise StackError(
                f"the stack on {settings.data_dir} does not run: start it with make up"
            )
    if settings.kafka_bootstrap_servers is None:
        os.environ["IMPULSE_KAFKA_BOOTSTRAP_SERVERS"] = f"127.0.0.1:{settings.kafka_port}"
    app(list(arguments), prog_name="impulse")
    return 0
