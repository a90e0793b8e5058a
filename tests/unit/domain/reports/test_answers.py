"""What people type into the questions of a category."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.categories.questions import Option, Question, Stop
from civicmap.domain.reports.answers import Answer, Stopped, check_answers
from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.locales import local_date, speaking

TODAY = date(2026, 3, 15)
GAS = Stop({"en": "Leave the house.", "ru": "Выйдите из дома."}, {"PL": "992", "other": "112"})
COLOUR = Question(code="colour", kind="text", names={"en": "Colour"}, longest=10)
DARK = Question(code="dark", kind="number", names={"en": "How many are dark?"}, least=1, most=200)
DEPTH = Question(
    code="depth", kind="number", names={"en": "Depth"}, most=50, whole=False, units={"en": "cm"}
)
SINCE = Question(code="since", kind="date", names={"en": "Since when?"}, past_days=100)
SMELL = Question(
    code="smell",
    kind="single",
    names={"en": "Do you smell gas?"},
    required=True,
    options=(Option("yes", {"en": "Yes"}, GAS), Option("no", {"en": "No", "ru": "Нет"})),
)
SEEN = Question(
    code="seen",
    kind="multiple",
    names={"en": "What do you see?"},
    options=(Option("glass", {"en": "Glass"}), Option("tyres", {"en": "Tyres"})),
)


def check(
    *questions: Question, country: str = "PL", **typed: str
) -> tuple[tuple[Answer, ...], list[CivicmapError]]:
    values = {code: (value,) for code, value in typed.items()}
    return check_answers(questions, values, today=TODAY, country=country)


def kept(question: Question, *typed: str) -> tuple[str, ...]:
    answers, faults = check_answers([question], {question.code: typed}, today=TODAY, country="PL")
    assert faults == []
    return answers[0].given if answers else ()


def refusal(question: Question, *typed: str) -> str:
    answers, faults = check_answers([question], {question.code: typed}, today=TODAY, country="PL")
    (fault,) = faults
    assert answers == ()
    assert fault.field == f"q.{question.code}"
    return str(fault)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", "0"), ("12", "12"), ("2,5", "2.5"), ("2.50", "2.5"), (" 7 ", "7"), ("3.000", "3")],
)
def test_a_depth_is_kept_in_one_way_of_writing(typed: str, number: str) -> None:
    assert kept(DEPTH, typed) == (number,)


@pytest.mark.parametrize(
    "typed",
    ["٣", "３", "²", "1e1", "nan", "inf", "-1", "+1", "0x5", "1_0", "007", "51", "2,5,1", "five"],
)
def test_what_is_no_plain_number_in_range_is_refused(typed: str) -> None:
    assert refusal(DEPTH, typed) == "“Depth”: write a number in digits, from 0 to 50."


@pytest.mark.parametrize("typed", ["0", "201", "2.5", "2,0", "9" * 39])
def test_lamps_are_counted_whole_and_within_bounds(typed: str) -> None:
    assert "write a whole number in digits, from 1 to 200" in refusal(DARK, typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_for_a_number_is_kept_as_a_number_or_refused(typed: str) -> None:
    answers, faults = check(DEPTH, depth=typed)
    assert len(answers) + len(faults) == (1 if typed.strip() else 0)
    for answer in answers:
        assert 0 <= float(answer.given[0]) <= 50
        assert answer.given[0].isascii()


@pytest.mark.parametrize("typed", ["2026-03-15", "15.03.2026", "15.3.2026"])
def test_a_day_is_kept_as_iso_however_it_is_written(typed: str) -> None:
    assert kept(SINCE, typed) == ("2026-03-15",)


@pytest.mark.parametrize(
    "typed",
    ["2026-03-16", "2025-12-01", "2026-02-30", "nan", "20260315", "2026-W11-7", "٢٠٢٦-٠٣-١٥",
     "15/03/2026", "0000-00-00", "yesterday", "32.13.2026"],
)  # fmt: skip
def test_a_day_that_is_none_or_far_off_is_refused(typed: str) -> None:
    assert "not before December 5, 2025 and not after March 15, 2026" in refusal(SINCE, typed)


def test_a_text_of_invisible_characters_is_refused_and_a_long_one_too() -> None:
    assert "invisible characters" in refusal(COLOUR, "gre\x00en")
    assert "at most 10" in refusal(COLOUR, "x" * 11)
    assert kept(COLOUR, "  қызыл  ") == ("қызыл",)


def test_only_options_of_the_list_are_taken() -> None:
    assert "choose from the list" in refusal(SMELL, "maybe")
    assert "choose from the list" in refusal(SMELL, "no", "yes")
    assert "choose from the list" in refusal(SEEN, "glass", "gold")
    assert kept(SEEN, "tyres", "glass", "tyres") == ("glass", "tyres")


def test_everything_wrong_is_told_at_once_and_what_is_empty_is_no_answer() -> None:
    answers, faults = check(
        COLOUR, DARK, SMELL, SINCE, colour="  ", dark="many", since="2026-03-01"
    )
    assert [fault.field for fault in faults] == ["q.dark", "q.smell"]
    assert [answer.question.code for answer in answers] == ["since"]


def test_answers_to_another_category_s_questions_are_left_out() -> None:
    assert check(COLOUR, dark="3", unheard_of="x") == ((), [])


@pytest.mark.parametrize(("country", "phone"), [("PL", "992"), ("KZ", "112")])
def test_whoever_smells_gas_is_told_whom_to_call_in_their_country(country: str, phone: str) -> None:
    _, faults = check(SMELL, country=country, smell="yes")
    (stopped,) = faults
    assert isinstance(stopped, Stopped)
    assert (stopped.phone, stopped.stop) == (phone, GAS)
    with speaking("ru"):
        _, faults = check(SMELL, country=country, smell="yes")
        assert "Выйдите из дома." in str(faults[0])
        assert phone in str(faults[0])


def test_a_notice_that_stops_lets_nothing_through() -> None:
    notice = Question(code="call", kind="notice", names={"en": "Call us."}, stops=True)
    _, faults = check(notice)
    assert [str(fault) for fault in faults] == ["Call us."]


def test_an_answer_is_told_in_the_reader_s_language() -> None:
    assert Answer(DEPTH, ("2.5",)).words == ["2.5 cm"]
    assert Answer(SEEN, ("glass", "tyres")).words == ["Glass", "Tyres"]
    with speaking("ru"):
        assert Answer(SMELL, ("no",)).words == ["Нет"]
        assert Answer(SINCE, ("2026-03-15",)).words == [local_date(date(2026, 3, 15))]
        assert Answer(DEPTH, ("2.5",)).words == ["2,5 cm"]
