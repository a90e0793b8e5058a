import io

import pytest

from civicmap.foundation.csv_tables import CsvFault, CsvRow, CsvTable, open_lines
from civicmap.foundation.errors import InvalidInput


def table(content: bytes | str) -> CsvTable:
    return CsvTable(
        open_lines(io.BytesIO(content.encode() if isinstance(content, str) else content))
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_stands_most_often_in_the_first_line(delimiter: str) -> None:
    read = table(delimiter.join(["id", " name ", '"a, b; c"', "d"]) + "\n" + delimiter.join("1234"))
    assert read.delimiter == delimiter
    assert read.names == ["id", "name", "a, b; c", "d"]
    assert [*read.rows()] == [CsvRow(2, ["1", "2", "3", "4"])]


def test_a_delimiter_that_somebody_named_is_not_guessed_again() -> None:
    assert CsvTable(["a,b,c;d\n"], (";",)).names == ["a,b,c", "d"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b" , ,\n1,2,3\n", "The file is empty."),
        (b"PK\x03\x04\x14\x00stuff", "This is a spreadsheet, not a CSV file."),
        (b"PK\x03\x04\rstuff", "This is a spreadsheet, not a CSV file."),
        ("a,b".encode("utf-16"), "This is not a text file."),
        (b"a\rb,c\n", "The first line of the file is no header"),
        (b"x" * 200_000, "The first line of the file is no header"),
    ],
)
def test_a_file_without_a_header_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        table(content)
    assert sentence in str(refused.value)
    assert refused.value.field == "file"


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert table(b"\xef\xbb\xbfa,b\n").names == ["a", "b"]


def test_bytes_that_are_no_utf8_come_through_for_their_row_to_tell() -> None:
    assert [*table(b"a\n\xb3\nok\n").rows()] == [CsvRow(2, ["\udcb3"]), CsvRow(3, ["ok"])]


def test_a_row_is_called_by_the_line_in_which_it_begins() -> None:
    rows = [*table('a,b\r\n"1\r\n1",2\r\n\r\n3\r\n4,5\r\n').rows()]
    assert rows == [
        CsvRow(2, ["1\r\n1", "2"]),
        CsvFault(5, "It has 1 fields; the header has 2."),
        CsvRow(6, ["4", "5"]),
    ]


def test_rows_of_blanks_are_left_out_for_those_who_ask() -> None:
    content = "a,b\n ,\n  \n1,\n"
    assert [row.line for row in table(content).rows()] == [2, 3, 4]
    assert [*table(content).rows(skip_blank=True)] == [CsvRow(4, ["1", ""])]


def test_what_is_no_row_of_a_csv_does_not_stop_the_others() -> None:
    rows = [*table(b"a,b\n1\r2,3\n4,5\n" + b'"' + b"6\n" * 90_000).rows()]
    assert rows[:3] == [
        CsvFault(2, "It is no row of a CSV file."),
        CsvRow(3, ["4", "5"]),
        CsvFault(4, "A field is too long: probably a quotation mark is never closed."),
    ]
