"""How long a failed job waits, and that no two jobs share a name."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from civicmap.foundation.jobs import job


@job("tests.unit.example", attempts=5, longest_wait_seconds=10)
def example(session: Session) -> None:
    raise NotImplementedError


def test_waits_double_up_to_the_longest_and_end_with_the_attempts() -> None:
    assert [example.wait_seconds(failures) for failures in range(1, 6)] == [2, 4, 8, 10, None]


def test_two_jobs_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match=r"tests\.unit\.example"):

        @job("tests.unit.example")
        def another(session: Session) -> None:
            raise NotImplementedError
