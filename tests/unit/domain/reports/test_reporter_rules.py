"""What reporters may still do, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civicmap.domain.reports.reporter_rules import (
    Standing,
    reporter_rights,
    stays_without_reporter,
)

SENT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
FRESH = Standing(
    status="open",
    visibility="public",
    created_at=SENT,
    closed_at=None,
    withdrawn_at=None,
    waiting_for=None,
    is_answered=False,
    reopenings=0,
)
FIXED = replace(FRESH, status="fixed", closed_at=SENT + timedelta(days=3), is_answered=True)


def test_words_can_be_changed_for_half_an_hour_to_the_second() -> None:
    last = SENT + timedelta(minutes=30)
    assert reporter_rights(FRESH, last - timedelta(seconds=1)).edit_until == last
    assert reporter_rights(FRESH, last).edit_until is None
    assert reporter_rights(FRESH, last + timedelta(seconds=1)).edit_until is None


@pytest.mark.parametrize(
    "standing",
    [
        replace(FRESH, is_answered=True),
        replace(FRESH, visibility="hidden"),
        replace(FRESH, withdrawn_at=SENT),
        FIXED,
    ],
)
def test_nothing_is_changed_under_an_answer(standing: Standing) -> None:
    assert reporter_rights(standing, SENT + timedelta(minutes=1)).edit_until is None


def test_a_held_report_can_be_corrected_before_anybody_looks() -> None:
    assert reporter_rights(replace(FRESH, visibility="held"), SENT).edit_until is not None


def test_a_closed_report_is_opened_again_within_two_weeks() -> None:
    assert FIXED.closed_at is not None
    end = FIXED.closed_at + timedelta(days=14)
    assert reporter_rights(FIXED, end - timedelta(seconds=1)).reopen_until == end
    assert reporter_rights(FIXED, end).reopen_until is None
    assert reporter_rights(FRESH, SENT).reopen_until is None
    withdrawn = replace(FIXED, withdrawn_at=SENT)
    assert reporter_rights(withdrawn, FIXED.closed_at).reopen_until is None


def test_the_third_time_is_a_matter_for_a_call() -> None:
    at = SENT + timedelta(days=4)
    assert reporter_rights(replace(FIXED, reopenings=1), at).reopen_until is not None
    spent = reporter_rights(replace(FIXED, reopenings=2), at)
    assert spent.reopen_until is None
    assert spent.is_reopening_spent


def test_photos_and_answers_are_for_reports_that_wait() -> None:
    asked = replace(FRESH, waiting_for="reporter", is_answered=True)
    assert reporter_rights(asked, SENT).may_answer
    assert reporter_rights(asked, SENT).may_add_photos
    assert not reporter_rights(FRESH, SENT).may_answer
    closed = reporter_rights(replace(FIXED, waiting_for="reporter"), SENT)
    assert not closed.may_answer
    assert not closed.may_add_photos


def test_what_others_see_or_the_city_has_dealt_with_stays() -> None:
    assert not stays_without_reporter("open", 0)
    assert stays_without_reporter("open", 1)
    assert stays_without_reporter("fixed", 0)
