"""Questions as an Open311 client gets them."""

from __future__ import annotations

import json

from civicmap.domain.categories.questions import Option, Question, Stop
from civicmap.domain.categories.seed_file import parse_seed_file
from civicmap.domain.categories.service_definition import service_definition
from civicmap.foundation.locales import speaking
from tests.unit.domain.categories.test_seed_file import ROOT

STOP = Stop({"en": "Leave.", "pl": "Wyjdź."}, {"PL": "992", "other": "112"})
QUESTIONS = (
    Question(code="note", kind="notice", names={"en": "Keep away."}, phones={"other": "112"}),
    Question(
        code="gas",
        kind="single",
        names={"en": "Gas?", "pl": "Gaz?"},
        required=True,
        options=(Option("yes", {"en": "Yes", "pl": "Tak"}, STOP), Option("no", {"en": "No"})),
    ),
    Question(code="seen", kind="multiple", names={"en": "Seen?"}, options=(Option("a", {}),)),
    Question(
        code="depth",
        kind="number",
        names={"en": "Depth"},
        hints={"en": "Guess."},
        most=50,
        whole=False,
        units={"en": "cm"},
    ),
    Question(code="dark", kind="number", names={"en": "Dark?"}, least=1, most=2000),
    Question(code="since", kind="date", names={"en": "Since?"}),
    Question(code="colour", kind="text", names={"en": "Colour"}, longest=60),
    Question(code="story", kind="text", names={"en": "Story"}, lines=True),
)


def test_every_kind_has_its_datatype_and_a_notice_is_no_variable() -> None:
    definition = service_definition("gas_smell", QUESTIONS, country="PL")
    attributes = definition["attributes"]
    assert definition["service_code"] == "gas_smell"
    assert [(one["code"], one["datatype"]) for one in attributes] == [
        ("note", "text"),
        ("gas", "singlevaluelist"),
        ("seen", "multivaluelist"),
        ("depth", "number"),
        ("dark", "number"),
        ("since", "datetime"),
        ("colour", "string"),
        ("story", "text"),
    ]
    assert [one["variable"] for one in attributes] == [False] + [True] * 7
    assert [one["order"] for one in attributes] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [one["code"] for one in attributes if one["required"]] == ["gas"]


def test_only_lists_have_values_and_a_stop_is_told_in_words() -> None:
    note, gas, *_, story = service_definition("x", QUESTIONS, country="PL")["attributes"]
    assert gas["values"] == [{"key": "yes", "name": "Yes"}, {"key": "no", "name": "No"}]
    assert gas["description"] == "Gas? “Yes”: Leave. Call 992."
    assert note["description"] == "Keep away. Call 112."
    assert "values" not in note
    assert "values" not in story


def test_what_is_accepted_is_described() -> None:
    told = {
        one["code"]: one["datatype_description"]
        for one in service_definition("x", QUESTIONS, country="PL")["attributes"]
    }
    assert told["depth"] == "A number from 0 to 50. (cm) Guess."
    assert told["dark"] == "A whole number from 1 to 2,000."
    assert told["colour"] == "At most 60 characters."
    assert told["gas"] == ""


def test_it_speaks_the_reader_s_language() -> None:
    with speaking("pl"):
        gas = service_definition("x", QUESTIONS, country="DE")["attributes"][1]
        assert gas["description"].startswith("Gaz? “Tak”: Wyjdź.")
        assert "112" in gas["description"]


def test_all_of_the_city_s_questions_can_be_told_as_json() -> None:
    seed = parse_seed_file((ROOT / "seed_categories.yaml").read_bytes())
    for category in seed.categories:
        told = service_definition(category.id, category.questions, country="KZ")
        assert json.loads(json.dumps(told)) == told
        assert all(one["description"] for one in told["attributes"])
