"""Pictures of roads, pavements and paths."""

from __future__ import annotations

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import Canvas, Space, darker, lighter, mix
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street
from civicmap.cli.demo.pictures.surroundings import ASPHALT, SLAB, SNOW


def _asphalt(c: Canvas) -> Colour:
    base = darker(ASPHALT, 0.16) if c.light.wet else ASPHALT
    return mix(base, SNOW, 0.82) if c.snow else base


def pothole(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(150, 230), middle=c.place.uniform(520, 700))
    street(c, tracks=c.place.random() < 0.4)
    x, z = c.place.uniform(-0.7, 0.5), c.place.uniform(3.0, 3.5)
    size = c.place.uniform(0.55, 0.85)
    if after:
        patch = darker(_asphalt(c), 0.26)
        wide = size * 1.25
        corners: list[Space] = [(x - wide, 0, z - 0.5), (x + wide, 0, z - 0.52)]
        corners += [(x + wide, 0, z + 0.62), (x - wide, 0, z + 0.6)]
        c.face(corners, patch)
        c.wire([*corners, corners[0]], darker(patch, 0.35), 0.04)
        for _ in range(60):
            c.ball(
                (x + c.detail.uniform(-size, size), 0, z + c.detail.uniform(-0.4, 0.5)),
                0.008,
                (104, 106, 108),
                150,
            )
        return
    _cracks(c, x, z, size * 1.9)
    c.patch(x, z, size * 1.22, 0.54, darker(_asphalt(c), 0.16), rough=0.13, chance=c.detail)
    edge = c.patch(x, z, size, 0.42, (58, 54, 52), rough=0.14, chance=c.detail)
    c.face([(px, py, pz + 0.07) for px, py, pz in edge], (88, 78, 68))
    for _ in range(26):
        c.ball(
            (x + c.detail.uniform(-0.8, 0.8) * size, 0, z + c.detail.uniform(-0.2, 0.3)),
            c.detail.uniform(0.015, 0.04),
            c.detail.choice([(136, 126, 112), (104, 98, 92), (160, 150, 136)]),
        )
    if c.light.wet or c.detail.random() < 0.55:
        water = c.patch(
            x + 0.06,
            z + 0.05,
            size * 0.66,
            0.24,
            mix((96, 106, 112), c.light.sky_low, 0.4),
            rough=0.08,
            chance=c.detail,
        )
        c.mirror(water, strength=170)
    for _ in range(14):
        c.ball(
            (x + c.detail.uniform(-1.6, 1.6) * size, 0, z + c.detail.uniform(-0.8, 0.9)),
            c.detail.uniform(0.012, 0.03),
            (84, 84, 86),
        )


def _cracks(c: Canvas, x: float, z: float, reach: float) -> None:
    for _ in range(8):
        turn = c.detail.uniform(-1, 1)
        px, pz = x + turn * reach * 0.4, z + c.detail.uniform(-0.4, 0.4)
        line: list[Space] = [(px, 0, pz)]
        for _ in range(5):
            px += c.detail.uniform(0.02, 0.22) * (1 if turn > 0 else -1)
            pz += c.detail.uniform(-0.18, 0.18)
            line.append((px, 0, max(1.8, pz)))
        c.wire(line, (64, 64, 66), 0.02, 190)


def pavement(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(120, 190), middle=c.place.uniform(300, 460))
    street(c, left=-9.0, right=-1.1)
    base = mix(SLAB, SNOW, 0.75) if c.snow else SLAB
    x0, z0 = c.place.uniform(-0.1, 0.3), c.place.uniform(2.5, 2.9)
    around.tree(c, x0 + 1.6, z0 + 3.2, 6.0)
    for row in range(4):
        for column in range(4):
            x, z = x0 + column * 0.5, z0 + row * 0.5
            if after:
                _slab(c, x, z, lighter(base, 0.12), 0.0)
                continue
            roll = c.detail.random()
            if roll < 0.2:
                c.face(
                    [
                        (x, 0.12, z),
                        (x + 0.5, 0.12, z),
                        (x + 0.5, 0.12, z + 0.5),
                        (x, 0.12, z + 0.5),
                    ],
                    (112, 92, 72),
                )
                for _ in range(7):
                    c.ball(
                        (x + c.detail.random() * 0.5, 0.12, z + c.detail.random() * 0.5),
                        0.02,
                        (150, 132, 108),
                    )
            else:
                _slab(
                    c,
                    x,
                    z,
                    darker(base, c.detail.uniform(0, 0.14)),
                    c.detail.uniform(0, 0.13) if roll < 0.75 else 0.0,
                )
                if roll > 0.6:
                    c.wire(
                        [(x + 0.1, 0.16, z), (x + 0.22, 0.16, z + 0.22), (x + 0.18, 0.16, z + 0.5)],
                        (92, 86, 80),
                        0.015,
                    )


