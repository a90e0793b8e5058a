"""What reporters answered, with the words they were asked in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import CategoryQuestion
from civicmap.domain.categories.queries import as_question
from civicmap.domain.reports.answers import Answer
from civicmap.domain.reports.models import ReportAnswer


def list_answers(session: Session, report_id: int, *, public_only: bool) -> tuple[Answer, ...]:
    """The answers of a report in the order of the questions.

    `public_only` must be true for whoever is neither the reporter nor staff: other answers may be
    personal.
    """
    query = (
        select(CategoryQuestion, ReportAnswer.given)
        .join(ReportAnswer, ReportAnswer.question_id == CategoryQuestion.id)
        .where(ReportAnswer.report_id == report_id)
        .order_by(CategoryQuestion.position, CategoryQuestion.id)
    )
    if public_only:
        query = query.where(CategoryQuestion.is_public)
    return tuple(
        Answer(as_question(question), tuple(given)) for question, given in session.execute(query)
    )
