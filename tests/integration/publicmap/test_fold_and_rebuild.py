"""The counts of the map, held against the reports."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text, update

from civicmap.domain.publicmap.models import OF_CATEGORIES, OF_CITY
from civicmap.domain.publicmap.pyramid.facets import Kind, cell, facet
from civicmap.domain.publicmap.pyramid.fold import count_waiting, fold
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.domain.publicmap.pyramid.verify import compare
from civicmap.domain.reports.models import Report
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_category, make_city
from tests.factories.reports import make_reports


def make_some(count: int) -> int:
    with transaction(db.session) as session:
        city = make_city(session)
        make_category(session)
        points = [Point(52.40 + n / 1000, 16.85 + n / 2000) for n in range(count)]
        make_reports(session, city, points, statuses=["open", "fixed", "wont_fix"])
    return city.id


def counts_of(city_id: int) -> tuple[int, ...] | None:
    row = db.session.execute(
        text(
            "SELECT open, in_progress, fixed, wont_fix FROM map_cells"
            " WHERE facet = :f AND cell = :c"
        ),
        {"f": facet(city_id, Kind.ALL), "c": cell(0, 0)},
    ).first()
    return tuple(row) if row else None


def test_a_fold_moves_what_waits_into_the_cells(live_app: Flask) -> None:
    with live_app.app_context():
        city_id = make_some(9)
        assert count_waiting(db.session, at_most=100) == 9
        assert counts_of(city_id) is None
        with transaction(db.session) as session:
            assert fold(session, batch=4) == 4
        with transaction(db.session) as session:
            assert fold(session) == 5
            assert fold(session) == 0
        assert counts_of(city_id) == (3, 0, 3, 3)
        assert compare(db.engine).differences == 0


def test_a_comparison_finds_what_is_wrong_and_a_rebuild_mends_it(live_app: Flask) -> None:
    with live_app.app_context():
        city_id = make_some(9)
        with transaction(db.session) as session:
            fold(session)
            session.execute(
                text("UPDATE map_cells SET open = open + 1 WHERE facet = :f AND cell = :c"),
                {"f": facet(city_id, Kind.ALL), "c": cell(0, 0)},
            )
            session.execute(
                update(Report).values(visibility="hidden").where(Report.status == "fixed")
            )
        compared = compare(db.engine)
        assert compared.differences == 1
        assert compared.examples[0].counted == (3, 0, 0, 3)
        assert compared.examples[0].kept == (4, 0, 0, 3)
        assert rebuild(db.engine) == compared.cells
        assert compare(db.engine).differences == 0
        assert counts_of(city_id) == (3, 0, 0, 3)
        assert count_waiting(db.session, at_most=1) == 0


def test_a_rebuild_writes_the_categories_of_a_place_side_by_side(live_app: Flask) -> None:
    with live_app.app_context():
        with transaction(db.session) as session:
            make_category(session, "lamp")
        make_some(9)
        rebuild(db.engine)
        rows = text(
            f"SELECT {OF_CITY}, cell, facet FROM map_cells"  # noqa: S608 - constants
            f" WHERE {OF_CATEGORIES} ORDER BY ctid"
        )
        written = db.session.execute(rows).all()
        assert len({facet for city, _, facet in written if city}) == 2
        assert written == sorted(written)
