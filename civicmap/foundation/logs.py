"""Logs: one line an event, with time and level, to standard error; never a person's contact.

Nobody writes contacts or people's words into a log on purpose. Against accidents (an error of a
library that quotes what it was given) every line is searched for e-mail addresses, for the secrets
in our links and for rows that the database refused, and they are blacked out.
`foundation.database` keeps the values of SQL statements out of errors.
"""

from __future__ import annotations

import logging
import re

import structlog

# Both parts of an address have a longest length (RFC 5321, 4.5.3.1); without one a long line would
# take the square of its length in time.
_ADDRESS = re.compile(r"[^\s\"'<>(){}\[\],;:=/]{1,64}@[^\s\"'<>(){}\[\],;:=/]{1,255}")
# PostgreSQL quotes the row it refuses, line breaks of people's words included.
_ROW = re.compile(
    r"^(DETAIL: ).*?(?=\n\[SQL|\n[A-Z]+: |\n+The above exception|\n+During handling|\Z)",
    re.MULTILINE | re.DOTALL,
)
_SECRET = re.compile(r"(/mine/[^/\s]+/|/password/)[A-Za-z0-9_-]+")


def black_out(
    logger: structlog.typing.WrappedLogger, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Take what must not be read out of whatever is about to be written."""
    return {
        key: black_out_text(value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def black_out_text(text: str) -> str:
    """The text with `[address]`, `[secret]` or `[row]` in the place of what must not be read."""
    return _SECRET.sub(r"\1[secret]", _ADDRESS.sub("[address]", _ROW.sub(r"\1[row]", text)))


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
            black_out,
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
