"""What a list, a map and a page are given of reports: frozen rows, nobody named in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civicmap.domain.media.queries import PhotoRow
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.queries.titles import Titled
from civicmap.foundation.locales import in_language


@dataclass(frozen=True)
class ReportCard(Titled):
    """A report in a list."""

    number: str
    status: str
    category_key: str
    category_names: dict[str, str]
    icon: str
    department_names: dict[str, str]
    area_name: str
    address: str
    words: str
    language: str
    latitude: float
    longitude: float
    created_at: datetime
    status_since: datetime
    fix_by: datetime | None
    supporter_count: int
    photo: PhotoRow | None
    id: int

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)


@dataclass(frozen=True)
class PublicEvent:
    """A line of the timeline. `department_names`: who acted; never a person. `left_out_for`: why
    staff have left its words out for everybody, a key of `MODERATION_REASONS`."""

    id: int
    at: datetime
    kind: str
    actor: str
    department_names: dict[str, str]
    to_department_names: dict[str, str]
    words: str
    old: dict[str, Any]
    new: dict[str, Any]
    photos: tuple[PhotoRow, ...]
    left_out_for: str | None

    @property
    def department_name(self) -> str:
        return in_language(self.department_names)

    @property
    def to_department_name(self) -> str:
        return in_language(self.to_department_names)


@dataclass(frozen=True)
class PublicReport(ReportCard):
    """A report's page. `answers`: those that whoever asked may read. `is_content_held`: nobody has
    looked yet, so everybody is shown no words, address, photos and answers of the reporter's.
    `redacted_for`: why staff changed the words or the address, a key of `MODERATION_REASONS`."""

    visibility: str
    is_content_held: bool
    redacted_for: str | None
    placed_by: str
    accuracy_metres: int | None
    department_code: str
    department_since: datetime
    respond_by: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    version: int
    duplicate_radius: int
    answers: tuple[Answer, ...]
    photos: tuple[PhotoRow, ...]
    events: tuple[PublicEvent, ...]


@dataclass(frozen=True)
class NearbyReport:
    """A waiting report of the same category close to a new one; `metres` away from it."""

    number: str
    status: str
    words: str
    address: str
    metres: int
    created_at: datetime
    supporter_count: int
    photo: PhotoRow | None


@dataclass(frozen=True)
class StatusCounts:
    open: int = 0
    in_progress: int = 0
    fixed: int = 0
    wont_fix: int = 0

    @property
    def total(self) -> int:
        return self.open + self.in_progress + self.fixed + self.wont_fix

    def __getitem__(self, status: str) -> int:
        return int(getattr(self, status))
