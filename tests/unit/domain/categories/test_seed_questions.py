"""Questions as somebody writes them into the seed file, right and wrong."""

from __future__ import annotations

import pytest

from civicmap.domain.categories.questions import Question, details_of, question_from
from civicmap.domain.categories.seed_file import SeedFaults, SeedFile, parse_seed_file
from civicmap.foundation.locales import LANGUAGES
from tests.unit.domain.categories.test_seed_file import ROOT, SMALL

FIVE = "{en: A, pl: B, ru: В, kk: Г, ky: Д}"
QUESTIONS = f"""\
    questions:
      - code: gas
        kind: single
        required: true
        names: {FIVE}
        options:
          - key: "yes"
            names: {FIVE}
            stop:
              words: {FIVE}
              phones: {{PL: "992", other: "112"}}
          - key: "no"
            names: {FIVE}
      - code: depth
        kind: number
        public: true
        least: 0
        most: 50
        whole: false
        units: {FIVE}
        names: {FIVE}
        hints: {FIVE}
      - code: since
        kind: date
        past_days: 30
        names: {FIVE}
      - code: note
        kind: notice
        names: {FIVE}
        phones: {{other: "112"}}
"""
FIRST = SMALL.count("\n") + 1  # the line of "questions:"


def parse(questions: str) -> tuple[Question, ...]:
    return parse_seed_file((SMALL + questions).encode()).categories[0].questions


def faults(questions: str) -> list[str]:
    with pytest.raises(SeedFaults) as refused:
        parse(questions)
    return [str(fault) for fault in refused.value.faults]


@pytest.fixture(scope="module")
def seed() -> SeedFile:
    return parse_seed_file((ROOT / "seed_categories.yaml").read_bytes())


def test_questions_are_read_as_they_stand() -> None:
    gas, depth, since, note = parse(QUESTIONS)
    assert (gas.kind, gas.required, gas.public) == ("single", True, False)
    stop = gas.options[0].stop
    assert stop is not None
    assert (stop.phone("pl"), stop.phone("KG"), stop.words["ky"]) == ("992", "112", "Д")
    assert gas.options[1].stop is None
    assert (depth.least, depth.most, depth.whole, depth.public) == (0, 50, False, True)
    assert (depth.hints["ru"], depth.units["kk"]) == ("В", "Г")
    assert (since.past_days, since.future_days) == (30, 0)
    assert not note.is_asked
    assert note.phone("PL") == "112"


def test_a_definition_survives_being_kept() -> None:
    for question in parse(QUESTIONS):
        columns = {
            name: getattr(question, name)
            for name in ("code", "kind", "names", "hints", "required", "public")
        }
        assert question_from(details_of(question), **columns) == question


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("code: depth", "code: gas", 14, "“gas” is there already."),
        ("code: depth", "code: Depth", 14, "“Depth” may hold only small Latin letters"),
        ("kind: number", "kind: numbr", 15, "“numbr” should be one of: text, number"),
        ("past_days: 30", "options: []", 25, "there should be from 2 to 12 options."),
        ("past_days: 30", "longest: 9", 25, "a question of kind “date” has no “longest”."),
        ("past_days: 30", "past_days: -1", 25, "“-1” should be a whole number of days from 0"),
        ("least: 0", "least: 50", 17, "“least” should be smaller than “most”."),
        ("        least: 0\n", "", 14, "“least” is missing."),
        ('key: "no"', 'key: "yes"', 12, "“yes” is there already."),
        ('key: "no"', "key: no", 12, "YAML reads “no” as true or false."),
        ('PL: "992"', "PL: 992", 11, "YAML does not read “992” as a text. Put it in quotes."),
        ('PL: "992"', 'PL: "nine"', 11, "“nine” is not a phone number."),
        ('PL: "992"', 'Poland: "992"', 11, "“Poland” is no country: two capital letters"),
        (', other: "112"}\n          - ', "}\n          - ", 11, "“other” is missing."),
        ("kind: notice", "kind: notice\n        public: true", 29, "a question of kind “notice”"),
        ("kind: single", "kind: multiple", 10, "only an option of a single choice may stop"),
        ("required: true", "required: yes", 4, "“yes” should be true or false."),
    ],
)
def test_each_fault_is_told_with_its_line(old: str, new: str, line: int, told: str) -> None:
    assert old in QUESTIONS
    said = faults(QUESTIONS.replace(old, new, 1))
    assert any(fault.startswith(f"Line {FIRST + line - 1}: {told}") for fault in said), said


def test_all_faults_are_told_at_once() -> None:
    wrong = QUESTIONS.replace("most: 50", "most: fifty").replace("past_days: 30", "public: maybe")
    wrong = wrong.replace("kind: notice", "kind: notic")
    assert len(faults(wrong)) == 3


def test_more_than_a_handful_of_questions_is_refused() -> None:
    one = f"      - {{code: q%d, kind: text, names: {FIVE}}}\n"
    many = "    questions:\n" + "".join(one % number for number in range(7))
    (fault,) = faults(many)
    assert fault.endswith("at most 6 questions a category: the form must stay quick.")


def test_the_city_s_questions_are_few_and_mostly_optional(seed: SeedFile) -> None:
    for category in seed.categories:
        asked = [question for question in category.questions if question.is_asked]
        assert len(asked) <= 3, category.id
        assert sum(question.required for question in asked) <= 1, category.id
    required = [q for c in seed.categories for q in c.questions if q.required]
    assert len(required) <= 3


def test_whoever_smells_gas_is_stopped_with_the_gas_line_of_their_country(seed: SeedFile) -> None:
    stops = [
        option.stop
        for category in seed.categories
        if category.id in ("gas_smell", "air_noise")
        for question in category.questions
        for option in question.options
        if option.stop
    ]
    assert len(stops) == 2
    for stop in stops:
        assert [stop.phone(country) for country in ("PL", "KZ", "KG", "LT")] == [
            "992",
            "104",
            "104",
            "112",
        ]
        assert set(stop.words) == set(LANGUAGES)


def test_no_question_asks_for_a_number_plate(seed: SeedFile) -> None:
    (vehicle,) = [c for c in seed.categories if c.id == "abandoned_vehicle"]
    assert not any("plate" in question.code for question in vehicle.questions if question.is_asked)
    assert vehicle.questions[0].names["en"].startswith("Please leave out the number plate")
