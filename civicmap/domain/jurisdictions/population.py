"""How many people live in a district, as files say it. Pure.

A number of people is a whole number in plain digits and nothing else: "12.345" may be twelve people
or twelve thousand, so no separators are taken, and nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from civicmap.foundation.csv_tables import CsvFault, CsvTable, refusal
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.file_faults import Fault, FileFaults
from civicmap.foundation.locales import N_, gettext
from civicmap.foundation.plain_text import quotable

MOST_RESIDENTS = 100_000_000
# What the two columns of a table may be called; case does not matter.
DISTRICT_NAMES = ("district", "area", "name", "slug")
RESIDENTS_NAMES = ("residents", "population")

_DIGITS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """A row of a table: its line from 1, the district as it was called there, its residents (None:
    not known any more)."""

    line: int
    district: str
    residents: int | None


def read_residents(value: Any) -> int | None:
    """A number of people from JSON or a cell of a table; None where nothing is said.

    Raises InvalidInput (field "population") for what is no whole number from 0 to 100,000,000.
    """
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON has one kind of numbers: some programs write 1200.0
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip(" ")):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(
            N_(
                "“%(given)s” is no number of people: write a whole number in digits alone, "
                "like 12345."
            ),
            field="population",
            given=_written(value),
        )
    if value < 0:
        raise InvalidInput(
            N_("“%(given)s” is no number of people: it is less than none."),
            field="population",
            given=_written(value),
        )
    if value > MOST_RESIDENTS:
        raise InvalidInput(
            N_("“%(given)s” are more people than any district has."),
            field="population",
            given=_written(value),
        )
    return value


def read_population_table(lines: Iterable[str]) -> list[PopulationRow]:
    """The rows of a CSV with a header that names a column `district` and one `residents`.

    Lines may carry undecodable bytes as surrogates. Raises InvalidInput when the file cannot be
    understood as a whole, FileFaults naming every line at fault.
    """
    table = CsvTable(lines)
    district, residents = (_find(table.names, usual) for usual in (DISTRICT_NAMES, RESIDENTS_NAMES))
    rows: list[PopulationRow] = []
    faults: list[Fault] = []
    for row in table.rows(skip_blank=True):
        if isinstance(row, CsvFault):
            faults.append(Fault(row.line, row.reason))
            continue
        called = " ".join(row.cells[district].split())
        if not called:
            faults.append(Fault(row.line, gettext(N_("It names no district."))))
            continue
        try:
            known = read_residents(row.cells[residents].strip(" "))
            rows.append(PopulationRow(row.line, called, known))
        except InvalidInput as fault:
            faults.append(Fault(row.line, str(fault)))
    if faults:
        raise FileFaults(faults)
    return rows


def _find(names: Sequence[str], wanted: Sequence[str]) -> int:
    there = [name.casefold() for name in names]
    places = [there.index(name) for name in wanted if name in there]
    if not places:
        raise refusal(
            N_("The file has no column %(missing)s. Its columns are: %(columns)s."),
            missing=f"“{wanted[0]}”",
            columns=", ".join(quotable(name) for name in names[:40]),
        )
    if there.count(there[places[0]]) > 1:
        raise refusal(N_("The file has two columns “%(name)s”."), name=there[places[0]])
    return places[0]


def _written(value: Any) -> str:
    try:
        return quotable(str(value))
    except ValueError:  # a whole number of thousands of digits
        return "…"
