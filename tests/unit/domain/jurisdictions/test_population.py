from __future__ import annotations

from typing import Any

import pytest

from civicmap.domain.jurisdictions.population import (
    PopulationRow,
    read_population_table,
    read_residents,
)
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.file_faults import FileFaults


@pytest.mark.parametrize(
    ("given", "residents"),
    [(0, 0), (24_900, 24_900), (1200.0, 1200), ("540000", 540_000), (" 7 ", 7), ("007", 7),
     (100_000_000, 100_000_000), (None, None), ("", None)],
)  # fmt: skip
def test_whole_numbers_are_people_and_nothing_is_not_known(
    given: Any, residents: int | None
) -> None:
    assert read_residents(given) == residents


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (-1, "“-1” is no number of people: it is less than none."),
        ("-1", "write a whole number in digits alone"),
        (12.5, "“12.5” is no number of people"),
        (float("nan"), "“nan” is no number"),
        (float("inf"), "“inf” is no number"),
        (1e300, "more people than any district has"),
        ("12,345", "“12,345” is no number of people"),
        ("12.345", "“12.345” is no number"),
        ("12 345", "“12 345” is no number"),
        ("12\u00a0345", "is no number"),
        ("١٢", "is no number"),
        ("1e3", "“1e3” is no number"),
        ("0x10", "“0x10” is no number"),
        ("about 500", "“about 500” is no number"),
        ("1\x00", "“1” is no number"),
        (True, "“True” is no number"),
        ([1], "is no number"),
        ({"people": 1}, "is no number"),
        (100_000_001, "more people than any district has"),
        ("9" * 12, "more people than any district has"),
        ("9" * 4_000, "is no number"),
        (10**4_000, "more people than any district has"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(given: Any, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_residents(given)
    assert refused.value.field == "population"
    assert said in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_table_is_read_whatever_its_delimiter_and_the_order_of_its_columns() -> None:
    expected = [PopulationRow(2, "Jeżyce", 24_900), PopulationRow(4, "wilda", None)]
    assert read_population_table(["district,residents\r\n", "Jeżyce,24900\r\n", "\r\n", "wilda,"])
    for lines in (
        ["district,residents\n", "Jeżyce,24900\n", "\n", "wilda,\n"],
        ["Population;Note;NAME\n", "24900;a;Jeżyce\n", ";;\n", ";b;wilda\n"],
        ["slug\tresidents\n", "Jeżyce\t 24900 \n", "\n", "wilda\t\n"],
    ):
        assert read_population_table(lines) == expected


def test_every_line_at_fault_is_told_at_once() -> None:
    lines = ["district,residents\n", "West,1 200\n", "East\n", ",7\n", "Old\x00 Town,-3\n"]
    with pytest.raises(FileFaults) as refused:
        read_population_table(lines)
    assert str(refused.value).splitlines()[1:] == [
        "Line 2: “1 200” is no number of people: write a whole number in digits alone, like 12345.",
        "Line 3: It has 1 fields; the header has 2.",
        "Line 4: It names no district.",
        "Line 5: “-3” is no number of people: write a whole number in digits alone, like 12345.",
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "The file is empty."),
        (["\n"], "The file is empty."),
        (["PK\x03\x04..."], "This is a spreadsheet, not a CSV file."),
        (["a\x00b\n"], "not a text file"),
        (["quarter,residents\n"], "no column “district”. Its columns are: quarter, residents."),
        (["district,inhabitants\n"], "no column “residents”."),
        (["district,residents,residents\n"], "two columns “residents”"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(lines: list[str], said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_population_table(lines)
    assert said in str(refused.value)
