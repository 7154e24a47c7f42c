"""Write logs that hold no personal data: one line per event, for people or as JSON.

Own events say what they log: only the keys in `KEPT` get through, and those hold no free text.
Libraries log whatever they like (paths with queries, user names, rows in error messages), so of
their records only the template is kept and the values are dropped; what is left is masked.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog

KEPT = {
    *("event", "level", "logger", "timestamp", "request_id"),  # who speaks
    *("view", "method", "status", "ms"),  # requests
    *("error", "where"),  # crashes
    *("job", "count", "pid", "child", "code", "seconds"),  # worker and supervisor
}
MASKS = (
    (re.compile(r"\?\S*"), "?…"),  # query strings
    (re.compile(r"\S+@\S+"), "…@…"),
    (re.compile(r"'[^']*'|\"[^\"]*\""), "'…'"),  # quoted values
    (re.compile(r"[\u3400-\u9fff]+"), "…"),  # our own events are English: Chinese is data
    (re.compile(r"\d[\d -]{4,}\d"), "…"),  # phones, numbers of any kind
)
Event = dict[str, Any]


def mask(text: str) -> str:
    """Take out of a text whatever may name a person."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


def keep_known(_logger: object, _method: str, event: Event) -> Event:
    """Drop every key that is not declared in `KEPT`, and mask the sentence."""
    event["event"] = mask(str(event.get("event", "")))
    return {key: value for key, value in event.items() if key in KEPT or key.startswith("_")}


def keep_template(_logger: object, _method: str, event: Event) -> Event:
    """Replace a library's finished message by its template."""
    record: logging.LogRecord = event["_record"]
    event["event"] = "view raised" if record.name == "django.request" else str(record.msg)
    return event


def tell_where(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its class and the places it passed; its message may quote data."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0]:
        frames = traceback.extract_tb(info[2])[-12:]
        event["error"] = f"{info[0].__module__}.{info[0].__qualname__}"
        event["where"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
    return event


COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    tell_where,
]


def logging_config(level: str, form: str) -> dict[str, Any]:
    """Return the dictConfig for every logger of the process."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=24)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "safe": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [keep_template, *COMMON],
                "processors": [
                    keep_known,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Every request is told once by `config.observe`, without its path; here only crashes.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "CRITICAL", "propagate": False},
            "granian.access": {"level": "CRITICAL", "propagate": False},
            "axes": {"level": "WARNING"},
            "PIL": {"level": "WARNING"},
        },
    }


def configure(config: Mapping[str, Any]) -> None:
    """Set up logging for Django's LOGGING_CONFIG, and structlog to go through it."""
    logging.config.dictConfig(dict(config))
    structlog.configure(
        processors=[*COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logger(name: str) -> Any:
    """Return a logger for own events: `log.info("backup written", count=3)`."""
    return structlog.stdlib.get_logger(name)
