"""Pictures of stops, cars and scooters."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import Canvas, Flat, Space, darker, lighter, mix
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.surroundings import ASPHALT, SLAB, SNOW

GREEN: Colour = (58, 112, 86)
DEPTH = 5.2


def _stop(c: Canvas) -> None:
    """Across the road from a stop: platform in front, houses behind."""
    c.look(horizon=c.place.uniform(330, 370))
    around.sky(c)
    around.tree_line(c, 60, height=12)
    around.ground(c, ASPHALT)
    x = -26.0
    while x < 26:
        width, height = c.place.uniform(7, 11), c.place.uniform(8, 15)
        front = mix(c.place.choice(around.PLASTER), c.light.sky_low, 0.28)
        c.face([(x, 0, 24), (x + width, 0, 24), (x + width, height, 24), (x, height, 24)], front)
        c.face(
            [
                (x, height - 0.4, 24),
                (x + width, height - 0.4, 24),
                (x + width, height, 24),
                (x, height, 24),
            ],
            lighter(front, 0.3),
        )
        for storey in range(int(height / 3)):
            for axis in range(int(width / 2.2)):
                pane, on = around.window_colour(c)
                left, low = x + 0.6 + axis * 2.2, 1.2 + storey * 3
                c.face(
                    [
                        (left, low, 24),
                        (left + 1.1, low, 24),
                        (left + 1.1, low + 1.8, 24),
                        (left, low + 1.8, 24),
                    ],
                    pane,
                    lamp=on,
                )
        x += width
    slab = mix(SLAB, SNOW, 0.8) if c.snow else SLAB
    c.face([(-12, 0.2, 1), (12, 0.2, 1), (12, 0.2, 7.5), (-12, 0.2, 7.5)], slab)
    if not c.snow:
        for row in range(12):
            z = 1.7 + row * 0.5
            c.wire([(-9, 0.2, z), (9, 0.2, z)], darker(slab, 0.14), 0.014, 150)
        for column in range(-14, 15):
            c.wire([(column / 2, 0.2, 1.5), (column / 2, 0.2, 7.4)], darker(slab, 0.14), 0.012, 120)
    c.face([(-12, 0.2, 7.2), (12, 0.2, 7.2), (12, 0.2, 7.5), (-12, 0.2, 7.5)], things.WHITE)
    for z in (9.5, 11.0):
        c.face(
            [(-30, 0.02, z), (30, 0.02, z), (30, 0.02, z + 0.08), (-30, 0.02, z + 0.08)],
            (178, 180, 182),
        )
    if c.place.random() < 0.5:
        _tram(c, c.place.uniform(-9, 1))


def _tram(c: Canvas, x: float) -> None:
    """A green and yellow tram passing behind."""
    z, long = 9.4, 11.0
    c.face([(x, 0.35, z), (x + long, 0.35, z), (x + long, 3.2, z), (x, 3.2, z)], GREEN)
    c.face([(x, 1.0, z), (x + long, 1.0, z), (x + long, 1.35, z), (x, 1.35, z)], things.YELLOW)
    for step in range(8):
        left = x + 0.3 + step * 1.35
        c.face(
            [(left, 1.5, z), (left + 1.1, 1.5, z), (left + 1.1, 2.75, z), (left, 2.75, z)],
            (255, 226, 168) if c.light.dark else mix(around.WINDOW, c.light.sky_low, 0.4),
            lamp=c.light.dark,
        )
    c.face(
        [(x, 3.2, z), (x + long, 3.2, z), (x + long - 0.4, 3.5, z), (x + 0.4, 3.5, z)],
        darker(GREEN, 0.3),
    )


def _shelter(c: Canvas, *, side_pane: bool = True, roof: Colour = (74, 82, 88)) -> list[Flat]:
    """A glass shelter; returns the corners of its large back pane on the picture."""
    left, right, low, high = -1.9, 1.5, 0.2, 2.55
    back, front = DEPTH, DEPTH - 1.25
    c.patch(-0.2, DEPTH - 0.6, 2.0, 0.7, (34, 40, 46), c.light.shadow + 10, y=0.2)
    pane: list[Space] = [
        (left, low + 0.25, back),
        (right, low + 0.25, back),
        (right, high - 0.1, back),
        (left, high - 0.1, back),
    ]
    c.face(pane, things.GLASS, 84)
    for x in (left, (left + right) / 2, right):
        c.wire([(x, low, back), (x, high, back)], things.IRON, 0.07)
    c.wire([(left, low + 0.25, back), (right, low + 0.25, back)], things.IRON, 0.05)
    c.wire(
        [(left + 0.3, low + 0.48, back - 0.3), (right - 0.3, low + 0.48, back - 0.3)],
        things.WOOD,
        0.12,
    )
    for x in (left + 0.5, right - 0.5):
        c.wire([(x, low, back - 0.3), (x, low + 0.45, back - 0.3)], things.IRON, 0.05)
    if side_pane:
        c.face(
            [
                (left, low + 0.25, back),
                (left, low + 0.25, front),
                (left, high - 0.1, front),
                (left, high - 0.1, back),
            ],
            things.GLASS,
            96,
        )
    for x in (left, right):
        c.wire([(x, low, front), (x, high, front)], things.IRON, 0.07)
    c.face(
        [
            (left - 0.2, high, front - 0.15),
            (right + 0.2, high, front - 0.15),
            (right + 0.2, high, back + 0.1),
            (left - 0.2, high, back + 0.1),
        ],
        darker(roof, 0.3),
    )
    c.face(
        [
            (left - 0.2, high, front - 0.15),
            (right + 0.2, high, front - 0.15),
            (right + 0.2, high + 0.16, front - 0.15),
            (left - 0.2, high + 0.16, front - 0.15),
        ],
        roof,
    )
    return [c.at(*point) for point in pane]


def _pole(c: Canvas, x: float, *, tilt: float = 0.0) -> None:
    """The post with the stop's board."""
    z = DEPTH - 1.4

    def at(dx: float, y: float) -> Space:
        return (x + dx * cos(tilt) + y * sin(tilt), 0.2 + y * cos(tilt) - dx * sin(tilt), z)

    c.wire([at(0, 0), at(0, 2.7)], things.STEEL, 0.07)
    c.face([at(-0.3, 2.15), at(0.3, 2.15), at(0.3, 2.7), at(-0.3, 2.7)], things.YELLOW)
    c.face([at(-0.2, 2.42), at(0.2, 2.42), at(0.2, 2.6), at(-0.2, 2.6)], GREEN)
    c.face([at(-0.2, 2.24), at(0.2, 2.24), at(0.2, 2.34), at(-0.2, 2.34)], things.IRON)


