"""Are these positions degrees, in the right order, and do they close?

The two classic mistakes are told from each other by the numbers themselves: projected coordinates
are in the thousands, swapped ones put a latitude where none can be, or the city far from its clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.geo import Point, distance_m
from civicmap.foundation.locales import N_

MOST_POSITIONS = 2_000_000
_FAR_M = 1_000_000  # nearer than this to where it should be, the order is not doubted


def check_positions(features: Iterable[tuple[str, Any]], *, near: Point | None) -> None:
    """Check every position of every feature, given as (label, polygons of rings of positions).

    Raises `InvalidInput` for what is no ring of longitude/latitude degrees. `near` see the package.
    """
    extent = _Extent()
    for label, polygons in features:
        if not isinstance(polygons, list) or not polygons:
            raise _fault(N_("%(feature)s is empty: it has no coordinates."), feature=label)
        for rings in polygons:
            if not isinstance(rings, list) or not rings:
                raise _fault(N_("%(feature)s has a part without a border."), feature=label)
            for number, ring in enumerate(rings, start=1):
                _check_ring(label, number, ring, extent)
    if extent.count and near is not None:
        _check_not_swapped(extent, near)


class _Extent:
    def __init__(self) -> None:
        self.count = 0
        self.west, self.south, self.east, self.north = 180.0, 90.0, -180.0, -90.0

    def add(self, longitude: float, latitude: float) -> None:
        self.count += 1
        self.west, self.east = min(self.west, longitude), max(self.east, longitude)
        self.south, self.north = min(self.south, latitude), max(self.north, latitude)


def _check_ring(label: str, number: int, ring: Any, extent: _Extent) -> None:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _fault(
            N_("%(feature)s: ring %(ring)s has fewer than four positions, so it encloses nothing."),
            feature=label,
            ring=number,
        )
    for place, position in enumerate(ring, start=1):
        if not _is_position(position):
            raise _fault(
                N_(
                    "%(feature)s: position %(place)s of ring %(ring)s is not two numbers: "
                    "%(given)s."
                ),
                feature=label,
                ring=number,
                place=place,
                given=str(position)[:40],
            )
        longitude, latitude = position[0], position[1]
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise _off_the_earth(label, longitude, latitude)
        extent.add(longitude, latitude)
    if extent.count > MOST_POSITIONS:
        raise _fault(
            N_("The file holds more than %(limit)s positions. Simplify the borders first."),
            limit=MOST_POSITIONS,
        )
    if ring[0][:2] != ring[-1][:2]:
        raise _fault(
            N_("%(feature)s: ring %(ring)s is not closed: it must end where it begins."),
            feature=label,
            ring=number,
        )


def _is_position(position: Any) -> bool:
    return (
        isinstance(position, list)
        and len(position) >= 2
        and all(
            isinstance(number, int | float) and not isinstance(number, bool) and _is_finite(number)
            for number in position
        )
    )


def _is_finite(number: int | float) -> bool:
    try:
        return isfinite(number)
    except OverflowError:  # an int beyond the range of float
        return False


def _off_the_earth(label: str, longitude: float, latitude: float) -> InvalidInput:
    given = f"{longitude:.10g}, {latitude:.10g}"
    if abs(longitude) > 1_000 or abs(latitude) > 1_000:
        return _fault(
            N_(
                "%(feature)s is at %(given)s: these are projected coordinates in metres. Export "
                "the file in WGS 84 (EPSG:4326), in degrees."
            ),
            feature=label,
            given=given,
        )
    if abs(longitude) <= 90 and abs(latitude) <= 180:
        return _swapped(label, longitude, latitude)
    return _fault(
        N_("%(feature)s is at %(given)s, which is not on the earth."), feature=label, given=given
    )


def _check_not_swapped(extent: _Extent, near: Point) -> None:
    longitude = (extent.west + extent.east) / 2
    latitude = (extent.south + extent.north) / 2
    if abs(longitude) > 90:
        return
    as_given = distance_m(Point(latitude, longitude), near)
    swapped = distance_m(Point(longitude, latitude), near)
    if as_given > _FAR_M and swapped < as_given / 2:
        raise _swapped("", longitude, latitude)


def _swapped(label: str, longitude: float, latitude: float) -> InvalidInput:
    given = f"{longitude:.10g}, {latitude:.10g}"
    if label:
        return _fault(
            N_(
                "%(feature)s is at %(given)s: latitude and longitude are swapped. GeoJSON puts "
                "the longitude first."
            ),
            feature=label,
            given=given,
        )
    return _fault(
        N_(
            "The middle of the file is at %(given)s, far from where the city should be: latitude "
            "and longitude are swapped. GeoJSON puts the longitude first."
        ),
        given=given,
    )


def _fault(message: str, **values: object) -> InvalidInput:
    return InvalidInput(message, field="file", **values)
