"""Pictures of waste, dirt and graffiti."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import Canvas, Flat, Space, darker, lighter
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street


def _sofa(c: Canvas, x: float, z: float, colour: Colour) -> None:
    things.shade(c, x, z, 1.3, 0.5)
    things.box(c, x - 1.0, x + 1.0, 0.35, 1.0, z + 0.5, z + 0.75, darker(colour, 0.12))
    things.box(c, x - 1.0, x + 1.0, 0.1, 0.46, z, z + 0.6, colour)
    for side in (-1.1, 0.88):
        things.box(c, x + side, x + side + 0.22, 0.1, 0.66, z - 0.02, z + 0.7, darker(colour, 0.08))
    c.wire([(x, 0.12, z - 0.01), (x, 0.45, z - 0.01)], darker(colour, 0.3), 0.02)
    things.upright(
        c, x, z - 0.01, [(0.35, 0.4), (0.6, 0.38), (0.66, 0.22), (0.45, 0.2)], (214, 196, 150)
    )


def _fridge(c: Canvas, x: float, z: float) -> None:
    things.shade(c, x, z, 0.6, 0.4)
    things.box(c, x - 0.34, x + 0.34, 0, 1.6, z, z + 0.6, (214, 216, 212))
    c.wire([(x - 0.34, 1.05, z - 0.01), (x + 0.34, 1.05, z - 0.01)], (150, 152, 150), 0.02)
    c.wire([(x - 0.26, 0.8, z - 0.01), (x - 0.26, 0.98, z - 0.01)], (130, 132, 132), 0.03)
    for dx, dy, colour in (
        (0.1, 1.36, things.RED),
        (0.2, 1.2, things.YELLOW),
        (-0.02, 1.25, (70, 120, 170)),
    ):
        things.upright(
            c,
            x + dx,
            z - 0.01,
            [(-0.04, dy), (0.04, dy), (0.04, dy + 0.07), (-0.04, dy + 0.07)],
            colour,
        )


def _mattress(c: Canvas, x: float, z: float) -> None:
    outline: list[Flat] = [(-0.9, 0.02), (0.8, 0.0), (1.0, 1.12), (-0.7, 1.2)]
    things.upright(c, x, z + 0.16, outline, (180, 178, 168))
    things.upright(c, x, z, [(dx - 0.06, dy) for dx, dy in outline], (224, 220, 206))
    for row in range(1, 4):
        c.wire(
            [
                (x - 0.92 + row * 0.05, row * 0.3, z - 0.01),
                (x + 0.76 + row * 0.05, row * 0.28, z - 0.01),
            ],
            (190, 180, 160),
            0.02,
        )


def flytipping(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(290, 340))
    around.park(c, path=c.place.random() < 0.5)
    if after:
        for x in (-2.2, -0.6, 1.0, 2.5):
            size = c.detail.uniform(0.4, 0.55)
            things.shade(c, x, 6.4, size * 1.2)
            things.upright(
                c,
                x,
                6.4,
                [
                    (-size, 0),
                    (size, 0),
                    (size * 1.05, size * 0.7),
                    (size * 0.3, size * 1.25),
                    (-size * 0.7, size * 1.05),
                ],
                (150, 148, 142),
            )
            things.upright(
                c,
                x,
                6.4,
                [
                    (-size * 0.2, size * 0.9),
                    (size * 0.9, size * 0.62),
                    (size * 0.3, size * 1.25),
                    (-size * 0.7, size * 1.05),
                ],
                (172, 170, 163),
            )
        return
    c.patch(0.2, 5.2, 2.6, 0.9, (122, 108, 84), 190, rough=0.14, chance=c.detail)
    kind = c.detail.randrange(3)
    if kind == 0:
        _sofa(c, -0.9, 5.6, c.detail.choice([(128, 84, 74), (98, 112, 96), (150, 128, 92)]))
    elif kind == 1:
        _mattress(c, -1.0, 5.8)
    else:
        _fridge(c, -1.3, 5.7)
    for layer in range(3):
        things.tyre(c, 1.7, layer * 0.2, 5.4)
    things.tyre(c, 2.3, 0, 4.9)
    for x, z, size in (
        (0.5, 5.7, 0.5),
        (1.0, 5.2, 0.42),
        (-0.1, 5.0, 0.4),
        (0.5, 4.6, 0.36),
        (-1.5, 4.6, 0.33),
    ):
        things.bag(c, x, z, size, c.detail.choice(things.BAGS))
    things.litter(c, 0.2, 4.4, 2.4, 0.8, 22)


def street_bin(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(300, 350))
    around.park(c, water=c.place.random() < 0.5)
    things.bench(c, -1.7, 5.2, broken=False)
    things.waste_bin(c, 0.55, 3.3, full=not after)
    if not after:
        things.bag(c, 1.1, 3.4, 0.24, c.detail.choice(things.BAGS))
        things.bag(c, 0.1, 3.5, 0.2, c.detail.choice(things.BAGS))
        things.litter(c, 0.6, 3.0, 1.2, 0.7, 22)


def containers(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(300, 340))
    around.estate(c)
    colours: list[Colour] = [(64, 92, 140), (206, 172, 70), (76, 124, 82), (118, 84, 60)]
    for row, colour in enumerate(colours):
        x = -2.75 + row * 1.4
        things.shade(c, x + 0.6, 5.2, 0.75)
        things.box(c, x, x + 1.2, 0.14, 1.15, 5.2, 6.1, colour)
        for dx in (0.15, 1.05):
            c.ball((x + dx, 0.1, 5.2), 0.1, things.TYRE)
        c.wire([(x + 0.1, 0.6, 5.19), (x + 1.1, 0.6, 5.19)], darker(colour, 0.25), 0.04)
        if after:
            things.box(c, x - 0.03, x + 1.23, 1.15, 1.24, 5.15, 6.15, darker(colour, 0.25))
            continue
        lid: list[Space] = [(x, 1.2, 6.1), (x + 1.2, 1.2, 6.1), (x + 1.2, 2.0, 6.4), (x, 2.0, 6.4)]
        c.face(lid, darker(colour, 0.3))
        for dx in (0.25, 0.6, 0.95):
            c.ball((x + dx, 1.28, 5.3), 0.2, c.detail.choice(things.BAGS))
    if not after:
        for x, size in ((-3.0, 0.36), (-1.6, 0.42), (-0.1, 0.34), (1.2, 0.42), (2.5, 0.4)):
            things.bag(c, x, 4.7, size, c.detail.choice(things.BAGS))
        things.litter(c, 0, 4.1, 2.8, 0.6, 20)


def bulky_waste(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(290, 330))
    if c.place.random() < 0.5:
        around.wall(c)
    else:
        around.estate(c)
    if after:
        return
    _mattress(c, 1.5, 5.4)
    if c.detail.random() < 0.5:
        _fridge(c, -1.9, 5.1)
        _sofa(c, -0.1, 4.7, (104, 92, 118))
    else:
        _sofa(c, -0.6, 4.9, c.detail.choice([(152, 94, 70), (96, 116, 124), (160, 140, 100)]))
    things.box(c, 1.9, 2.6, 0, 0.55, 4.2, 4.6, (54, 56, 60))
    things.upright(
        c, 2.25, 4.19, [(-0.28, 0.1), (0.28, 0.1), (0.28, 0.48), (-0.28, 0.48)], (84, 96, 106)
    )
    things.bag(c, -2.4, 4.4, 0.36, c.detail.choice(things.BAGS))


def dirty_area(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(240, 300))
    if c.place.random() < 0.5:
        around.park(c)
    else:
        street(c, left=-8.0, right=-1.8)
    things.bench(c, 1.2, 5.6, broken=False)
    if after:
        return
    things.litter(c, 0.3, 3.6, 2.0, 1.4, 60)
    things.bag(c, 0.2, 5.0, 0.28, c.detail.choice(things.BAGS))


def graffiti(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(380, 430), middle=c.place.uniform(560, 640))
    plaster, depth = around.wall(c)
    if after:
        c.face(
            [
                (-2.6, 0.6, depth - 0.02),
                (2.4, 0.6, depth - 0.02),
                (2.4, 2.05, depth - 0.02),
                (-2.6, 2.05, depth - 0.02),
            ],
            lighter(plaster, 0.16),
            110,
        )
        return
    paint: Colour = c.detail.choice(
        [(54, 92, 150), (44, 46, 52), (150, 56, 92), (58, 122, 96), (96, 70, 140)]
    )
    pale = lighter(paint, 0.75)
    x = -2.5
    for _ in range(6):
        path = _letter(c, x, depth - 0.03)
        c.wire(path, (26, 28, 34), 0.3)
        c.wire(path, paint, 0.22)
        c.wire([(px - 0.03, py + 0.04, pz) for px, py, pz in path], pale, 0.05)
        x += c.detail.uniform(0.72, 0.86)
    for _ in range(9):
        drip = c.detail.uniform(-2.4, 2.0)
        c.wire(
            [(drip, 0.95, depth - 0.03), (drip, c.detail.uniform(0.45, 0.8), depth - 0.03)],
            paint,
            0.035,
        )
    tag: list[Space] = []
    for step in range(40):
        t = step * 0.5
        tag.append((1.2 + t * 0.085, 2.12 + 0.14 * sin(t * 2.1) + 0.05 * cos(t * 5), depth - 0.03))
    c.wire(tag, (200, 202, 204), 0.05)


def _letter(c: Canvas, x: float, z: float) -> list[Space]:
    """A swollen letter of no alphabet."""
    shapes: tuple[tuple[Flat, ...], ...] = (
        ((0.1, 0.1), (0.1, 0.9), (0.55, 0.75), (0.2, 0.5), (0.6, 0.3), (0.1, 0.1)),
        ((0.6, 0.85), (0.2, 0.95), (0.15, 0.6), (0.6, 0.45), (0.55, 0.1), (0.1, 0.15)),
        ((0.1, 0.1), (0.3, 0.95), (0.6, 0.1), (0.45, 0.45), (0.2, 0.45)),
        ((0.1, 0.95), (0.12, 0.2), (0.35, 0.05), (0.6, 0.25), (0.6, 0.95)),
        ((0.1, 0.1), (0.1, 0.95), (0.6, 0.15), (0.6, 0.95)),
        ((0.6, 0.9), (0.15, 0.75), (0.1, 0.25), (0.4, 0.05), (0.62, 0.3), (0.4, 0.4)),
    )
    shape = c.detail.choice(shapes)
    lift = c.detail.uniform(-0.06, 0.06)
    return [(x + dx, 0.85 + lift + dy * 1.02, z) for dx, dy in shape]