def _timetable(c: Canvas, x: float, *, open_door: bool) -> None:
    """The display case beside the shelter, as large as a person."""
    z, low, high = DEPTH - 1.6, 0.75, 2.2
    for dx in (-0.42, 0.42):
        c.wire([(x + dx, 0.2, z), (x + dx, low + 0.1, z)], things.IRON, 0.07)
    c.face(
        [(x - 0.5, low, z), (x + 0.5, low, z), (x + 0.5, high, z), (x - 0.5, high, z)], things.IRON
    )
    c.face(
        [
            (x - 0.44, low + 0.06, z),
            (x + 0.44, low + 0.06, z),
            (x + 0.44, high - 0.06, z),
            (x - 0.44, high - 0.06, z),
        ],
        (222, 222, 214),
    )
    sheets = [(-0.2, 1.75, 0.0), (0.22, 1.75, 0.0), (-0.2, 1.2, 0.0), (0.22, 1.2, 0.0)]
    for number, (dx, y, lean) in enumerate(sheets):
        slip = 0.16 if open_door and number in (1, 3) else lean
        drop = 0.12 if open_door and number == 3 else 0.0
        corners = [
            (-0.18, -0.24 - drop),
            (0.18, -0.24 + slip - drop),
            (0.18 - slip * 0.4, 0.24 + slip - drop),
            (-0.18 - slip * 0.4, 0.24 - drop),
        ]
        c.face([(x + dx + a, y + b, z) for a, b in corners], things.WHITE)
        c.face(
            [(x + dx + a * 0.8, y + 0.17 + b * 0.16, z) for a, b in corners],
            GREEN if number % 2 else (60, 92, 140),
        )
        for row in range(4):
            y0 = y + 0.06 - row * 0.08 - drop
            c.wire(
                [(x + dx - 0.13, y0, z), (x + dx + 0.11, y0 + slip * 0.5, z)],
                (120, 122, 122),
                0.014,
            )
    if not open_door:
        c.face(
            [
                (x - 0.44, low + 0.06, z),
                (x + 0.1, low + 0.06, z),
                (x + 0.44, high - 0.06, z),
                (x - 0.1, high - 0.06, z),
            ],
            (255, 255, 255),
            36,
        )
        return
    door: list[Space] = [
        (x + 0.5, low, z),
        (x + 1.15, low - 0.02, z - 0.75),
        (x + 1.15, high + 0.02, z - 0.75),
        (x + 0.5, high, z),
    ]
    c.face(door, things.GLASS, 120)
    c.wire([*door, door[0]], things.IRON, 0.05)
    for dx, dz in ((-0.3, 0.5), (0.5, 0.9)):
        c.patch(
            x + dx, z - dz, 0.16, 0.12, things.WHITE, rough=0.15, chance=c.detail, corners=5, y=0.21
        )


