"""A street of town houses, looked along."""

from __future__ import annotations

from civicmap.cli.demo.pictures import cars, things
from civicmap.cli.demo.pictures.canvas import (
    Canvas,
    Space,
    darker,
    lighter,
    mix,
)
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.surroundings import (
    ASPHALT,
    KERB,
    PLASTER,
    SLAB,
    SNOW,
    ground,
    sky,
    speckle,
    tree,
    tree_line,
    window_colour,
)


def house_along(c: Canvas, x: float, near: float, far: float, height: float, wall: Colour) -> None:
    """A town house beside the street, its front in the plane of `x`, between two depths."""
    if x < 0:
        wall = darker(wall, 0.12)
    wall = mix(wall, c.light.sky_low, min(0.45, near / 90))

    def pane(z0: float, z1: float, y0: float, y1: float) -> list[Space]:
        return [(x, y0, z0), (x, y0, z1), (x, y1, z1), (x, y1, z0)]

    c.face(pane(near, far, 0, height), wall)
    c.face(pane(near, far, 0, 0.8), darker(wall, 0.22))
    c.face(pane(near, far, height - 0.5, height), lighter(wall, 0.3))
    c.face(pane(near, far, height * 0.27, height * 0.27 + 0.18), darker(wall, 0.12))
    storeys, axes = max(2, int(height / 3.3)), max(2, int((far - near) / 2.6))
    step = (far - near) / axes
    for storey in range(storeys):
        low = 0.9 + storey * (height - 1.2) / storeys
        for axis in range(axes):
            z0 = near + (axis + 0.28) * step
            colour, on = window_colour(c)
            c.face(pane(z0 - 0.12, z0 + step * 0.44 + 0.12, low, low + 2.0), lighter(wall, 0.4))
            c.face(pane(z0, z0 + step * 0.44, low + 0.12, low + 1.9), colour, lamp=on)
            if near < 14:
                z = z0 + step * 0.22
                c.wire([(x, low + 0.12, z), (x, low + 1.9, z)], lighter(wall, 0.5), 0.05)


def houses_along(c: Canvas, x: float, *, start: float = 3.0, end: float = 62.0) -> None:
    """A row of town houses, painted from far to near."""
    rows: list[tuple[float, float, float, Colour]] = []
    z = start
    while z < end:
        width = c.place.uniform(7, 12)
        rows.append((z, z + width, c.place.uniform(10.5, 16), c.place.choice(PLASTER)))
        z += width
    for near, far, height, wall in reversed(rows):
        house_along(c, x, near, far, height, wall)


def street(c: Canvas, *, tracks: bool = False, left: float = -6.2, right: float = 2.3) -> None:
    """Along a street of town houses: road in the middle, pavements at both sides."""
    sky(c)
    tree_line(c, 70, height=12)
    ground(c, darker(ASPHALT, 0.16) if c.light.wet else ASPHALT)
    houses_along(c, left - 3.2)
    houses_along(c, right + 4.2)
    for side, outer in ((right, right + 4.2), (left, left - 3.2)):
        slab = mix(SLAB, SNOW, 0.8) if c.snow else SLAB
        c.face([(side, 0.12, 1), (outer, 0.12, 1), (outer, 0.12, 75), (side, 0.12, 75)], slab)
        c.face([(side, 0, 1), (side, 0.12, 1), (side, 0.12, 75), (side, 0, 75)], darker(KERB, 0.2))
        edge = side + (0.16 if outer > side else -0.16)
        c.face([(side, 0.12, 1), (edge, 0.12, 1), (edge, 0.12, 75), (side, 0.12, 75)], KERB)
        if not c.snow:
            _joints(c, side, outer, darker(slab, 0.16))
    if tracks:
        for x in (-3.4, -2.0, -0.6, 0.8):
            c.wire([(x, 0.01, 1.4), (x, 0.01, 75)], (70, 72, 76), 0.06)
            c.face(
                [(x, 0.01, 1), (x + 0.07, 0.01, 1), (x + 0.07, 0.01, 70), (x, 0.01, 70)],
                (176, 178, 180),
            )
    elif not c.snow:
        middle = (left + right) / 2
        for row in range(12):
            z = 2.0 + row * 5
            c.face(
                [
                    (middle, 0, z),
                    (middle + 0.13, 0, z),
                    (middle + 0.13, 0, z + 2),
                    (middle, 0, z + 2),
                ],
                (232, 230, 222),
                210,
            )
    for z in (40.0, 29.0, 20.0):
        if c.place.random() < 0.75:
            tree(c, right + 1.4, z, c.place.uniform(5, 7))
    for z in (34.0, 24.5, 15.0):
        if c.place.random() < 0.45:
            cars.car_rear(c, left + 1.0, z, c.place.choice(things.PAINT))
    speckle(c, left, right)


def _joints(c: Canvas, side: float, outer: float, colour: Colour) -> None:
    z = 1.2
    while z < 16:
        c.wire([(side, 0.12, z), (outer, 0.12, z)], colour, 0.014, 150)
        z += 0.5
    across = 0.5 if outer > side else -0.5
    for row in range(1, 9):
        x = side + row * across
        if abs(x - side) < abs(outer - side):
            c.wire([(x, 0.12, 1.2), (x, 0.12, 22)], colour, 0.012, 120)
