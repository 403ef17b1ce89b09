"""Matching as a service: what it reads, and how it is put together."""

from datetime import timedelta
from pathlib import Path

from impulse_chassis import Service, project
from impulse_contracts import topics
from impulse_contracts.registry import MembershipsState
from impulse_matching.domain import rules
from impulse_matching.handlers import Matching
from impulse_matching.settings import Settings
from impulse_matching.store import MembershipRow


def build(answer_time: timedelta = timedelta(days=14)) -> Service:
    """The service under the shipped rules; the other side has `answer_time` to answer."""
    return Service(
        "matching",
        Settings,
        Matching(rules.shipped(), answer_time).handlers,
        reads=[topics.LISTINGS, topics.MATCHING_COMMANDS],
        projects=[project(MembershipsState, into=MembershipRow)],
        migrations=Path(__file__).parent / "migrations",
    )


service = build()


def main() -> None:
    """Runs the service with the settings of the environment."""
    build(Settings.from_environment().answer_time).main()
