"""One line per step, on a terminal and in a log file."""

from __future__ import annotations

import io

import pytest

from bootstrap.steps import Steps


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_each_step_is_one_numbered_line_with_its_result() -> None:
    out = io.StringIO()
    steps = Steps(2, out)
    with steps.step("System packages") as step:
        step.result("nothing missing")
    with steps.step("Python packages") as step:
        step.progress("34 of 53 fetched")
        step.result("53 installed")
    assert out.getvalue().splitlines() == [
        "[1/2] System packages … nothing missing",
        "[2/2] Python packages … 53 installed",
    ]


def test_a_terminal_shows_progress_by_rewriting_the_line() -> None:
    out = Terminal()
    with Steps(1, out).step("Python packages") as step:
        step.progress("34 of 53 fetched")
        step.result("53 installed")
    assert out.getvalue().split("\r\x1b[2K") == [
        "[1/1] Python packages …",
        "[1/1] Python packages: 34 of 53 fetched …",
        "[1/1] Python packages: 53 installed\n",
    ]


def test_a_step_that_raises_ends_its_line_and_lets_the_error_through() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), Steps(1, out).step("Database"):
        _ = 1 / 0
    assert out.getvalue() == "[1/1] Database … failed\n"


def test_quiet_steps_stay_silent_when_there_is_nothing_to_do() -> None:
    out = io.StringIO()
    with Steps(2, out, quiet=True).step("Python packages") as step:
        step.result("up to date")
    assert out.getvalue() == ""


def test_quiet_steps_speak_up_when_something_takes_time() -> None:
    out = io.StringIO()
    with Steps(2, out, quiet=True).step("Python packages") as step:
        step.progress("1 of 53 fetched")
        step.result("53 installed")
    assert out.getvalue() == "Python packages … 53 installed\n"
