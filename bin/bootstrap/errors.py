"""What keeps civicmap from starting, as a sentence that says what to do."""

from __future__ import annotations


class CannotGoOn(Exception):
    """Something is missing or in the way that only a person can mend."""


def with_last_lines(sentence: str, output: str, count: int = 15) -> str:
    """`sentence`, and below it the last `count` lines of a program's `output`, indented."""
    lines = [line for line in output.splitlines() if line.strip()][-count:]
    return "\n".join([sentence, *(f"    {line}" for line in lines)])
