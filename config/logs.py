"""One line of JSON for each thing worth knowing, from our code and from the libraries alike."""

import logging.config
from typing import Any

import structlog

from deferral.text.redaction import storable

# Letters of one value in a line of the log.
LONGEST = 1_000

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    # In the shop's own zone, as everything that a person reads; the offset says which.
    structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%S.%f%z", utc=False),
    structlog.processors.format_exc_info,
]


def redact(_logger: Any, _name: str, line: Any) -> Any:
    """Keys, tokens, cards and addresses leave no process by its log, whoever wrote the line.

    An order's link carries its token, and every refused request is told with its whole address.
    Values inside lists and dictionaries too. Some 30 µs a line. A value is cut at LONGEST letters:
    hosts, addresses, user agents and request ids are as long as the sender likes.
    """
    return {
        key: storable(_shortened(value)) if key == "exception" else _redacted(value)
        for key, value in line.items()
    }


def _shortened(trace: str) -> str:
    """Each line of it: the last one holds what the error says, which others may have written."""
    lines = trace.splitlines()
    return "\n".join(each if len(each) <= LONGEST else _redacted(each) for each in lines)


def _redacted(value: Any) -> Any:
    match value:
        case str():
            return storable(value, most=LONGEST)
        case dict():
            return {key: _redacted(one) for key, one in value.items()}
        case list() | tuple():
            return [_redacted(one) for one in value]
        case _:
            return value


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG. Safe to call again, as Celery does in its own processes."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(stdlib_config(options.get("level", "INFO")))


# A line for each message or page.
QUIET = (
    "celery.worker.strategy",
    "celery.app.trace",
    "django_structlog",
    "stripe",
    "fontTools",
    "pikepdf",
)
# How many requests wait for a thread, each time one does.
SILENT = ("waitress.queue",)


def stdlib_config(level: str) -> dict[str, Any]:
    """The root logger to standard error; Celery's per-message chatter only when it is a warning."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        "foreign_pre_chain": SHARED,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **{name: {"level": "WARNING"} for name in QUIET},
            **{name: {"level": "ERROR"} for name in SILENT},
        },
    }
