"""Bring the categories of the database in step with the seed file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryGroup
from civicmap.domain.categories.question_actions import sync_questions
from civicmap.domain.categories.seed_file import SeedCategory, SeedFile, SeedGroup
from civicmap.domain.jurisdictions.models import Jurisdiction
from civicmap.foundation.clock import now

_ONE_SYNC_AT_A_TIME = 7_205_001  # key of an advisory lock


@dataclass
class SyncOutcome:
    """Keys of groups and categories by what happened to them; nothing happened to the others."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.retired or self.restored)


def sync_categories(session: Session, *, seed: SeedFile) -> SyncOutcome:
    """Add what is new, change what differs, retire what is gone, restore what is back.

    Nothing is ever deleted: reports keep their category. Doing it twice changes nothing the second
    time, and two at once wait for each other.
    """
    session.execute(select(func.pg_advisory_xact_lock(_ONE_SYNC_AT_A_TIME)))
    at = now()
    outcome = SyncOutcome()
    groups = _sync_groups(session, seed.groups, outcome, at)
    _sync_categories(session, seed.categories, groups, outcome, at)
    session.flush()
    _note_changes(outcome, sync_questions(session, categories=seed.categories, at=at))
    if not outcome.is_empty:
        session.execute(update(Jurisdiction).values(revision=Jurisdiction.revision + 1))
    return outcome


def _sync_groups(
    session: Session, seeds: tuple[SeedGroup, ...], outcome: SyncOutcome, at: datetime
) -> dict[str, CategoryGroup]:
    there = {group.key: group for group in session.scalars(select(CategoryGroup))}
    for position, seed in enumerate(seeds):
        values = {"names": dict(seed.names), "icon": seed.icon, "position": position}
        group = there.get(seed.id)
        if group is None:
            group = there[seed.id] = CategoryGroup(key=seed.id, **values)
            session.add(group)
            outcome.added.append(seed.id)
        else:
            _bring_in_step(group, values, outcome)
    session.flush()
    _retire_absent(there, {seed.id for seed in seeds}, outcome, at)
    return there


def _sync_categories(
    session: Session,
    seeds: tuple[SeedCategory, ...],
    groups: Mapping[str, CategoryGroup],
    outcome: SyncOutcome,
    at: datetime,
) -> None:
    there = {category.key: category for category in session.scalars(select(Category))}
    for position, seed in enumerate(seeds):
        values = {
            "group_id": groups[seed.group].id,
            "names": dict(seed.names),
            "keywords": {language: list(words) for language, words in seed.keywords.items()},
            "icon": seed.icon,
            "default_department": seed.department,
            "urgency": seed.urgency,
            "response_days": seed.response_days,
            "fix_days": seed.fix_days,
            "duplicate_radius": seed.duplicate_radius,
            "is_public": seed.public,
            "position": position,
        }
        category = there.get(seed.id)
        if category is None:
            session.add(Category(key=seed.id, **values))
            outcome.added.append(seed.id)
        else:
            _bring_in_step(category, values, outcome)
    _retire_absent(there, {seed.id for seed in seeds}, outcome, at)


def _note_changes(outcome: SyncOutcome, keys: Iterable[str]) -> None:
    """Categories whose questions changed have changed, unless they are in the outcome already."""
    told = {*outcome.added, *outcome.changed, *outcome.retired, *outcome.restored}
    outcome.changed += [key for key in keys if key not in told]


def _bring_in_step(
    row: CategoryGroup | Category, values: Mapping[str, Any], outcome: SyncOutcome
) -> None:
    was_retired = row.retired_at is not None
    differs = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    if was_retired:
        row.retired_at = None
        outcome.restored.append(row.key)
    elif differs:
        outcome.changed.append(row.key)


def _retire_absent(
    there: Mapping[str, CategoryGroup | Category],
    wanted: set[str],
    outcome: SyncOutcome,
    at: datetime,
) -> None:
    for key, row in there.items():
        if key not in wanted and row.retired_at is None:
            row.retired_at = at
            outcome.retired.append(key)
