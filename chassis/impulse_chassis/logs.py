"""Logging: structlog over the standard library, JSON lines or a console for people."""

import logging
import sys
import time

import structlog


class _Calm(logging.Filter):
    """Lets one record a logger and level pass in two seconds.

    aiokafka 0.14 writes about 130 errors a second while a broker is away (measured).
    """

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        key = (record.name, record.levelno)
        now = time.monotonic()
        if now - self._passed.get(key, -10.0) < 2.0:
            return False
        self._passed[key] = now
        return True


def configure(service: str, level: str, form: str) -> None:
    """Sets up logging for a process: one line an event on standard output."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_only_calm())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda _, __, entry: {"service": service, **entry},
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn.access", "alembic", "aiokafka"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It brings a handler of its own, in colours; and all that it warns of is that topics are not
    # created by themselves, at each start.
    faststream = logging.getLogger("faststream")
    faststream.handlers.clear()
    faststream.propagate = True
    faststream.setLevel(logging.ERROR)


def _only_calm() -> logging.Filter:
    calm = _Calm()

    class Chatty(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            return not record.name.startswith(("aiokafka", "faststream")) or calm.filter(record)

    return Chatty()


def one_line(error: BaseException) -> str:
    """An error in one line, without the values that a database may quote."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
