"""`python tests/chassis/run_lending.py`: the lending service of the tests as a process."""

from pathlib import Path

from tests.chassis import lending

lending.service.migrations = Path(__file__).parent / "lending_migrations"
lending.service.main()
