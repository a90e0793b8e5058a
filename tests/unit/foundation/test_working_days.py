from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.working_days import (
    Calendar,
    add_working_days,
    deadline,
    working_days_between,
)

WARSAW = ZoneInfo("Europe/Warsaw")
ALMATY = ZoneInfo("Asia/Almaty")
PLAIN = Calendar()
POLAND_IN_MAY = Calendar(
    {date(2026, 5, 1): "Święto Pracy", date(2026, 5, 3): "Święto Konstytucji 3 Maja"}
)

calendars = st.builds(
    lambda off, on, weekend: Calendar(dict.fromkeys(off - on, "a holiday"), on - off, weekend),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=20),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=20),
    st.frozensets(st.integers(0, 6), max_size=3),
)
days_around = st.dates(date(2025, 12, 1), date(2026, 3, 31))
terms = st.integers(0, 60)
moments = st.builds(datetime.combine, days_around, st.times(), st.just(UTC))


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),  # Monday → Tuesday
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday → Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # Saturday → Monday
        (date(2026, 3, 8), 1, date(2026, 3, 9)),  # Sunday → Monday
        (date(2026, 3, 2), 10, date(2026, 3, 16)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
    ],
)
def test_the_day_of_receipt_does_not_count_and_weekends_do_not_either(
    received: date, days: int, due: date
) -> None:
    assert add_working_days(received, days, PLAIN) == due


def test_a_report_of_the_eve_of_a_long_weekend_is_due_after_it() -> None:
    assert add_working_days(date(2026, 4, 30), 1, POLAND_IN_MAY) == date(2026, 5, 4)


def test_a_moved_working_saturday_counts() -> None:
    calendar = Calendar({date(2026, 3, 9): "moved"}, frozenset({date(2026, 3, 7)}))
    assert add_working_days(date(2026, 3, 6), 1, calendar) == date(2026, 3, 7)
    assert add_working_days(date(2026, 3, 6), 2, calendar) == date(2026, 3, 10)


def test_a_weekend_may_be_other_days() -> None:
    friday_and_saturday = Calendar(weekend=frozenset({4, 5}))
    assert add_working_days(date(2026, 3, 5), 1, friday_and_saturday) == date(2026, 3, 8)


def test_working_days_left_are_counted_both_ways() -> None:
    assert working_days_between(date(2026, 3, 6), date(2026, 3, 9), PLAIN) == 1
    assert working_days_between(date(2026, 3, 9), date(2026, 3, 6), PLAIN) == -1
    assert working_days_between(date(2026, 3, 6), date(2026, 3, 6), PLAIN) == 0
    assert working_days_between(date(2026, 3, 6), date(2026, 3, 8), PLAIN) == 0


@given(days_around, terms, calendars)
def test_a_term_ends_on_a_working_day_and_holds_exactly_its_days(
    start: date, days: int, calendar: Calendar
) -> None:
    end = add_working_days(start, days, calendar)
    assert calendar.is_working_day(end)
    assert end >= start
    if days > 0:
        assert working_days_between(start, end, calendar) == days


@given(days_around, days_around, terms, calendars)
def test_who_comes_later_is_never_due_earlier(
    a: date, b: date, days: int, calendar: Calendar
) -> None:
    first, second = sorted((a, b))
    assert add_working_days(first, days, calendar) <= add_working_days(second, days, calendar)
    assert add_working_days(a, days, calendar) <= add_working_days(a, days + 1, calendar)


@given(days_around, days_around, days_around, calendars)
def test_working_days_add_up_over_a_day_in_between(
    a: date, b: date, c: date, calendar: Calendar
) -> None:
    assert working_days_between(a, c, calendar) == working_days_between(
        a, b, calendar
    ) + working_days_between(b, c, calendar)


def test_the_city_s_own_clock_decides_on_which_day_a_report_came() -> None:
    late_on_monday_in_utc = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # Tuesday in Almaty
    assert deadline(late_on_monday_in_utc, 1, PLAIN, ALMATY) == datetime(
        2026, 3, 4, 23, 59, 59, tzinfo=ALMATY
    )
    assert deadline(late_on_monday_in_utc, 1, PLAIN, WARSAW) == datetime(
        2026, 3, 3, 23, 59, 59, tzinfo=WARSAW
    )


def test_a_term_over_the_change_of_clocks_still_ends_at_the_end_of_the_local_day() -> None:
    friday = datetime(2026, 3, 27, 12, 0, tzinfo=WARSAW)  # clocks go forward on Sunday 29 March
    due = deadline(friday, 1, PLAIN, WARSAW)
    assert due.tzinfo is UTC
    assert due == datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/Asuncion", "America/Havana", "Asia/Beirut"])
def test_where_clocks_change_around_midnight_the_day_ends_with_its_very_last_second(
    zone: str,
) -> None:
    here = ZoneInfo(zone)
    every_day = Calendar(weekend=frozenset())
    for passed in range(366):
        start = datetime(2023, 1, 1, 12, tzinfo=here) + timedelta(days=passed)
        due = deadline(start, 0, every_day, here)
        assert due.astimezone(here).date() == start.date()
        assert (due + timedelta(seconds=1)).astimezone(here).date() > start.date()


@given(
    moments,
    terms,
    st.sampled_from([WARSAW, ALMATY, ZoneInfo("America/New_York"), ZoneInfo("Asia/Bishkek")]),
)
def test_a_deadline_is_never_in_the_past_of_its_start(
    start: datetime, days: int, zone: ZoneInfo
) -> None:
    due = deadline(start, days, PLAIN, zone)
    assert due >= start - timedelta(seconds=1)
    assert due.astimezone(zone).date() == add_working_days(
        start.astimezone(zone).date(), days, PLAIN
    )


@pytest.mark.parametrize("days", [-1, 2_601])
def test_an_absurd_term_is_a_mistake(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        add_working_days(date(2026, 1, 1), days, PLAIN)


def test_a_start_without_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime.combine(date(2026, 1, 1), time(12)), 1, PLAIN, WARSAW)


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7}), frozenset(range(8))])
def test_a_city_that_never_works_is_refused(weekend: frozenset[int]) -> None:
    with pytest.raises(InvalidInput):
        Calendar(weekend=weekend)


def test_a_day_cannot_be_both_off_and_worked() -> None:
    with pytest.raises(InvalidInput, match="2026-05-01"):
        Calendar({date(2026, 5, 1): "Święto Pracy"}, frozenset({date(2026, 5, 1)}))
