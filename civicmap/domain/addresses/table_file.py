"""Addresses from a CSV: OpenAddresses' columns, or a city's own under their own names. Pure."""

from __future__ import annotations

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
from civicmap.foundation.csv_tables import CsvFault, CsvTable
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Box, Point, look_swapped, parse_position
from civicmap.foundation.locales import LANGUAGES, N_, gettext
from civicmap.foundation.plain_text import clean_text, quotable

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


def read_address_table(
    lines: Iterable[str], *, box: Box, columns: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """The rows of a CSV with a header, in order.

    `columns` says what a column is called where the usual names do not fit ({"street": "ULICA"}).
    `box` tells swapped coordinates. Lines may carry undecodable bytes as surrogates: a fault of
    their row. Raises InvalidInput when the file cannot be understood as a whole.
    """
    table = CsvTable(lines)
    places = _find_columns(table.names, columns or {})
    for row in table.rows():
        where = gettext(N_("line %(number)s")) % {"number": row.line}
        if isinstance(row, CsvFault):
            yield RowFault(where, row.reason)
            continue
        try:
            yield _read_row(where, row.cells, places, box)
        except InvalidInput as fault:
            yield RowFault(where, str(fault))


def _find_columns(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    unknown = [ours for ours in columns if ours not in USUAL_NAMES]
    if unknown:
        raise InvalidInput(
            N_("There is no field “%(name)s”. There are: %(fields)s."),
            name=unknown[0][:40],
            fields=", ".join(USUAL_NAMES),
        )
    there = {name.casefold(): place for place, name in reversed([*enumerate(names)])}
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
                columns=", ".join(quotable(name) for name in names[:40]),
                name=ours,
            )
    return found


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
