"""Points, boxes, map tiles and Morton cells: plain arithmetic, no database and no map library.

Conventions of the whole package, so that no function has to be guessed at:

* Positions are WGS 84 (EPSG:4326), degrees. A `Point` is written latitude first, the way people
  write it; a `Box` is west, south, east, north, the way GeoJSON and Leaflet write it.
* Tiles are the web's XYZ tiles of Web Mercator (EPSG:3857): at zoom z there are 2^z by 2^z, x grows
  eastwards from 180° W, y grows southwards from 85.05° N.
* A cell is a tile seen as a number: its Morton code, x in the even bits and y in the odd ones. All
  cells below a tile are one unbroken range of codes, which is what makes a map tile one index scan.
* Distances are metres.
"""

from civicmap.foundation.geo.boxes import Box, look_swapped, parse_box
from civicmap.foundation.geo.cells import (
    FINEST_LEVEL,
    cell_box,
    cell_tile,
    morton,
    tile_cell,
    tile_range,
)
from civicmap.foundation.geo.ground import Ground, ground_of
from civicmap.foundation.geo.points import EARTH_RADIUS_M, Point, distance_m
from civicmap.foundation.geo.reading import (
    parse_coordinate,
    parse_position,
    parse_position_text,
)
from civicmap.foundation.geo.tiles import MERCATOR_LATITUDE, Tile, tile_box, tile_of, tiles_over

__all__ = [
    "EARTH_RADIUS_M",
    "FINEST_LEVEL",
    "MERCATOR_LATITUDE",
    "Box",
    "Ground",
    "Point",
    "Tile",
    "cell_box",
    "cell_tile",
    "distance_m",
    "ground_of",
    "look_swapped",
    "morton",
    "parse_box",
    "parse_coordinate",
    "parse_position",
    "parse_position_text",
    "tile_box",
    "tile_cell",
    "tile_of",
    "tile_range",
    "tiles_over",
]
