import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicmap.domain.categories.seed_file import parse_seed_file
from civicmap.domain.reports.import_mapping import Columns, ImportMapping, parse_mapping
from civicmap.domain.reports.import_rows import (
    ImportedReport,
    Row,
    RowFault,
    RowSkipped,
    read_rows,
)
from civicmap.foundation.csv_tables import open_lines
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point
from tests.real_files import needs_real_files, real_file

ROOT = Path(__file__).parents[4]

WARSAW = ZoneInfo("Europe/Warsaw")
LATEST = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "id,kind,state,made,done,lat,lon,office,office name,street,town,text,answer"
GOOD = (
    '7,Hole,Done,2025-03-01T10:00,2025-03-04T12:00,52.4,16.9,ZDM,Roads,"Długa 1",Poznań,Deep,Filled'
)
MAPPING = ImportMapping(
    source="old",
    columns=Columns(
        external_id="id",
        category="kind",
        status="state",
        created_at="made",
        closed_at="done",
        latitude="lat",
        longitude="lon",
        department="office",
        department_name="office name",
        address=("street", "town"),
        description=("kind", "text"),
        outcome="answer",
    ),
    categories={"Hole": "pothole", "Joke": "skip"},
    statuses={"New": "open", "Done": "fixed", "No": "wont_fix"},
    date_formats=("iso", "%d.%m.%Y"),
)


def read(content: bytes | str, mapping: ImportMapping = MAPPING) -> list[Row]:
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return list(read_rows(open_lines(file), mapping, zone=WARSAW, latest=LATEST))


def read_one(row: str) -> Row:
    (only,) = read(f"{HEADER}\n{row}\n")
    return only


def fault(row: str) -> str:
    faulty = read_one(row)
    assert isinstance(faulty, RowFault), faulty
    assert faulty.line == 2
    return faulty.reason


def test_a_good_row_becomes_a_report() -> None:
    assert read_one(GOOD) == ImportedReport(
        line=2,
        external_id="7",
        category="pothole",
        department="zdm",
        department_name="Roads",
        status="fixed",
        created_at=datetime(2025, 3, 1, 9, 0, tzinfo=UTC),
        closed_at=datetime(2025, 3, 4, 11, 0, tzinfo=UTC),
        point=Point(52.4, 16.9),
        address="Długa 1, Poznań",
        words="Hole: Deep",
        outcome="Filled",
    )


def test_dates_are_local_unless_they_say_otherwise_and_formats_are_tried_in_order() -> None:
    summer = read_one(GOOD.replace("2025-03-01T10:00", "01.07.2024"))
    assert isinstance(summer, ImportedReport)
    assert summer.created_at == datetime(2024, 6, 30, 22, 0, tzinfo=UTC)
    zoned = read_one(GOOD.replace("2025-03-01T10:00", "2025-03-01T10:00:00.000Z"))
    assert isinstance(zoned, ImportedReport)
    assert zoned.created_at == datetime(2025, 3, 1, 10, 0, tzinfo=UTC)


def test_a_report_that_is_open_again_keeps_no_date_of_closing() -> None:
    reopened = read_one(GOOD.replace("Done", "New"))
    assert isinstance(reopened, ImportedReport)
    assert (reopened.status, reopened.closed_at) == ("open", None)


def test_a_category_can_be_left_out() -> None:
    assert read_one(GOOD.replace("Hole", "Joke")) == RowSkipped(2)


def test_an_unknown_category_goes_where_the_mapping_says() -> None:
    others = ImportMapping(
        source="old",
        columns=MAPPING.columns,
        categories={},
        statuses=MAPPING.statuses,
        other_categories="other",
    )
    (row,) = read(f"{HEADER}\n{GOOD}\n", others)
    assert isinstance(row, ImportedReport)
    assert row.category == "other"


def test_a_department_can_be_given_another_code_or_none() -> None:
    nobody = read_one(GOOD.replace("ZDM", ""))
    assert isinstance(nobody, ImportedReport)
    assert nobody.department is None
    spaced = read_one(GOOD.replace("ZDM", "Parks & Trees"))
    assert isinstance(spaced, ImportedReport)
    assert spaced.department == "parks-trees"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("7,Hole", ",Hole", "It has no “id”."),
        ("7,Hole", "x" * 101 + ",Hole", "is no “id”."),
        ("Hole", "Bump", "The mapping has no category for “Bump”."),
        ("Done", "Gone", "The mapping has no status for “Gone”."),
        ("2025-03-01T10:00", "", "It has no “made”."),
        ("2025-03-01T10:00", "03/01/2025", "“03/01/2025” is not a date."),
        ("2025-03-01T10:00", "2025-02-30", "“2025-02-30” is not a date."),
        ("2025-03-01T10:00", "0001-01-01", "“0001-01-01” is not a date."),
        ("2025-03-01T10:00", "2025-03-05", "It was closed before it was reported."),
        ("2025-03-01T10:00", "2026-03-01", "It was reported in the future."),
        ("2025-03-04T12:00", "2027-01-01", "It was closed in the future."),
        ("2025-03-04T12:00", "", "It is closed, but has no date of closing."),
        ("52.4,16.9", ",", "It has no position."),
        ("52.4,16.9", "52.4,", "“” is not a coordinate."),
        ("52.4,16.9", "nan,16.9", "“nan” is not a coordinate."),
        ("52.4,16.9", "5807000,356000", "“5807000” is not a coordinate."),
        ("52.4,16.9", "152.4,16.9", "Latitude must be between -90 and 90 degrees"),
        ("ZDM", "Ż", "“Ż” is no code of a department."),
        (",Deep", "", "It has 12 fields; the header has 13."),
        (",Deep", ",Deep,more", "It has 14 fields; the header has 13."),
        ("Deep", "De\x00ep", "It has a NUL character."),
        ("Deep", "De\u202eep", "It has characters that cannot be seen."),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    assert reason in fault(GOOD.replace(old, new))


