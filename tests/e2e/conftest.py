"""What the end-to-end tests share."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Names the mark, which `--strict-markers` asks for."""
    config.addinivalue_line("markers", "e2e: needs the whole stack running")
