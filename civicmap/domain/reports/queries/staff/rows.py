"""One report as the people who work on it see it: frozen rows, what of them follows from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civicmap.domain.media.queries import PhotoRow
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.history import FROM_OUTSIDE, Original
from civicmap.domain.reports.queries.titles import Titled
from civicmap.domain.reports.workflow import WAITING
from civicmap.foundation.locales import in_language


@dataclass(frozen=True)
class ContactRow:
    """The reporter, as far as they told. Personal data: only with the permission read_reporter."""

    name: str
    email: str
    phone: str
    language: str

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.email or self.phone)


@dataclass(frozen=True)
class DepartmentName:
    id: int
    code: str
    names: dict[str, str]
    is_retired: bool

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.code


@dataclass(frozen=True)
class StaffEvent:
    """A line of the full history. `moved_metres`: how far a moved pin went; `left_out_for`: why
    its words are left out for everybody, a key of `MODERATION_REASONS`."""

    id: int
    at: datetime
    kind: str
    is_public: bool
    actor: str
    person_id: int | None
    person_name: str
    department_name: str
    from_department_name: str
    to_department_name: str
    words: str
    old: dict[str, Any]
    new: dict[str, Any]
    version: int
    moved_metres: int | None
    photos: tuple[PhotoRow, ...]
    left_out_for: str | None

    @property
    def has_words_from_outside(self) -> bool:
        """Whether everybody reads words here that no colleague wrote, unless they are left out."""
        return self.is_public and self.actor in FROM_OUTSIDE and bool(self.words)


@dataclass(frozen=True)
class Clock:
    """A deadline: `days_left` are working days, negative once passed; None when met or closed."""

    until: datetime
    days_left: int
    is_overdue: bool


@dataclass(frozen=True)
class StaffReport(Titled):
    """A report's page for staff. `may` holds the permissions of the person who asks.

    Whoever may not read what is unpublished (another department) sees of held content, photos
    and answers what everybody does. `original`: what the reporter wrote, where colleagues changed
    it. `gets_letters`: whether the reporter left an e-mail address; None when there is no reporter.
    """

    id: int
    number: str
    status: str
    visibility: str
    content: str
    redacted_for: str | None
    kind: str
    channel: str
    category_key: str
    category_names: dict[str, str]
    group_names: dict[str, str]
    icon: str
    words: str
    original: Original | None
    language: str
    latitude: float
    longitude: float
    address: str
    area_name: str
    placed_by: str
    accuracy_metres: int | None
    routing_reason: str
    supporter_count: int
    created_at: datetime
    updated_at: datetime
    status_since: datetime
    department_since: datetime
    responded_at: datetime | None
    closed_at: datetime | None
    withdrawn_at: datetime | None
    waiting_for: str | None
    source: str | None
    external_id: str | None
    version: int
    department: DepartmentName | None
    departments: tuple[DepartmentName, ...]
    response_clock: Clock | None
    fix_clock: Clock | None
    contact: ContactRow | None
    answers: tuple[Answer, ...]
    gets_letters: bool | None
    photos: tuple[PhotoRow, ...]
    events: tuple[StaffEvent, ...]
    steps: tuple[str, ...]
    may: frozenset[str]

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def may_be_asked(self) -> bool:
        """Whether there is a reporter to ask: a report of another system has none."""
        return self.is_waiting and self.withdrawn_at is None and self.gets_letters is not None

    @property
    def is_waiting_for_look(self) -> bool:
        """Whether somebody has to look before everybody sees it, or what was written in it."""
        return self.visibility == "held" or (self.visibility == "public" and self.content == "held")

    @property
    def all_photos(self) -> tuple[PhotoRow, ...]:
        """Those that came with the report, then those of its events."""
        return (*self.photos, *(photo for event in self.events for photo in event.photos))

    @property
    def added_words(self) -> tuple[StaffEvent, ...]:
        """Events with words that everybody reads and that can be left out."""
        return tuple(event for event in self.events if event.has_words_from_outside)

    @property
    def may_be_published(self) -> bool:
        """Whether its reporter lets it be shown, or it is shown anyway."""
        return self.withdrawn_at is None or self.visibility == "public"

    def events_after(self, version: int) -> list[StaffEvent]:
        """What happened since somebody looked at `version`."""
        return [event for event in self.events if event.version > version]
