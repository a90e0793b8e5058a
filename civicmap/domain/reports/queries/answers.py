"""What reporters answered, with the words they were asked in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import CategoryQuestion
from civicmap.domain.categories.queries import as_question
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.models import ReportAnswer


def list_answers(session: Session, report_id: int, *, public_only: bool) -> tuple[Answer, ...]:
    """The answers of a report in the order of the questions.

    `public_only` must be true for whoever is neither the reporter nor staff who may read what is
    unpublished: other answers may be personal.
    """
    return list_answers_of(session, [report_id], public_only=public_only).get(report_id, ())


def list_answers_of(
    session: Session, report_ids: Collection[int], *, public_only: bool
) -> dict[int, tuple[Answer, ...]]:
    """The same of several reports at once; those without answers are left out."""
    if not report_ids:
        return {}
    query = (
        select(
            ReportAnswer.report_id,
            CategoryQuestion,
            ReportAnswer.given,
            ReportAnswer.hidden_for.is_not(None),
        )
        .join(CategoryQuestion, CategoryQuestion.id == ReportAnswer.question_id)
        .where(ReportAnswer.report_id.in_(report_ids))
        .order_by(CategoryQuestion.position, CategoryQuestion.id)
    )
    if public_only:
        query = query.where(CategoryQuestion.is_public, ReportAnswer.hidden_for.is_(None))
    found: dict[int, list[Answer]] = defaultdict(list)
    for report_id, question, given, is_hidden in session.execute(query):
        found[report_id].append(Answer(as_question(question), tuple(given), is_hidden))
    return {report_id: tuple(answers) for report_id, answers in found.items()}
