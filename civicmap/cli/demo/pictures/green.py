"""Pictures of trees, parks and playgrounds."""

from __future__ import annotations

from itertools import pairwise

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.canvas import Canvas, Space, darker, lighter
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street

SANDPIT: Colour = (222, 200, 152)


def tree_danger(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(320, 380))
    in_street = c.place.random() < 0.4
    if in_street:
        street(c)
    else:
        around.park(c)
    bark: Colour = (104, 84, 66)
    if after:
        things.shade(c, -2.6, 5.4, 0.6)
        things.box(c, -2.95, -2.25, 0, 0.35, 5.2, 5.7, bark)
        c.patch(-2.6, 5.45, 0.33, 0.24, (214, 184, 134), y=0.36)
        for row in range(3):
            for column in range(4 - row):
                x = 2.6 + column * 0.36 + row * 0.18
                c.ball((x, 0.18 + row * 0.3, 5.4), 0.18, bark)
                c.ball((x, 0.18 + row * 0.3, 5.39), 0.14, (222, 192, 142))
        return
    things.shade(c, 0.2, 5.0, 3.2, 0.7)
    c.face(
        [(-3.5, 0.0, 5.6), (-2.9, 0.0, 5.6), (-2.5, 0.75, 5.6), (-3.0, 1.0, 5.6), (-3.2, 0.7, 5.6)],
        bark,
    )
    c.face(
        [(-3.2, 0.7, 5.55), (-2.95, 0.95, 5.55), (-2.5, 0.75, 5.55), (-2.7, 0.5, 5.55)],
        (226, 196, 146),
    )
    c.wire([(-2.8, 0.6, 5.5), (-0.4, 0.75, 5.2), (1.6, 0.9, 5.0)], bark, 0.46)
    c.wire([(-2.8, 0.72, 5.5), (-0.4, 0.88, 5.2), (1.6, 1.0, 5.0)], lighter(bark, 0.2), 0.1)
    for start, end in (
        ((-0.4, 0.8), (0.2, 2.0)),
        ((0.4, 0.8), (1.4, 2.1)),
        ((1.0, 0.9), (1.8, 0.1)),
        ((0.1, 0.7), (0.4, 0.05)),
    ):
        c.wire([(start[0], start[1], 5.1), (end[0], end[1], 5.0)], bark, 0.14)
    tones = around.LEAVES[c.season]
    for layer in range(3):
        for _ in range(13):
            x = 1.7 + c.detail.uniform(-1.3, 1.5)
            c.ball(
                (x, c.detail.uniform(0.3, 1.9), 4.9),
                c.detail.uniform(0.25, 0.48) * (1.15 - layer * 0.2),
                tones[layer],
            )
    for _ in range(26):
        c.ball(
            (c.detail.uniform(-2, 3), 0.02, c.detail.uniform(3.2, 4.8)),
            0.05,
            c.detail.choice(tones),
        )


def vegetation(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(300, 350), middle=480)
    street(c, left=-7.5, right=-1.0)
    tones = around.LEAVES["green" if c.season == "bare" else c.season]
    for z in (15.0, 12.0, 9.4, 7.2, 5.4):
        if after:
            things.box(c, 2.2, 3.2, 0.1, 1.25, z, z + 2.2, tones[1])
            continue
        for x in (2.9, 2.1, 1.3):
            things.bush(c, x - 0.2, z, 1.5, 1.9 if x > 2 else 1.3, tones)
        for _ in range(9):
            x = c.detail.uniform(-0.5, 1.3)
            c.wire(
                [(x + 0.5, 0.7, z), (x + 0.15, 1.0, z), (x - 0.2, 0.72, z)],
                c.detail.choice(tones),
                0.05,
            )
    if not after:
        for _ in range(60):
            z = c.detail.uniform(2.4, 8)
            x = c.detail.uniform(1.0, 2.3)
            c.wire(
                [(x, 0.12, z), (x + c.detail.uniform(-0.1, 0.1), c.detail.uniform(0.3, 0.7), z)],
                c.detail.choice(tones),
                0.025,
            )