def bus_shelter_glass(c: Canvas, after: bool) -> None:
    """A pane of the shelter is gone, its splinters lie on the platform."""
    _broken_pane(c, after, gone=True)


def cracked_glass(c: Canvas, after: bool) -> None:
    """A pane of the shelter is cracked all over and still holds."""
    _broken_pane(c, after, gone=False)


def _broken_pane(c: Canvas, after: bool, *, gone: bool) -> None:
    _stop(c)
    _pole(c, 1.95)
    pane = _shelter(c)
    left, top = pane[3]
    right, low = pane[1]
    middle = (left + right) / 2
    if after:
        shine = [(left + 20, low), (left + 90, low), (left + 210, top), (left + 140, top)]
        c.fill(shine, (255, 255, 255), 60)
        return
    if gone:
        _hole(c, left, middle, top, low)
    else:
        across = c.detail.uniform(0.4, 0.6)
        _web(c, (left + (middle - left) * across, top + (low - top) * 0.45), left, middle, top, low)
    for _ in range(60 if gone else 12):
        x, z = c.detail.uniform(-2.2, 0.6), DEPTH - c.detail.uniform(0.1, 1.9)
        tone: Colour = c.detail.choice([(214, 232, 236), (240, 248, 250), (150, 178, 186)])
        size = c.detail.uniform(0.02, 0.06)
        c.patch(x, z, size, 0.03, tone, rough=0.5, chance=c.detail, corners=4, y=0.21)


def _web(c: Canvas, hit: Flat, left: float, right: float, top: float, low: float) -> None:
    """A pane that holds, cracked from one blow."""
    rays: list[list[Flat]] = []
    for ray in range(17):
        turn = ray * 0.3696 + c.detail.uniform(-0.12, 0.12)
        path = [hit]
        for step in range(1, 7):
            reach = step * 44
            jitter = c.detail.uniform(-0.05, 0.05)
            x = min(right - 3, max(left + 3, hit[0] + reach * cos(turn + jitter)))
            y = min(low - 3, max(top + 3, hit[1] + reach * sin(turn + jitter)))
            path.append((x, y))
        rays.append(path)
        c.stroke(path, (244, 250, 252), 1.7, 215)
    for ring in range(1, 6):
        for one, other in zip(rays, rays[1:] + rays[:1], strict=True):
            if c.detail.random() < 0.85 - ring * 0.06:
                c.stroke([one[ring], other[ring]], (240, 248, 250), 1.3, 190)
    c.disc(hit, 9, 9, (250, 252, 252), 235)


def _hole(c: Canvas, left: float, right: float, top: float, low: float) -> None:
    """A pane that is gone but for the teeth along its frame."""
    pale: Colour = (226, 240, 243)
    for edge in range(4):
        for _ in range(7):
            size = c.detail.uniform(18, 62)
            if edge < 2:
                x = c.detail.uniform(left + 4, right - 14)
                y = low if edge else top
                sign = -1 if edge else 1
                c.fill([(x, y), (x + size * 0.7, y), (x + size * 0.3, y + sign * size)], pale, 205)
            else:
                y = c.detail.uniform(top, low - 14)
                x = left if edge == 2 else right
                sign = 1 if edge == 2 else -1
                c.fill([(x, y), (x, y + size * 0.7), (x + sign * size, y + size * 0.3)], pale, 205)


def bus_stop_display(c: Canvas, after: bool) -> None:
    _stop(c)
    _shelter(c)
    _timetable(c, c.place.uniform(-0.3, 0.4), open_door=not after)


def bus_stop(c: Canvas, after: bool) -> None:
    _stop(c)
    _shelter(c)
    _pole(c, 1.9, tilt=0.0 if after else -c.detail.uniform(0.4, 0.62))
    if not after:
        for _ in range(11):
            x, y = c.detail.uniform(-1.7, 1.3), c.detail.uniform(0.7, 2.2)
            size = c.detail.uniform(0.08, 0.16)
            colour = c.detail.choice([things.WHITE, things.YELLOW, (176, 96, 84), (112, 140, 160)])
            things.upright(
                c,
                x,
                DEPTH - 0.01,
                [(-size, y), (size, y + 0.03), (size, y + size * 1.3), (-size, y + size * 1.2)],
                colour,
            )
