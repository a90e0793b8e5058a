"""Addresses from a CSV: OpenAddresses' columns, or a city's own under their own names. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from civicmap.domain.addresses.rows import (
    LONGEST_NUMBER,
    LONGEST_POSTCODE,
    LONGEST_STREET,
    HouseRow,
    Row,
    RowFault,
)
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Box, Point, look_swapped, parse_position
from civicmap.foundation.locales import LANGUAGES, N_, gettext
from civicmap.foundation.plain_text import clean_text

# Ours → what it is usually called. Case does not matter.
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "lon": ("lon", "longitude", "lng", "x"),
    "lat": ("lat", "latitude", "y"),
    "street": ("street", "addr:street", "street_name"),
    "number": ("number", "housenumber", "addr:housenumber", "house_number"),
    "postcode": ("postcode", "addr:postcode", "zip"),
    **{
        f"street_{language}": (f"street_{language}", f"street:{language}") for language in LANGUAGES
    },
}
REQUIRED = ("lon", "lat", "street")
DELIMITERS = (",", ";", "\t", "|")


def read_address_table(
    lines: Iterable[str], *, box: Box, columns: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """The rows of a CSV with a header, in order.

    `columns` says what a column is called where the usual names do not fit ({"street": "ULICA"}).
    `box` tells swapped coordinates. Lines may carry undecodable bytes as surrogates: a fault of
    their row. Raises InvalidInput when the file cannot be understood as a whole.
    """
    lines = iter(lines)
    header = next(lines, "").rstrip("\r\n")
    if not header.strip():
        raise InvalidInput(N_("The file is empty."), field="file")
    if header.startswith("PK\x03\x04") or "\x00" in header:
        raise InvalidInput(
            N_("This is not a text file. Save it as CSV in UTF-8 and try again."), field="file"
        )
    delimiter = max(DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter))
    places = _find_columns(names, columns or {})
    yield from _read_rows(lines, delimiter, len(names), places, box)


def _find_columns(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    unknown = [ours for ours in columns if ours not in USUAL_NAMES]
    if unknown:
        raise InvalidInput(
            N_("There is no field “%(name)s”. There are: %(fields)s."),
            name=unknown[0][:40],
            fields=", ".join(USUAL_NAMES),
        )
    there = {name.strip().casefold(): place for place, name in reversed([*enumerate(names)])}
    found: dict[str, int] = {}
    for ours, usual in USUAL_NAMES.items():
        wanted = [columns[ours]] if ours in columns else usual
        places = [there[name.casefold()] for name in wanted if name.casefold() in there]
        if places:
            found[ours] = places[0]
        elif ours in REQUIRED or ours in columns:
            raise InvalidInput(
                N_(
                    "The file has no column %(missing)s. Its columns are: %(columns)s. "
                    "Name it like this: --column %(name)s=NAME."
                ),
                missing=f"“{wanted[0]}”",
                columns=", ".join(_printable(name, 40) for name in names[:40]),
                name=ours,
            )
    return found


def _read_rows(
    lines: Iterator[str], delimiter: str, width: int, places: Mapping[str, int], box: Box
) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RowFault(_line(reader.line_num), gettext(N_("It is no row of a CSV file.")))
            continue
        if not cells:
            continue
        where = _line(reader.line_num)
        if len(cells) != width:
            reason = gettext(N_("It has %(found)s fields; the header has %(wanted)s."))
            yield RowFault(where, reason % {"found": len(cells), "wanted": width})
            continue
        try:
            yield _read_row(where, cells, places, box)
        except InvalidInput as fault:
            yield RowFault(where, str(fault))


def _line(number: int) -> str:
    # The header was read before the reader began to count.
    return gettext(N_("line %(number)s")) % {"number": number + 1}


def _read_row(where: str, cells: Sequence[str], places: Mapping[str, int], box: Box) -> HouseRow:
    def cell(name: str, limit: int) -> str:
        text = cells[places[name]] if name in places else ""
        return clean_text(text, field=name, limit=limit)

    lat, lon = cell("lat", 40), cell("lon", 40)
    if not lat or not lon:
        raise InvalidInput(N_("It has no position."))
    point: Point = parse_position(lat, lon)
    if look_swapped(point, box):
        raise InvalidInput(N_("Its latitude and longitude are swapped."))
    street = cell("street", LONGEST_STREET)
    if not re.search(r"\w", street):
        raise InvalidInput(N_("It has no street."))
    names = {
        language: text
        for language in LANGUAGES
        if (text := cell(f"street_{language}", LONGEST_STREET))
    }
    number = cell("number", LONGEST_NUMBER)
    return HouseRow(where, street, number, point, cell("postcode", LONGEST_POSTCODE), names)


def _printable(text: str, limit: int) -> str:
    return "".join(letter for letter in text[:limit] if letter.isprintable())
