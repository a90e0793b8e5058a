"""Where pictures are taken: a street, a park, an estate, in front of a wall, at a stop."""

from __future__ import annotations

from random import Random

from civicmap.cli.demo.pictures.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Space,
    darker,
    lighter,
    mix,
)
from civicmap.cli.demo.pictures.light import Colour

PLASTER: tuple[Colour, ...] = (
    (226, 203, 160), (214, 182, 140), (233, 219, 192), (203, 170, 150), (196, 190, 160),
    (180, 120, 96), (221, 190, 168), (187, 193, 186), (238, 226, 206), (198, 150, 116),
)  # fmt: skip
ASPHALT: Colour = (112, 113, 116)
SLAB: Colour = (196, 189, 178)
KERB: Colour = (208, 203, 194)
GRASS: Colour = (128, 152, 92)
SNOW: Colour = (240, 243, 246)
WINDOW: Colour = (84, 100, 116)
LIT: Colour = (255, 214, 140)
LEAVES: dict[str, tuple[Colour, ...]] = {
    "green": ((92, 128, 72), (110, 146, 82), (130, 160, 92)),
    "autumn": ((188, 120, 52), (206, 146, 66), (164, 100, 54)),
    "bare": ((122, 112, 100), (140, 130, 118), (110, 100, 92)),
}


def sky(c: Canvas) -> None:
    """From the top of the picture down to the horizon, with a few clouds."""
    c.fade(c.light.sky_top, c.light.sky_low, 0, c.horizon + 4, lamp=True)
    if c.light.name in ("morning", "noon", "golden"):
        for _ in range(c.place.randint(1, 3)):
            x, y = c.place.uniform(0, WIDTH), c.place.uniform(30, c.horizon * 0.5)
            for _ in range(5):
                c.disc(
                    (x + c.place.uniform(-90, 90), y + c.place.uniform(-8, 8)),
                    c.place.uniform(40, 100),
                    c.place.uniform(8, 18),
                    (255, 252, 244),
                    70,
                    lamp=True,
                )


def weather(c: Canvas) -> None:
    """Rain or snow in the air, drawn last."""
    if c.light.name == "rain":
        for _ in range(130):
            x, y = c.detail.uniform(0, WIDTH), c.detail.uniform(0, HEIGHT)
            length = c.detail.uniform(16, 46)
            c.stroke([(x, y), (x - length * 0.18, y + length)], (232, 238, 242), 1.1, 74, lamp=True)
    elif c.snow and c.place.random() < 0.6:
        for _ in range(120):
            size = c.detail.uniform(1.2, 4.2)
            c.disc(
                (c.detail.uniform(0, WIDTH), c.detail.uniform(0, HEIGHT)),
                size,
                size,
                (255, 255, 255),
                190,
            )


def ground(c: Canvas, colour: Colour) -> None:
    """Everything below the horizon, paler with distance."""
    if c.snow:
        colour = mix(colour, SNOW, 0.82)
    far = mix(colour, c.light.sky_low, 0.35)
    c.fade(far, colour, c.horizon, c.horizon + 130)
    c.fade(colour, darker(colour, 0.10), c.horizon + 130, HEIGHT)


def window_colour(c: Canvas) -> tuple[Colour, bool]:
    """A pane and whether somebody is at home with the light on."""
    if c.light.dark and c.place.random() < 0.4:
        return mix(LIT, (255, 180, 90), c.place.random() * 0.5), True
    return mix(WINDOW, c.light.sky_low, c.place.uniform(0.05, 0.35)), False


