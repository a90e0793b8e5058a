"""Questions change; what was answered to the old ones stays what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civicmap.cli.categories import read_seed_file
from civicmap.domain.categories.actions import SyncOutcome, sync_categories
from civicmap.domain.categories.queries import get_offered_category, list_questions
from civicmap.domain.categories.questions import Option, Question
from civicmap.domain.categories.seed_file import SeedFile
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.send_report import SentReport
from civicmap.domain.reports.queries.answers import list_answers
from tests.factories.cities import make_city, make_department
from tests.factories.questions import DEPTH, NEAR, SEEN
from tests.factories.reports import make_report

SEED = read_seed_file(Path(__file__).parents[2] / "seed_categories.yaml")


def ask(session: Session, *questions: Question, category: str = "pothole") -> SyncOutcome:
    """Sync a seed file in which only this category asks anything."""
    categories = tuple(
        replace(one, questions=questions if one.id == category else ()) for one in SEED.categories
    )
    seed = SeedFile(SEED.groups, categories, SEED.departments)
    return sync_categories(session, seed=seed)


@pytest.fixture
def city(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    ask(session, DEPTH, NEAR)
    return city


def asked(session: Session, city: City, category: str = "pothole") -> tuple[Question, ...]:
    identifier = get_offered_category(session, city.id, category).id
    return list_questions(session, [identifier]).get(identifier, ())


def told(session: Session, sent: SentReport, *, public_only: bool = False) -> dict[str, list[str]]:
    answers = list_answers(session, sent.report_id, public_only=public_only)
    return {answer.question.display_name: answer.words for answer in answers}


@pytest.fixture
def sent(session: Session, city: City) -> SentReport:
    return make_report(session, city, answers={"depth": ("12",), "near": ("a gate",)})


def test_questions_are_asked_as_the_file_says_and_a_second_sync_changes_nothing(
    session: Session, city: City
) -> None:
    assert asked(session, city) == (DEPTH, NEAR)
    assert ask(session, DEPTH, NEAR).is_empty
    assert ask(session, NEAR, DEPTH).changed == ["pothole"]
    assert asked(session, city) == (NEAR, DEPTH)


def test_a_reworded_question_leaves_old_reports_their_words(
    session: Session, city: City, sent: SentReport
) -> None:
    ask(session, replace(DEPTH, names={"en": "Depth in inches?"}), NEAR)
    later = make_report(session, city, answers={"depth": ("5",)})
    assert told(session, sent) == {"How deep is it?": ["12"], "What is near?": ["a gate"]}
    assert told(session, later) == {"Depth in inches?": ["5"]}


def test_options_that_are_gone_are_still_told_by_name(session: Session, city: City) -> None:
    ask(session, SEEN)
    sent = make_report(session, city, answers={"seen": ("wires",)})
    ask(session, replace(SEEN, options=(Option("mud", {"en": "Mud"}), SEEN.options[0])))
    assert told(session, sent) == {"What do you see?": ["Wires"]}


def test_a_question_that_returns_is_the_same_again(
    session: Session, city: City, sent: SentReport
) -> None:
    before = [question.id for question in asked(session, city)]
    ask(session)
    assert asked(session, city) == ()
    assert len(told(session, sent)) == 2
    ask(session, DEPTH, NEAR)
    assert [question.id for question in asked(session, city)] == before


def test_what_becomes_private_is_private_in_old_reports_too(
    session: Session, city: City, sent: SentReport
) -> None:
    assert told(session, sent, public_only=True) == {"How deep is it?": ["12"]}
    ask(session, replace(DEPTH, public=False), NEAR)
    assert told(session, sent, public_only=True) == {}
    assert len(told(session, sent)) == 2


def test_what_becomes_public_stays_private_where_it_was_told_in_confidence(
    session: Session, city: City, sent: SentReport
) -> None:
    ask(session, DEPTH, replace(NEAR, public=True))
    later = make_report(session, city, answers={"near": ("a tree",)})
    assert "What is near?" not in told(session, sent, public_only=True)
    assert told(session, later, public_only=True) == {"What is near?": ["a tree"]}


def test_a_question_may_move_to_another_category(session: Session, city: City) -> None:
    ask(session, DEPTH, category="pavement")
    assert asked(session, city) == ()
    assert asked(session, city, "pavement") == (DEPTH,)
