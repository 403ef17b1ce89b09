"""What is loaded when: people wait for a command as long as it loads what it does not need."""

import subprocess
import sys

import impulse_chassis


def test_a_command_starts_without_what_only_services_need():
    told = subprocess.run(
        [sys.executable, "-c", "import sys, impulse_chassis.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.split())
    assert "impulse_registry.exchange.commands" in loaded
    assert "impulse_gateway.exchange.commands" in loaded
    assert not loaded & {"alembic", "faststream", "sqlalchemy", "uvicorn"}


def test_every_name_is_found_where_it_is_looked_for():
    for name in impulse_chassis.__all__:
        assert getattr(impulse_chassis, name) is not None
