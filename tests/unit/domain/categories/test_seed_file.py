import re
from pathlib import Path

import pytest

from civicmap.domain.categories.seed_file import SeedFaults, SeedFile, parse_seed_file
from civicmap.foundation.locales import LANGUAGES

ROOT = Path(__file__).parents[4]
SMALL = """\
version: 1
languages: [en, pl, ru, kk, ky]
departments:
  - code: roads
    names: {en: Roads, pl: Drogi, ru: Дороги, kk: Жолдар, ky: Жолдор}
groups:
  - id: roads
    icon: road
    names: {en: Roads, pl: Drogi, ru: Дороги, kk: Жолдар, ky: Жолдор}
categories:
  - id: pothole
    group: roads
    icon: road
    department: roads
    urgency: normal
    response_days: 3
    fix_days: 10
    duplicate_radius: 50
    public: true
    names:
      en: Pothole
      pl: Dziura w jezdni
      ru: Яма на дороге
      kk: Жолдағы шұңқыр
      ky: Жолдогу чуңкур
    keywords:
      pl: [wyrwa, wybój]
"""


def faults(text: str) -> list[str]:
    with pytest.raises(SeedFaults) as refused:
        parse_seed_file(text.encode(), icons={"road", "lamp"})
    return [str(fault) for fault in refused.value.faults]


@pytest.fixture(scope="module")
def seed() -> SeedFile:
    return parse_seed_file((ROOT / "seed_categories.yaml").read_bytes())


def test_a_good_file_is_read_as_it_stands() -> None:
    seed = parse_seed_file(SMALL.encode(), icons={"road"})
    (category,) = seed.categories
    assert (category.id, category.group, category.department) == ("pothole", "roads", "roads")
    assert (category.response_days, category.fix_days, category.duplicate_radius) == (3, 10, 50)
    assert category.public
    assert category.names["kk"] == "Жолдағы шұңқыр"
    assert category.keywords == {"pl": ("wyrwa", "wybój")}
    assert seed.groups[0].icon == "road"
    assert seed.departments[0].names["ky"] == "Жолдор"


def test_every_fault_is_told_with_its_line_and_not_only_the_first() -> None:
    text = (
        SMALL.replace("icon: road\n    department: roads", "icon: raod\n    department: raods")
        .replace("fix_days: 10", "fix_days: -10")
        .replace("public: true", "public: yes")
        .replace("      ru: Яма на дороге\n", "      no: Hull\n")
    )
    assert faults(text) == [
        "Line 13: there is no icon “raod”. Did you mean “road”?",
        "Line 14: there is no department “raods”. Did you mean “roads”?",
        "Line 17: “-10” should be a whole number of working days from 1 to 260.",
        "Line 19: “yes” should be true or false.",
        "Line 21: “ru” is missing.",
        "Line 23: YAML reads “no” as true or false. Put it in quotes to mean the word.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1", "version: 2", "Line 1: “2” should be a whole number of file version"),
        ("version: 1\n", "", "Line 1: “version” is missing."),
        (", ky]", "]", "Line 2: the language “ky” is missing."),
        (", ky]", ", ky, de]", "Line 2: civicmap does not speak “de”."),
        ("group: roads", "group: streets", "Line 12: there is no group “streets”."),
        ("urgency: normal", "urgency: soon", "Line 15: “soon” should be one of: normal, urgent"),
        ("response_days: 3", "response_days: 11", "Line 16: an answer after 11 days is too late"),
        ("response_days: 3", "response_days: 1_0", "Line 16: “1_0” should be a whole number"),
        ("radius: 50", "radius: 99999", "Line 18: “99999” should be a whole number of metres"),
        ("radius: 50", "radius: 5.5", "Line 18: “5.5” should be a whole number of metres"),
        ("en: Pothole", "en: No", "Line 21: YAML reads “No” as true or false."),
        ("en: Pothole", "en: " + "x" * 61, "Line 21: the text is longer than 60 characters."),
        ("en: Pothole", "en:", "Line 21: here should be a text, but there is nothing."),
        ("pl: [wyrwa, wybój]", "pl: wyrwa", "Line 27: here should be a list."),
        ("pl: [wyrwa, wybój]", "de: [Loch]", "Line 27: there is no field “de”."),
        ("public: true", "public: true\n    colour: red", "Line 20: there is no field “colour”."),
        ("public: true", "public: true\n    public: false", "Line 20: “public” is given twice;"),
        ("categories:\n", "categories:\n  - pothole\n", "Line 11: here should be fields"),
    ],
)  # fmt: skip
def test_one_fault_is_told_alone(old: str, new: str, told: str) -> None:
    assert SMALL.count(old) >= 1
    (fault,) = faults(SMALL.replace(old, new))
    assert fault.startswith(told)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("Roads!", "Line 6: “Roads!” may hold only small Latin letters, digits and _."),
        ("triage", "Line 6: “triage” is no department: it stands for having none."),
        ("roads", "Line 6: “roads” is there already."),
    ],
)
def test_a_department_needs_a_code_of_its_own(code: str, told: str) -> None:
    entry = SMALL.splitlines(keepends=True)[3:5]
    another = "".join(entry).replace("code: roads", f"code: {code}")
    assert faults(SMALL.replace("groups:\n", another + "groups:\n")) == [told]


def test_an_id_given_twice_is_told_once() -> None:
    again = SMALL[SMALL.index("  - id: pothole") :]
    assert faults(SMALL + again) == ["Line 28: “pothole” is there already."]


def test_a_list_instead_of_the_file_is_told() -> None:
    assert faults("- a\n- b\n") == ["Line 1: here should be fields, each with a name and a value."]
    assert faults(SMALL[: SMALL.index("groups:")] + "groups: []\ncategories: []\n") == [
        "Line 6: the list is empty."
    ]


def test_the_seed_file_has_every_category_of_infrastructure_that_residents_know(
    seed: SeedFile,
) -> None:
    assert {
        "pothole",
        "impassable_path",
        "bus_stop_display",
        "flooded_street",
        "clogged_drain",
        "bus_shelter_glass",
    } <= {category.id for category in seed.categories}
    assert len(seed.categories) >= 40


def test_urgent_categories_are_answered_within_two_working_days(seed: SeedFile) -> None:
    for category in seed.categories:
        if category.urgency != "normal":
            assert category.response_days <= 2, category.id


def test_no_two_categories_are_called_alike_or_drawn_alike(seed: SeedFile) -> None:
    for language in LANGUAGES:
        names = [category.names[language] for category in seed.categories]
        assert len(set(names)) == len(names)
    icons = [category.icon for category in seed.categories]
    assert len(set(icons)) == len(icons)


def test_every_name_is_written_in_the_letters_of_its_language(seed: SeedFile) -> None:
    latin = re.compile(r"[A-Za-zĄĆĘŁŃÓŚŹŻąćęłńóśźż ,.'’-]+")
    cyrillic = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі ,.'’-]+")
    every = [one.names for one in seed.categories]
    every += [one.names for one in seed.groups]
    every += [one.names for one in seed.departments]
    for names in every:
        for language, name in names.items():
            letters = latin if language in ("en", "pl") else cyrillic
            assert letters.fullmatch(name), name


def test_every_department_named_by_default_has_a_default_name(seed: SeedFile) -> None:
    named = {department.code for department in seed.departments}
    assert {category.department for category in seed.categories} - {"triage"} == named
