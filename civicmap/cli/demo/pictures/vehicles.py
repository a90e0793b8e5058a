"""Pictures of cars and scooters where they should not be."""

from __future__ import annotations

from math import cos, sin

from civicmap.cli.demo.pictures import cars, things
from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures.canvas import (
    Canvas,
    Space,
    darker,
    mix,
)
from civicmap.cli.demo.pictures.light import Colour
from civicmap.cli.demo.pictures.streets import street


def abandoned_vehicle(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(310, 350))
    around.estate(c)
    for x in (-5.6, -2.9, 2.9, 5.6):
        c.face(
            [(x, 0.01, 4.2), (x + 0.1, 0.01, 4.2), (x + 0.1, 0.01, 8.6), (x, 0.01, 8.6)],
            things.WHITE,
            170,
        )
    if after:
        c.patch(0, 5.8, 1.2, 0.5, (70, 70, 72), 90, rough=0.2, chance=c.detail)
        return
    paint: Colour = mix(c.place.choice(things.PAINT), (150, 146, 134), 0.35)
    cars.car_side(c, 0.1, 5.6, paint, wreck=True)
    tones = around.LEAVES["autumn" if c.season != "green" else "green"]
    for _ in range(46):
        x = c.detail.uniform(-2.2, 2.3)
        on_roof = abs(x) < 0.6 and c.detail.random() < 0.5
        c.ball((x, 1.36 if on_roof else 0.02, 5.55), 0.045, c.detail.choice(tones))
    for x in (-1.8, -0.6, 0.9, 1.9):
        for blade in range(5):
            c.wire(
                [
                    (x + blade * 0.06, 0, 5.3),
                    (
                        x + blade * 0.06 + c.detail.uniform(-0.1, 0.1),
                        c.detail.uniform(0.15, 0.34),
                        5.3,
                    ),
                ],
                (110, 134, 76),
                0.025,
            )


def parking(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(280, 330), middle=420)
    street(c, left=-7.5, right=-0.9)
    if after:
        for z in (12.0, 9.5, 7.0, 4.5):
            c.wire([(-0.6, 0.12, z), (-0.6, 1.0, z)], things.IRON, 0.12)
            c.wire([(-0.6, 0.85, z), (-0.6, 0.98, z)], things.WHITE, 0.12)
        return
    for z in (15.0, 9.6, 4.4):
        cars.car_rear(c, 0.75 + c.detail.uniform(-0.1, 0.2), z, c.detail.choice(things.PAINT))


def scooter(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(180, 230), middle=400)
    street(c, left=-8.5, right=-1.3)
    for row in range(26):
        z = 1.5 + row * 0.4
        c.patch(1.0, z, 0.24, 0.16, (224, 190, 90), y=0.125, corners=4)
    if after:
        return
    paint: Colour = c.place.choice([(70, 150, 120), (226, 130, 60), (66, 108, 160)])
    for x, z, turn in ((0.2, 3.3, 0.25), (1.1, 4.0, -0.35), (0.5, 5.2, 0.1)):
        _fallen_scooter(c, x, z, turn, paint)


def _fallen_scooter(c: Canvas, x: float, z: float, turn: float, paint: Colour) -> None:
    y = 0.18
    tail: Space = (x - 0.55 * cos(turn), y, z - 0.55 * sin(turn))
    nose: Space = (x + 0.5 * cos(turn), y, z + 0.5 * sin(turn))
    head: Space = (nose[0] + 0.75, y + 0.05, nose[2] + 0.55)
    c.patch(x + 0.2, z - 0.05, 0.95, 0.2, (34, 40, 46), c.light.shadow + 20, y=0.13)
    c.wire([tail, nose], darker(paint, 0.35), 0.17)
    c.wire([tail, nose], paint, 0.11)
    c.wire([nose, head], things.IRON, 0.07)
    c.wire(
        [(head[0] - 0.12, y, head[2] + 0.24), (head[0] + 0.14, y + 0.16, head[2] - 0.2)],
        things.IRON,
        0.06,
    )
    for centre in (tail, nose):
        c.ball(centre, 0.12, things.TYRE)
        c.ball(centre, 0.055, (150, 152, 154))
