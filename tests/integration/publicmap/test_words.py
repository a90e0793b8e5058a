"""Words are found wherever and whenever they were sent, and no others: on the map, in the panel, in
the bar of months, by district. Held against a plain search in Python."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.publicmap import whereabouts
from civicmap.domain.publicmap.districts import list_district_counts
from civicmap.domain.publicmap.months import count_by_month
from civicmap.domain.publicmap.pyramid.facets import Kind
from civicmap.domain.publicmap.pyramid.fold import fold
from civicmap.domain.publicmap.shelves import SPAN_BITS
from civicmap.domain.publicmap.tiles import answer as answering
from civicmap.domain.publicmap.tiles import searched as searching
from civicmap.domain.publicmap.tiles.answer import Tiles
from civicmap.domain.publicmap.tiles.ground import Ground as TileGround
from civicmap.domain.publicmap.tiles.pieces import Scope
from civicmap.domain.publicmap.tiles.plan import Question
from civicmap.domain.publicmap.tiles.sought import Sought
from civicmap.domain.publicmap.view import get_view_counts, list_view
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.workflow import STATUSES
from civicmap.extensions import db
from civicmap.foundation.geo import Box, Ground, Point, cell_tile, ground_of, tile_box, tile_of
from civicmap.foundation.reading import Statement
from civicmap.web.public.tile_answers import TILES
from tests.factories.cities import make_category, make_city
from tests.factories.reports import make_reports

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime.now(tz=UTC)
SQUARE = (16.8, 52.3, 17.0, 52.5)
# Around the corner where cells of level 12 meet.
CORNER = tile_box(*tile_of(Point(52.41, 16.9), 12))
WORDS = [
    "Łódź", "lodz", "łodzianin", "park", "parku", "Parkowa", "Наурыз", "наурызы", "Ёлка", "мектеп",
    "12", "1", "123", "12a", "1e5", "c1", "x", "s1c1x", "s1k1", "о'қу", "ul.Św.Marcin", "3.5",
    "http://example.org/park", "ß", "İzmir", "a_b", "-", "—", "m²",
]  # fmt: skip
ASKED = [
    "lodz", "Łódź", "lod", "park", "PARKOW", "наурыз", "елка", "ёлка мектеп", "1", "12", "12a",
    "1e", "s1", "s1c1x", "s1k1", "c1", "x", "park lodz", "park parku", "marcin 3", "izmir", "b",
    "½", "zebra", "қу", "example park", "m",
]  # fmt: skip


def _moments() -> list[datetime]:
    """Long ago, before all time that is told apart, and around the borders of spans."""
    span = timedelta(seconds=1 << SPAN_BITS)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    borders = [epoch + n * span for n in (0, 1, 2, 40, 90, 100)]
    tick = timedelta(microseconds=1)
    around = [border + near for border in borders for near in (-tick, timedelta(0), tick)]
    return [
        *(moment for moment in around if moment < NOW),
        datetime(1801, 5, 3, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 30, tzinfo=UTC),
        *(NOW - timedelta(days=days) for days in (0, 1, 30, 193, 194, 195, 800)),
    ]


MOMENTS = _moments()


@pytest.fixture
def towns(session: Session) -> dict[str, City]:
    """Two cities on the same ground, and one elsewhere. Some reports are folded, some wait, some
    are hidden or held; one lies far outside of its city."""
    poznan = make_city(session)
    around = make_city(session, "around", square=(16.5, 52.2, 17.3, 52.6))
    far = make_city(session, "far", square=(71.3, 51.0, 71.6, 51.3), time_zone="Asia/Almaty")
    make_category(session, "pothole")
    make_category(session, "graffiti", group="order")
    chance = random.Random(7)
    for city, (west, south, east, north) in (
        (poznan, SQUARE), (around, SQUARE), (far, (71.3, 51.0, 71.6, 51.3)),
    ):  # fmt: skip
        points = [
            Point(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(60)
        ]
        if city is not far:
            points += [
                Point(CORNER.south + up * 1e-6, CORNER.east + right * 1e-6)
                for up in (-1, 1) for right in (-1, 1)
            ] * 4  # fmt: skip
        if city is poznan:
            points.append(Point(50.0, 20.0))
        make_reports(session, city, points, statuses=STATUSES)
    reports = session.scalars(select(Report).order_by(Report.id)).all()
    for n, report in enumerate(reports):
        signs = (" ", ", ", "/", "  ", "\n")
        report.words = chance.choice(signs).join(chance.choices(WORDS, k=chance.randrange(5)))
        report.address = " ".join(chance.choices(WORDS, k=chance.randrange(3)))
        report.created_at = chance.choice(MOMENTS)
        report.content = "held" if n % 9 == 0 else "shown"
        report.visibility = "hidden" if n % 13 == 0 else "public"
        if n == len(reports) // 2:
            session.flush()
            fold(session, batch=10_000)
    session.flush()
    fold(session, batch=40)
    assert session.scalar(text("SELECT count(*) FROM map_deltas")) > 20
    session.execute(text("ANALYZE reports"))  # as it soon is anywhere else
    return {"poznan": poznan, "around": around, "far": far}


def folded(words: str) -> list[str]:
    """Its words without marks, as the plain search compares them."""
    plain = unicodedata.normalize("NFD", words.lower()).translate(str.maketrans("łđøı", "ldoi"))
    plain = re.sub("[\u0300-\u036f]", "", plain)
    return re.findall(r"[^\W_²½]+", plain)


def answers(report: Report, asked: str) -> bool:
    if report.visibility != "public" or report.content == "held" or not folded(asked):
        return False
    words = folded(f"{report.words} {report.address}")
    return all(any(word.startswith(typed) for word in words) for typed in folded(asked))


def lies_on(ground: Ground, code: int) -> bool:
    x, y = (number >> (30 - ground.level) for number in cell_tile(code))
    return ground.west <= x <= ground.east and ground.north <= y <= ground.south


def expected(session: Session, city: City, filters: Filters) -> list[Report]:
    reports = session.scalars(
        select(Report)
        .where(Report.jurisdiction_id == city.id)
        .order_by(Report.created_at.desc(), Report.id.desc())
    )
    return [
        report
        for report in reports
        if answers(report, filters.text)
        and (not filters.since or filters.since <= report.created_at.astimezone(city.zone).date())
        and (not filters.until or report.created_at.astimezone(city.zone).date() <= filters.until)
        and (filters.ground is None or lies_on(filters.ground, report.morton))
    ]


@st.composite
def grounds(draw: st.DrawFn) -> Ground | None:
    size = draw(st.sampled_from((None, 1e-5, 0.001, 0.02, 0.2, 5.0)))
    if size is None:
        return None
    west = CORNER.east - size * draw(st.floats(0, 1))
    south = CORNER.south - size * draw(st.floats(0, 1))
    return ground_of(Box(west, south, west + size, south + size))


a_day = st.one_of(
    st.none(),
    st.none(),
    st.sampled_from(MOMENTS[:-7]).map(lambda moment: moment.date()),
    st.dates(date(1969, 1, 1), NOW.date()),
)
searches = st.builds(
    Filters, text=st.sampled_from(ASKED), ground=grounds(), since=a_day, until=a_day
)
once = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@once
@given(
    filters=searches,
    slug=st.sampled_from(("poznan", "around", "far")),
    few=st.sampled_from((0, 500)),
)
def test_panel_and_list_have_what_a_plain_search_finds(
    session: Session, towns: dict[str, City], filters: Filters, slug: str, few: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whereabouts, "FEW_TO_READ", few)
        _compare_view(session, towns[slug], filters)


def _compare_view(session: Session, city: City, filters: Filters) -> None:
    reports = expected(session, city, filters)
    assert get_view_counts(session, city.id, filters).statuses.total == len(reports)
    page = list_view(session, city.id, filters, after=None, limit=1_000, total=len(reports))
    assert [card.number for card in page.rows] == [report.number for report in reports]


def test_months_and_districts_have_them_too(session: Session, towns: dict[str, City]) -> None:
    for city, asked in product(towns.values(), ASKED):
        reports = expected(session, city, Filters(text=asked))
        by_district = list_district_counts(session, city, Filters(text=asked))
        assert sum(row.counts.total for row in by_district) == len(reports)
        by_month = count_by_month(session, city, Filters(text=asked), now=NOW)
        counted = sum(sum(month) for month in by_month.counts)
        assert counted == sum(
            report.created_at.astimezone(city.zone).year >= 1970 for report in reports
        )


@once
@given(
    filters=searches,
    slug=st.sampled_from(("poznan", "around", "far", "all")),
    where=st.tuples(st.integers(0, 20), st.integers(0, 190)),
)
def test_tiles_have_what_a_plain_search_finds(
    app: Flask, towns: dict[str, City], filters: Filters, slug: str, where: tuple[int, int]
) -> None:
    session = db.session
    zoom, near = where
    codes = session.scalars(select(Report.morton).order_by(Report.id)).all()
    x, y = cell_tile(codes[near] >> 2 * (30 - zoom))
    box = tile_box(zoom, x, y)
    filters = replace(filters, ground=None)
    reports = [
        report
        for city in towns.values()
        if slug == city.slug or (slug == "all" and city.box.intersects(box))
        for report in expected(session, city, filters)
        if cell_tile(report.morton >> 2 * (30 - zoom)) == (x, y)
        # To the map no day is before 1970.
        and (
            report.created_at.astimezone(city.zone).year >= 1970
            or not (filters.since or filters.until)
        )
    ]
    tiles: Tiles = app.extensions[TILES]
    body = tiles.read(Question(slug, TileGround(zoom, x, y), filters)).body
    rows = json.loads(body)["reports"]["rows"] if body else []
    assert not body or not json.loads(body)["more"]
    assert sorted(rows[1::4]) == sorted(report.number for report in reports)


def test_of_very_many_a_tile_has_the_newest(
    app: Flask, session: Session, towns: dict[str, City], monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = expected(session, towns["poznan"], Filters(text="park"))
    spans = [int(report.created_at.timestamp()) >> SPAN_BITS for report in reports]
    newest = spans.index(spans[6]) + 1  # of the span of the seventh there is one at least
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", newest)
    told = searched_anew(app, monkeypatch, Filters(text="park"))
    assert told["more"] is True
    assert len(told["reports"]["rows"]) == 4 * newest
    span_of = dict(zip((report.number for report in reports), spans, strict=True))
    assert {span_of[number] for number in told["reports"]["rows"][1::4]} == set(spans[:newest])


@pytest.mark.parametrize(("most", "is_more"), [(9_999, False), (3, True)])
def test_of_very_many_that_another_filter_leaves_out_the_newest_are_looked_at(  # noqa: PLR0917
    app: Flask,
    session: Session,
    towns: dict[str, City],
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    is_more: bool,
) -> None:
    filters = Filters(text="park", statuses=("wont_fix",))
    having = expected(session, towns["poznan"], filters)
    every = {report.number for report in having if report.status == "wont_fix"}
    assert 3 < len(every) < len(having)
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", most)
    told = searched_anew(app, monkeypatch, filters)
    found = set(told["reports"]["rows"][1::4])
    assert told["more"] is is_more
    assert found < every if is_more else found == every


def searched_anew(app: Flask, monkeypatch: pytest.MonkeyPatch, filters: Filters) -> dict[str, Any]:
    """A whole city's tile, by a statement with other limits than the one that is kept."""
    anew = Statement(
        f"searched_{searching.MOST_LOOKED_AT}",
        searching.searched.__wrapped__(Sought(Scope.CITY, Kind.ALL)).text,
        tells_moment=True,
    )
    monkeypatch.setattr(answering, "searched", lambda _: anew)
    tiles: Tiles = app.extensions[TILES]
    told: dict[str, Any] = json.loads(
        tiles.read(Question("poznan", TileGround(0, 0, 0), filters)).body
    )
    return told
