"""The questions of a category as a page of their own, for browsers without scripts: between the
form and the page to check. Where an answer is for the phone, the page that says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, make_response, render_template

from civicmap.domain.categories.queries import CategoryRow, list_questions
from civicmap.domain.categories.questions import FIELD_PREFIX, Question
from civicmap.domain.reports.answers import Stopped
from civicmap.extensions import db
from civicmap.web.report.answers import Answers, Examined, hidden_fields


def only_questions_are_wrong(examined: Examined) -> bool:
    """Whether everything but the questions can be sent; the category is known then."""
    return all(name.startswith(FIELD_PREFIX) for name in examined.errors)


def question_page(category: CategoryRow, examined: Examined, action: str) -> Response | None:
    """The page that comes before the page to check, or none: nothing is asked, or everything has
    been seen and is right. Everything else of the report must be right already.
    """
    answers = examined.answers
    questions = list_questions(db.session, [category.id]).get(category.id, ())
    if examined.stopped and action != "questions":
        return _stop_page(answers, examined.stopped, questions)
    is_seen = answers.asked == category.key
    wants_them = action == "questions" or (not is_seen and action != "send")
    if not questions or not (wants_them or examined.errors):
        return None
    # Who has not seen the questions yet, or wants another look, is asked and not scolded.
    may_scold = action != "questions" and (is_seen or bool(answers.given))
    return _page(category, questions, answers, examined.errors if may_scold else {})


def _page(
    category: CategoryRow,
    questions: Sequence[Question],
    answers: Answers,
    errors: Mapping[str, str],
) -> Response:
    answers = replace(answers, asked=category.key)
    return _kept_private(
        render_template(
            "report/questions_page.html",
            category=category,
            questions=questions,
            given=answers.given,
            errors=errors,
            hidden_fields=_without(answers, questions),
        ),
        status_code=400 if errors else 200,
    )


def _stop_page(answers: Answers, stopped: Stopped, questions: Sequence[Question]) -> Response:
    return _kept_private(
        render_template(
            "report/questions_stop.html",
            stop=stopped.stop,
            phone=stopped.phone,
            # A notice that stops cannot be answered otherwise.
            may_answer=not any(question.stop for question in questions),
            hidden_fields=hidden_fields(answers),
        )
    )


def _without(answers: Answers, questions: Sequence[Question]) -> list[tuple[str, str]]:
    """All answers but those that the page has fields for."""
    shown = {question.field_name for question in questions}
    return [(name, value) for name, value in hidden_fields(answers) if name not in shown]


def _kept_private(page: str, *, status_code: int = 200) -> Response:
    answered = make_response(page, status_code)
    answered.headers["Cache-Control"] = "private, no-store"
    return answered
