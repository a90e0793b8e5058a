"""What every map of a city needs to be drawn, whichever page it is on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from civicmap.domain.jurisdictions.queries import City
from civicmap.web.shared.request_context import settings

DEEPEST_TILES = 19


@dataclass(frozen=True)
class MapFrame:
    """Addresses and bounds for `templates/shared/macros/map.html`.

    `bounds` is "south,west,north,east" in degrees, EPSG:4326; `attribution` is HTML;
    `report_tiles_url` keeps {z}, {x} and {y} for the script to fill.
    """

    outline_url: str
    bounds: str
    tiles_url: str
    attribution: str
    tiles_max_zoom: int
    report_tiles_url: str


def map_frame(city: City) -> MapFrame:
    """The frame of a city's maps."""
    known = settings()
    box = city.box
    tile = url_for("public.tile", city_slug=city.slug, z=0, x=0, y=0)
    return MapFrame(
        outline_url=url_for("public.outline", city_slug=city.slug),
        bounds=f"{box.south},{box.west},{box.north},{box.east}",
        tiles_url=known.tile_url,
        attribution=_attribution(known.tile_attribution, known.tile_attribution_url)
        if known.tile_url
        else "",
        tiles_max_zoom=DEEPEST_TILES,
        report_tiles_url=tile.replace("/0/0/0.json", "/{z}/{x}/{y}.json"),
    )


def _attribution(words: str, address: str) -> str:
    # A plain string again: the template escapes it once more for its attribute.
    if not address:
        return str(Markup("{}").format(words))
    return str(Markup('<a href="{}" rel="noopener">{}</a>').format(address, words))
