"""Which cells a tile is told by, and which facets a range of days is made of."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.publicmap.pyramid.facets import (
    KIND_BITS,
    LEVELS,
    MONTH_BITS,
    Kind,
    and_month,
    facet,
    month_id,
)
from civicmap.domain.publicmap.tiles.days import Span, months_and_edges, span_of, subjects
from civicmap.domain.publicmap.tiles.form import write_tile
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.foundation.errors import InvalidInput

DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))


ALL_DAYS = [date.fromordinal(n) for n in range(*(date(y, 1, 1).toordinal() for y in (2015, 2028)))]


@cache
def days_of(subject: int) -> frozenset[date]:
    """The days that a facet stands for."""
    kind, number = Kind(subject >> KIND_BITS), subject & (1 << KIND_BITS) - 1
    if kind is Kind.DAY:
        return frozenset({date(1970, 1, 1) + timedelta(days=number)})
    return frozenset(day for day in ALL_DAYS if number in (day.year, month_id(day.year, day.month)))


@given(DAYS, DAYS)
def test_each_day_of_a_range_is_in_exactly_one_facet(one: date, other: date) -> None:
    span = Span(min(one, other), max(one, other))
    made = subjects(span, with_days=True)
    covered = [day for subject in made for day in days_of(subject)]
    assert len(covered) == len(set(covered)) == (span.last - span.first).days + 1
    assert (min(covered), max(covered)) == (span.first, span.last)
    assert len(made) <= 13 + 22 + 60


@given(DAYS, DAYS)
def test_a_range_and_what_its_months_have_more_are_those_months(one: date, other: date) -> None:
    span = Span(min(one, other), max(one, other))
    around = span.touched_months
    assert are_whole_months(around)
    assert around.first <= span.first
    assert around.last >= span.last
    days = [all_days(part) for part in (span, *around.without(span))]
    assert sorted(day for part in days for day in part) == all_days(around)


@given(DAYS, DAYS)
def test_months_with_a_few_days_more_or_less_are_the_range(one: date, other: date) -> None:
    span = Span(min(one, other), max(one, other))
    months, edges = months_and_edges(span)
    counted = Counter(all_days(months))
    for edge in edges:
        for day in all_days(edge.span):
            counted[day] += edge.sign
    assert +counted == Counter(all_days(span))
    assert min(counted.values()) >= 0
    assert not months or are_whole_months(months)
    assert sum(edge.span.days for edge in edges) <= 2 * 15


def are_whole_months(span: Span) -> bool:
    return span.first.day == 1 and (span.last + timedelta(days=1)).day == 1


def all_days(span: Span) -> list[date]:
    return [span.first + timedelta(days=day) for day in range(span.days)]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(9999, 12, 31), None),
        (date(9999, 1, 1), date.max),
        (None, date.min),
        (date.min, date(1, 1, 31)),
    ],
)
def test_of_days_before_and_after_all_reports_nothing_is_left(
    since: date | None, until: date | None
) -> None:
    span = span_of(since, until)
    assert not span and not span.touched_months
    assert span.without(span) == []
    assert months_and_edges(span)[1] == []
    assert subjects(span, with_days=True) == []


def test_days_that_are_no_whole_month_need_facets_of_days() -> None:
    with pytest.raises(ValueError, match="no whole month"):
        subjects(Span(date(2025, 1, 1), date(2025, 2, 3)), with_days=False)


@pytest.mark.parametrize(
    "levels",
    [
        LEVELS[:2],
        LEVELS[:4],
        LEVELS[:6],
        LEVELS,
        (*LEVELS[:3], 13, 14, 15, 16),
        (0,),
        (10,),
        (0, 12, 14),
    ],
)
@pytest.mark.parametrize("z", range(23))
def test_cells_are_neither_too_coarse_nor_too_fine(z: int, levels: tuple[int, ...]) -> None:
    ground, finest = Ground(z, (1 << z) - 1, 0), levels[-1]
    kept = ground.kept_level(levels)
    told = ground.told_level(kept)
    assert z + 3 <= told <= max(z + 5, 8) or told == 30
    if kept is None and z + 2 == finest:
        assert ground.kept_level(levels, coarsest=2) == finest
    if kept is not None:
        assert kept in levels
        assert told <= kept
    probed = ground.probed_level(levels)
    assert probed in levels
    assert probed >= z or probed == finest


def test_no_two_facets_have_a_number_in_common() -> None:
    largest_city, largest, last_month = 2**15 - 1, 2**27 - 1, month_id(2199, 12)
    numbers = [
        facet(city, kind, subject)
        for city in (0, 1, largest_city)
        for kind in Kind
        for subject in (0, largest, and_month(1), and_month(largest, last_month))
    ]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 2**63
    for city, subject in ((largest_city + 1, 0), (-1, 0), (1, 1 << KIND_BITS), (1, -1)):
        with pytest.raises(ValueError, match="no facet"):
            facet(city, Kind.ALL, subject)
    for subject, month in ((largest + 1, 0), (-1, 0), (1, 1 << MONTH_BITS), (1, -1)):
        with pytest.raises(ValueError, match="no facet"):
            and_month(subject, month)


@pytest.mark.parametrize("tile", [(23, 0, 0), (0, 1, 0), (3, 8, 0), (3, 0, -1), (-1, 0, 0)])
def test_a_tile_that_cannot_be_is_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidInput):
        Ground(*tile)


def test_a_tile_of_nothing_has_no_body() -> None:
    assert write_tile(cell_level=8, cells="", report_level=15, reports="") == b""
