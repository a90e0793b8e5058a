"""Counters, categories and list of what the map shows: exact under every filter, on one ground."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.publicmap.view import (
    add_up,
    count_by_city,
    count_past_year,
    get_view_counts,
    list_view,
)
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.rows import StatusCounts
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import Box, Ground, Point, cell_tile, ground_of
from civicmap.foundation.paging import Place
from civicmap.web.public.view import READING
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_reports

TODAY = datetime.now(tz=UTC).date()
WARSAW = ZoneInfo("Europe/Warsaw")
# Between reports here and those: a street, a district, the whole city and beyond.
SIZES = (0.0001, 0.002, 0.03, 0.3, 4.0)


@pytest.fixture
def city(session: Session) -> City:
    """A crowded spot, a crowded street and a scattered rest; some folded, some waiting, some moved
    or hidden since; another city beside it."""
    city = make_city(session)
    other = make_city(session, "gniezno", square=(17.0, 52.3, 17.2, 52.5))
    make_category(session, "pothole")
    make_category(session, "flooded_street")
    make_category(session, "graffiti", group="order")
    for code in ("roads", "cleaning"):
        make_department(session, city, code)
    chance = random.Random(5)
    points = [
        *[Point(52.41, 16.85)] * 12,
        *(Point(52.4 + chance.gauss(0, 0.0004), 16.9 + chance.gauss(0, 0.0004)) for _ in range(60)),
        *(Point(chance.uniform(52.3, 52.5), chance.uniform(16.8, 17)) for _ in range(60)),
    ]
    make_reports(session, city, points, statuses=STATUSES)
    make_reports(session, other, points[-20:], statuses=STATUSES)
    fold(session, batch=100)
    session.execute(
        text(
            """
            UPDATE reports SET
                visibility = CASE WHEN id % 11 = 0 THEN 'hidden' ELSE 'public' END,
                status = CASE WHEN id % 5 = 0 AND status = 'open' THEN 'in_progress'
                    ELSE status END,
                created_at = date_trunc('hour', created_at) - id % 7 * interval '19 hours',
                department_id = (SELECT id FROM departments ORDER BY (id + reports.id) % 2 LIMIT 1),
                area_id = (SELECT id FROM areas WHERE jurisdiction_id = reports.jurisdiction_id
                    ORDER BY (id + reports.id / 2) % 2 LIMIT 1)
            """
        )
    )
    fold(session, batch=150)
    assert session.scalar(text("SELECT count(*) FROM map_deltas")) > 50
    return city


@st.composite
def grounds(draw: st.DrawFn) -> Ground | None:
    size = draw(st.sampled_from((None, *SIZES)))
    if size is None:
        return None
    west = draw(st.sampled_from((16.85, 16.9, 16.93))) - size * draw(st.floats(0, 1))
    south = draw(st.sampled_from((52.41, 52.4, 52.45))) - size * draw(st.floats(0, 1))
    box = Box(west, south, west + size, south + size)
    return ground_of(box, draw(st.one_of(st.none(), st.integers(3, 20))))


asked = st.builds(
    Filters,
    statuses=st.sampled_from(((), ("open",), ("fixed", "wont_fix"))),
    category=st.sampled_from(("", "", "pothole", "graffiti", "atlantis")),
    group=st.sampled_from(("", "", "streets", "order")),
    area=st.sampled_from(("", "", "", "west")),
    department=st.sampled_from(("", "", "", "roads")),
    since=st.sampled_from((None, None, None, TODAY - timedelta(days=4))),
    until=st.sampled_from((None, None, None, TODAY - timedelta(days=2))),
    text=st.sampled_from(("", "", "", "!", "tram", "bus")),
    ground=grounds(),
)


def reports_of(session: Session, city: City, filters: Filters) -> list[tuple[Report, str]]:
    """Those under the filters with their categories' keys, picked one by one."""
    rows = session.execute(
        select(Report, Category.key, CategoryGroup.key)
        .join(Category, Category.id == Report.category_id)
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
        .where(Report.jurisdiction_id == city.id, Report.visibility == "public")
    ).all()
    areas: dict[str, int] = dict(
        session.execute(
            text("SELECT slug, id FROM areas WHERE jurisdiction_id = :id"), {"id": city.id}
        ).all()
    )
    departments: dict[str, int] = dict(
        session.execute(text("SELECT code, id FROM departments")).all()
    )
    return [
        (report, category)
        for report, category, group in rows
        if filters.category in ("", category)
        and filters.group in ("", group)
        and (not filters.statuses or report.status in filters.statuses)
        and (not filters.area or report.area_id == areas[filters.area])
        and (not filters.since or filters.since <= report.created_at.astimezone(WARSAW).date())
        and (not filters.until or report.created_at.astimezone(WARSAW).date() <= filters.until)
        and filters.text in ("", "!", "tram")
        and (not filters.department or report.department_id == departments[filters.department])
        and (filters.ground is None or lies_on(filters.ground, report.morton))
    ]