def test_one_bad_row_does_not_stop_the_others() -> None:
    rows = read(f"{HEADER}\n{GOOD}\nrubbish\n\n{GOOD.replace('7,Hole', '8,Hole')}\n")
    assert [type(row) for row in rows] == [ImportedReport, RowFault, ImportedReport]
    assert [row.line for row in rows] == [2, 3, 5]


def test_bytes_that_are_no_utf8_are_the_fault_of_their_row_alone() -> None:
    bad = GOOD.replace("7,Hole", "8,Hole").encode("iso-8859-2")
    rows = read(f"{HEADER}\n{GOOD}\n".encode() + bad + b"\n")
    assert isinstance(rows[0], ImportedReport)
    assert rows[1] == RowFault(3, "It is not UTF-8 text.")


def test_an_external_id_that_comes_twice_is_told_with_the_line_of_the_first() -> None:
    rows = read(f"{HEADER}\n{GOOD}\n{GOOD}\n")
    assert rows[1] == RowFault(3, "“7” is in line 2 already.", "7")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    two_lines = GOOD.replace("Deep", '"Deep\nand wide"')
    rows = read(f"{HEADER}\r\n{two_lines}\r\n{GOOD}\r\n")
    assert [row.line for row in rows] == [2, 4]
    assert isinstance(rows[0], ImportedReport)
    assert rows[0].words == "Hole: Deep and wide"


def test_a_quotation_mark_that_is_never_closed_is_a_fault_and_no_endless_field() -> None:
    plain = GOOD.replace('"', "")
    rows = read(f'{HEADER}\n{GOOD}\n9,"Hole' + f"\n{plain}" * 3_000)
    assert isinstance(rows[0], ImportedReport)
    assert isinstance(rows[1], RowFault)
    assert rows[1].line == 3
    assert "a quotation mark is never closed" in rows[1].reason


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_part_of_the_first_column(mark: bytes) -> None:
    assert len(read(mark + f"{HEADER}\n{GOOD}\n".encode())) == 1


def test_a_file_with_nothing_but_a_header_has_no_rows() -> None:
    assert read(HEADER) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"PK\x03\x04\x14\x00stuff", "This is a spreadsheet, not a CSV file."),
        ("id,kind".encode("utf-16"), "This is not a text file."),
        (HEADER.replace(",", ";").encode(), "separated by “;”: say so in “delimiter”"),
        (HEADER.replace(",", "\t").encode(), "separated by tab: say so in “delimiter”"),
        (
            HEADER.replace("state,", "").replace("lat,", "Latitude,").encode(),
            "The file has no column “state”, “lat”. Its columns are: id, kind, made, done,",
        ),
        (HEADER.replace("answer", "id").encode(), "The file has no column “answer”."),
        ((HEADER + ",id").encode(), "The file has two columns “id”."),
        (b"x" * 200_000, "The first line of the file is no header"),
    ],
)
def test_a_file_that_does_not_fit_the_mapping_is_refused_in_one_sentence(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rows(open_lines(io.BytesIO(content)), MAPPING, zone=WARSAW, latest=LATEST)
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 1_000


@given(st.lists(st.lists(st.text(max_size=12), min_size=11, max_size=15), max_size=5), st.binary())
def test_no_row_makes_reading_fail_in_another_way(cells: list[list[str]], tail: bytes) -> None:
    body = "\n".join(",".join(row) for row in cells).encode("utf-8", "surrogatepass")
    for row in read(HEADER.encode() + b"\n" + body + b"\n" + tail):
        assert isinstance(row, RowFault | RowSkipped | ImportedReport)


@needs_real_files
@pytest.mark.parametrize(
    ("name", "example", "reports", "statuses"),
    [
        (
            "nyc_311_may2022.csv",
            "nyc_311_2022.yaml",
            913,
            {"fixed": 477, "in_progress": 433, "open": 3},
        ),
        (
            "nyc_311_dec2023_500.csv",
            "nyc_311_2023.yaml",
            432,
            {"fixed": 219, "in_progress": 208, "open": 5},
        ),
    ],
)
def test_new_york_s_own_files_are_read_but_for_rows_without_a_position(
    name: str, example: str, reports: int, statuses: dict[str, int]
) -> None:
    seed = parse_seed_file((ROOT / "seed_categories.yaml").read_bytes())
    mapping = parse_mapping(
        (ROOT / "docs" / "examples" / example).read_bytes(),
        categories={category.id for category in seed.categories},
    )
    with real_file(name).open("rb") as file:
        rows = list(read_rows(open_lines(file), mapping, zone=WARSAW, latest=LATEST))
    taken = [row for row in rows if isinstance(row, ImportedReport)]
    assert len(taken) == reports
    assert Counter(row.status for row in taken) == statuses
    assert {row.reason for row in rows if isinstance(row, RowFault)} == {"It has no position."}
    assert {row.department for row in taken} >= {"nypd", "dsny", "dot", "edc"}