def _slab(c: Canvas, x: float, z: float, colour: Colour, lift: float) -> None:
    gap = 0.012
    a, b = x + gap, x + 0.5 - gap
    low, high = 0.12, 0.12 + lift
    c.face(
        [(a, low, z), (b, low, z), (b, 0.12 + lift * 0.8, z), (a, high, z)], darker(colour, 0.42)
    )
    c.face([(a, high, z), (b, low + lift * 0.8, z), (b, low, z + 0.48), (a, low, z + 0.48)], colour)
    c.wire([(a, high, z), (b, low + lift * 0.8, z)], darker(colour, 0.25), 0.012)


def manhole(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(120, 190), middle=c.place.uniform(520, 680))
    street(c)
    x, z = c.place.uniform(-0.5, 0.4), 2.9
    c.patch(x, z, 0.62, 0.62, darker(_asphalt(c), 0.12), rough=0.04, chance=c.detail)
    c.patch(x, z, 0.47, 0.47, (92, 94, 96))
    if after:
        c.patch(x, z, 0.4, 0.4, (70, 72, 74))
        for row in range(-3, 4):
            c.wire([(x - 0.3, 0, z + row * 0.1), (x + 0.3, 0, z + row * 0.1)], (96, 98, 100), 0.03)
        return
    c.patch(x, z, 0.4, 0.4, (30, 30, 33))
    c.patch(x, z + 0.06, 0.37, 0.33, (18, 18, 20))
    c.wire([(x - 0.3, 0, z + 0.26), (x + 0.3, 0, z + 0.26)], (70, 66, 60), 0.03)
    lid = [(x + 0.78, 0.02), (x + 1.42, 0.02)]
    c.patch(x + 1.1, z + 0.3, 0.42, 0.36, (54, 56, 58), y=0.02)
    c.patch(x + 1.1, z + 0.32, 0.4, 0.34, (86, 88, 90), y=0.07)
    for row in range(-2, 3):
        c.wire(
            [
                (lid[0][0] + 0.08, 0.07, z + 0.32 + row * 0.11),
                (lid[1][0] - 0.08, 0.07, z + 0.32 + row * 0.11),
            ],
            (104, 106, 108),
            0.03,
        )
    if c.detail.random() < 0.6:
        c.wire([(x - 0.1, 0, z), (x - 0.35, 0.75, z - 0.1), (x - 0.75, 1.15, z)], things.WOOD, 0.06)
        c.wire([(x - 0.33, 0.7, z), (x - 0.1, 1.0, z)], things.WOOD, 0.04)


def barriers(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(270, 330), middle=480)
    street(c)
    for row in range(5):
        z = 9.0 - row * 1.5
        bent = row == 3 and not after
        colour = things.STEEL
        x = 2.5
        lean = 0.75 if bent else 0.0
        posts = [(x, z), (x, z - 1.4)]
        for px, pz in posts:
            c.wire([(px, 0.12, pz), (px - lean, 1.1 - lean * 0.55, pz)], colour, 0.07)
        for height in (1.1, 0.65):
            drop = height - lean * 0.5 * height
            line = [
                (x - lean * height / 1.1, drop, z),
                (x - lean * 1.5 * height / 1.1, drop - lean * 0.3, z - 0.7),
                (x - lean * height / 1.1, drop, z - 1.4),
            ]
            c.wire(line, things.RED if height > 1 else things.WHITE, 0.075)
    if not after:
        for _ in range(14):
            c.patch(
                2.0 + c.detail.uniform(-0.9, 0.6),
                4.0 + c.detail.uniform(-0.8, 0.8),
                0.06,
                0.05,
                c.detail.choice([things.WHITE, (226, 120, 80), (90, 90, 92)]),
                rough=0.4,
                chance=c.detail,
                corners=5,
            )


def works_restoration(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(200, 260), middle=380)
    street(c, left=-8.5, right=-1.2)
    if after:
        c.face(
            [(0.2, 0.125, 1), (1.5, 0.125, 1), (1.5, 0.125, 22), (0.2, 0.125, 22)],
            lighter(SLAB, 0.2),
            170,
        )
        return
    c.face([(0.2, 0.125, 1), (1.6, 0.125, 1), (1.5, 0.125, 16), (0.3, 0.125, 16)], (176, 146, 104))
    for _ in range(90):
        z = 1.7 + 9 * c.detail.random() ** 2
        c.ball(
            (c.detail.uniform(0.2, 1.5), 0.13, z),
            0.02,
            c.detail.choice([(150, 122, 86), (196, 168, 128), (120, 104, 84)]),
        )
    for layer in range(4):
        for column in range(5 - layer):
            x = 1.9 + column * 0.34 + layer * 0.16
            things.box(
                c,
                x,
                x + 0.31,
                0.12 + layer * 0.13,
                0.24 + layer * 0.13,
                4.4,
                4.75,
                darker(SLAB, c.detail.uniform(0.05, 0.2)),
            )
    things.barrier(c, 0.9, 5.2)
    for x, z in ((-0.2, 4.4), (-0.3, 6.6)):
        things.cone(c, x, z)
