"""What stands and lies about in a city: lamps, signs, cars, bins, benches, bags."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures.canvas import Canvas, Flat, Space, darker, lighter, mix
from civicmap.cli.demo.pictures.light import Colour

STEEL: Colour = (126, 132, 138)
IRON: Colour = (62, 68, 74)
WOOD: Colour = (170, 122, 78)
TYRE: Colour = (44, 46, 50)
GLASS: Colour = (168, 190, 200)
RED: Colour = (190, 60, 48)
YELLOW: Colour = (240, 190, 60)
WHITE: Colour = (240, 238, 230)
BAGS: tuple[Colour, ...] = (
    (52, 54, 60),
    (70, 92, 126),
    (212, 206, 190),
    (66, 68, 72),
    (128, 84, 60),
)
PAINT: tuple[Colour, ...] = (
    (150, 48, 44), (58, 88, 120), (206, 204, 198), (92, 100, 106), (64, 92, 80), (188, 160, 96),
)  # fmt: skip


def box(
    c: Canvas, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float, colour: Colour
) -> None:
    """A box: its near face, its top and the side turned to the camera."""
    c.face([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], lighter(colour, 0.22))
    if x0 > 0.1:
        c.face([(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)], darker(colour, 0.25))
    elif x1 < -0.1:
        c.face([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], darker(colour, 0.25))
    c.face([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)], colour)


def upright(
    c: Canvas, x: float, z: float, outline: list[Flat], colour: Colour, alpha: int = 255
) -> None:
    """A flat shape that stands facing the camera; outline in metres from its foot."""
    c.face([(x + dx, dy, z) for dx, dy in outline], colour, alpha)


def shade(c: Canvas, x: float, z: float, rx: float, rz: float = 0.25) -> None:
    c.patch(x, z, rx, rz, (34, 40, 46), c.light.shadow + 26)


def street_lamp(
    c: Canvas, x: float, z: float, *, on: bool, broken: bool = False, height: float = 6.0
) -> None:
    """A street light whose arm reaches over the road, towards the middle of the picture."""
    arm = -1.5 if x > 0 else 1.5
    c.wire([(x, 0, z), (x, height, z)], IRON, 0.14)
    c.wire([(x, 0, z), (x, 1.1, z)], IRON, 0.22)
    bend = [(x, height, z), (x + arm * 0.25, height + 0.5, z), (x + arm, height + 0.55, z)]
    c.wire(bend, IRON, 0.1)
    tip = (x + arm, height + 0.5, z)
    if broken:
        c.wire([tip, (tip[0] + 0.05, height - 0.5, z)], IRON, 0.03)
        head = [
            (-0.2, height - 1.1),
            (0.15, height - 1.2),
            (0.2, height - 0.5),
            (-0.05, height - 0.45),
        ]
        upright(c, tip[0], z, head, darker(STEEL, 0.2))
        return
    head = [
        (-0.45, height + 0.42),
        (0.3, height + 0.42),
        (0.2, height + 0.66),
        (-0.35, height + 0.66),
    ]
    upright(c, tip[0], z, head, darker(STEEL, 0.25))
    pane = [
        (-0.36, height + 0.36),
        (0.22, height + 0.36),
        (0.26, height + 0.44),
        (-0.42, height + 0.44),
    ]
    if on:
        corners = [c.at(tip[0] + dx, dy, z) for dx, dy in pane]
        c.fill(corners, (255, 238, 190), lamp=True)
        if c.light.dark:
            c.glow(c.at(tip[0], height + 0.3, z), c.focal * 2.3 / z, (255, 226, 160), 0.85)
            c.patch(tip[0], z, 2.6, 1.5, (255, 222, 150), 46, lamp=True)
            c.patch(tip[0], z, 1.6, 0.9, (255, 226, 160), 42, lamp=True)
    else:
        upright(c, tip[0], z, pane, (74, 80, 88))


def traffic_light(c: Canvas, x: float, z: float, shining: str) -> None:
    """`shining` is red, amber, green or nothing at all."""
    c.wire([(x, 0, z), (x, 3.4, z)], IRON, 0.13)
    upright(c, x, z, [(-0.24, 2.3), (0.24, 2.3), (0.24, 3.5), (-0.24, 3.5)], (44, 50, 54))
    lamps: tuple[tuple[str, float, Colour], ...] = (
        ("red", 3.26, (232, 70, 50)),
        ("amber", 2.9, (246, 178, 50)),
        ("green", 2.54, (70, 196, 140)),
    )
    for name, height, colour in lamps:
        if name == shining:
            c.ball((x, height, z), 0.14, colour, lamp=True)
            c.glow(c.at(x, height, z), c.focal * 0.7 / z, colour, 0.6)
        else:
            c.ball((x, height, z), 0.14, mix(colour, (40, 44, 48), 0.8))


def road_sign(
    c: Canvas, x: float, z: float, kind: str, *, tilt: float = 0.0, height: float = 2.5
) -> None:
    """A sign on its post: give_way, stop, limit, crossing or name; `tilt` in radians."""

    def turned(dx: float, dy: float) -> Space:
        return (x + dx * cos(tilt) + dy * sin(tilt), dy * cos(tilt) - dx * sin(tilt), z)

    c.wire([turned(0, 0), turned(0, height + 0.3)], STEEL, 0.07)

    def plate(points: list[Flat], colour: Colour) -> None:
        c.face([turned(dx, height + dy) for dx, dy in points], colour)

    def round_plate(radius: float, colour: Colour, corners: int = 20, phase: float = 0.0) -> None:
        ring = [6.2832 * step / corners + phase for step in range(corners)]
        plate([(radius * cos(turn), radius * sin(turn)) for turn in ring], colour)

    if kind == "give_way":
        plate([(-0.5, 0.4), (0.5, 0.4), (0, -0.48)], RED)
        plate([(-0.33, 0.29), (0.33, 0.29), (0, -0.29)], WHITE)
    elif kind == "stop":
        round_plate(0.46, WHITE, 8, 0.393)
        round_plate(0.42, RED, 8, 0.393)
        plate([(-0.26, -0.06), (0.26, -0.06), (0.26, 0.06), (-0.26, 0.06)], WHITE)
    elif kind == "limit":
        round_plate(0.42, RED)
        round_plate(0.32, WHITE)
        three: list[Flat] = [(-0.2, 0.15), (-0.05, 0.15), (-0.12, 0.02)]
        three += [(-0.05, -0.04), (-0.07, -0.14), (-0.2, -0.14)]
        nought = [(0.05, 0.15), (0.19, 0.15), (0.19, -0.14), (0.05, -0.14), (0.05, 0.15)]
        for figure in (three, nought):
            c.wire([turned(dx, height + dy) for dx, dy in figure], IRON, 0.055)
    elif kind == "crossing":
        plate([(-0.42, -0.42), (0.42, -0.42), (0.42, 0.42), (-0.42, 0.42)], (48, 92, 160))
        plate([(-0.32, -0.28), (0.32, -0.28), (0, 0.32)], WHITE)
        plate([(-0.05, -0.22), (0.05, -0.22), (0.04, 0.08), (-0.04, 0.08)], IRON)
    else:
        plate([(-0.8, -0.16), (0.8, -0.16), (0.8, 0.18), (-0.8, 0.18)], (44, 84, 140))
        plate([(-0.6, -0.05), (0.5, -0.05), (0.5, 0.06), (-0.6, 0.06)], WHITE)


def bag(c: Canvas, x: float, z: float, size: float, colour: Colour) -> None:
    """A tied rubbish bag."""
    shade(c, x + size * 0.2, z, size * 1.1, size * 0.4)
    chance = c.detail
    outline: list[Flat] = [(-0.9, 0.0), (0.9, 0.0), (1.02, 0.5), (0.75, 1.05), (0.2, 1.3)]
    outline += [(0.3, 1.62), (-0.12, 1.6), (-0.1, 1.3), (-0.7, 1.1), (-1.02, 0.5)]
    points = [(dx * size * chance.uniform(0.92, 1.08), dy * size * 0.72) for dx, dy in outline]
    upright(c, x, z, points, colour)
    upright(
        c,
        x,
        z,
        [(dx * 0.5 - 0.3 * size, dy * 0.8 + 0.08 * size) for dx, dy in points[4:9]],
        lighter(colour, 0.2),
        120,
    )


def tyre(c: Canvas, x: float, y: float, z: float) -> None:
    """A tyre lying flat."""
    for height in (y, y + 0.18):
        centre = c.at(x, height, z)
        wide, flat = c.focal * 0.34 / z, c.focal * 0.34 / z * (c.eye - height) / z
        c.disc(centre, wide, max(flat, 4), TYRE if height > y else darker(TYRE, 0.4))
    c.disc(centre, wide * 0.52, max(flat, 4) * 0.52, (30, 31, 34))
    c.disc(centre, wide * 0.98, max(flat, 4) * 0.95, lighter(TYRE, 0.2), 40)


def waste_bin(c: Canvas, x: float, z: float, *, full: bool, colour: Colour = (70, 98, 82)) -> None:
    """A street bin on its foot, half a metre wide."""
    shade(c, x + 0.12, z, 0.45)
    upright(c, x, z, [(-0.26, 0.1), (0.26, 0.1), (0.32, 0.95), (-0.32, 0.95)], colour)
    upright(c, x, z, [(0.05, 0.1), (0.26, 0.1), (0.32, 0.95), (0.1, 0.95)], darker(colour, 0.18))
    for dx in (-0.18, -0.04, 0.1):
        c.wire([(x + dx, 0.18, z), (x + dx * 1.15, 0.86, z)], darker(colour, 0.3), 0.02)
    upright(
        c, x, z, [(-0.36, 0.93), (0.36, 0.93), (0.36, 1.01), (-0.36, 1.01)], darker(colour, 0.35)
    )
    c.wire([(x, 0, z), (x, 0.12, z)], IRON, 0.12)
    if not full:
        return
    chance = c.detail
    for _ in range(9):
        dx, dy = chance.uniform(-0.3, 0.3), 1.0 + chance.uniform(0, 0.24)
        tilt, size = chance.uniform(-0.1, 0.1), chance.uniform(0.09, 0.17)
        shape = [
            (dx - size, dy),
            (dx + size * 0.8, dy + tilt),
            (dx + size, dy + size),
            (dx - size * 0.7, dy + size + tilt),
        ]
        upright(
            c,
            x,
            z,
            shape,
            chance.choice([WHITE, RED, YELLOW, (92, 140, 170), (206, 176, 130), (60, 120, 84)]),
        )


def litter(c: Canvas, x: float, z: float, rx: float, rz: float, pieces: int) -> None:
    """Cups, paper and bottles scattered on the ground."""
    chance = c.detail
    for _ in range(pieces):
        px, pz = x + chance.uniform(-rx, rx), max(1.9, z + chance.uniform(-rz, rz))
        size = chance.uniform(0.05, 0.11)
        if chance.random() < 0.35:
            colour: Colour = chance.choice([(86, 124, 84), (146, 104, 62), (180, 196, 200)])
            turn = chance.uniform(-0.2, 0.2)
            c.wire([(px - 0.11, 0.03, pz), (px + 0.1, 0.03, pz + turn)], colour, 0.065)
            c.wire([(px + 0.1, 0.03, pz + turn), (px + 0.16, 0.03, pz + turn * 1.4)], colour, 0.03)
        else:
            colour = chance.choice([WHITE, (222, 214, 196), RED, YELLOW, (120, 160, 184)])
            c.patch(px, pz, size, size * 0.9, colour, rough=0.4, chance=chance, corners=6, y=0.01)


def bench(c: Canvas, x: float, z: float, *, broken: bool, width: float = 2.0) -> None:
    """A park bench facing the camera; a broken one has lost slats."""
    shade(c, x, z + 0.2, width * 0.6, 0.35)
    half = width / 2
    for dx in (-half + 0.2, half - 0.2):
        c.wire([(x + dx, 0, z), (x + dx, 0.46, z)], IRON, 0.07)
        c.wire([(x + dx, 0, z + 0.45), (x + dx, 0.9, z + 0.55)], IRON, 0.06)
    for row, (y, depth) in enumerate(((0.9, 0.55), (0.76, 0.52), (0.62, 0.5))):
        if broken and row == 1:
            c.wire([(x - half, y, z + depth), (x - 0.15, y - 0.02, z + depth)], WOOD, 0.1)
            continue
        c.wire([(x - half, y, z + depth), (x + half, y, z + depth)], lighter(WOOD, 0.06), 0.1)
    for row, depth in enumerate((0.42, 0.28, 0.14, 0.0)):
        if broken and row == 2:
            continue
        if broken and row == 3:
            c.wire([(x - half, 0.46, z + depth), (x + 0.1, 0.46, z + depth)], WOOD, 0.1)
            c.wire(
                [(x + 0.2, 0.4, z - 0.05), (x + half * 1.05, 0.03, z - 0.35)],
                darker(WOOD, 0.1),
                0.1,
            )
            continue
        c.wire(
            [(x - half, 0.46, z + depth), (x + half, 0.46, z + depth)],
            darker(WOOD, 0.05 * row),
            0.1,
        )


def barrier(c: Canvas, x: float, z: float, *, width: float = 1.7) -> None:
    """A red and white board that keeps people off."""
    for dx in (-width / 2 + 0.15, width / 2 - 0.15):
        c.wire([(x + dx, 0, z), (x + dx, 0.98, z)], STEEL, 0.06)
        box(c, x + dx - 0.22, x + dx + 0.22, 0, 0.09, z - 0.12, z + 0.12, (70, 72, 76))
    stripes = 6
    for row in range(stripes):
        left = -width / 2 + row * width / stripes
        right = left + width / stripes
        outline = [(left, 0.68), (right, 0.68), (right, 0.98), (left, 0.98)]
        upright(c, x, z - 0.02, outline, RED if row % 2 else WHITE)


def cone(c: Canvas, x: float, z: float) -> None:
    shade(c, x, z, 0.34, 0.2)
    upright(c, x, z, [(-0.24, 0), (0.24, 0), (0.24, 0.05), (-0.24, 0.05)], (206, 96, 44))
    upright(c, x, z, [(-0.17, 0.05), (0.17, 0.05), (0.04, 0.72), (-0.04, 0.72)], (226, 106, 48))
    for low, high in ((0.2, 0.32), (0.44, 0.54)):
        a, b = 0.17 - 0.13 * (low - 0.05) / 0.67, 0.17 - 0.13 * (high - 0.05) / 0.67
        upright(c, x, z, [(-a, low), (a, low), (b, high), (-b, high)], WHITE)


def bush(
    c: Canvas, x: float, z: float, width: float, height: float, tones: tuple[Colour, ...]
) -> None:
    chance = c.detail
    shade(c, x, z, width * 0.6, 0.4)
    for layer, tone in enumerate(tones):
        for _ in range(8):
            c.ball(
                (
                    x + chance.uniform(-width / 2, width / 2),
                    height * chance.uniform(0.2, 0.75) + layer * 0.1,
                    z,
                ),
                height * chance.uniform(0.2, 0.34) * (1.1 - layer * 0.18),
                tone,
            )
