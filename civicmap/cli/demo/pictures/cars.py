"""Cars, seen from the side and from behind."""

from __future__ import annotations

from civicmap.cli.demo.pictures.canvas import (
    Canvas,
    Flat,
    darker,
    mix,
)
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.things import RED, TYRE, WHITE, box, shade, upright


def car_side(c: Canvas, x: float, z: float, colour: Colour, *, wreck: bool = False) -> None:
    """A car seen from its side, 4.2 m long, its middle at `x`."""
    sunk = 0.09 if wreck else 0.0
    shade(c, x, z, 2.3, 0.5)

    def up(outline: list[Flat]) -> list[Flat]:
        return [(dx, dy - sunk) for dx, dy in outline]

    body = [(-2.1, 0.3), (2.1, 0.3), (2.14, 0.66), (1.95, 0.85), (1.2, 0.95), (0.72, 1.42),
            (-0.75, 1.46), (-1.35, 0.98), (-2.02, 0.9), (-2.15, 0.6)]  # fmt: skip
    upright(c, x, z, up(body), colour)
    lower = [(-2.1, 0.3), (2.1, 0.3), (2.12, 0.5), (-2.13, 0.5)]
    upright(c, x, z, up(lower), darker(colour, 0.3))
    rear = [(-1.18, 0.98), (-0.68, 1.36), (-0.1, 1.36), (-0.1, 0.98)]
    front = [(0.0, 0.98), (0.0, 1.36), (0.62, 1.34), (1.02, 0.98)]
    pane: Colour = mix((76, 92, 104), c.light.sky_low, 0.25)
    upright(c, x, z, up(rear), pane)
    upright(c, x, z, up(front), pane)
    if wreck:
        crack = [(-0.62, 1.3), (-0.4, 1.2), (-0.52, 1.1), (-0.28, 1.02)]
        c.wire([(x + dx, dy - sunk, z) for dx, dy in crack], WHITE, 0.02)
        rusty = ((-1.75, 0.5, 0.2), (0.45, 0.36, 0.3), (1.7, 0.44, 0.16), (-0.5, 0.36, 0.22))
        for dx, dy, size in rusty:
            rust = [(-1.0, 0.0), (-0.5, 0.5), (0.2, 0.7), (0.8, 0.35), (1.0, 0.0)]
            upright(
                c, x, z, [(dx + a * size, dy + b * size - sunk) for a, b in rust], (134, 88, 60)
            )
    c.wire([(x - 0.05, 0.42 - sunk, z), (x - 0.05, 1.36 - sunk, z)], darker(colour, 0.3), 0.03)
    c.wire([(x - 0.45, 0.86 - sunk, z), (x - 0.25, 0.86 - sunk, z)], darker(colour, 0.45), 0.04)
    upright(c, x, z, up([(1.9, 0.66), (2.12, 0.62), (2.1, 0.76), (1.95, 0.8)]), (250, 240, 210))
    upright(c, x, z, up([(-2.1, 0.68), (-1.9, 0.7), (-1.92, 0.84), (-2.06, 0.84)]), RED)
    for dx in (-1.32, 1.3):
        flat = 0.86 if wreck else 1.0
        centre = c.at(x + dx, 0.31 * flat, z)
        size = c.focal * 0.33 / z
        c.disc(centre, size, size * flat, TYRE)
        c.disc(
            centre, size * 0.55, size * 0.55 * flat, (150, 152, 154) if not wreck else (104, 94, 84)
        )


def car_rear(c: Canvas, x: float, z: float, colour: Colour) -> None:
    """A parked car from behind, 1.8 m wide; its plate is blank."""
    shade(c, x, z, 1.05, 0.5)
    for dx in (-0.72, 0.72):
        upright(c, x, z, [(dx - 0.12, 0), (dx + 0.12, 0), (dx + 0.12, 0.4), (dx - 0.12, 0.4)], TYRE)
    box(c, x - 0.9, x + 0.9, 0.25, 0.9, z, z + 3.9, colour)
    cabin = [(-0.86, 0.88), (0.86, 0.88), (0.68, 1.46), (-0.68, 1.46)]
    upright(c, x, z + 0.25, cabin, darker(colour, 0.1))
    pane = [(-0.7, 0.94), (0.7, 0.94), (0.58, 1.38), (-0.58, 1.38)]
    upright(c, x, z + 0.24, pane, mix((70, 86, 98), c.light.sky_low, 0.25))
    for dx in (-0.78, 0.6):
        upright(c, x, z, [(dx, 0.62), (dx + 0.18, 0.62), (dx + 0.18, 0.82), (dx, 0.82)], RED)
    upright(c, x, z, [(-0.26, 0.45), (0.26, 0.45), (0.26, 0.57), (-0.26, 0.57)], WHITE)
    upright(c, x, z, [(-0.9, 0.25), (0.9, 0.25), (0.9, 0.4), (-0.9, 0.4)], darker(colour, 0.4))
