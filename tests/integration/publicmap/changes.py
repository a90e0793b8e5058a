"""Every way in which a report, and what it is counted by, can change.

`CHANGES` is one table for all tests: each change is given a session, the town, and dice to choose
the report and what becomes of it. Where the application has an action, it is the action; the rest
is SQL, as somebody at the database would write it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import create_person, grant_role
from civicmap.domain.accounts.queries import Actor, load_actor
from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.departments.models import Department
from civicmap.domain.jurisdictions.models import Area, Jurisdiction
from civicmap.domain.jurisdictions.queries import City, get_city_by_id
from civicmap.domain.reports import workflow
from civicmap.domain.reports.actions import moderate, reporter, staff
from civicmap.domain.reports.actions.import_reports import import_reports
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.send_report import send_report
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.import_mapping import Columns, ImportMapping
from civicmap.domain.reports.import_rows import ImportedReport
from civicmap.domain.reports.models import Report, Reporter
from civicmap.foundation.clock import now
from civicmap.foundation.geo import Point
from tests.factories.cities import make_category, make_city, make_department, make_group
from tests.factories.people import PASSWORD
from tests.factories.reports import make_reports, new_report, next_number

# The first two lie in one cell of every level, the third beside them at the finest, the last in
# the other district.
POINTS = (
    Point(52.41, 16.85),
    Point(52.410001, 16.850001),
    Point(52.4109, 16.8515),
    Point(52.43, 16.88),
    Point(52.41, 16.95),
)
# Two cities on the same ground: the counts of every city add them up. At one moment it is another
# day, at New Year another year, in each.
TIME_ZONES = {"poznan": "Europe/Warsaw", "kiritimati": "Pacific/Kiritimati"}
OTHER_ZONES = ("America/Los_Angeles", "Asia/Kathmandu")


@dataclass(frozen=True)
class Town:
    """Two cities, and Ada, who may do everything in both."""

    city_ids: tuple[int, ...]
    ada: Actor


Visibility = Literal["public", "words_held", "held"]
Change = Callable[[Session, Town, Random], None]


def build_town(session: Session) -> Town:
    cities = [make_city(session, slug, time_zone=zone) for slug, zone in TIME_ZONES.items()]
    for city in cities:
        make_department(session, city, "roads")
        make_department(session, city, "lighting")
    make_category(session, "pothole")
    make_category(session, "streetlight", group="lights", default_department="lighting")
    make_category(session, "noise", group="lights", default_department="nobody")
    make_group(session, "others")
    ada = create_person(
        session, email="ada@example.org", name="Ada", language="en", password=PASSWORD
    )
    grant_role(session, person_id=ada.id, role="admin")
    return Town(tuple(city.id for city in cities), load_actor(session, ada))


def a_city(session: Session, town: Town, dice: Random) -> City:
    return get_city_by_id(session, dice.choice(town.city_ids))


def a_report(session: Session, dice: Random, *conditions: object) -> Report | None:
    query = select(Report).order_by(Report.id).execution_options(populate_existing=True)
    found = session.scalars(query.where(*conditions)).all()  # type: ignore[arg-type]
    return dice.choice(found) if found else None


def a_moment(city: City, dice: Random) -> datetime:
    """Close to a midnight of the city, some of them at New Year."""
    year, month, day = dice.choice([(2024, 1, 1), (2024, 2, 29), (2025, 11, 1)])
    midnight = datetime(year, month, day, tzinfo=ZoneInfo(city.time_zone))
    return midnight.astimezone(UTC) + timedelta(minutes=dice.choice([-61, -1, 0, 1]))


def send(session: Session, town: Town, dice: Random) -> None:
    city = a_city(session, town, dice)
    report = new_report(
        category=dice.choice(["pothole", "streetlight", "noise"]), point=dice.choice(POINTS)
    )
    send_report(session, city=city, report=report, at=a_moment(city, dice))


def step_on(session: Session, town: Town, report: Report) -> Step:
    city = get_city_by_id(session, report.jurisdiction_id)
    return Step(city, report.number, town.ada, report.version)


def change_status(session: Session, town: Town, dice: Random) -> None:
    report = a_report(session, dice)
    if report is None:
        return
    to = dice.choice(workflow.possible_steps(report.status))
    staff.change_status(
        session, step_on(session, town, report), to=to, words="So it is.", reason="other"
    )


def move_pin(session: Session, town: Town, dice: Random) -> None:
    report = a_report(session, dice)
    if report is None:
        return
    step = step_on(session, town, report)
    staff.move_pin(session, step, point=dice.choice(POINTS), address="")


def transfer(session: Session, town: Town, dice: Random) -> None:
    report = a_report(session, dice)
    if report is None:
        return
    to = dice.choice(["roads", "lighting"])
    step = step_on(session, town, report)
    staff.transfer(session, step, to_department=to, words="It is theirs.")


def show_or_hide(session: Session, town: Town, dice: Random) -> None:
    report = a_report(session, dice)
    if report is None:
        return
    to = "hidden" if report.visibility == "public" else "public"
    step = step_on(session, town, report)
    moderate.change_visibility(session, step, to=to, reason="untrue")


def approve(session: Session, town: Town, dice: Random) -> None:
    report = a_report(session, dice, Report.visibility == "held")
    if report is not None:
        moderate.approve(session, step_on(session, town, report))


def withdraw(session: Session, town: Town, dice: Random) -> None:
    step = own_step(session, dice, Report.withdrawn_at.is_(None))
    if step is not None:
        reporter.withdraw_report(session, step)


def reopen(session: Session, town: Town, dice: Random) -> None:
    step = own_step(session, dice, Report.status.in_(workflow.CLOSED))
    if step is not None:
        reporter.reopen_report(session, step, words="Not at all.", photo_limit=3, is_public=True)


def own_step(session: Session, dice: Random, *conditions: object) -> OwnStep | None:
    """A step of its reporter; imported reports have none."""
    sent = Report.id.in_(select(Reporter.report_id))
    report = a_report(session, dice, sent, *conditions)
    if report is None:
        return None
    city = get_city_by_id(session, report.jurisdiction_id)
    return OwnStep(city, report.number, session.get_one(Reporter, report.id).secret, "")


def import_some(session: Session, town: Town, dice: Random) -> None:
    city = a_city(session, town, dice)
    made = a_moment(city, dice)
    rows = [
        ImportedReport(
            line, next_number("IM"), "pothole", None, "", status, made,
            made if status == "fixed" else None, dice.choice(POINTS), "", "Deep.", "",
        )
        for line, status in enumerate(["open", "in_progress", "fixed"])
    ]  # fmt: skip
    visibility: Visibility = dice.choice(["public", "words_held", "held"])
    mapping = ImportMapping("old", Columns("", "", "", "", "", ""), {}, {}, visibility=visibility)
    import_reports(session, city=city, mapping=mapping, rows=rows)


def insert_many(session: Session, town: Town, dice: Random) -> None:
    city = a_city(session, town, dice)
    points = dice.choices(POINTS, k=4)
    make_reports(session, city, points, statuses=["open", "fixed", "wont_fix"])


def set_in_sql(column: str, choices: Callable[[Session, Report], list[object]]) -> Change:
    """A change of one report that no action makes."""

    def change(session: Session, town: Town, dice: Random) -> None:
        report = a_report(session, dice)
        if report is None:
            return
        value = dice.choice(choices(session, report))
        statement = update(Report).where(Report.id == report.id).values({column: value})
        session.execute(statement)

    return change


def ids_of(session: Session, column: object, *conditions: object) -> list[object]:
    return list(session.scalars(select(column).where(*conditions)))  # type: ignore[call-overload]


def change_many(session: Session, town: Town, dice: Random) -> None:
    """Several columns of several reports in one statement, counted or not."""
    session.execute(
        text(
            "UPDATE reports SET visibility = :visibility, version = version + 1,"
            " status = CASE status WHEN 'open' THEN 'in_progress' WHEN 'in_progress' THEN 'open'"
            " ELSE status END WHERE id % 3 = :n"
        ),
        {"visibility": dice.choice(["public", "held"]), "n": dice.randrange(3)},
    )


def change_twice(session: Session, town: Town, dice: Random) -> None:
    """One report, twice in one transaction, once of it undone."""
    change_status(session, town, dice)
    undone = session.begin_nested()
    insert_many(session, town, dice)
    show_in_sql(session, town, dice)
    undone.rollback()
    show_in_sql(session, town, dice)


def delete(session: Session, town: Town, dice: Random) -> None:
    """No page deletes; events cannot be deleted otherwise."""
    report = a_report(session, dice)
    if report is None:
        return
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("DELETE FROM report_events WHERE report_id = :id"), {"id": report.id})
    session.execute(text("DELETE FROM reporters WHERE report_id = :id"), {"id": report.id})
    session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    session.execute(text("DELETE FROM reports WHERE id = :id"), {"id": report.id})


def regroup(session: Session, town: Town, dice: Random) -> None:
    category = dice.choice(session.scalars(select(Category.id).order_by(Category.id)).all())
    group = dice.choice(session.scalars(select(CategoryGroup.id).order_by(CategoryGroup.id)).all())
    statement = update(Category).where(Category.id == category).values(group_id=group)
    session.execute(statement)


def change_time_zone(session: Session, town: Town, dice: Random) -> None:
    session.execute(
        text("UPDATE jurisdictions SET time_zone = :zone WHERE id = :id"),
        {
            "zone": dice.choice([*TIME_ZONES.values(), *OTHER_ZONES]),
            "id": dice.choice(town.city_ids),
        },
    )


show_in_sql = set_in_sql("visibility", lambda *_: ["public", "held", "hidden"])

CHANGES: dict[str, Change] = {
    "send": send,
    "change_status": change_status,
    "move_pin": move_pin,
    "transfer": transfer,
    "show_or_hide": show_or_hide,
    "approve": approve,
    "withdraw": withdraw,
    "reopen": reopen,
    "import": import_some,
    "insert_many": insert_many,
    "change_many": change_many,
    "change_twice": change_twice,
    "delete": delete,
    "regroup": regroup,
    "change_time_zone": change_time_zone,
    "show_in_sql": show_in_sql,
    "recategorise": set_in_sql("category_id", lambda session, _: ids_of(session, Category.id)),
    "change_area": set_in_sql(
        "area_id",
        lambda session, report: [
            None,
            *ids_of(session, Area.id, Area.jurisdiction_id == report.jurisdiction_id),
        ],
    ),
    "change_department": set_in_sql(
        "department_id",
        lambda session, report: [
            None,
            *ids_of(session, Department.id, Department.jurisdiction_id == report.jurisdiction_id),
        ],
    ),
    "change_day": set_in_sql("created_at", lambda *_: [now(), now() - timedelta(days=40)]),
    "change_city": set_in_sql(
        "jurisdiction_id",
        lambda session, _: ids_of(session, Jurisdiction.id),
    ),
}
