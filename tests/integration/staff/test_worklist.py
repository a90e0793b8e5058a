"""What waits for whom, and in which order."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person, grant_role
from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.domain.publicmap.tiles.worklist import read_worklist_tile
from civicmap.domain.reports.actions import staff as actions
from civicmap.domain.reports.actions.send_report import send_report
from civicmap.domain.reports.models import Report
from civicmap.domain.reports.queries.staff.worklist import (
    WorklistFilters,
    count_tabs,
    count_worklist,
    list_worklist,
)
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.errors import NotAllowed
from civicmap.foundation.geo import Box, Point, ground_of
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_city, make_department
from tests.factories.people import PASSWORD
from tests.factories.reports import make_report, make_reports, new_report
from tests.factories.visitors import Visitor
from tests.integration.staff.conftest import Town, step


def numbers(session: Session, town: Town, who: str, **filters: object) -> list[str]:
    page = list_worklist(
        session,
        town.city,
        getattr(town, who),
        WorklistFilters(**filters),  # type: ignore[arg-type]
        after=None,
        limit=50,
    )
    return [row.number for row in page.rows]


def send(session: Session, town: Town, days_ago: float = 0, **values: object) -> str:
    at = now() - timedelta(days=days_ago)
    return send_report(session, city=town.city, report=new_report(**values), at=at).number


def test_what_is_due_first_comes_first(session: Session, town: Town) -> None:
    young, old, middle = (send(session, town, days) for days in (1, 30, 10))
    assert numbers(session, town, "anna") == [old, middle, young]
    assert numbers(session, town, "anna", sort="newest") == [young, middle, old]


def test_a_report_without_a_target_comes_last(session: Session, town: Town) -> None:
    undated, dated = send(session, town, 5), send(session, town, 1)
    session.query(Report).filter_by(number=undated).update({"fix_by": None})
    assert numbers(session, town, "anna") == [dated, undated]


@pytest.mark.parametrize("sort", ["due", "newest"])
def test_pages_join_without_gap_or_repeat(session: Session, town: Town, sort: str) -> None:
    sent = {send(session, town, days // 3) for days in range(11)}
    session.query(Report).filter(Report.id % 4 == 0).update({"fix_by": None})
    filters = WorklistFilters(sort=sort)
    seen: list[str] = []
    after = None
    while True:
        page = list_worklist(session, town.city, town.anna, filters, after=after, limit=3)
        seen += [row.number for row in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(sent)
    assert set(seen) == sent


def test_anna_sees_her_department_held_reports_included(session: Session, town: Town) -> None:
    pothole, held = send(session, town), send(session, town, category="noise")
    send(session, town, category="streetlight")
    send(session, town, category="other")
    assert set(numbers(session, town, "anna")) == {pothole, held}


def test_olga_sees_everything_and_what_is_nobodys(session: Session, town: Town) -> None:
    send(session, town)
    lost = send(session, town, category="other")
    assert len(numbers(session, town, "olga", tab="all")) == 2
    assert numbers(session, town, "olga", tab="triage") == [lost]


@pytest.mark.parametrize("tab", ["triage", "all"])
def test_what_concerns_the_whole_city_is_not_annas(session: Session, town: Town, tab: str) -> None:
    with pytest.raises(NotAllowed):
        numbers(session, town, "anna", tab=tab)


def test_closed_reports_leave_the_worklist_and_can_be_looked_up(
    session: Session, town: Town
) -> None:
    number = send(session, town)
    actions.change_status(
        session, step(session, town, number, town.anna), to="fixed", words="Filled."
    )
    assert numbers(session, town, "anna") == []
    assert numbers(session, town, "anna", statuses=("fixed",)) == [number]
    assert numbers(session, town, "anna", statuses=()) == [number]


def test_filters_narrow(session: Session, town: Town) -> None:
    west = send(session, town, 60)
    east = send(session, town, point=Point(52.41, 16.95))
    assert numbers(session, town, "anna", area="east") == [east]
    assert numbers(session, town, "anna", overdue=True) == [west]
    assert numbers(session, town, "anna", category="noise") == []
    assert numbers(session, town, "olga", tab="all", department="lighting") == []
    assert count_worklist(session, town.city, town.anna, WorklistFilters(area="east")) == 1
    there = ground_of(Box(16.94, 52.4, 16.96, 52.42))
    assert numbers(session, town, "anna", ground=there) == [east]


def test_a_number_is_found_by_its_beginning_whatever_its_status(
    session: Session, town: Town
) -> None:
    number = send(session, town)
    actions.change_status(
        session, step(session, town, number, town.anna), to="fixed", words="Filled."
    )
    assert numbers(session, town, "leon", number=number[:5]) == [number]
    hidden = send(session, town, category="noise")
    assert numbers(session, town, "leon", number=hidden) == []
    assert numbers(session, town, "anna", number=hidden) == [hidden]


def test_tabs_count_what_waits_and_what_is_late(session: Session, town: Town) -> None:
    send(session, town, 60)
    number = send(session, town)
    actions.change_status(session, step(session, town, number, town.anna), to="in_progress")
    send(session, town, category="other")
    closed = send(session, town, 90)
    actions.change_status(
        session, step(session, town, closed, town.anna), to="fixed", words="Filled."
    )
    mine = count_tabs(session, town.city, town.anna)
    assert list(mine) == ["mine", "check"]
    assert (mine["mine"].open, mine["mine"].in_progress, mine["mine"].overdue) == (1, 1, 1)
    whole = count_tabs(session, town.city, town.olga)
    assert list(whole) == ["triage", "check", "all"]
    assert (whole["triage"].total, whole["all"].total, whole["all"].overdue) == (1, 3, 1)


def test_the_map_shows_what_the_list_shows(session: Session, town: Town) -> None:
    sent = {send(session, town), send(session, town, category="noise")}
    send(session, town, category="streetlight")
    tile = read_worklist_tile(
        session, town.city, town.anna, ground=Ground(0, 0, 0), filters=WorklistFilters()
    )
    assert set(json.loads(tile)["reports"]["rows"][1::4]) == sent


def test_another_citys_reports_are_in_no_list(session: Session, town: Town) -> None:
    other = make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
    make_department(session, other, "roads")
    make_report(session, other, point=Point(52.55, 17.55))
    assert numbers(session, town, "olga", tab="all") == []
    assert numbers(session, town, "olga", number="GN") == []


class TestPages:
    def test_annas_list_leads_to_the_report(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            number = send(session, town, 60)
        page = anna.open("/staff/")
        assert page.address == "/staff/poznan/"
        assert f"/staff/poznan/reports/{number}" in page.html
        assert "days late" in page.text

    def test_the_beginning_of_a_number_leads_straight_to_it(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            number = send(session, town)
        typed = number.removeprefix("PO-").lower()[:4]
        page = anna.open(f"/staff/poznan/?number={typed}")
        assert page.address == f"/staff/poznan/reports/{number}"

    @pytest.mark.parametrize(
        "query",
        [
            "status=banana&tab=elsewhere&sort=sideways",
            "category=%27%3B--&area=%F0%9F%92%A9&department=..%2F..",
            "number=%C5%81%C3%B3d%C5%BA%00"[:-3],
            "number=" + "A" * 5000,
            "overdue=maybe&status=closed",
        ],
    )
    def test_a_senseless_address_shows_a_list(self, town: Town, anna: Visitor, query: str) -> None:
        assert anna.open(f"/staff/poznan/?{query}").status_code == 200

    def test_an_invented_place_in_the_list_is_refused(self, town: Town, anna: Visitor) -> None:
        assert anna.open("/staff/poznan/?after=zzzz").status_code == 400

    def test_a_spot_of_the_map_has_a_list_of_its_own(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            west, east = send(session, town), send(session, town, point=Point(52.41, 16.95))
        page = anna.open("/staff/poznan/?bbox=16.94,52.4,16.96,52.42")
        assert east in page.html
        assert west not in page.html
        # Every way on, but that to the map, stays there.
        again = re.search(r'"(/staff/poznan/\?[^"]*bbox=[^"]*)"', page.html)
        assert again
        assert west not in anna.open(html.unescape(again[1])).html
        assert anna.open("/staff/poznan/?bbox=1,2,nan").status_code == 400
        assert anna.open("/staff/poznan/map?bbox=16.94,52.4,16.96,52.42").status_code == 200

    @pytest.mark.parametrize("tab", ["triage", "all"])
    def test_annas_address_line_opens_no_other_tab(
        self, town: Town, anna: Visitor, tab: str
    ) -> None:
        assert anna.open(f"/staff/poznan/?tab={tab}").status_code == 403

    def test_somebody_of_another_city_is_told_so(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
        page = anna.open("/staff/gniezno/")
        assert page.status_code == 403
        assert "You do not work for this city." in page.text

    def test_an_account_without_a_role_opens_nothing(
        self, app: Flask, session: Session, town: Town
    ) -> None:
        with transaction(session):
            create_person(
                session, email="new@example.org", name="New", language="en", password=PASSWORD
            )
        visitor = Visitor(app)
        assert visitor.sign_in("new@example.org").address == "/mine"
        page = visitor.open("/staff/")
        assert page.status_code == 403
        assert "no role" in page.text

    def test_somebody_who_works_for_two_cities_chooses(
        self, app: Flask, session: Session, town: Town
    ) -> None:
        with transaction(session):
            make_city(session, "gniezno", square=(17.5, 52.5, 17.7, 52.6))
            ada = create_person(
                session, email="ada@example.org", name="Ada", language="en", password=PASSWORD
            )
            grant_role(session, person_id=ada.id, role="admin")
            send(session, town, 60)
        page = Visitor(app).sign_in("ada@example.org")
        assert page.address == "/staff/"
        assert "Gniezno" in page.text
        assert "1 report waits" in page.text
        assert "1 overdue" in page.text

    def test_the_map_asks_for_tiles_under_the_same_filters(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            number = send(session, town, category="noise")
        page = anna.open("/staff/poznan/map?status=open&category=noise")
        assert '"status": "open"' in page.html.replace("&#34;", '"')
        answer = anna.client.get("/staff/poznan/tiles/0/0/0?status=open&category=noise")
        assert answer.get_json()["reports"]["rows"][1:] == [number, "noise", 0]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert anna.client.get("/staff/poznan/tiles/0/1/0").status_code == 400
        assert anna.client.get("/staff/poznan/tiles/0/0/0?category=pothole").status_code == 204

    def test_many_reports_come_counted_by_cell(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            points = [Point(52.40 + index / 10_000, 16.85) for index in range(201)]
            make_reports(session, town.city, points, statuses=["open", "in_progress"])
            session.execute(update(Report).values(department_id=town.roads.id))
        told = anna.client.get("/staff/poznan/tiles/0/0/0").get_json()
        assert told["reports"]["rows"] == []
        assert told["cells"] == {"level": 5, "rows": [told["cells"]["rows"][0], 101, 100, 0, 0]}

    def test_a_tile_for_nobody_is_refused_in_json(self, town: Town, app: Flask) -> None:
        answer = app.test_client().get("/staff/poznan/tiles/0/0/0")
        assert answer.status_code == 401
        assert "error" in answer.get_json()

    def test_the_list_takes_few_questions_to_the_database(
        self, session: Session, town: Town, anna: Visitor
    ) -> None:
        with transaction(session):
            for days in range(12):
                send(session, town, days)
        asked: list[str] = []
        listener = lambda *arguments: asked.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            anna.open("/staff/poznan/")
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        # Cities, who is signed in and as what; then rows, calendar, tabs, what waits for
        # a look, count, three menus.
        questions = [one for one in asked if not one.startswith(("SAVEPOINT", "RELEASE"))]
        assert len(questions) == 11


def test_a_page_deep_in_the_list_uses_the_index(session: Session, town: Town) -> None:
    """What the index was made for must stay the words of the query."""
    from sqlalchemy import text

    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_sort = off"))
    send(session, town)
    asked: list[tuple[str, dict[str, object]]] = []

    def note(
        _c: object, _cursor: object, statement: str, parameters: dict[str, object], *_rest: object
    ) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    numbers(session, town, "anna")
    numbers(session, town, "olga", tab="all")
    event.remove(db.engine, "before_cursor_execute", note)
    connection = session.connection().connection.cursor()
    plans = []
    for statement, parameters in asked:
        connection.execute(f"EXPLAIN {statement}", parameters)
        plans.append("\n".join(row[0] for row in connection.fetchall()))
    assert "ix_reports_due" in plans[0]
    assert "ix_reports_city_due" in plans[1]