def lies_on(ground: Ground, code: int) -> bool:
    x, y = (number >> (30 - ground.level) for number in cell_tile(code))
    return ground.west <= x <= ground.east and ground.north <= y <= ground.south


once = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@once
@given(filters=asked)
def test_counters_and_categories_are_those_of_the_reports(
    app: Flask, session: Session, city: City, filters: Filters
) -> None:
    counts = get_view_counts(session, city.id, filters)
    assert counts == get_view_counts(session, city.id, filters, reading=app.extensions[READING])
    expected = dict.fromkeys(STATUSES, 0)
    for report, _ in reports_of(session, city, replace(filters, statuses=())):
        expected[report.status] += 1
    assert counts.statuses == StatusCounts(**expected)

    categories: dict[str, int] = {}
    for _, category in reports_of(session, city, replace(filters, category="", group="")):
        categories[category] = categories.get(category, 0) + 1
    assert counts.categories == categories


@once
@given(filters=asked, few=st.booleans())
def test_pages_of_the_list_neither_repeat_nor_miss(
    session: Session, city: City, filters: Filters, few: bool
) -> None:
    expected = reports_of(session, city, filters)
    expected.sort(key=lambda row: (row[0].created_at, row[0].id), reverse=True)
    found: list[str] = []
    after: Place | None = None
    while True:
        page = list_view(
            session, city.id, filters, after=after, limit=17, total=len(expected) if few else 9_999
        )
        found += [card.number for card in page.rows]
        after = page.next
        if after is None:
            break
    assert found == [report.number for report, _ in expected]


def test_all_cities_are_counted_apart(session: Session, city: City) -> None:
    counts = count_by_city(session)
    assert len(counts) == 2
    assert counts[city.id] == get_view_counts(session, city.id, Filters()).statuses
    shown = session.scalar(text("SELECT count(*) FROM reports WHERE visibility = 'public'"))
    assert add_up(counts.values()).total == shown


def test_the_past_year_begins_on_the_day_after_the_same_day_a_year_ago(
    session: Session, city: City
) -> None:
    today = datetime.now(tz=WARSAW).date()
    a_year_ago = datetime(today.year - 1, today.month, min(today.day, 28), 12, tzinfo=WARSAW)
    oldest = session.scalars(
        select(Report.id).where(Report.jurisdiction_id == city.id, Report.visibility == "public")
    ).all()
    session.execute(
        text("UPDATE reports SET created_at = :then WHERE id = ANY (:ids)"),
        {"then": a_year_ago - timedelta(days=2), "ids": oldest[:7]},
    )
    session.execute(
        text("UPDATE reports SET created_at = :then WHERE id = ANY (:ids)"),
        {"then": a_year_ago + timedelta(days=5), "ids": oldest[7:9]},
    )
    assert count_past_year(session, city).total == len(oldest) - 7
    while fold(session):
        pass
    assert count_past_year(session, city).total == len(oldest) - 7
