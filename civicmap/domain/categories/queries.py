"""What can be asked about categories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import (
    Category,
    CategoryExclusion,
    CategoryGroup,
    CategoryQuestion,
)
from civicmap.domain.categories.questions import Question, question_from
from civicmap.foundation.database import AnySelect
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_, in_language


@dataclass(frozen=True)
class CategoryRow:
    """A category with its group. Radii are metres, targets working days."""

    id: int
    key: str
    names: dict[str, str]
    keywords: dict[str, Any]
    icon: str
    group_id: int
    group_key: str
    group_names: dict[str, str]
    group_icon: str
    default_department: str
    urgency: str
    response_days: int
    fix_days: int
    duplicate_radius: int
    is_public: bool
    is_retired: bool

    @property
    def display_name(self) -> str:
        return in_language(self.names) or self.key

    @property
    def group_name(self) -> str:
        return in_language(self.group_names) or self.group_key

    def search_words(self, languages: Sequence[str]) -> str:
        """Names and synonyms in these languages, for the search field of the report form."""
        words = [self.names.get(language, "") for language in languages]
        for language in languages:
            words += self.keywords.get(language, [])
        return " ".join(filter(None, words))


def list_offered_categories(session: Session, jurisdiction_id: int) -> list[CategoryRow]:
    """What can be reported in a city now: not retired, not withheld; by group, then position."""
    query = _query().where(
        Category.retired_at.is_(None),
        CategoryGroup.retired_at.is_(None),
        ~_withheld(jurisdiction_id),
    )
    return [_row(row) for row in session.execute(query)]


def list_all_categories(session: Session) -> list[CategoryRow]:
    """Every category there ever was, retired ones too: names of old reports."""
    return [_row(row) for row in session.execute(_query())]


def get_offered_category(session: Session, jurisdiction_id: int, key: str) -> CategoryRow:
    """A category that can be reported in this city. Raises InvalidInput, saying why not."""
    row = session.execute(
        _query()
        .add_columns(_withheld(jurisdiction_id).label("withheld"))
        .where(Category.key == key)
    ).first()
    if row is None:
        raise InvalidInput(N_("Choose what is wrong from the list."), field="category")
    category = _row(row)
    if category.is_retired or row.withheld:
        raise InvalidInput(
            N_("“%(category)s” can no longer be reported here. Choose another category."),
            field="category",
            category=category.display_name,
        )
    return category


def list_questions(
    session: Session, category_ids: Collection[int]
) -> dict[int, tuple[Question, ...]]:
    """What is asked now, by category id, in the order it is asked; without the categories that ask
    nothing."""
    rows = session.scalars(
        select(CategoryQuestion)
        .where(
            CategoryQuestion.category_id.in_(category_ids), CategoryQuestion.retired_at.is_(None)
        )
        .order_by(CategoryQuestion.category_id, CategoryQuestion.position)
    )
    questions: dict[int, tuple[Question, ...]] = {}
    for row in rows:
        questions[row.category_id] = (*questions.get(row.category_id, ()), as_question(row))
    return questions


def as_question(row: CategoryQuestion) -> Question:
    """The definition of a row, an old wording too."""
    return question_from(
        row.details,
        id=row.id,
        code=row.code,
        kind=row.kind,
        names=row.names,
        hints=row.hints,
        required=row.is_required,
        public=row.is_public,
    )


def _withheld(jurisdiction_id: int) -> Any:
    return exists().where(
        CategoryExclusion.jurisdiction_id == jurisdiction_id,
        CategoryExclusion.category_id == Category.id,
    )


def _query() -> AnySelect:
    return (
        select(Category, CategoryGroup)
        .join(CategoryGroup, CategoryGroup.id == Category.group_id)
        .order_by(CategoryGroup.position, Category.position)
    )


def _row(row: Any) -> CategoryRow:
    category: Category = row.Category
    group: CategoryGroup = row.CategoryGroup
    return CategoryRow(
        id=category.id,
        key=category.key,
        names=category.names,
        keywords=category.keywords,
        icon=category.icon,
        group_id=group.id,
        group_key=group.key,
        group_names=group.names,
        group_icon=group.icon,
        default_department=category.default_department,
        urgency=category.urgency,
        response_days=category.response_days,
        fix_days=category.fix_days,
        duplicate_radius=category.duplicate_radius,
        is_public=category.is_public,
        is_retired=category.retired_at is not None or group.retired_at is not None,
    )
