"""Bring the questions of the database in step with their definitions.

An answer belongs to the wording it was given to. So a question that changes is retired and kept
anew; the old wording stays for the old answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category, CategoryQuestion
from civicmap.domain.categories.queries import as_question
from civicmap.domain.categories.questions import Question, details_of
from civicmap.domain.categories.seed_file import SeedCategory


def sync_questions(
    session: Session, *, categories: Iterable[SeedCategory], at: datetime
) -> list[str]:
    """Ask what the seed asks and nothing else; the keys of the categories where that changed."""
    ids = {category.key: category.id for category in session.scalars(select(Category))}
    keys = {identifier: key for key, identifier in ids.items()}
    wanted = {
        question.code: (ids[category.id], position, question)
        for category in categories
        for position, question in enumerate(category.questions)
    }
    changed = _retire(session, wanted, at) | _ask(session, wanted)
    session.flush()
    return [keys[identifier] for identifier in sorted(changed)]


Wanted = Mapping[str, tuple[int, int, Question]]


def _retire(session: Session, wanted: Wanted, at: datetime) -> set[int]:
    """Stop asking what is not wanted, or not like this. Gives the ids of the categories."""
    changed = set()
    for row in _asked(session):
        category_id, position, question = wanted.get(row.code, (None, 0, None))
        if question is None or row.category_id != category_id or as_question(row) != question:
            row.retired_at = at
            changed.add(row.category_id)
        elif row.position != position:
            row.position = position
            changed.add(row.category_id)
    session.flush()  # before the same codes are asked anew: they are unique
    return changed


def _ask(session: Session, wanted: Wanted) -> set[int]:
    """Ask what is not asked yet: an old wording if it is the same, else a new one."""
    there = {row.code for row in _asked(session)}
    changed = set()
    for code, (category_id, position, question) in wanted.items():
        if code in there:
            continue
        changed.add(category_id)
        if not question.public:
            _make_private(session, category_id, code)
        if (same := _find_same(session, category_id, question)) is not None:
            same.retired_at = None
            same.position = position
            continue
        session.add(
            CategoryQuestion(
                category_id=category_id,
                code=code,
                kind=question.kind,
                names=dict(question.names),
                hints=dict(question.hints),
                is_required=question.required,
                is_public=question.public,
                details=details_of(question),
                position=position,
            )
        )
    return changed


def _make_private(session: Session, category_id: int, code: str) -> None:
    """What is no longer public is private in old reports too. Never the other way: people answered
    a private question in confidence."""
    session.execute(
        update(CategoryQuestion)
        .where(
            CategoryQuestion.category_id == category_id,
            CategoryQuestion.code == code,
            CategoryQuestion.is_public,
        )
        .values(is_public=False)
    )


def _find_same(session: Session, category_id: int, question: Question) -> CategoryQuestion | None:
    before = session.scalars(
        select(CategoryQuestion)
        .where(CategoryQuestion.category_id == category_id, CategoryQuestion.code == question.code)
        .order_by(CategoryQuestion.id.desc())
    )
    return next((row for row in before if as_question(row) == question), None)


def _asked(session: Session) -> list[CategoryQuestion]:
    return list(
        session.scalars(select(CategoryQuestion).where(CategoryQuestion.retired_at.is_(None)))
    )