def playground(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(330, 380))
    if c.place.random() < 0.5:
        around.park(c, path=False)
    else:
        around.sky(c)
        around.blocks(c, 48)
        around.ground(c, around.GRASS)
        for side in (-9.0, 8.0):
            around.tree(c, side, 20, 7)
    c.patch(0, 6.6, 4.6, 2.4, darker(SANDPIT, 0.18), rough=0.03, chance=c.place)
    c.patch(0, 6.7, 4.5, 2.3, SANDPIT, rough=0.03, chance=c.place)
    _slide(c, 2.6)
    frame: Colour = c.place.choice([(66, 112, 150), (178, 70, 58), (84, 128, 88)])
    left, right, top, z = -2.9, 0.6, 2.5, 6.2
    for x in (left, right):
        for dz in (-0.5, 0.6):
            c.wire([(x, top, z), (x, 0, z + dz)], frame, 0.12)
    c.wire([(left, top, z), (right, top, z)], frame, 0.13)
    _swing(c, left + 0.95, z, whole=True)
    _swing(c, right - 0.95, z, whole=after)
    if not after:
        tape: list[Space] = []
        for step in range(9):
            tape.append((left - 0.1 + step * 0.46, 1.0 - 0.14 * (step % 2), z - 0.7))
        for number, (one, other) in enumerate(pairwise(tape)):
            c.wire([one, other], things.RED if number % 2 else things.WHITE, 0.07)


def _swing(c: Canvas, x: float, z: float, *, whole: bool) -> None:
    chain: Colour = (92, 96, 100)
    if whole:
        for dx in (-0.24, 0.24):
            c.wire([(x + dx, 2.45, z), (x + dx, 0.55, z)], chain, 0.025)
        things.shade(c, x, z, 0.35, 0.2)
        things.box(c, x - 0.3, x + 0.3, 0.5, 0.57, z - 0.1, z + 0.1, things.IRON)
        return
    c.wire([(x - 0.24, 2.45, z), (x - 0.2, 0.62, z)], chain, 0.025)
    c.wire([(x + 0.24, 2.45, z), (x + 0.27, 1.75, z), (x + 0.2, 1.62, z)], chain, 0.025)
    c.wire([(x - 0.2, 0.62, z), (x + 0.02, 0.06, z)], things.IRON, 0.1)
    c.wire([(x + 0.02, 0.1, z), (x + 0.3, 0.05, z - 0.2), (x + 0.5, 0.04, z - 0.1)], chain, 0.03)


def _slide(c: Canvas, x: float) -> None:
    z = 7.2
    steel: Colour = (186, 192, 194)
    for dx in (0.0, 0.55):
        c.wire([(x + dx, 0, z), (x + dx, 2.4, z)], things.WOOD, 0.12)
    things.box(c, x - 0.1, x + 0.65, 1.35, 1.47, z - 0.1, z + 0.5, things.WOOD)
    c.face([(x - 0.25, 2.35, z), (x + 0.8, 2.35, z), (x + 0.28, 2.95, z)], (178, 70, 58))
    c.face(
        [
            (x - 0.05, 1.45, z),
            (x - 1.7, 0.2, z - 0.9),
            (x - 1.5, 0.2, z - 1.25),
            (x + 0.15, 1.45, z - 0.35),
        ],
        steel,
    )
    c.wire(
        [(x - 0.05, 1.6, z), (x - 1.7, 0.35, z - 0.9), (x - 2.0, 0.3, z - 1.0)],
        (206, 164, 60),
        0.07,
    )
    c.wire(
        [(x + 0.15, 1.6, z - 0.35), (x - 1.5, 0.35, z - 1.25), (x - 1.8, 0.3, z - 1.35)],
        (206, 164, 60),
        0.07,
    )


def furniture(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(290, 340))
    around.park(c, water=c.place.random() < 0.5)
    if c.place.random() < 0.3:
        around.tree(c, -3.4, 6.5, 8)
    things.bench(c, 0.1, 3.9, broken=not after, width=2.3)
    if not after:
        c.wire([(-0.6, 0.03, 3.2), (0.3, 0.03, 3.0)], things.WOOD, 0.1)
    things.waste_bin(c, 1.9, 4.6, full=False)
