"""Tables that people bring as CSV: a file's bytes as lines, its header, its rows one by one. Pure.

One bad row never stops the others; only a file without a header that can be read is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_, gettext

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row with as many cells as the header; it begins in `line`, counted from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class CsvFault:
    """Why what begins in `line` is no row of the table, in the person's language."""

    line: int
    reason: str


def open_lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a CSV file as text, without a byte order mark; bytes that are no UTF-8 are kept
    as surrogates, for their row to tell."""
    for number, line in enumerate(file):
        start = 3 if number == 0 and line.startswith(b"\xef\xbb\xbf") else 0
        yield line[start:].decode("utf-8", "surrogateescape")


class CsvTable:
    """A table whose header has been read: `names` are its columns as they are called there."""

    def __init__(self, lines: Iterable[str], delimiters: Sequence[str] = DELIMITERS) -> None:
        """`lines` keep their line ends (see `open_lines`). The table has that of the delimiters
        that stands most often in its first line. Raises InvalidInput (field "file")."""
        lines = iter(lines)
        first = next(lines, "")
        if first.startswith("PK\x03\x04"):
            raise refusal(
                N_("This is a spreadsheet, not a CSV file. Save it as CSV and try again.")
            )
        if "\x00" in first:
            raise refusal(N_("This is not a text file. Save it as CSV in UTF-8 and try again."))
        self.delimiter = max(delimiters, key=first.count)
        self._reader = csv.reader(chain([first], lines), delimiter=self.delimiter)
        try:
            header = next(self._reader)
        except csv.Error:
            raise refusal(N_("The first line of the file is no header of a CSV file.")) from None
        self.names = [name.strip() for name in header]
        if not any(self.names):
            raise refusal(N_("The file is empty."))

    def rows(self, *, skip_blank: bool = False) -> Iterator[CsvRow | CsvFault]:
        """The rows in order, without empty lines; with `skip_blank` without those either that have
        nothing but blanks in their cells."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield CsvFault(line, _reason(error))
                continue
            if not cells or (skip_blank and not any(cell.strip() for cell in cells)):
                continue
            if len(cells) == len(self.names):
                yield CsvRow(line, cells)
                continue
            said = gettext(N_("It has %(found)s fields; the header has %(wanted)s."))
            yield CsvFault(line, said % {"found": len(cells), "wanted": len(self.names)})


def refusal(message: str, **values: object) -> InvalidInput:
    """The refusal of a whole file."""
    return InvalidInput(message, field="file", **values)


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):  # the module has one class of errors and tells them by words
        return gettext(N_("A field is too long: probably a quotation mark is never closed."))
    return gettext(N_("It is no row of a CSV file."))
