"""Pictures of paths, steps and of winter on a pavement."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import (
    Canvas,
    Space,
    darker,
    lighter,
    mix,
)
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street
from civicmap.cli.demo.pictures.surroundings import SLAB, SNOW


def cycle_path(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(240, 300))
    around.park(c, path=False, water=c.place.random() < 0.5)
    red: Colour = (158, 86, 72)
    c.face(
        [(-1.8, 0, 1), (1.4, 0, 1), (0.6, 0, 50), (-0.2, 0, 50)],
        mix(red, SNOW, 0.75) if c.snow else red,
    )
    c.face(
        [(1.45, 0, 1), (3.4, 0, 1), (1.3, 0, 50), (0.65, 0, 50)],
        mix(SLAB, SNOW, 0.7) if c.snow else SLAB,
    )
    for row in range(7):
        z = 2.0 + row * 4
        x = -0.2 + z * 0.008
        c.face(
            [(x, 0, z), (x + 0.1, 0, z), (x + 0.1, 0, z + 1.6), (x, 0, z + 1.6)], things.WHITE, 220
        )
    _bicycle_mark(c, -0.95, 3.0)
    if after:
        c.face([(-1.75, 0, 4.2), (1.3, 0, 4.2), (1.2, 0, 6.6), (-1.6, 0, 6.6)], darker(red, 0.22))
        return
    for z in (4.3, 5.2, 6.3):
        ridge = [
            (-1.7, 0.0, z),
            (-0.8, 0.13, z + 0.1),
            (0.1, 0.17, z + 0.05),
            (0.9, 0.1, z - 0.1),
            (1.35, 0, z),
        ]
        c.face([*ridge, (1.3, 0, z + 0.45), (-1.7, 0, z + 0.45)], lighter(red, 0.2))
        c.face([*ridge, (1.3, 0, z - 0.3), (-1.7, 0, z - 0.3)], darker(red, 0.28))
        c.wire([(px, py + 0.01, pz) for px, py, pz in ridge], (54, 46, 44), 0.035)
    around.tree(c, -2.9, 6.0, 8)


def _bicycle_mark(c: Canvas, x: float, z: float) -> None:
    for dx in (-0.28, 0.28):
        ring: list[Space] = []
        for step in range(13):
            turn = step * 0.5236
            ring.append((x + dx + 0.2 * cos(turn), 0.005, z + 0.34 * sin(turn)))
        c.wire(ring, things.WHITE, 0.045, 220)
    c.wire(
        [
            (x - 0.28, 0, z),
            (x - 0.1, 0, z + 0.5),
            (x + 0.2, 0, z + 0.5),
            (x, 0, z),
            (x - 0.1, 0, z + 0.5),
        ],
        things.WHITE,
        0.045,
        220,
    )
    c.wire([(x, 0, z), (x - 0.28, 0, z)], things.WHITE, 0.045, 220)
    c.wire([(x + 0.28, 0, z), (x + 0.18, 0, z + 0.7)], things.WHITE, 0.045, 220)


def bridge_stairs(c: Canvas, after: bool) -> None:
    c.look(horizon=250, eye=1.7)
    around.park(c, path=False, water=True)
    stone = mix(SLAB, SNOW, 0.6) if c.snow else SLAB
    for step in range(9, -1, -1):
        z, y = 3.0 + step * 0.55, step * 0.17
        width = 1.9
        c.face(
            [(-width, y, z), (width, y, z), (width, y + 0.17, z), (-width, y + 0.17, z)],
            darker(stone, 0.26),
        )
        c.face(
            [
                (-width, y + 0.17, z),
                (width, y + 0.17, z),
                (width, y + 0.17, z + 0.55),
                (-width, y + 0.17, z + 0.55),
            ],
            stone,
        )
        if not after and step in (1, 2, 4, 5):
            x = c.detail.uniform(-1.2, 0.9)
            c.face(
                [
                    (x, y + 0.02, z - 0.01),
                    (x + 0.3, y - 0.02, z - 0.01),
                    (x + 0.55, y + 0.04, z - 0.01),
                    (x + 0.5, y + 0.175, z + 0.18),
                    (x + 0.1, y + 0.175, z + 0.22),
                    (x - 0.08, y + 0.175, z),
                ],
                (122, 108, 92),
            )
            for _ in range(5):
                c.ball(
                    (x + c.detail.uniform(-0.2, 0.7), y + 0.02, z - c.detail.uniform(0.05, 0.4)),
                    0.035,
                    (150, 138, 122),
                )
    for side in (-1.95, 1.95):
        gone = not after and side > 0
        for step in (0, 3, 6, 9):
            c.wire(
                [(side, step * 0.17, 3 + step * 0.55), (side, step * 0.17 + 1, 3 + step * 0.55)],
                things.IRON,
                0.06,
            )
        rail: list[Space] = [
            (side, 1.0, 3.0),
            (side, 1.51, 4.65),
            (side, 2.02, 6.3),
            (side, 2.53, 7.95),
        ]
        if gone:
            c.wire(rail[2:], things.IRON, 0.07)
            c.wire([(side, 1.0, 3.0), (side - 0.5, 0.35, 3.3)], things.IRON, 0.07)
        else:
            c.wire(rail, things.IRON, 0.07)


def snow_ice(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(200, 260), middle=420)
    street(c, left=-8.0, right=-1.0)
    if after:
        c.face(
            [(-0.7, 0.13, 1), (2.4, 0.13, 1), (2.4, 0.13, 40), (-0.7, 0.13, 40)],
            mix(SLAB, (180, 172, 160), 0.4),
        )
        for _ in range(160):
            z = 1.6 + 9 * c.detail.random() ** 2
            c.ball((c.detail.uniform(-0.6, 2.3), 0.13, z), 0.014, (146, 116, 82), 200)
    else:
        c.face([(0.3, 0.13, 1), (1.7, 0.13, 1), (1.2, 0.13, 30), (0.7, 0.13, 30)], (206, 218, 228))
        for _ in range(7):
            z = 2.2 + 6 * c.detail.random()
            c.patch(
                0.95 + c.detail.uniform(-0.3, 0.3),
                z,
                0.35,
                0.24,
                (186, 206, 220),
                rough=0.2,
                chance=c.detail,
                y=0.135,
            )
        for step in range(9):
            z = 2.2 + step * 0.55
            c.patch(0.8 + (0.22 if step % 2 else -0.1), z, 0.08, 0.16, (176, 190, 202), y=0.135)
        for _ in range(10):
            z = 2.0 + 12 * c.detail.random()
            c.patch(
                -0.9 + c.detail.uniform(-0.25, 0.1),
                z,
                0.6,
                0.5,
                (246, 248, 250),
                rough=0.12,
                chance=c.detail,
                y=0.3,
            )
    around.tree(c, 2.9, 9, 6)


def impassable_path(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(270, 320))
    around.park(c)
    if after:
        return
    tones = around.LEAVES["green" if c.season != "autumn" else "autumn"]
    mud = c.patch(0.1, 3.6, 1.7, 0.9, (112, 88, 62), rough=0.1, chance=c.detail)
    c.face([(x, y, z) for x, y, z in mud], (112, 88, 62), 60)
    water = c.patch(
        0.35, 3.5, 0.9, 0.35, mix((120, 112, 98), c.light.sky_low, 0.4), rough=0.12, chance=c.detail
    )
    c.mirror(water)
    c.wire([(-2.6, 0.3, 6.0), (0.3, 0.55, 5.6), (3.0, 0.35, 5.2)], (98, 78, 60), 0.34)
    c.wire([(-2.6, 0.36, 6.0), (0.3, 0.61, 5.6), (3.0, 0.42, 5.2)], (130, 106, 82), 0.1)
    for x, z, size in ((-1.3, 5.6, 1.2), (0.6, 5.3, 1.4), (1.9, 5.0, 1.0)):
        things.bush(c, x, z, size, 0.95, tones)
