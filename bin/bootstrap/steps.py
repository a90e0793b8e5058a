"""One line per step: what is being done, and how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

SILENCE_BEFORE_PROGRESS_SECONDS = 10.0
"""Where a line cannot be rewritten (a log file), progress is added this often."""


class Step:
    """One line under way: rewritten in place on a terminal, continued in a file."""

    def __init__(self, title: str, out: TextIO, *, quiet: bool = False) -> None:
        self._title = title
        self._out = out
        self._on_terminal = out.isatty()
        self._started = self._last_words = time.monotonic()
        self._result = "done"
        self._silent = quiet
        self._closed = False
        self._write(f"{title} …")

    def progress(self, text: str) -> None:
        """Say how far it is, for example `"34 of 53 fetched"`."""
        if self._silent:
            self._silent = False
            self._write(f"{self._title} …")
        if self._on_terminal:
            self._write(f"\r\x1b[2K{self._title}: {text} …")
        elif time.monotonic() - self._last_words > SILENCE_BEFORE_PROGRESS_SECONDS:
            self._last_words = time.monotonic()
            self._write(f" {text} …")

    def result(self, text: str) -> None:
        """What the line says in the end, for example `"53 installed"`."""
        self._result = text

    def close(self) -> None:
        """Once: end the line with its result and, if it took a while, with the seconds it took."""
        if self._closed:
            return
        self._closed = True
        seconds = time.monotonic() - self._started
        took = f" ({seconds:.0f} s)" if seconds >= 1 else ""
        start = f"\r\x1b[2K{self._title}: " if self._on_terminal else " "
        self._write(f"{start}{self._result}{took}\n")

    def abandon(self) -> None:
        """If it is still open: it failed, and what failed is said elsewhere."""
        if not self._closed:
            self._closed = True
            self._write(" failed\n")

    def _write(self, text: str) -> None:
        if self._silent:
            return
        self._out.write(text)
        self._out.flush()


class Steps:
    """The numbered steps of one command: `[2/5] Python packages: 53 installed (21 s)`.

    `quiet` steps show only when they have progress to tell, on standard error: a command's own
    output stays clean when there is nothing to prepare.
    """

    def __init__(self, total: int, out: TextIO | None = None, *, quiet: bool = False) -> None:
        self._total = total
        self._number = 0
        self._quiet = quiet
        self._out = out or (sys.stderr if quiet else sys.stdout)
        if hasattr(self._out, "reconfigure"):
            # A terminal that is not UTF-8 gets question marks rather than a stack trace.
            self._out.reconfigure(errors="replace")

    def open(self, title: str) -> Step:
        """The next line, for its opener to close."""
        return Step(self._next(title), self._out, quiet=self._quiet)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Open the next line; it ends when the block does."""
        step = self.open(title)
        try:
            yield step
        except BaseException:
            step.abandon()
            raise
        step.close()

    def heading(self, title: str) -> None:
        """A step whose own lines follow below it, printed by another program."""
        self._out.write(f"{self._next(title)}:\n")
        self._out.flush()

    def _next(self, title: str) -> str:
        if self._quiet:
            return title
        self._number += 1
        return f"[{self._number}/{self._total}] {title}"