def tree(
    c: Canvas, x: float, z: float, height: float, *, chance: Random | None = None, lean: float = 0.0
) -> None:
    """A tree in the season's dress."""
    chance = chance or c.place
    bark: Colour = mix((98, 82, 68), c.light.sky_low, min(0.4, z / 80))
    top = (x + lean, height * 0.55, z)
    c.patch(x + 0.5, z, height * 0.22, 0.5, (40, 46, 50), c.light.shadow)
    c.wire([(x, 0, z), (x + lean * 0.4, height * 0.3, z), top], bark, 0.12 + height * 0.022)
    tones = LEAVES[c.season]
    if c.season == "bare":
        for _ in range(16):
            dx, dy = chance.uniform(-0.32, 0.32) * height, chance.uniform(0.12, 0.45) * height
            start = (x + lean * 0.8, height * chance.uniform(0.35, 0.58), z)
            knee = (start[0] + dx * 0.5, start[1] + dy * 0.35, z)
            c.wire([start, knee, (start[0] + dx, start[1] + dy, z)], bark, 0.05)
        return
    for layer, share in enumerate((0.0, 0.5, 1.0)):
        colour = mix(tones[layer], c.light.sky_low, min(0.4, z / 90))
        for _ in range(7):
            spread = height * 0.26
            c.ball(
                (
                    x + lean + chance.uniform(-spread, spread),
                    height * 0.66 + chance.uniform(-0.16, 0.2) * height + share * height * 0.05,
                    z,
                ),
                height * chance.uniform(0.1, 0.17) * (1.15 - share * 0.3),
                colour,
            )


def tree_line(c: Canvas, z: float, *, height: float = 9.0) -> None:
    """A soft wood along the horizon."""
    tones = LEAVES[c.season]
    reach = z * 0.75
    x = -reach
    while x < reach:
        size = c.place.uniform(0.5, 1.0) * height
        colour = mix(c.place.choice(tones), c.light.sky_low, 0.45)
        c.ball((x, size * 0.45, z), size * 0.55, colour)
        x += size * 0.45


def blocks(c: Canvas, z: float) -> None:
    """Slabs of flats behind an estate's lawn."""
    x = -z * 0.75
    while x < z * 0.8:
        width, height = c.place.uniform(14, 26), c.place.choice([15.0, 15.0, 33.0])
        depth = z + c.place.uniform(0, 10)
        wall = mix(c.place.choice(PLASTER[:5]), c.light.sky_low, 0.3)
        c.face(
            [(x, 0, depth), (x + width, 0, depth), (x + width, height, depth), (x, height, depth)],
            wall,
        )
        for storey in range(int(height / 3)):
            for axis in range(int(width / 2.4)):
                colour, on = window_colour(c)
                left, low = x + 0.8 + axis * 2.4, 1.0 + storey * 3
                corner = c.at(left, low + 1.4, depth)
                other = c.at(left + 1.3, low, depth)
                c.fill(
                    [corner, (other[0], corner[1]), other, (corner[0], other[1])],
                    mix(colour, c.light.sky_low, 0.2),
                    lamp=on,
                )
        x += width + c.place.uniform(4, 14)


def park(c: Canvas, *, path: bool = True, water: bool = False) -> None:
    """A lawn under trees, with a path that goes away to the right or the left."""
    sky(c)
    tree_line(c, 60, height=13)
    colour = GRASS if c.season != "bare" else mix(GRASS, (150, 138, 104), 0.55)
    ground(c, colour)
    if water:
        c.face(
            [(-60, 0, 26), (60, 0, 26), (60, 0, 44), (-60, 0, 44)],
            mix(c.light.sky_low, (120, 150, 170), 0.5),
        )
    if path:
        bend = c.place.uniform(-7, 7)
        sand: Colour = (206, 192, 164) if not c.snow else (226, 228, 230)
        left: list[Space] = []
        right: list[Space] = []
        for step in range(14):
            z = 1.0 + 44 * (step / 13) ** 2
            shift = bend * (step / 13) ** 2
            left.append((-1.7 + shift, 0, z))
            right.append((1.7 + shift, 0, z))
        c.face(left + right[::-1], sand)
        c.wire(left, darker(sand, 0.2), 0.05, 120)
        c.wire(right, darker(sand, 0.2), 0.05, 120)
    for _ in range(6):
        side = c.place.choice((-1, 1))
        z = c.place.uniform(14, 34)
        tree(c, side * c.place.uniform(4.2, 13), z, c.place.uniform(6, 10))
    tufts(c, 60)


def tufts(c: Canvas, number: int) -> None:
    """Blades of grass and, in autumn, leaves on the lawn."""
    if c.snow:
        return
    for _ in range(number):
        z = 2.2 + 10 * c.place.random() ** 2
        x = c.place.choice((-1, 1)) * c.place.uniform(1.9, max(2.2, z * 0.75))
        if c.season == "autumn" and c.place.random() < 0.6:
            c.ball((x, 0.01, z), 0.035, c.place.choice(LEAVES["autumn"]), 220)
        else:
            c.wire([(x, 0, z), (x + 0.03, 0.11, z)], darker(GRASS, 0.25), 0.018, 150)


