"""Reads the rows of somebody's CSV, one by one, by a mapping. Pure.

A row becomes an `ImportedReport`, or a `RowFault` that names its line and what is wrong, or a
`RowSkipped` where the mapping says so. One bad row never stops the others; only a file that cannot
be read by this mapping at all is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from civicmap.domain.reports.import_header import find_columns, printable
from civicmap.domain.reports.import_mapping import ISO, SKIP, ImportMapping
from civicmap.domain.reports.workflow import CLOSED
from civicmap.foundation.csv_tables import CsvFault, CsvTable
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point, parse_position
from civicmap.foundation.locales import N_, gettext
from civicmap.foundation.plain_text import UncleanText, clean_text

LONGEST_WORDS = 4_000
LONGEST_ADDRESS = 200
LONGEST_EXTERNAL_ID = 100
EARLIEST_YEAR = 1990

_NOT_IN_A_CODE = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """One row. Moments are aware, in UTC; `closed_at` exactly when the status is a closed one.

    `department` is a code, None where the file does not say who answered.
    """

    line: int
    external_id: str
    category: str
    department: str | None
    department_name: str
    status: str
    created_at: datetime
    closed_at: datetime | None
    point: Point
    address: str
    words: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why the row that begins in `line` (counted from 1, the header included) is not taken."""

    line: int
    reason: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class RowSkipped:
    """A row of a category that the mapping leaves out."""

    line: int


Row = ImportedReport | RowFault | RowSkipped


def read_rows(
    lines: Iterable[str], mapping: ImportMapping, *, zone: ZoneInfo, latest: datetime
) -> Iterator[Row]:
    """Check the header at once, then give the rows as they are asked for.

    `lines` keep their line ends (see `open_lines`). `zone` is the city's time zone, for a mapping
    that names none; nothing can have been reported after `latest`.
    Raises `InvalidInput` (field "file") when the file cannot be read by this mapping.
    """
    table = CsvTable(lines, (mapping.delimiter,))
    positions = find_columns(table, mapping)
    return _RowReader(mapping, mapping.time_zone or zone, latest, positions).rows(table)


class _RowFaulty(Exception):
    """Carries the reason of a `RowFault`."""


