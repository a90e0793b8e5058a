"""Logs: one line an event, with time and level, to standard error; never a person's contact."""

from __future__ import annotations

import logging

import structlog


def set_up_logging(level: str) -> None:
    """Send standard logging and structlog to stderr as `key=value` lines at `level` and above."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False
            ),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Procrastinate logs job arguments at INFO; ours are ids, but silence is safer and quieter.
    for chatty in ("procrastinate", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
