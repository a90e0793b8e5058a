"""Pictures of water where it should not be."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import cars, things
from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures.canvas import Canvas, Space, darker, lighter, mix
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street


def _water(c: Canvas, brown: float = 0.35) -> Colour:
    return mix(mix((104, 118, 126), c.light.sky_low, 0.45), (120, 98, 70), brown)


def _ripples(c: Canvas, x: float, z: float, rx: float, rz: float, number: int) -> None:
    for _ in range(number):
        px, pz = x + c.detail.uniform(-rx, rx), z + c.detail.uniform(-rz, rz)
        long = c.detail.uniform(0.2, 0.7)
        c.wire(
            [(px - long, 0.01, pz), (px, 0.01, pz + 0.03), (px + long, 0.01, pz)],
            (236, 242, 244),
            0.02,
            110,
        )


def flooded_street(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(310, 360), middle=c.place.uniform(540, 680))
    street(c)
    if after:
        for z in (4.0, 7.0):
            c.patch(
                -1.5, z, 1.2, 0.5, darker(around.ASPHALT, 0.25), 150, rough=0.15, chance=c.detail
            )
        return
    shore = [(-5.9, 1.0), (2.4, 1.0), (2.5, 4.0), (2.3, 9.0), (1.9, 17.0), (0.2, 22.0)]
    shore += [(-2.5, 24.0), (-5.2, 18.0), (-6.1, 8.0)]
    lake: list[Space] = [(x, 0.02, z) for x, z in shore]
    c.face(lake, _water(c))
    c.mirror(lake, strength=120)
    _ripples(c, -1.6, 7, 3, 5, 26)
    cars.car_rear(c, -0.9, 10.5, c.place.choice(things.PAINT))
    shine: Colour = mix(_water(c), (255, 255, 255), 0.35)
    c.face(
        [(-2.2, 0.03, 10.3), (0.4, 0.03, 10.3), (0.5, 0.36, 10.3), (-2.3, 0.36, 10.3)], _water(c)
    )
    for x in (-2.6, -2.2, 0.5, 0.9):
        c.wire([(x, 0.04, 10.2), (x + 0.1, 0.34, 10.2), (x + 0.32, 0.04, 10.2)], shine, 0.06)
    for reach in (0.7, 1.2, 1.8):
        ring: list[Space] = []
        for step in range(15):
            turn = 3.3 + step * 0.19
            ring.append((-0.9 + reach * 1.5 * cos(turn), 0.02, 9.6 + reach * sin(turn)))
        c.wire(ring, shine, 0.035, 150)
    if c.detail.random() < 0.6:
        things.cone(c, 1.3, 6.0)


def clogged_drain(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(110, 160), middle=440)
    street(c, right=1.0)
    x, z = 0.45, 3.0
    if not after:
        pool = c.patch(x - 0.5, z + 0.1, 1.35, 0.8, _water(c, 0.45), rough=0.08, chance=c.detail)
        c.mirror(pool, strength=110)
        _ripples(c, x - 0.5, z, 0.8, 0.4, 6)
    c.face(
        [
            (x - 0.42, 0.005, z - 0.32),
            (x + 0.42, 0.005, z - 0.32),
            (x + 0.42, 0.005, z + 0.34),
            (x - 0.42, 0.005, z + 0.34),
        ],
        (88, 88, 88),
    )
    c.face(
        [
            (x - 0.36, 0.005, z - 0.26),
            (x + 0.36, 0.005, z - 0.26),
            (x + 0.36, 0.005, z + 0.28),
            (x - 0.36, 0.005, z + 0.28),
        ],
        (28, 30, 32),
    )
    for bar in range(7):
        dx = x - 0.32 + bar * 0.107
        c.wire([(dx, 0.01, z - 0.26), (dx, 0.01, z + 0.28)], (122, 122, 120), 0.045)
    if after:
        return
    tones: tuple[Colour, ...] = around.LEAVES["autumn"] + ((98, 80, 58), (120, 98, 66))
    for _ in range(130):
        px = x + c.detail.gauss(0, 0.26)
        pz = z + c.detail.gauss(0, 0.17)
        c.patch(
            px,
            max(2.0, pz),
            0.055,
            0.04,
            c.detail.choice(tones),
            rough=0.4,
            chance=c.detail,
            corners=6,
            y=0.02,
        )
    things.litter(c, x, z, 0.5, 0.35, 4)


def water_leak(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(240, 290), middle=560)
    street(c)
    x, z = c.place.uniform(-0.5, 0.3), 4.2
    if after:
        c.face(
            [
                (x - 0.9, 0, z - 0.6),
                (x + 0.9, 0, z - 0.6),
                (x + 0.9, 0, z + 0.7),
                (x - 0.9, 0, z + 0.7),
            ],
            darker(around.ASPHALT, 0.28),
        )
        return
    stream: list[Space] = [
        (x - 1.0, 0.01, z + 0.5),
        (x + 0.9, 0.01, z + 0.5),
        (x + 1.9, 0.01, z - 0.6),
        (x + 2.2, 0.01, 1),
        (x - 0.9, 0.01, 1),
        (x - 1.3, 0.01, z - 0.6),
    ]
    c.face(stream, darker(around.ASPHALT, 0.35))
    pool = c.patch(x, z - 0.3, 1.3, 0.8, _water(c, 0.0), rough=0.1, chance=c.detail)
    c.mirror(pool, strength=120)
    _ripples(c, x, z - 0.9, 1.1, 0.8, 12)
    for jet in range(26):
        lean = c.detail.uniform(-0.55, 0.55)
        tall = c.detail.uniform(0.25, 1.0) * (1.1 - abs(lean))
        path: list[Space] = []
        for step in range(8):
            t = step / 7
            path.append(
                (x + lean * t, tall * 4 * t * (1 - t) * 0.9 + (tall * 0.15 if t < 0.5 else 0), z)
            )
        c.wire(path, (236, 244, 248) if jet % 2 else (206, 224, 232), 0.035, 200)
    things.barrier(c, x - 1.6, 5.2)


def sewage(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(150, 200), middle=480)
    street(c, left=-8.0, right=-1.6)
    x, z = c.place.uniform(0.1, 0.5), 3.2
    if not after:
        pool = c.patch(
            x - 0.2, z - 0.2, 1.5, 0.9, (116, 104, 76), rough=0.1, chance=c.detail, y=0.13
        )
        c.mirror(pool, strength=60)
        c.patch(
            x - 0.2, z - 0.2, 1.2, 0.65, (132, 120, 90), 150, rough=0.14, chance=c.detail, y=0.13
        )
    c.patch(x, z, 0.46, 0.42, (74, 76, 78), y=0.135)
    c.patch(x, z, 0.4, 0.36, (96, 98, 100), y=0.14)
    for row in range(-2, 3):
        c.wire(
            [(x - 0.28, 0.14, z + row * 0.12), (x + 0.28, 0.14, z + row * 0.12)], (70, 72, 74), 0.03
        )
    if after:
        return
    for _ in range(12):
        turn = c.detail.uniform(0, 6.28)
        c.ball(
            (x + 0.46 * cos(turn), 0.17, z + 0.42 * sin(turn)),
            c.detail.uniform(0.03, 0.07),
            lighter((132, 120, 90), 0.3),
        )
    things.barrier(c, 0.4, 5.0)
