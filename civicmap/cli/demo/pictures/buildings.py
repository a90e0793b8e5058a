"""Pictures of houses, ways in, animals and smoke."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import Canvas, Flat, Space, darker, lighter, mix
from civicmap.cli.demo.pictures.light import Colour


def rect(
    c: Canvas,
    x0: float,
    x1: float,
    y0: float,
    y1: float,
    z: float,
    colour: Colour,
    alpha: int = 255,
) -> None:
    c.face([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], colour, alpha)


def ruin(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(560, 620))
    around.sky(c)
    around.tree_line(c, 50, height=12)
    around.ground(c, around.SLAB)
    brick: Colour = (166, 104, 82)
    z = 13.0
    top: list[Flat] = [
        (-5.2, 0),
        (-5.2, 8.6),
        (-4.3, 9.4),
        (-3.4, 8.2),
        (-2.2, 9.8),
        (-0.6, 9.9),
        (0.2, 8.8),
        (1.4, 9.2),
        (2.3, 7.4),
        (3.3, 7.8),
        (4.4, 6.2),
        (5.0, 6.4),
        (5.0, 0),
    ]
    c.face([(x, y, z) for x, y in top], brick)
    for _ in range(9):
        x, y = c.place.uniform(-4.4, 3.6), c.place.uniform(0.6, 6)
        patch = [
            (x + dx * c.place.uniform(0.6, 1.2), y + dy * c.place.uniform(0.5, 1.1))
            for dx, dy in ((-0.8, 0), (-0.4, 0.9), (0.6, 0.8), (0.9, -0.1), (0.2, -0.7))
        ]
        c.face([(a, b, z - 0.01) for a, b in patch], (214, 196, 164))
    for storey in range(3):
        for axis in range(4):
            x, y = -4.4 + axis * 2.4, 1.3 + storey * 2.6
            if storey == 2 and axis == 3:
                continue
            rect(c, x, x + 1.2, y, y + 1.7, z - 0.02, (44, 42, 44))
            rect(c, x - 0.1, x + 1.3, y - 0.14, y, z - 0.03, darker(brick, 0.25))
            if after or c.place.random() < 0.3:
                for row in range(3):
                    rect(
                        c,
                        x - 0.05,
                        x + 1.25,
                        y + 0.15 + row * 0.55,
                        y + 0.5 + row * 0.55,
                        z - 0.03,
                        things.WOOD,
                    )
    if after:
        rect(c, -5.6, 5.6, 0, 2.1, 9.5, (176, 178, 174), 120)
        for step in range(9):
            x = -5.6 + step * 1.4
            c.wire([(x, 0, 9.5), (x, 2.1, 9.5)], things.STEEL, 0.06)
        c.wire([(-5.6, 2.1, 9.5), (5.6, 2.1, 9.5)], things.STEEL, 0.06)
        return
    c.wire([(-1.9, 4.0, z - 0.6), (-0.3, 3.5, z - 0.6)], (98, 96, 94), 0.22)
    for step in range(5):
        c.wire(
            [
                (-1.8 + step * 0.36, 4.0 - step * 0.11, z - 0.6),
                (-1.75 + step * 0.36, 4.8 - step * 0.14, z - 0.6),
            ],
            things.IRON,
            0.04,
        )
    for _ in range(46):
        x, depth = c.detail.gauss(0.6, 2.0), c.detail.uniform(8.5, 12.4)
        size = c.detail.uniform(0.1, 0.32)
        things.upright(
            c,
            x,
            depth,
            [(-size, 0), (size, 0.02), (size * 0.8, size), (-size * 0.7, size * 1.1)],
            c.detail.choice([brick, darker(brick, 0.2), lighter(brick, 0.25), (190, 176, 150)]),
        )


def roof_facade(c: Canvas, after: bool) -> None:
    """A cornice that falls to pieces."""
    _eaves(c, after, ice=False)


def icicles(c: Canvas, after: bool) -> None:
    """Ice as long as an arm over the pavement."""
    _eaves(c, after, ice=True)


def _eaves(c: Canvas, after: bool, *, ice: bool) -> None:
    c.look(horizon=c.place.uniform(700, 760))
    plaster = c.place.choice(around.PLASTER)
    z = 7.5
    c.fade(c.light.sky_top, c.light.sky_low, 0, 300, lamp=True)
    rect(c, -9, 9, 0, 5.9, z, plaster)
    rect(c, -9, 9, 5.5, 5.62, z - 0.05, lighter(plaster, 0.22))
    rect(c, -9, 9, 5.7, 5.9, z - 0.1, darker(plaster, 0.24))
    rect(c, -9, 9, 5.9, 6.35, z - 0.25, lighter(plaster, 0.3))
    rect(c, -9, 9, 6.3, 6.42, z - 0.28, darker(plaster, 0.3))
    if ice:
        rect(c, -9, 9, 6.38, 6.75, z - 0.2, around.SNOW)
    for step in range(26):
        x = -6.1 + step * 0.48
        rect(c, x, x + 0.2, 5.7, 5.9, z - 0.2, lighter(plaster, 0.3))
    for x in (-3.6, -0.9, 1.8, 4.5):
        colour, on = around.window_colour(c)
        rect(c, x - 0.75, x + 0.75, 2.6, 5.0, z - 0.02, lighter(plaster, 0.4))
        c.face(
            [
                (x - 0.6, 2.7, z - 0.03),
                (x + 0.6, 2.7, z - 0.03),
                (x + 0.6, 4.9, z - 0.03),
                (x - 0.6, 4.9, z - 0.03),
            ],
            colour,
            lamp=on,
        )
        rect(c, x - 0.03, x + 0.03, 2.7, 4.9, z - 0.04, lighter(plaster, 0.5))
    around_foot = c.at(0, 0, z)[1]
    c.fade(around.SLAB, darker(around.SLAB, 0.06), around_foot, 900)
    if after:
        for row in range(0 if ice else 30):
            x = -5 + row * 0.34
            c.wire([(x, 5.7, z - 0.27), (x + 0.3, 6.4, z - 0.27)], (90, 120, 96), 0.014, 170)
            c.wire([(x + 0.3, 5.7, z - 0.27), (x, 6.4, z - 0.27)], (90, 120, 96), 0.014, 170)
        return
    if ice:
        x = -5.0
        while x < 5:
            long = c.detail.uniform(0.3, 1.5)
            c.face(
                [
                    (x - 0.07, 5.95, z - 0.3),
                    (x + 0.08, 5.95, z - 0.3),
                    (x + 0.01, 5.95 - long, z - 0.3),
                ],
                (222, 236, 244),
                225,
            )
            c.wire(
                [(x - 0.02, 5.9, z - 0.31), (x, 6.0 - long, z - 0.31)], (255, 255, 255), 0.025, 200
            )
            x += c.detail.uniform(0.16, 0.4)
    else:
        hole: list[Flat] = [
            (-0.9, 6.36),
            (-0.7, 5.95),
            (-0.3, 6.05),
            (0.1, 5.8),
            (0.6, 6.0),
            (1.0, 5.85),
            (1.3, 6.36),
        ]
        c.face([(x, y, z - 0.26) for x, y in hole], (150, 92, 72))
        spot: list[Flat] = [(-0.2, 5.6), (0.5, 5.7), (0.9, 5.1), (0.4, 4.7), (0.1, 5.05)]
        c.face([(x + 0.1, y, z - 0.02) for x, y in spot], (168, 104, 82))
        c.wire(
            [(0.3, 4.9, z - 0.02), (0.5, 4.3, z - 0.02), (0.3, 3.8, z - 0.02)],
            darker(plaster, 0.4),
            0.03,
        )
    for _ in range(16):
        px, pz = c.detail.uniform(-1.6, 1.8), c.detail.uniform(5.6, 7.0)
        size = c.detail.uniform(0.05, 0.16)
        things.upright(
            c,
            px,
            pz,
            [(-size, 0), (size, 0), (size * 0.6, size), (-size * 0.8, size * 0.8)],
            lighter(plaster, 0.2),
        )


def accessibility(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(370, 410))
    plaster, depth = around.wall(c)
    rect(c, -1.15, 1.15, 0.36, 2.75, depth - 0.02, lighter(plaster, 0.35))
    rect(c, -0.95, 0.95, 0.36, 2.6, depth - 0.03, (96, 70, 52))
    for x in (-0.9, 0.05):
        rect(c, x, x + 0.85, 0.4, 2.5, depth - 0.04, (120, 88, 64))
        rect(
            c, x + 0.12, x + 0.73, 1.4, 2.35, depth - 0.05, mix(around.WINDOW, c.light.sky_low, 0.2)
        )
    c.ball((0.12, 1.3, depth - 0.06), 0.05, things.YELLOW)
    stone: Colour = (176, 170, 160)
    if after:
        ramp: list[Space] = [
            (-1.3, 0.36, depth - 0.1),
            (1.3, 0.36, depth - 0.1),
            (1.3, 0.36, depth - 1.3),
            (-1.3, 0.36, depth - 1.3),
        ]
        c.face(ramp, lighter(stone, 0.15))
        c.face(
            [
                (-1.3, 0.36, depth - 1.3),
                (1.3, 0.36, depth - 1.3),
                (1.3, 0, depth - 3.4),
                (-1.3, 0, depth - 3.4),
            ],
            lighter(stone, 0.28),
        )
        c.face(
            [
                (1.3, 0.36, depth - 0.1),
                (1.3, 0.36, depth - 1.3),
                (1.3, 0, depth - 3.4),
                (1.3, 0, depth - 0.1),
            ],
            darker(stone, 0.2),
        )
        for x in (-1.35, 1.35):
            c.wire(
                [(x, 1.3, depth - 0.2), (x, 1.3, depth - 1.3), (x, 0.95, depth - 3.3)],
                things.STEEL,
                0.06,
            )
            for y, dz in ((0.36, 1.3), (0, 3.3)):
                c.wire([(x, y, depth - dz), (x, y + 0.94, depth - dz)], things.STEEL, 0.05)
        for row in range(3):
            c.wire(
                [
                    (-1.2, 0.3 - row * 0.1, depth - 1.7 - row * 0.55),
                    (1.2, 0.3 - row * 0.1, depth - 1.7 - row * 0.55),
                ],
                things.YELLOW,
                0.04,
            )
        return
    for step in (1, 0):
        near = depth - 0.5 - (1 - step) * 0.5
        things.box(
            c, -1.5, 1.5, 0, 0.18 + step * 0.18, near, depth, darker(stone, 0.06 * (1 - step))
        )
    _wheelchair_mark(c, 0.0, depth - 2.4)


def _wheelchair_mark(c: Canvas, x: float, z: float) -> None:
    """The painted sign of a wheelchair on the pavement, where its way ends."""
    blue: Colour = (56, 100, 160)
    c.face(
        [
            (x - 0.7, 0.01, z - 0.7),
            (x + 0.7, 0.01, z - 0.7),
            (x + 0.7, 0.01, z + 0.7),
            (x - 0.7, 0.01, z + 0.7),
        ],
        blue,
        215,
    )
    ring: list[Space] = []
    for step in range(12):
        turn = 2.2 + step * 0.42
        ring.append((x - 0.06 + 0.3 * cos(turn), 0.015, z - 0.18 + 0.3 * sin(turn)))
    c.wire(ring, things.WHITE, 0.07)
    c.wire(
        [
            (x - 0.1, 0.015, z + 0.38),
            (x - 0.08, 0.015, z - 0.02),
            (x + 0.26, 0.015, z - 0.02),
            (x + 0.4, 0.015, z - 0.42),
        ],
        things.WHITE,
        0.08,
    )
    c.patch(x - 0.1, z + 0.5, 0.1, 0.1, things.WHITE, y=0.015)
