"""What a report's page shows, whether everyone opens it or its reporter does."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import url_for
from flask_login import current_user

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.jurisdictions.queries.calendar import load_calendar
from civicmap.domain.moderation.reasons import MODERATION_REASONS
from civicmap.domain.reports.deadlines import working_days_left
from civicmap.domain.reports.queries.public.rows import PublicReport
from civicmap.domain.reports.workflow import REFUSAL_REASONS, WAITING
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.web.shared.request_context import settings


def report_context(
    city: City, report: PublicReport, *, secret: str | None = None
) -> dict[str, Any]:
    """The report, how long its department still has, where its photos are (through `secret`, the
    reporter's, also those that nobody else sees), and whether the reader works on it."""
    days_left = None
    if report.fix_by and report.status in WAITING:
        calendar = load_calendar(db.session, city.id)
        days_left = working_days_left(report.fix_by, now(), calendar, city.zone)
    return {
        "report": report,
        "days_left": days_left,
        "is_overdue": bool(days_left is not None and report.fix_by and report.fix_by < now()),
        "refusal_reasons": REFUSAL_REASONS,
        "moderation_reasons": MODERATION_REASONS,
        "photo_address": partial(url_for, "mine.photo", number=report.number, secret=secret)
        if secret
        else partial(url_for, "public.photo"),
        "may_work_on_it": current_user.is_authenticated
        and current_user.actor.may("see_worklist", jurisdiction_id=city.id),
        "tile_url": settings().tile_url,
    }