def estate(c: Canvas) -> None:
    """Between blocks of flats: asphalt in front, a lawn and the blocks behind."""
    sky(c)
    blocks(c, 46)
    ground(c, ASPHALT)
    lawn = mix(GRASS, SNOW, 0.85) if c.snow else GRASS
    c.face([(-60, 0, 9), (60, 0, 9), (60, 0, 60), (-60, 0, 60)], lawn)
    c.face([(-60, 0.12, 8.8), (60, 0.12, 8.8), (60, 0.12, 9.1), (-60, 0.12, 9.1)], KERB)
    for x in (-15, -8.5, 7.5, 14):
        if c.place.random() < 0.7:
            tree(c, x + c.place.uniform(-1, 1), c.place.uniform(14, 24), c.place.uniform(5, 8))
    speckle(c, -30, 30)


def wall(c: Canvas, *, depth: float = 6.2, ragged: bool = False) -> tuple[Colour, float]:
    """Face to face with the front of a house, the pavement before it. Returns wall and depth."""
    plaster = c.place.choice(PLASTER)
    c.fade(plaster, lighter(plaster, 0.06), 0, HEIGHT)

    def box(x0: float, x1: float, y0: float, y1: float) -> list[Space]:
        return [(x0, y0, depth), (x1, y0, depth), (x1, y1, depth), (x0, y1, depth)]

    for _ in range(40):
        x, y = c.place.uniform(-5, 5), c.place.uniform(0.7, 4.2)
        c.face(box(x, x + 0.5, y, y + 0.03), darker(plaster, 0.12), 60)
    for x in (-4.7, -1.6, 1.6, 4.7):
        colour, on = window_colour(c)
        c.face(box(x - 0.75, x + 0.75, 2.3, 4.6), lighter(plaster, 0.4))
        c.face(box(x - 0.6, x + 0.6, 2.42, 4.6), colour, lamp=on)
        c.face(box(x - 0.03, x + 0.03, 2.42, 4.6), lighter(plaster, 0.5))
        c.face(box(x - 0.9, x + 0.9, 2.18, 2.3), lighter(plaster, 0.25))
    c.face(box(-6, 6, 0, 0.55), darker(plaster, 0.28))
    if ragged:
        for _ in range(7):
            x, y = c.place.uniform(-4, 4), c.place.uniform(0.6, 2.2)
            edge = [
                (x + dx * c.place.uniform(0.2, 0.9), y + dy * c.place.uniform(0.15, 0.6))
                for dx, dy in (
                    (-1, 0),
                    (-0.6, 0.8),
                    (0.5, 0.9),
                    (1, 0.1),
                    (0.6, -0.8),
                    (-0.5, -0.9),
                )
            ]
            c.face([(a, b, depth - 0.01) for a, b in edge], (172, 104, 82))
    slab = mix(SLAB, SNOW, 0.85) if c.snow else SLAB
    foot = c.at(0, 0, depth)[1]
    c.fade(slab, darker(slab, 0.06), foot, HEIGHT)
    if not c.snow:
        for row in range(14):
            z = 1.4 + row * 0.5
            if z < depth:
                c.wire([(-8, 0, z), (8, 0, z)], darker(slab, 0.17), 0.014, 150)
        for x in range(-14, 15):
            c.wire([(x / 2, 0, 1.3), (x / 2, 0, depth)], darker(slab, 0.17), 0.012, 130)
    c.face(
        [(-9, 0.005, depth - 0.5), (9, 0.005, depth - 0.5), (9, 0.005, depth), (-9, 0.005, depth)],
        (40, 46, 50),
        c.light.shadow,
    )
    return plaster, depth


def speckle(c: Canvas, left: float, right: float) -> None:
    """Stones in the asphalt."""
    for _ in range(150):
        z = 1.6 + 9 * c.place.random() ** 2
        x = c.place.uniform(max(left, -z), min(right, z))
        c.ball((x, 0, z), 0.008, (150, 150, 150) if c.place.random() < 0.5 else (78, 80, 84), 110)
