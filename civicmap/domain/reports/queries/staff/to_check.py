"""What waits for a person's look before everybody sees it: whole, as it has to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.categories.models import Category
from civicmap.domain.jurisdictions.models import Area
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.media.queries import PhotoRow, list_photos
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.history import find_left_out
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.domain.reports.queries.answers import list_answers_of
from civicmap.domain.reports.queries.staff.worklist import WorklistFilters, worklist_condition
from civicmap.domain.reports.queries.titles import Titled
from civicmap.foundation.paging import Page, Place


@dataclass(frozen=True)
class ReportToCheck(Titled):
    """`is_seen`: everybody sees its pin already. `answers` are those that will be public; `added`:
    what its reporter wrote later. `version`
    is what an approval has to name."""

    id: int
    number: str
    version: int
    status: str
    is_seen: bool
    category_key: str
    category_names: dict[str, str]
    icon: str
    area_name: str
    address: str
    words: str
    language: str
    created_at: datetime
    answers: tuple[Answer, ...]
    photos: tuple[PhotoRow, ...]
    added: tuple[str, ...]


def list_to_check(
    session: Session,
    city: City,
    actor: Actor,
    filters: WorklistFilters,
    *,
    after: Place | None,
    limit: int,
) -> Page[ReportToCheck]:
    """What a person has to look at under the filters, the longest waiting first, from `after` on.

    Raises NotAllowed when it is not theirs.
    """
    query = (
        select(
            Report.id,
            Report.number,
            Report.version,
            Report.status,
            (Report.visibility == "public").label("is_seen"),
            Category.key.label("category_key"),
            Category.names.label("category_names"),
            Category.icon,
            func.coalesce(Area.name, "").label("area_name"),
            Report.address,
            Report.words,
            Report.language,
            Report.created_at,
        )
        .select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .outerjoin(Area, Area.id == Report.area_id)
        .where(worklist_condition(city, actor, filters))
        .order_by(Report.created_at, Report.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(Report.created_at, Report.id) > tuple_(after.moment, after.id))
    found = session.execute(query).all()
    ids = [row.id for row in found[:limit]]
    photos = list_photos(session, ids)
    answers = list_answers_of(session, ids, public_only=True)
    added = _list_added(session, ids)
    rows = [
        ReportToCheck(
            **row._asdict(),
            answers=answers.get(row.id, ()),
            photos=tuple(photo for photo in photos.get(row.id, []) if not photo.hidden_for),
            added=tuple(added.get(row.id, [])),
        )
        for row in found[:limit]
    ]
    more = Place(rows[-1].created_at, rows[-1].id) if len(found) > limit else None
    return Page(rows, more)


def _list_added(session: Session, report_ids: list[int]) -> dict[int, list[str]]:
    """What the reporters of these wrote after they had sent them, oldest first; without what staff
    have left out."""
    added: dict[int, list[str]] = {}
    if report_ids:
        query = (
            select(ReportEvent)
            .where(
                ReportEvent.report_id.in_(report_ids),
                or_(
                    and_(
                        ReportEvent.actor == "reporter",
                        ReportEvent.is_public,
                        ReportEvent.words != "",
                    ),
                    ReportEvent.kind == "redacted",
                ),
            )
            .order_by(ReportEvent.at, ReportEvent.id)
        )
        events = session.scalars(query).all()
        left_out = find_left_out(events)
        for event in events:
            if event.kind != "redacted" and event.id not in left_out:
                added.setdefault(event.report_id, []).append(event.words)
    return added
