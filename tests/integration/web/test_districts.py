"""Districts compared: true counts under any filter, sorted, in shades, and as open data."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from civicmap.domain.categories.models import Category
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap.districts import list_district_counts
from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.geo import Point
from civicmap.web.public.districts_csv import plain_cell
from civicmap.web.public.filters import read_filters
from tests.factories.cities import make_category, make_city, make_department
from tests.factories.reports import make_reports

AREAS = ("west", "east", None)


@pytest.fixture
def city(session: Session) -> City:
    """A city of two districts with 60 reports: in the West, in the East, and in neither."""
    city = make_city(session)
    for code in ("roads", "parks"):
        make_department(session, city, code)
    make_category(session, "pothole")
    make_category(session, "bench", group="furniture")
    chance = random.Random(7)
    make_reports(
        session,
        city,
        [Point(chance.uniform(52.3, 52.5), chance.uniform(16.8, 17.0)) for _ in range(60)],
        statuses=STATUSES,
    )
    departments = session.scalars(select(Department).order_by(Department.id)).all()
    for place, report in enumerate(session.scalars(select(Report).order_by(Report.id)).all()):
        report.area_id = area_id(session, AREAS[chance.choices((0, 1, 2), (6, 3, 1))[0]])
        report.department_id = departments[place % 2].id
        report.visibility = "hidden" if place % 10 == 0 else "held" if place % 10 == 1 else "public"
        report.created_at = datetime(2024 + place % 3, 1 + place % 12, 5, 12, tzinfo=UTC)
    session.flush()
    return city


def area_id(session: Session, slug: str | None) -> int | None:
    return session.scalar(select(Area.id).where(Area.slug == slug)) if slug else None


def set_residents(session: Session, **residents: int) -> None:
    for slug, number in residents.items():
        session.execute(update(Area).where(Area.slug == slug).values(population=number))


def counted(session: Session, city: City, query: str) -> dict[tuple[str | None, str], int]:
    """What the page counts under the filters of an address, by district and status."""
    address = MultiDict(re.findall(r"(\w+)=([^&]*)", query))
    rows = list_district_counts(session, city, read_filters(address))
    return {
        (row.area.slug if row.area else None, status): row.counts[status]
        for row in rows
        for status in STATUSES
        if row.counts[status]
    }


def plainly(session: Session, *conditions: object) -> dict[tuple[str | None, str], int]:
    """The same by looking at every public report."""
    rows = session.execute(
        select(Area.slug, Report.status)
        .select_from(Report)
        .outerjoin(Area, Area.id == Report.area_id)
        .join(Category, Category.id == Report.category_id)
        .join(Department, Department.id == Report.department_id)
        .where(Report.visibility == "public", *conditions)  # type: ignore[arg-type]
    )
    return dict(Counter((slug, status) for slug, status in rows))


def test_counts_are_those_of_every_public_report_folded_or_not(
    session: Session, city: City
) -> None:
    expected = plainly(session)
    assert {slug for slug, _ in expected} == set(AREAS)
    assert counted(session, city, "") == expected  # all of it waits to be folded
    fold(session, batch=70)
    assert counted(session, city, "") == expected
    while fold(session):
        pass
    session.execute(update(Report).where(Report.status == "open").values(area_id=None))
    assert counted(session, city, "") == plainly(session) != expected


@pytest.mark.parametrize("query", ["", "since=2024-02-01&until=2026-11-20"])
def test_while_the_end_of_a_district_waits_its_reports_count_once(
    session: Session, city: City, query: str
) -> None:
    while fold(session):
        pass
    before = sum(counted(session, city, query).values())
    west = area_id(session, "west")
    session.execute(update(Report).where(Report.area_id == west).values(area_id=None))
    session.execute(delete(Area).where(Area.id == west))
    waiting = counted(session, city, query)
    assert sum(waiting.values()) == before
    while fold(session):
        pass
    assert counted(session, city, query) == waiting


def test_other_cities_are_not_counted(session: Session, city: City) -> None:
    other = make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    make_reports(session, other, [Point(52.55, 17.6)], statuses=["open"])
    assert counted(session, city, "") == plainly(session, Report.jurisdiction_id == city.id)
    rows = list_district_counts(session, other, read_filters(MultiDict()))
    assert sum(row.counts.total for row in rows) == 1


def test_counts_under_filters_are_those_of_the_reports_that_match(
    session: Session, city: City
) -> None:
    summer = (
        Report.created_at >= datetime(2025, 6, 1, tzinfo=UTC),
        Report.created_at < datetime(2026, 9, 1, tzinfo=UTC),
    )
    for query, conditions in {
        "category=bench": [Category.key == "bench"],
        "group=streets": [Category.key == "pothole"],
        "department=parks": [Department.code == "parks"],
        "category=bench&department=roads": [Category.key == "bench", Department.code == "roads"],
        "since=2025-06-01&until=2026-08-31": summer,
        "group=streets&since=2025-06-01&until=2026-08-31": [Category.key == "pothole", *summer],
        "q=deep+tram&department=roads": [Department.code == "roads"],
        "q=tulips": [Report.id == 0],
        "category=nothing": [Category.key == "nothing"],
        # Districts and statuses are what it tells apart.
        "area=west&status=open&bbox=16.8,52.3,16.81,52.31": [],
    }.items():  # fmt: skip
        assert counted(session, city, query) == plainly(session, *conditions), query


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2024-01-01", "2024-12-31"),
        ("2025-03-04", "2026-06-20"),
        ("2025-03-20", "2026-06-06"),
        ("2025-05-02", "2025-05-30"),
        ("2025-05-05", "2025-05-05"),
        ("2025-05-06", "2025-05-20"),
        ("2024-08-03", ""),
        ("", "2026-02-27"),
        ("2201-01-01", ""),
    ],
)
def test_counts_of_days_are_those_of_the_reports_folded_or_not(
    session: Session, city: City, since: str, until: str
) -> None:
    day = func.date(func.timezone(city.zone.key, Report.created_at))
    conditions = [day >= since] if since else []
    conditions += [day <= until] if until else []
    expected = plainly(session, *conditions)
    query = f"since={since}&until={until}"
    assert counted(session, city, query) == expected
    fold(session, batch=70)
    assert counted(session, city, query) == expected
    while fold(session):
        pass
    assert counted(session, city, query) == expected
    session.execute(update(Report).where(Report.status == "open").values(area_id=None))
    assert counted(session, city, query) == plainly(session, *conditions)


def cells(page: str) -> dict[str, list[str]]:
    """The table of a page: what stands in each row, by its head."""
    table = page[page.index("<tbody") : page.index("</table>")]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
        head, *rest = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        found[re.sub(r"<[^>]+>", "", head).strip()] = [
            re.sub(r"<[^>]+>", "", cell).strip() for cell in rest
        ]
    return found


def test_the_page_needs_no_script(client: FlaskClient, session: Session, city: City) -> None:
    set_residents(session, west=2_000, east=500)
    page = client.get("/poznan/districts?category=bench&since=2024-01-01&lang=en")
    assert page.status_code == 200
    table = cells(page.text)
    assert list(table)[-2:] == ["Outside all districts", "The whole city"]
    expected = plainly(session, Category.key == "bench")
    for slug, name in zip(AREAS, ("West", "East", "Outside all districts"), strict=True):
        counts = [expected.get((slug, status), 0) for status in STATUSES]
        assert table[name][:5] == [str(sum(counts)), *map(str, counts)]
    total = sum(expected.values())
    fixed = sum(count for (_, status), count in expected.items() if status == "fixed")
    assert table["The whole city"][0] == str(total)
    assert table["The whole city"][5] == f"{round(100 * fixed / total)}%"
    # Districts lead to the map under the same filters, from the table and from the drawing.
    west = 'href="/poznan/?category=bench&amp;area=west&amp;since=2024-01-01"'
    assert page.text.count(west) == 2
    assert re.search(r"<title>West: \d+</title><path class=\"shade-[1-5]\"", page.text)
    assert 'href="/poznan/districts.csv?lang=en&amp;category=bench' in page.text


def test_it_is_sorted_by_any_measure_and_by_name(
    client: FlaskClient, session: Session, city: City
) -> None:
    set_residents(session, west=100_000, east=100)

    def order(query: str) -> list[str]:
        return list(cells(client.get(f"/poznan/districts?lang=en&{query}").text))[:2]

    assert order("") == order("by=total&order=desc") == ["West", "East"]
    assert order("by=total&order=asc") == ["East", "West"]
    assert order("by=per_1000") == ["East", "West"]
    assert order("by=per_1000&order=asc") == ["West", "East"]
    assert order("by=per_1000&order=name") == ["East", "West"]
    page = client.get("/poznan/districts?lang=en&by=open&order=asc").text
    assert page.count("aria-sort=") == 1 and 'aria-sort="ascending"' in page
    assert 'href="/poznan/districts?by=open&amp;order=desc"' in page


def test_districts_of_which_nothing_is_known_are_last_and_hatched(
    client: FlaskClient, session: Session, city: City
) -> None:
    set_residents(session, west=100)
    for order in ("asc", "desc"):
        page = client.get(f"/poznan/districts?lang=en&by=per_1000&order={order}").text
        assert list(cells(page))[:2] == ["West", "East"]
        assert cells(page)["East"][6] == cells(page)["The whole city"][6] == "–"
        assert '<title>East: –</title><path class="shade-0" fill="url(#not-known)"' in page


def test_without_residents_nothing_is_said_of_them(client: FlaskClient, city: City) -> None:
    page = client.get("/poznan/districts?lang=en").text
    assert "residents" not in page
    assert "Per km²" in page
    # An old link of when there were some is answered all the same.
    assert client.get("/poznan/districts?by=per_1000").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "by=nonsense", "by=__class__", "by=OPEN", "order=up", "order=%27", "since=yesterday",
        "since=2026-02-01&until=2026-01-01",
        "by=" + "x" * 3_000,         "bbox=1,2,3",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_refused_in_a_sentence(
    client: FlaskClient, city: City, query: str
) -> None:
    answer = client.get(f"/poznan/districts?{query}")
    assert answer.status_code == 400
    assert "<h1" in answer.text and "Traceback" not in answer.text


@pytest.mark.parametrize("query", ["by=&order=", "by=open&by=total", "category=..%2f&group=%27"])
def test_what_is_only_odd_is_answered(client: FlaskClient, city: City, query: str) -> None:
    assert client.get(f"/poznan/districts?{query}").status_code == 200


def test_a_city_without_reports_or_districts_has_the_page_too(
    client: FlaskClient, session: Session
) -> None:
    city = make_city(session)
    page = client.get("/poznan/districts?lang=en&by=share_fixed")
    assert page.status_code == 200
    assert cells(page.text)["West"][:6] == ["0", "0", "0", "0", "0", "–"]
    session.execute(Area.__table__.delete().where(Area.jurisdiction_id == city.id))  # type: ignore[attr-defined]
    page = client.get("/poznan/districts?lang=en")
    assert page.status_code == 200
    assert "not divided into districts" in page.text and "<table" not in page.text


def read_csv(answer: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig"), newline="")))


def test_the_table_is_open_data(client: FlaskClient, session: Session, city: City) -> None:
    set_residents(session, west=2_000)
    session.execute(update(Area).where(Area.slug == "east").values(name='Old, "East"'))
    answer = client.get("/poznan/districts.csv?category=bench&lang=en")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert 'filename="poznan-districts.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbfslug,district,residents")
    assert answer.data.count(b"\r\n") == answer.data.count(b"\n") == 4
    rows = {row["slug"]: row for row in read_csv(answer.data)}
    expected = plainly(session, Category.key == "bench")
    for slug in AREAS:
        row = rows[slug or ""]
        assert [int(row[status]) for status in STATUSES] == [
            expected.get((slug, status), 0) for status in STATUSES
        ]
    assert rows["east"]["district"] == 'Old, "East"'
    assert rows["west"]["residents"] == "2000"
    assert float(rows["west"]["reports_per_1000_residents"]) == int(rows["west"]["reports"]) / 2
    assert rows["east"]["reports_per_1000_residents"] == ""
    assert rows[""]["district"] == "Outside all districts"


def test_no_name_becomes_a_formula(client: FlaskClient, session: Session, city: City) -> None:
    for start in "=+-@\t\r":
        assert plain_cell(f"{start}1+1") == f"'{start}1+1"
    assert plain_cell("Łazarz") == "Łazarz"
    session.execute(update(Area).where(Area.slug == "west").values(name="=HYPERLINK(1)"))
    answer = client.get("/poznan/districts.csv")
    assert "'=HYPERLINK(1)" in {row["district"] for row in read_csv(answer.data)}
