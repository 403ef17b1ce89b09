"""A service: what it consists of, and how it is run.

service = Service("lending", Settings, handlers, reads=[topics.LOAN_COMMANDS])
service.main()
"""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine

from impulse_chassis import logs, web
from impulse_chassis.database import connect, migrate, service_url
from impulse_chassis.forgetting import Forgetting
from impulse_chassis.handlers import Handlers
from impulse_chassis.processor import Processor
from impulse_chassis.projection import Projection
from impulse_chassis.running import Running
from impulse_chassis.settings import ServiceSettings
from impulse_contracts import topics
from impulse_contracts.topics import Topic

log = structlog.get_logger(__name__)


class Service:
    """What a service consists of.

    `reads` are the topics whose messages `handlers` handle, or what names them by the settings;
    those of `projects` come by themselves.
    `tasks` run beside the consumer with the running service, and end with it. `forgetting` says
    what it holds on persons, where it holds any.
    """

    def __init__(
        self,
        name: str,
        settings: type[ServiceSettings],
        handlers: Handlers | None = None,
        *,
        reads: Sequence[Topic] | Callable[[Any], Sequence[Topic]] = (),
        projects: Sequence[Projection] = (),
        migrations: Path | None = None,
        tasks: Sequence[Callable[[Running], Awaitable[None]]] = (),
        forgetting: Forgetting | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.handlers = handlers or Handlers()
        self.forgetting = forgetting
        if forgetting is not None:
            self.handlers = Handlers(self.handlers, forgetting.handlers())
        self.projects = projects
        self.migrations = migrations
        self.tasks = tasks
        self._reads = reads
        self.topics = self.topics_with(settings.defaults())
        """Those that it reads whatever its settings are, by name."""

    def topics_with(self, settings: ServiceSettings) -> Mapping[str, Topic]:
        """What it reads with these settings, by name."""
        read = [*(self._reads(settings) if callable(self._reads) else self._reads)]
        if self.forgetting is not None:
            read.append(topics.ERASURES)
        read += [each.topic for each in self.projects]
        return {topic.name: topic for topic in read}

    def processor(
        self,
        engine: Engine,
        settings: ServiceSettings | None = None,
    ) -> Processor:
        """The heart of the service on a database, without any transport.

        `settings` are those of an empty environment unless others are given.
        """
        settings = settings or self.settings.defaults()
        read = self.topics_with(settings)
        return Processor(
            self.name,
            engine,
            self.handlers,
            settings,
            topics={settings.topic_prefix + name: topic for name, topic in read.items()},
            projections=self.projects,
        )

    def main(self) -> None:
        """Runs the service, or with the argument `migrate` only migrates its database.

        Ends the process: 0 after SIGTERM or SIGINT, 2 for a wrong setting, 1 when it can't work.
        """
        settings = self.settings.from_environment()
        logs.configure(self.name, settings.log_level, settings.log_format)
        if sys.argv[1:] == ["migrate"]:
            migrate(connect(service_url(settings.database_url, self.name)), self.migrations)
            return
        if sys.argv[1:]:
            sys.exit(f"usage: python -m impulse_{self.name} [migrate]")
        # What is loaded now stays; the collector need not look at it with every batch.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        try:
            asyncio.run(Running(self, settings).run())
        except web.CantListen as error:
            log.error("the service can't start", reason=str(error))
            sys.exit(1)
        except ExceptionGroup as errors:
            log.error("the service can't go on", reason=_first(errors), exc_info=errors)
            sys.exit(1)


def _first(errors: BaseException) -> str:
    """The first error in a group of groups, in one line."""
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return logs.one_line(errors)
