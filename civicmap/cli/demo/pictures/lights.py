"""Pictures of lights, signs and cables."""

from __future__ import annotations

from itertools import pairwise

from civicmap.cli.demo.pictures import cars, things
from civicmap.cli.demo.pictures import surroundings as around
from civicmap.cli.demo.pictures.canvas import Canvas, Space, darker
from civicmap.cli.demo.pictures.streets import street
from civicmap.cli.demo.pictures.surroundings import GRASS


def streetlight(c: Canvas, after: bool) -> None:
    """One lamp in a row is dark."""
    _row_of_lamps(c, on=after, broken=False)


def lamp_hanging(c: Canvas, after: bool) -> None:
    """The head of a lamp dangles from its cable."""
    _row_of_lamps(c, on=after, broken=not after)


def _row_of_lamps(c: Canvas, *, on: bool, broken: bool) -> None:
    c.look(horizon=c.place.uniform(520, 580), middle=c.place.uniform(500, 700))
    if c.place.random() < 0.35:
        around.park(c)
    else:
        street(c)
    for z in (34.0, 23.0):
        things.street_lamp(c, 3.0, z, on=True)
    things.street_lamp(c, 3.0, 12.0, on=on, broken=broken)


def traffic_signal(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(430, 480), middle=540)
    street(c, tracks=c.place.random() < 0.5)
    for row in range(-9, 4):
        x = row * 0.75
        c.face(
            [(x, 0.01, 7), (x + 0.42, 0.01, 7), (x + 0.42, 0.01, 9.6), (x, 0.01, 9.6)],
            things.WHITE,
            215,
        )
    things.traffic_light(c, -6.6, 10.5, "red" if after else "")
    if not after and c.detail.random() < 0.5:
        things.traffic_light(c, 2.9, 6.2, "amber")
    else:
        things.traffic_light(c, 2.9, 6.2, "green" if after else "")
    cars.car_rear(c, -0.6, 14, c.place.choice(things.PAINT))


def sign_marking(c: Canvas, after: bool) -> None:
    """A traffic sign that leans."""
    _sign(c, c.place.choice(["give_way", "stop", "limit"]), after)


def street_name(c: Canvas, after: bool) -> None:
    """A street's name board that leans."""
    _sign(c, "name", after)


def worn_crossing(c: Canvas, after: bool) -> None:
    """A pedestrian crossing of which little paint is left."""
    _sign(c, "crossing", after)


def _sign(c: Canvas, kind: str, after: bool) -> None:
    c.look(horizon=c.place.uniform(390, 440), middle=c.place.uniform(440, 560))
    street(c)
    worn = kind == "crossing"
    if worn:
        for row in range(-8, 3):
            x = row * 0.8
            alpha = 230 if after else 60 + c.detail.randrange(60)
            c.face(
                [(x, 0.01, 4.6), (x + 0.45, 0.01, 4.6), (x + 0.45, 0.01, 7), (x, 0.01, 7)],
                things.WHITE,
                alpha,
            )
    tilt = 0.0 if after or worn else c.detail.choice([-1, 1]) * c.detail.uniform(0.35, 0.75)
    things.shade(c, 1.4, 5.4, 0.35)
    things.road_sign(c, 1.4, 5.4, kind, tilt=tilt)
    if not after and not worn:
        tones = around.LEAVES["green" if c.season == "bare" else c.season]
        things.bush(c, 1.75, 5.2, 1.0, 0.6, tones)


def dangerous_spot(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(330, 380), middle=560)
    street(c)
    for row in range(-8, 3):
        x = row * 0.8
        c.face(
            [(x, 0.01, 6), (x + 0.45, 0.01, 6), (x + 0.45, 0.01, 8.4), (x, 0.01, 8.4)],
            things.WHITE,
            225,
        )
    things.road_sign(c, 2.9, 9.2, "crossing")
    cars.car_rear(c, -3.9, 16, (206, 204, 198))
    if after:
        for z, colour in ((4.2, (206, 70, 50)), (4.9, (206, 70, 50))):
            c.face(
                [(-5.6, 0.02, z), (1.9, 0.02, z), (1.9, 0.08, z + 0.35), (-5.6, 0.08, z + 0.35)],
                colour,
            )
        for z in (5.0, 9.6):
            c.wire([(1.9, 0, z), (1.9, 0.95, z)], things.RED, 0.1)
            c.wire([(1.9, 0.6, z), (1.9, 0.8, z)], things.WHITE, 0.1)
        return
    cars.car_rear(c, 1.15, 9.0, c.place.choice(things.PAINT))
    cars.car_rear(c, 1.15, 4.6, c.place.choice(things.PAINT))


def power(c: Canvas, after: bool) -> None:
    c.look(horizon=c.place.uniform(500, 560), middle=560)
    around.park(c, path=False)
    c.face([(-1.0, 0, 1), (6, 0, 1), (2.5, 0, 60), (0.4, 0, 60)], around.ASPHALT)
    poles = [(-2.6, 26.0), (-2.6, 15.0), (-2.6, 7.5)]
    for x, z in poles:
        c.wire([(x, 0, z), (x, 6.2, z)], (112, 92, 74), 0.2)
        c.wire([(x - 0.7, 5.9, z), (x + 0.7, 5.9, z)], (96, 80, 66), 0.13)
        for dx in (-0.6, 0.6):
            c.ball((x + dx, 6.05, z), 0.09, (206, 214, 214))
    for dx in (-0.6, 0.6):
        for (x0, z0), (x1, z1) in pairwise(poles):
            slack = 2.9 if dx > 0 and z1 < 10 and not after else 0.5
            wire: list[Space] = []
            for step in range(13):
                t = step / 12
                sag = slack * 4 * t * (1 - t)
                wire.append((x0 + dx + (x1 - x0) * t + sag * 0.35, 6.1 - sag, z0 + (z1 - z0) * t))
            c.wire(wire, (40, 42, 46), 0.035)
    if not after:
        end: list[Space] = [
            (-2.0, 6.1, 7.5),
            (-1.5, 4.2, 7.0),
            (-1.1, 2.4, 6.6),
            (-0.7, 1.0, 6.2),
            (-0.1, 0.35, 5.9),
            (0.3, 0.5, 5.8),
        ]
        c.wire(end, (34, 36, 40), 0.05)
        things.barrier(c, 0.8, 4.6)
    for _ in range(3):
        around.tree(c, c.place.uniform(5, 9), c.place.uniform(14, 26), 7)
    around.tufts(c, 20)
    c.face(
        [(-1.06, 0.01, 1), (-0.98, 0.01, 1), (0.42, 0.01, 60), (0.4, 0.01, 60)], darker(GRASS, 0.3)
    )
