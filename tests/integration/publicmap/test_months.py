"""Reports per month are those that plain SQL counts, by the city's clock, under any filter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.months import Months, count_by_month
from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.foundation.geo import Point
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_reports

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
MARCH_2024 = 2024 * 12 + 2


@pytest.fixture
def city(session: Session) -> City:
    """400 reports of two years in all statuses, categories, districts; some of them held; and one
    in Almaty that no month of Poznań may count."""
    city = make_city(session)
    roads, lights = (
        make_department(session, city, "roads"),
        make_department(session, city, "lights"),
    )
    categories = [make_category(session), make_category(session, "streetlight", group="lights")]
    areas = session.scalars(select(Area.id).where(Area.jurisdiction_id == city.id)).all()
    chance = random.Random(7)
    statuses = ["open", "in_progress", "fixed", "fixed", "wont_fix"]
    numbers = make_reports(session, city, [Point(52.41, 16.85)] * 400, statuses=statuses)
    for number in numbers:
        sent = datetime(2024, 2, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(800 * 24 * 60))
        session.execute(
            update(Report)
            .where(Report.number == number)
            .values(
                created_at=sent,
                area_id=chance.choice([*areas, None]),
                department_id=chance.choice([roads.id, lights.id, None]),
                category_id=chance.choice(categories).id,
                visibility=chance.choice(["public"] * 9 + ["held"]),
            )
        )
    other = make_city(session, "almaty", square=(76.8, 43.1, 77.0, 43.3), number_prefix="AL")
    make_reports(session, other, [Point(43.2, 76.9)], statuses=["open"])
    return city


def counted(session: Session, city: City, condition: str) -> dict[int, tuple[int, ...]]:
    """The same by plain SQL; months without a report are left out."""
    rows = session.execute(
        text(f"""
            SELECT extract(year FROM day) * 12 + extract(month FROM day) - 1, status, count(*)
            FROM (
                SELECT reports.*, categories.key AS category, category_groups.key AS "group",
                    areas.slug AS area, departments.code AS department,
                    created_at AT TIME ZONE 'Europe/Warsaw' AS day
                FROM reports JOIN categories ON categories.id = category_id
                JOIN category_groups ON category_groups.id = group_id
                LEFT JOIN areas ON areas.id = area_id
                LEFT JOIN departments ON departments.id = department_id
                WHERE reports.jurisdiction_id = :city AND visibility = 'public'
            ) AS all_of_them WHERE {condition} GROUP BY 1, 2
        """),  # noqa: S608 - conditions of this file
        {"city": city.id},
    )
    months: dict[int, list[int]] = {}
    for month, status, count in rows:
        place = ("open", "in_progress", "fixed", "wont_fix").index(status)
        months.setdefault(int(month), [0] * 4)[place] = count
    return {month: tuple(counts) for month, counts in months.items()}


def by_month(months: Months) -> dict[int, tuple[int, ...]]:
    return {
        months.first + place: counts for place, counts in enumerate(months.counts) if any(counts)
    }


def test_months_are_those_of_plain_sql_under_any_filter(session: Session, city: City) -> None:
    asked = {
        "true": Filters(),
        "status IN ('open', 'fixed')": Filters(statuses=("open", "fixed")),
        "category = 'streetlight'": Filters(category="streetlight"),
        "\"group\" = 'lights' AND status = 'fixed'": Filters(group="lights", statuses=("fixed",)),
        "area = 'west'": Filters(area="west"),
        "department = 'roads'": Filters(department="roads"),
        "department = 'roads' AND area = 'east'": Filters(department="roads", area="east"),
        "category = 'nothing'": Filters(category="nothing"),
    }
    for folded in (0, 250, 10_000):
        if folded:
            fold(session, batch=folded)
        for condition, filters in asked.items():
            plain = counted(session, city, condition)
            assert by_month(count_by_month(session, city, filters, now=NOW)) == plain, condition
            dated = replace(filters, since=date(2025, 1, 1), until=date(2025, 1, 31))
            assert by_month(count_by_month(session, city, dated, now=NOW)) == plain, condition


def test_a_month_begins_at_the_citys_midnight_and_bars_do_not_move(
    session: Session, client: FlaskClient, city: City
) -> None:
    session.execute(update(Report).values(created_at=datetime(2024, 2, 29, 23, 30, tzinfo=UTC)))
    for filters in (Filters(), Filters(category="pothole")):
        found = count_by_month(session, city, filters, now=NOW)
        assert list(by_month(found)) == [MARCH_2024]
    nothing = count_by_month(session, city, Filters(category="nothing"), now=NOW)
    assert (nothing.first, len(nothing.counts)) == (MARCH_2024, 27)
    # The last second of May in UTC is June in Poznań.
    late = count_by_month(session, city, Filters(), now=datetime(2026, 5, 31, 23, tzinfo=UTC))
    assert len(late.counts) == 28

    answer = client.get("/poznan/months.json?status=fixed&since=2025-01-01")
    assert answer.get_json()["first"] == "2024-03"
    total = session.scalar(
        text("SELECT count(*) FROM reports WHERE status = 'fixed' AND visibility = 'public'")
    )
    assert answer.get_json()["counts"][:4] == [0, 0, total, 0]
    kept = {"If-None-Match": answer.headers["ETag"]}
    address = "/poznan/months.json?status=fixed"
    assert client.get(address, headers=kept).status_code == 304
    session.execute(update(Report).values(visibility="hidden"))
    assert client.get(address, headers=kept).status_code == 204


def test_districts_of_a_map_count_what_the_filters_leave(
    session: Session, client: FlaskClient, city: City
) -> None:
    plain = {
        slug: sum(sum(counts) for counts in counted(session, city, f"area = '{slug}'").values())
        for slug in ("east", "west")
    }
    answer = client.get("/poznan/districts.json?area=west")
    assert {slug: sum(counts) for slug, counts in answer.get_json().items()} == plain
    fixed = client.get("/poznan/districts.json?status=fixed&category=streetlight").get_json()
    where = "area = 'east' AND status = 'fixed' AND category = 'streetlight'"
    months = counted(session, city, where).values()
    assert fixed["east"] == [sum(column) for column in zip(*months, strict=True)]
