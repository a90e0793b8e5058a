"""What the page that compares districts shows of their counts: columns, lines, shades, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from civicmap.domain.jurisdictions.queries import AreaRow, City
from civicmap.domain.publicmap.districts import DistrictCounts, Measure
from civicmap.domain.publicmap.drawing import DrawnArea, DrawnCity, Label
from civicmap.domain.publicmap.shades import Shade, darkness_of, make_shades
from civicmap.domain.publicmap.view import add_up
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.workflow import STATUSES
from civicmap.foundation.locales import (
    N_,
    alphabetical,
    gettext,
    local_decimal,
    local_number,
    local_percent,
)
from civicmap.web.public.filters import write_filters

NAMES = {
    Measure.TOTAL: N_("Reports"),
    Measure.OPEN: N_("Open"),
    Measure.IN_PROGRESS: N_("In progress"),
    Measure.FIXED: N_("Fixed"),
    Measure.WONT_FIX: N_("Won't fix"),
    Measure.SHARE_FIXED: N_("Share fixed"),
    Measure.PER_1000: N_("Per 1,000 residents"),
    Measure.PER_KM2: N_("Per km²"),
}
# Of letters in the drawing, which is 1,000 units wide: 11 px on a phone and 12 on a desktop.
LETTERS_NARROW, LETTERS_WIDE = 31, 23
MOST_NUMBERS = 80  # districts: among more, numbers without names are a swarm that says nothing


@dataclass(frozen=True)
class Column:
    """A measure and the address that compares by it; `order` is how it is sorted now, or ""."""

    measure: Measure
    name: str
    address: str
    order: str

    @property
    def is_status(self) -> bool:
        return self.measure.value in STATUSES


@dataclass(frozen=True)
class Line:
    """A row of the table. `values` are written out; `bar` is 0 to 100; `darkness` 0 (no value) to
    5; `address` leads to the map of the district, "" for what is none."""

    slug: str
    name: str
    address: str
    values: Mapping[Measure, str]
    bar: float
    darkness: int
    residents: int | None


@dataclass(frozen=True)
class MapArea:
    """A district in the drawing; labels for wide and for narrow screens."""

    line: Line
    path: str
    wide: Label | None
    narrow: Label | None


class Comparison:
    """What the page shows of the rows: columns, lines in order, shades and their meaning."""

    def __init__(
        self,
        city: City,
        filters: Filters,
        rows: Sequence[DistrictCounts],
        by: Measure,
        order: str,
    ) -> None:
        self.city, self.filters, self.by, self.order = city, filters, by, order
        inside = [row for row in rows if row.area]
        outside = [row for row in rows if not row.area]
        self.knows_residents = any(row.area.population for row in inside if row.area)
        self.places = {each: _decimals(each, inside) for each in Measure}
        values = [self._value(row) for row in inside]
        self.shades = make_shades([value for value in values if value is not None])
        self.has_gaps = None in values
        self._most = max((value for value in values if value is not None), default=0) or 1
        self.lines = [self._line(row) for row in self._sorted(inside)]
        self.outside = self._line(outside[0]) if outside else None
        self.whole = self._whole(inside, rows)

    @property
    def columns(self) -> list[Column]:
        """Those that can be told here, each leading to itself; the chosen one turns around."""
        turned = "asc" if self.order == "desc" else "desc"
        return [
            Column(
                each,
                gettext(NAMES[each]),
                self.address(by=each, order=turned if each is self.by else "desc"),
                self.order if each is self.by and self.order != "name" else "",
            )
            for each in Measure
            if each is not Measure.PER_1000 or self.knows_residents or each is self.by
        ]

    @property
    def name(self) -> str:
        return gettext(NAMES[self.by])

    def write(self, filters: Filters, **changes: object) -> Mapping[str, object]:
        """As `write_filters`, and the page goes on comparing by the same."""
        by = "" if self.by is Measure.TOTAL else self.by.value
        order = "" if self.order == "desc" else self.order
        kept = {name: value for name, value in {"by": by, "order": order}.items() if value}
        return {**write_filters(filters, **changes), **kept}

    def address(self, *, by: Measure | None = None, order: str | None = None) -> str:
        values: dict[str, Any] = dict(self.write(self.filters))
        values |= {"by": (by or self.by).value, "order": order or self.order}
        return url_for("public.districts", city_slug=self.city.slug, **values)

    def describe(self, shade: Shade) -> str:
        """The limits of a shade: "12–35"."""
        least, greatest = (self._text(self.by, value) for value in (shade.least, shade.greatest))
        return least if least == greatest else f"{least} – {greatest}"

    def areas(self, drawn: DrawnCity) -> list[MapArea]:
        """The districts of a drawing by name, as they are reached with the keyboard."""
        lines = {line.slug: line for line in self.lines}
        shown = [(lines[area.slug], area) for area in drawn.areas if area.slug in lines]
        return [
            MapArea(line, area.path, self._label(line, area, LETTERS_WIDE),
                    self._label(line, area, LETTERS_NARROW))
            for line, area in sorted(shown, key=lambda pair: alphabetical(pair[0].name))
        ]  # fmt: skip

    def _label(self, line: Line, area: DrawnArea, letters: int) -> Label | None:
        if not line.darkness:
            return None
        alone = len(self.lines) <= MOST_NUMBERS
        return area.fit(line.name, line.values[self.by], letters, alone=alone)

    def _sorted(self, rows: Sequence[DistrictCounts]) -> list[DistrictCounts]:
        """By name; or by the measure, those of which it is not known last, alike ones by name."""
        rows = sorted(rows, key=lambda row: alphabetical(row.area.display_name if row.area else ""))
        if self.order == "name":
            return rows
        known = [(value, row) for row in rows if (value := self._value(row)) is not None]
        sign = -1 if self.order == "desc" else 1
        known.sort(key=lambda pair: sign * pair[0])
        return [row for _, row in known] + [row for row in rows if self._value(row) is None]

    def _value(self, row: DistrictCounts) -> float | None:
        """As it is written: what looks the same is of one shade."""
        return rounded(row.measured(self.by), self.places[self.by])

    def _line(self, row: DistrictCounts) -> Line:
        area, value = row.area, self._value(row)
        kept: Mapping[str, Any] = write_filters(self.filters, area=area.slug) if area else {}
        return Line(
            slug=area.slug if area else "",
            name=area.display_name if area else gettext(N_("Outside all districts")),
            address=url_for("public.city", city_slug=self.city.slug, **kept) if area else "",
            values={each: self._text(each, row.measured(each)) for each in Measure},
            bar=round(100 * value / self._most, 1) if value and area else 0,
            darkness=darkness_of(self.shades, value) if area else 0,
            residents=area.population if area else None,
        )

    def _whole(self, inside: Sequence[DistrictCounts], rows: Sequence[DistrictCounts]) -> Line:
        """All rows together; what is per resident or square kilometre, of the districts alone."""
        areas = [row.area for row in inside if row.area]
        residents = [area.population for area in areas if area.population is not None]
        ground = AreaRow(
            id=0,
            slug="",
            name="",
            names={},
            square_metres=sum(area.square_metres for area in areas),
            population=sum(residents) if len(residents) == len(areas) else None,
        )
        districts, everything = (
            DistrictCounts(ground, add_up(row.counts for row in inside)),
            add_up(row.counts for row in rows),
        )
        values = {each: DistrictCounts(None, everything).measured(each) for each in Measure}
        for each in (Measure.PER_1000, Measure.PER_KM2):
            values[each] = districts.measured(each)
        texts = {each: self._text(each, value) for each, value in values.items()}
        name = gettext(N_("The whole city"))
        return Line("", name, "", texts, bar=0, darkness=0, residents=ground.population)

    def _text(self, measure: Measure, value: float | None) -> str:
        if value is None:
            return "–"
        if measure is Measure.SHARE_FIXED:
            return local_percent(value)
        places = self.places[measure]
        return local_decimal(value, places) if places else local_number(round(value))


def _decimals(measure: Measure, rows: Sequence[DistrictCounts]) -> int:
    """How many decimals of a measure's values are told; of a share, two make whole percents."""
    if measure is Measure.SHARE_FIXED:
        return 2
    if measure not in (Measure.PER_1000, Measure.PER_KM2):
        return 0
    return 1 if max((row.measured(measure) or 0 for row in rows), default=0) >= 10 else 2


def rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
