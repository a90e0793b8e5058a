"""What must not be in a log is blacked out, whoever wrote it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from civicmap.foundation.logs import black_out_text, set_up_logging


@pytest.fixture
def _pytests_logging() -> Iterator[None]:
    """Whatever a test does to logging is undone."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "blacked_out"),
    [
        ("refused: <jan.k+x@example.org>", "refused: <[address]>"),
        ("Key (lower(email))=(jan@example.org) exists", "Key (lower(email))=([address]) exists"),
        ("GET /mine/PO-7K4M-2Q/abc_DEF-123?sent=1", "GET /mine/PO-7K4M-2Q/[secret]?sent=1"),
        ("GET /auth/password/abc_DEF-123", "GET /auth/password/[secret]"),
        (
            "null in name\nDETAIL:  Failing row contains (2, Jan Kowalski, a hole).\n[SQL: …]",
            "null in name\nDETAIL: [row]\n[SQL: …]",
        ),
        (
            "null in name\nDETAIL:  Failing row contains (2, A hole\n\nat Jan Kowalski's, x).\n"
            "\n\nThe above exception was the direct cause\n[SQL: …]",
            "null in name\nDETAIL: [row]\n\n\nThe above exception was the direct cause\n[SQL: …]",
        ),
        ("report PO-7K4M-2Q: 3 photos @ list", "report PO-7K4M-2Q: 3 photos @ list"),
    ],
)
def test_addresses_and_secrets_are_blacked_out(text: str, blacked_out: str) -> None:
    assert black_out_text(text) == blacked_out


def test_a_long_line_is_searched_to_its_end() -> None:
    # Somebody's long input in an error: taking the square of its length would take minutes.
    line = "x" * 500_000 + " jan@example.org"
    assert black_out_text(line).endswith("x [address]")


@pytest.mark.usefixtures("_pytests_logging")
def test_the_trace_of_an_error_is_blacked_out_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO")
    try:
        raise ValueError("no mail to jan@example.org")
    except ValueError:
        logging.getLogger("some.library").exception("sending to %s failed", "jan@example.org")
    written = capsys.readouterr().err
    assert "sending to [address] failed" in written
    assert "ValueError: no mail to [address]" in written
    assert "jan@" not in written