class _RowReader:
    def __init__(
        self,
        mapping: ImportMapping,
        zone: ZoneInfo,
        latest: datetime,
        positions: dict[str, int],
    ) -> None:
        columns = mapping.columns
        self._mapping = mapping
        self._zone = zone
        self._latest = latest
        self._external_id = positions[columns.external_id]
        self._category = positions[columns.category]
        self._status = positions[columns.status]
        self._created_at = positions[columns.created_at]
        self._latitude = positions[columns.latitude]
        self._longitude = positions[columns.longitude]
        self._closed_at = positions[columns.closed_at] if columns.closed_at else None
        self._department = positions[columns.department] if columns.department else None
        self._department_name = (
            positions[columns.department_name] if columns.department_name else None
        )
        self._outcome = positions[columns.outcome] if columns.outcome else None
        self._address = [positions[name] for name in columns.address]
        self._description = [positions[name] for name in columns.description]
        self._used = sorted(positions.values())
        self._lines_by_id: dict[str, int] = {}

    def rows(self, table: CsvTable) -> Iterator[Row]:
        for row in table.rows():
            if isinstance(row, CsvFault):
                yield RowFault(row.line, row.reason)
            else:
                yield self._read(row.line, row.cells)

    def _read(self, line: int, row: list[str]) -> Row:
        external_id = ""
        try:
            self._check_text(row)
            external_id = printable(row[self._external_id].strip(), LONGEST_EXTERNAL_ID)
            self._check_external_id(external_id, line)
            category = self._read_category(row)
            if category == SKIP:
                return RowSkipped(line)
            status = self._read_status(row)
            created_at, closed_at = self._read_moments(row, status)
            return ImportedReport(
                line=line,
                external_id=external_id,
                category=category,
                department=self._read_department(row),
                department_name=self._read_text(row, self._department_name),
                status=status,
                created_at=created_at,
                closed_at=closed_at,
                point=self._read_point(row),
                address=self._read_joined(row, self._address, ", ", LONGEST_ADDRESS),
                words=self._read_joined(row, self._description, ": ", LONGEST_WORDS),
                outcome=self._read_text(row, self._outcome),
            )
        except _RowFaulty as faulty:
            return RowFault(line, str(faulty), external_id)
        except UncleanText:
            return RowFault(
                line, gettext(N_("It has characters that cannot be seen.")), external_id
            )
        except InvalidInput as refused:
            return RowFault(line, str(refused), external_id)

    def _check_text(self, row: list[str]) -> None:
        text = "".join(row)
        if "\x00" in text:
            raise _faulty(N_("It has a NUL character."))
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _faulty(N_("It is not UTF-8 text.")) from None

    def _check_external_id(self, external_id: str, line: int) -> None:
        column = self._mapping.columns.external_id
        if not external_id:
            raise _faulty(N_("It has no “%(column)s”."), column=column)
        if len(external_id) > LONGEST_EXTERNAL_ID or "\ufffd" in external_id:
            raise _faulty(
                N_("“%(value)s” is no “%(column)s”."),
                value=printable(external_id, 40),
                column=column,
            )
        first = self._lines_by_id.setdefault(external_id, line)
        if first != line:
            raise _faulty(
                N_("“%(value)s” is in line %(line)s already."), value=external_id, line=first
            )

    def _read_category(self, row: list[str]) -> str:
        value = row[self._category].strip()
        category = self._mapping.categories.get(value, self._mapping.other_categories)
        if category is None:
            raise _faulty(
                N_("The mapping has no category for “%(value)s”."), value=printable(value, 80)
            )
        return category

    def _read_status(self, row: list[str]) -> str:
        value = row[self._status].strip()
        status = self._mapping.statuses.get(value)
        if status is None:
            raise _faulty(
                N_("The mapping has no status for “%(value)s”."), value=printable(value, 80)
            )
        return status

    def _read_moments(self, row: list[str], status: str) -> tuple[datetime, datetime | None]:
        created_at = self._read_moment(row[self._created_at])
        if created_at is None:
            raise _faulty(N_("It has no “%(column)s”."), column=self._mapping.columns.created_at)
        if created_at > self._latest:
            raise _faulty(N_("It was reported in the future."))
        if status not in CLOSED:
            # A report that was closed and taken up again still carries the date: it is not closed.
            return created_at, None
        closed_at = self._read_moment(row[self._closed_at]) if self._closed_at is not None else None
        if closed_at is None:
            raise _faulty(N_("It is closed, but has no date of closing."))
        if closed_at < created_at:
            raise _faulty(N_("It was closed before it was reported."))
        if closed_at > self._latest:
            raise _faulty(N_("It was closed in the future."))
        return created_at, closed_at

    def _read_moment(self, text: str) -> datetime | None:
        text = text.strip()
        if not text:
            return None
        for form in self._mapping.date_formats:
            try:
                moment = (
                    datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
                )
                if moment.tzinfo is None:
                    moment = moment.replace(tzinfo=self._zone)
                moment = moment.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            if moment.year < EARLIEST_YEAR:
                break
            return moment
        raise _faulty(N_("“%(value)s” is not a date."), value=printable(text, 40))

    def _read_department(self, row: list[str]) -> str | None:
        if self._department is None:
            return None
        value = row[self._department].strip()
        if not value:
            return None
        mapped = (self._mapping.departments or {}).get(value)
        if mapped:
            return mapped
        code = _NOT_IN_A_CODE.sub("-", value.lower()).strip("-")
        if not code or len(code) > 40:
            raise _faulty(N_("“%(value)s” is no code of a department."), value=printable(value, 40))
        return code

    def _read_point(self, row: list[str]) -> Point:
        latitude, longitude = row[self._latitude].strip(), row[self._longitude].strip()
        if not latitude and not longitude:
            raise _faulty(N_("It has no position."))
        return parse_position(latitude, longitude)

    def _read_joined(
        self, row: list[str], positions: Sequence[int], separator: str, limit: int
    ) -> str:
        parts = [" ".join(row[at].split()) for at in positions]
        text = separator.join(dict.fromkeys(part for part in parts if part))
        return clean_text(text[:limit], field="file", limit=limit)

    def _read_text(self, row: list[str], position: int | None) -> str:
        if position is None:
            return ""
        return clean_text(row[position][:LONGEST_WORDS], field="file", limit=LONGEST_WORDS)


def _faulty(message: str, **values: object) -> _RowFaulty:
    said = gettext(message)
    return _RowFaulty(said % values if values else said)
