"""Pictures of animals and smoke at the edge of the city."""

from __future__ import annotations

from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures import things
from civicmap.cli.demo.pictures.buildings import rect
from civicmap.cli.demo.pictures.canvas import (
    Canvas,
    Flat,
    Space,
    darker,
)
from civicmap.cli.demo.pictures.light import Colour


def dog(c: Canvas, after: bool) -> None:
    """A dog alone on a path."""
    c.look(horizon=c.place.uniform(300, 350))
    around.park(c)
    if not after:
        _four_legs(c, 0.2, 4.6, 1.0, c.detail.choice([(96, 74, 56), (60, 56, 54), (176, 140, 96)]))


def boars(c: Canvas, after: bool) -> None:
    """A wild sow with her young."""
    c.look(horizon=c.place.uniform(300, 350))
    around.park(c)
    if after:
        return
    _four_legs(c, -0.6, 6.0, 1.5, (76, 66, 58), boar=True)
    for row in range(4):
        _four_legs(c, 1.0 + row * 0.62, 5.6 - row * 0.22, 0.55, (140, 108, 74), boar=True)


def _four_legs(
    c: Canvas, x: float, z: float, size: float, coat: Colour, *, boar: bool = False
) -> None:
    """A dog, or with `boar` a wild boar, walking to the left."""
    things.shade(c, x, z, size * 0.7, 0.2)

    def shape(points: list[Flat], colour: Colour) -> None:
        things.upright(c, x, z, [(dx * size, dy * size) for dx, dy in points], colour)

    for leg, tone in ((-0.36, 0.3), (0.4, 0.3), (-0.24, 0.05), (0.5, 0.05)):
        shape(
            [(leg - 0.05, 0), (leg + 0.05, 0), (leg + 0.08, 0.4), (leg - 0.07, 0.4)],
            darker(coat, tone),
        )
    hump = 0.86 if boar else 0.66
    shape(
        [
            (-0.5, 0.42),
            (-0.48, 0.62),
            (-0.2, hump),
            (0.3, 0.68),
            (0.58, 0.6),
            (0.62, 0.4),
            (0.3, 0.3),
            (-0.3, 0.3),
        ],
        coat,
    )
    if boar:
        shape(
            [(-0.48, 0.66), (-0.66, 0.6), (-0.95, 0.34), (-0.9, 0.26), (-0.6, 0.3), (-0.4, 0.4)],
            darker(coat, 0.08),
        )
        shape([(-0.52, 0.64), (-0.5, 0.78), (-0.42, 0.66)], darker(coat, 0.3))
        c.wire(
            [(x + 0.6 * size, 0.58 * size, z), (x + 0.7 * size, 0.4 * size, z)],
            darker(coat, 0.2),
            0.03 * size,
        )
    else:
        shape(
            [
                (-0.52, 0.5),
                (-0.42, 0.7),
                (-0.5, 0.95),
                (-0.66, 0.96),
                (-0.72, 0.84),
                (-0.9, 0.78),
                (-0.88, 0.7),
                (-0.66, 0.66),
            ],
            coat,
        )
        shape([(-0.56, 0.94), (-0.48, 0.92), (-0.44, 0.74), (-0.52, 0.76)], darker(coat, 0.3))
        c.wire(
            [
                (x + 0.56 * size, 0.58 * size, z),
                (x + 0.8 * size, 0.8 * size, z),
                (x + 0.84 * size, 0.95 * size, z),
            ],
            coat,
            0.07 * size,
        )
    eye = (-0.68, 0.5) if boar else (-0.64, 0.86)
    c.ball((x + eye[0] * size, eye[1] * size, z), 0.025 * size, (24, 22, 22))


def air_noise(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(600, 660))
    around.sky(c)
    around.tree_line(c, 50, height=10)
    around.ground(c, around.GRASS)
    for x, z in ((-7.5, 22.0), (6.8, 20.0), (-0.6, 14.0)):
        front = c.place.choice(around.PLASTER)
        things.box(c, x - 3, x + 3, 0, 3.4, z, z + 5, front)
        roof: Colour = (140, 84, 70)
        c.face(
            [(x - 3.4, 3.3, z), (x + 3.4, 3.3, z), (x + 1.9, 6.1, z + 2), (x - 1.9, 6.1, z + 2)],
            roof,
        )
        for dx in (-2.0, 0.7):
            colour, on = around.window_colour(c)
            c.face(
                [
                    (x + dx, 1.1, z - 0.01),
                    (x + dx + 1.3, 1.1, z - 0.01),
                    (x + dx + 1.3, 2.5, z - 0.01),
                    (x + dx, 2.5, z - 0.01),
                ],
                colour,
                lamp=on,
            )
        rect(c, x + 0.9, x + 1.6, 4.6, 7.0, z + 1.2, (158, 98, 80))
        rect(c, x + 0.82, x + 1.68, 6.9, 7.15, z + 1.2, darker((158, 98, 80), 0.3))
    start: Space = (0.65, 7.2, 15.2)
    strength = 0 if after else 26
    for step in range(strength):
        t = step / 25
        px, py = (
            start[0] + t * 5.4 + c.detail.uniform(-0.3, 0.3),
            start[1] + t * 3.2 + c.detail.uniform(-0.3, 0.5),
        )
        tone = int(58 + 80 * t)
        c.ball((px, py, 15.2), 0.35 + 1.25 * t, (tone, tone, tone + 2), int(190 - 120 * t))
    if after:
        for step in range(8):
            c.ball(
                (start[0] + step * 0.3, start[1] + step * 0.16, 15.2),
                0.16 + step * 0.05,
                (244, 244, 242),
                90,
            )
    for x in range(-9, 10):
        c.wire([(x * 0.9, 0, 9), (x * 0.9, 1.1, 9)], things.WOOD, 0.22)
