"""Send a report: from what a resident (or an operator for them) gave to a numbered report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.media.actions import adopt_photos
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.moderation.queries import find_policy
from civicmap.domain.reports.actions.hold_report import hold_report
from civicmap.domain.reports.deadlines import set_deadlines
from civicmap.domain.reports.events import ReportSent
from civicmap.domain.reports.examination import CheckedReport, NewReport, examine_report
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, ReportAnswer, Reporter
from civicmap.domain.reports.numbers import new_number, new_secret
from civicmap.domain.routing.queries import find_route
from civicmap.foundation.clock import now
from civicmap.foundation.database import broken_constraint
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.events import publish
from civicmap.foundation.geo import morton
from civicmap.foundation.locales import N_


@dataclass(frozen=True)
class SentReport:
    """`secret` makes the reporter's own link; `was_there` tells a repeated request."""

    report_id: int
    number: str
    secret: str
    was_there: bool


def send_report(
    session: Session, *, city: City, report: NewReport, at: datetime | None = None
) -> SentReport:
    """Check, route, number and keep a report; queue what follows from it.

    The same idempotency key gives the same report, even ten times at once. Raises InvalidInput.
    """
    if report.idempotency_key:
        there = find_sent(session, city.id, report.idempotency_key)
        if there:
            return there
    checked, faults = examine_report(session, city=city, report=report)
    if checked is None:
        # A twin of this request may have just sent it, and taken the photos.
        key = report.idempotency_key
        there = find_sent(session, city.id, key) if key else None
        if there:
            return there
        raise faults[0]
    while True:
        try:
            # Unique keys decide between requests that run at the same moment.
            with session.begin_nested():
                return _insert(session, checked, at or now())
        except IntegrityError as error:
            match broken_constraint(error):
                case "uq_reports_number":
                    continue  # with another number
                case "uq_reports_jurisdiction_id_idempotency_key":
                    break
            raise
    there = find_sent(session, city.id, checked.idempotency_key or "")
    if there is None:
        raise InvalidInput(N_("This form is broken. Open it again."), field="idempotency_key")
    return there


def _insert(session: Session, checked: CheckedReport, at: datetime) -> SentReport:
    city, category, point = checked.city, checked.category, checked.point
    route = find_route(session, city.id, category=category, areas=checked.areas)
    deadlines = set_deadlines(
        reported_at=at,
        response_days=category.response_days,
        fix_days=category.fix_days,
        calendar=load_calendar(session, city.id),
        zone=city.zone,
    )
    policy = find_policy(session, city.id, category.id, is_trusted=checked.confirmed)
    report = Report(
        jurisdiction_id=city.id,
        number=new_number(city.number_prefix),
        category_id=category.id,
        department_id=route.department_id,
        area_id=checked.areas[0].id if checked.areas else None,
        visibility="held" if policy == Policy.HOLD_ALL else "public",
        content="held" if policy == Policy.HOLD_CONTENT else "shown",
        channel=checked.channel,
        words=checked.words,
        language=checked.language,
        point=f"SRID=4326;POINT({point.longitude!r} {point.latitude!r})",
        morton=morton(point),
        address=checked.address,
        placed_by=checked.placed_by,
        accuracy_metres=checked.accuracy_metres,
        photo_count=len(checked.photos),
        routing_reason=route.reason,
        created_at=at,
        updated_at=at,
        status_since=at,
        department_since=at,
        respond_by=deadlines.respond_by,
        fix_by=deadlines.fix_by,
        version=0,
        idempotency_key=checked.idempotency_key,
    )
    session.add(report)
    session.flush()
    secret = new_secret()
    session.add(
        Reporter(
            report_id=report.id,
            secret=secret,
            name=checked.name,
            email=checked.email,
            phone=checked.phone,
            language=checked.language,
        )
    )
    if checked.browser:
        hold_report(session, report_id=report.id, browser=checked.browser)
    session.add_all(
        ReportAnswer(report_id=report.id, question_id=answer.question.id, given=list(answer.given))
        for answer in checked.answers
    )
    adopt_photos(session, keys=checked.photos, report_id=report.id)
    record(
        session,
        report,
        kind="reported",
        at=at,
        actor="reporter",
        is_public=True,
        new={"photos": len(checked.photos), "channel": checked.channel},
    )
    publish(session, ReportSent(report_id=report.id))
    return SentReport(report.id, report.number, secret, was_there=False)


def find_sent(session: Session, jurisdiction_id: int, key: str) -> SentReport | None:
    """The report that was sent with this idempotency key."""
    row = session.execute(
        select(Report.id, Report.number, Reporter.secret)
        .join(Reporter, Reporter.report_id == Report.id)
        .where(Report.jurisdiction_id == jurisdiction_id, Report.idempotency_key == key)
    ).first()
    return SentReport(*row, was_there=True) if row else None
