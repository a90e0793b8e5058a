from pathlib import Path

import pytest

from civicmap.domain.categories.seed_file import parse_seed_file
from civicmap.domain.reports.import_mapping import ImportMapping, parse_mapping
from civicmap.foundation.checked_yaml import YamlFaults

ROOT = Path(__file__).parents[4]
CATEGORIES = {"pothole", "air_noise", "other"}
SMALL = """\
version: 1
source: old-system
columns:
  external_id: id
  category: kind
  status: state
  created_at: made
  latitude: lat
  longitude: lon
categories:
  Hole: pothole
  Joke: skip
statuses:
  New: open
"""


def faults(text: str) -> list[str]:
    with pytest.raises(YamlFaults) as refused:
        parse_mapping(text.encode(), categories=CATEGORIES)
    return [str(fault) for fault in refused.value.faults]


def test_a_small_mapping_is_read_with_what_it_leaves_out() -> None:
    mapping = parse_mapping(SMALL.encode(), categories=CATEGORIES)
    assert mapping.source == "old-system"
    assert mapping.columns.all == ("id", "kind", "state", "made", "lat", "lon")
    assert mapping.categories == {"Hole": "pothole", "Joke": "skip"}
    assert mapping.statuses == {"New": "open"}
    assert mapping.other_categories is None
    assert mapping.time_zone is None
    assert mapping.date_formats == ("iso",)
    assert (mapping.delimiter, mapping.language, mapping.visibility) == (",", "en", "public")


def test_everything_that_can_be_said_is_read() -> None:
    text = SMALL.replace(
        "  longitude: lon\n",
        "  longitude: lon\n  closed_at: done\n  department: office\n"
        "  department_name: office name\n"
        "  address: [street, town]\n  description: text\n  outcome: answer\n",
    ) + (
        "other_categories: other\ndepartments: {Roads Dept: roads}\ntime_zone: Asia/Bishkek\n"
        "dates: [iso, '%d.%m.%Y %H:%M']\ndelimiter: tab\nlanguage: ky\nvisibility: held\n"
    )
    mapping = parse_mapping(text.encode(), categories=CATEGORIES)
    assert mapping.columns.address == ("street", "town")
    assert mapping.columns.description == ("text",)
    assert mapping.columns.outcome == "answer"
    assert mapping.departments == {"Roads Dept": "roads"}
    assert str(mapping.time_zone) == "Asia/Bishkek"
    assert mapping.date_formats == ("iso", "%d.%m.%Y %H:%M")
    assert (mapping.delimiter, mapping.language, mapping.visibility) == ("\t", "ky", "held")
    assert mapping.other_categories == "other"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1", "version: 9", "Line 1: “9” should be a whole number of version"),
        ("source: old-system", "source: Old System", "Line 2: “Old System” may hold only small"),
        ("  external_id: id\n", "", "Line 4: “external_id” is missing."),
        ("  latitude: lat", "  lattitude: lat", "Line 4: “latitude” is missing."),
        ("  longitude: lon", "  longitude: 5", "Line 9: YAML does not read “5” as a text."),
        ("Hole: pothole", "Hole: potholes", "Line 11: there is no category “potholes”. Did you"),
        ("Hole: pothole", "No: pothole", "Line 11: YAML reads “No” as true or false."),
        ("New: open", "New: opened", "Line 14: “opened” should be one of: open, in_progress,"),
        ("statuses:\n  New: open\n", "statuses: {}\n", "Line 13: name at least one status."),
        ("statuses:\n  New: open\n", "", "Line 1: “statuses” is missing."),
        ("version: 1", "version: 1\ntime_zone: Warsaw", "Line 2: there is no time zone “Warsaw”."),
        ("version: 1", "version: 1\ndates: '%H:%M'", "Line 2: “%H:%M” is no date format."),
        ("version: 1", "version: 1\ndates: day/month", "Line 2: “day/month” is no date format."),
        ("version: 1", "version: 1\ndates: '%m/%d'", "Line 2: “%m/%d” is no date format."),
        ("version: 1", "version: 1\ndelimiter: '::'", "Line 2: the delimiter should be one of"),
        ("version: 1", "version: 1\nlanguage: de", "Line 2: “de” should be one of: en, pl, ru"),
        ("version: 1", "version: 1\nvisibility: hidden", "Line 2: “hidden” should be one of"),
        ("  status: state", "  status: state\n  department_name: x", "Line 7: a department's name"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, told: str) -> None:
    assert old in SMALL
    assert faults(SMALL.replace(old, new))[0].startswith(told)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(SMALL.replace("pothole", "x").replace("open", "y"))) == 2


@pytest.fixture(params=["nyc_311_2022.yaml", "nyc_311_2023.yaml"])
def example(request: pytest.FixtureRequest) -> ImportMapping:
    seed = parse_seed_file((ROOT / "seed_categories.yaml").read_bytes())
    content = (ROOT / "docs" / "examples" / request.param).read_bytes()
    return parse_mapping(content, categories={category.id for category in seed.categories})


def test_the_examples_name_only_categories_that_exist(example: ImportMapping) -> None:
    assert example.categories["Noise - Residential"] == "air_noise"
    assert example.categories["Street Condition"] == "pothole"
    assert example.statuses["Assigned"] == "in_progress"
    assert example.other_categories == "other"
