"""A picture being drawn: a pinhole camera over flat ground, flat colours, a little grain.

Points in space are metres: x to the right, y up from the ground, z away from the camera.
Points on the picture are in units of a frame of 1200 by 900, whatever its size in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from civicmap.cli.demo.pictures.light import Colour, Light

WIDTH, HEIGHT = 1200, 900
OVERSAMPLING = 2
NEAR = 0.9  # metres: nothing nearer is drawn
INK: Colour = (27, 36, 48)

Flat = tuple[float, float]
Space = tuple[float, float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour in the one."""
    return (
        int(one[0] + (other[0] - one[0]) * share),
        int(one[1] + (other[1] - one[1]) * share),
        int(one[2] + (other[2] - one[2]) * share),
    )


def darker(colour: Colour, share: float) -> Colour:
    return mix(colour, INK, share)


def lighter(colour: Colour, share: float) -> Colour:
    return mix(colour, (255, 253, 247), share)


class Canvas:
    """`place` decides what the place looks like, `detail` the trouble in it: each repeats from the
    seed, so that a picture taken afterwards shows the same place.
    """

    def __init__(self, light: Light, *, seed: int, season: str, snow: bool) -> None:
        self.light, self.season, self.snow = light, season, snow
        self.place, self.detail = Random(seed), Random(seed ^ 0x5EED)
        self.horizon, self.middle, self.focal, self.eye = 350.0, 600.0, 900.0, 1.6
        self.image = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
        self._solid = ImageDraw.Draw(self.image)
        self._glass = ImageDraw.Draw(self.image, "RGBA")

    def look(self, *, horizon: float, middle: float = 600.0, eye: float = 1.6) -> None:
        """Points the camera: a higher horizon (smaller y) looks further down."""
        self.horizon, self.middle, self.eye = horizon, middle, eye

    def at(self, x: float, y: float, z: float) -> Flat:
        """Where a point in space falls on the picture."""
        z = max(z, NEAR)
        return (
            self.middle + self.focal * x / z,
            self.horizon + self.focal * (self.eye - y) / z,
        )

    def fill(
        self, points: Sequence[Flat], colour: Colour, alpha: int = 255, *, lamp: bool = False
    ) -> None:
        """A polygon; `lamp` colours shine whatever the light."""
        tone = colour if lamp else self.light.tone(colour)
        corners = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        if alpha >= 255:
            self._solid.polygon(corners, fill=tone)
        else:
            self._glass.polygon(corners, fill=(*tone, alpha))

    def face(
        self, points: Sequence[Space], colour: Colour, alpha: int = 255, *, lamp: bool = False
    ) -> None:
        """A polygon in space."""
        self.fill([self.at(*point) for point in points], colour, alpha, lamp=lamp)

    def stroke(
        self,
        points: Sequence[Flat],
        colour: Colour,
        width: float,
        alpha: int = 255,
        *,
        lamp: bool = False,
    ) -> None:
        tone = colour if lamp else self.light.tone(colour)
        path = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        pen = self._solid if alpha >= 255 else self._glass
        ink = tone if alpha >= 255 else (*tone, alpha)
        pen.line(path, fill=ink, width=max(1, round(width * OVERSAMPLING)), joint="curve")

    def wire(
        self,
        points: Sequence[Space],
        colour: Colour,
        metres: float,
        alpha: int = 255,
        *,
        lamp: bool = False,
    ) -> None:
        """A line in space, as thick as it looks at its middle."""
        depth = max(NEAR, sum(point[2] for point in points) / len(points))
        width = max(0.6, self.focal * metres / depth)
        self.stroke([self.at(*point) for point in points], colour, width, alpha, lamp=lamp)

    def disc(
        self,
        centre: Flat,
        rx: float,
        ry: float,
        colour: Colour,
        alpha: int = 255,
        *,
        lamp: bool = False,
    ) -> None:
        tone = colour if lamp else self.light.tone(colour)
        x, y = centre
        box = [
            (x - rx) * OVERSAMPLING,
            (y - ry) * OVERSAMPLING,
            (x + rx) * OVERSAMPLING,
            (y + ry) * OVERSAMPLING,
        ]
        if alpha >= 255:
            self._solid.ellipse(box, fill=tone)
        else:
            self._glass.ellipse(box, fill=(*tone, alpha))

    def ball(
        self, point: Space, metres: float, colour: Colour, alpha: int = 255, *, lamp: bool = False
    ) -> None:
        """A round thing in space."""
        radius = self.focal * metres / max(point[2], NEAR)
        self.disc(self.at(*point), radius, radius, colour, alpha, lamp=lamp)

    def patch(
        self,
        x: float,
        z: float,
        rx: float,
        rz: float,
        colour: Colour,
        alpha: int = 255,
        *,
        rough: float = 0.0,
        chance: Random | None = None,
        corners: int = 26,
        y: float = 0.0,
        lamp: bool = False,
    ) -> list[Space]:
        """A round or ragged spot on the ground; returns its edge."""
        waves = [(number, chance.uniform(0, 6.3)) for number in (2, 3, 5)] if chance else []
        edge: list[Space] = []
        for step in range(corners):
            turn = 2 * pi * step / corners
            swell = sum(sin(number * turn + phase) for number, phase in waves) * 0.42
            reach = 1.0 + rough * (swell + (chance.uniform(-0.45, 0.45) if chance else 0.0))
            edge.append((x + cos(turn) * rx * reach, y, z + sin(turn) * rz * reach))
        self.face(edge, colour, alpha, lamp=lamp)
        return edge

    def fade(
        self, top: Colour, low: Colour, upper: float, lower: float, *, lamp: bool = False
    ) -> None:
        """A band over the whole width that goes from one colour to another."""
        if not lamp:
            top, low = self.light.tone(top), self.light.tone(low)
        height = max(1, round((lower - upper) * OVERSAMPLING))
        strip = Image.new("RGB", (1, 2))
        strip.putpixel((0, 0), top)
        strip.putpixel((0, 1), low)
        column = strip.resize((1, height), Image.Resampling.BILINEAR, box=(0, 0.5, 1, 1.5))
        band = column.resize((self.image.width, height), Image.Resampling.NEAREST)
        self.image.paste(band, (0, round(upper * OVERSAMPLING)))

    def glow(self, centre: Flat, radius: float, colour: Colour, strength: float) -> None:
        """Light around a lamp."""
        size = max(2, round(radius * 2 * OVERSAMPLING))
        mask = _halo().resize((size, size)).point([int(v * strength) for v in range(256)])
        corner = (
            round((centre[0] - radius) * OVERSAMPLING),
            round((centre[1] - radius) * OVERSAMPLING),
        )
        self.image.paste(Image.new("RGB", (size, size), colour), corner, mask)

    def mirror(self, edge: Sequence[Space], *, strength: int = 150) -> None:
        """Shows what stands above the horizon in a spot of water on the ground."""
        flat = [self.at(*point) for point in edge]
        left, right = min(x for x, _ in flat), max(x for x, _ in flat)
        upper, lower = min(y for _, y in flat), max(y for _, y in flat)
        left, right = max(0.0, left), min(float(WIDTH), right)
        upper, lower = max(0.0, upper), min(float(HEIGHT), lower)
        box = [round(v * OVERSAMPLING) for v in (left, upper, right, lower)]
        width, height = box[2] - box[0], box[3] - box[1]
        if width < 4 or height < 4:
            return
        reach = min(height * 1.6, self.horizon * OVERSAMPLING - 2)
        base = round(self.horizon * OVERSAMPLING)
        seen = self.image.crop((box[0], max(0, round(base - reach)), box[2], base))
        small = seen.resize((max(2, width // 10), max(2, height // 5)), Image.Resampling.BOX)
        turned = small.transpose(Image.Transpose.FLIP_TOP_BOTTOM).filter(
            ImageFilter.GaussianBlur(1.2)
        )
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).polygon(
            [(x * OVERSAMPLING - box[0], y * OVERSAMPLING - box[1]) for x, y in flat], fill=strength
        )
        self.image.paste(
            turned.resize((width, height), Image.Resampling.BICUBIC), (box[0], box[1]), mask
        )

    def finish(self) -> Image.Image:
        """The picture as 1200 by 900 pixels, with the grain of paper and calmer corners."""
        picture = self.image.reduce(OVERSAMPLING)
        picture = ImageChops.multiply(picture, _corners())
        grain = _grain()
        shift = self.place.randrange(WIDTH), self.place.randrange(HEIGHT)
        return ImageChops.add(picture, ImageChops.offset(grain, *shift), scale=1, offset=-128)


@cache
def _halo() -> Image.Image:
    size = 96
    halo = Image.new("L", (size, size))
    for y in range(size):
        for x in range(size):
            away = ((x - size / 2 + 0.5) ** 2 + (y - size / 2 + 0.5) ** 2) ** 0.5 / (size / 2)
            halo.putpixel((x, y), int(255 * max(0.0, 1 - away) ** 2.2))
    return halo


@cache
def _grain() -> Image.Image:
    noise = Image.frombytes("L", (WIDTH, HEIGHT), Random(7).randbytes(WIDTH * HEIGHT))
    soft = noise.filter(ImageFilter.GaussianBlur(0.7)).point(
        [max(0, min(255, 128 + int((v - 128) * 0.13))) for v in range(256)]
    )
    return Image.merge("RGB", (soft, soft, soft))


@cache
def _corners() -> Image.Image:
    falloff = Image.radial_gradient("L").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    shade = falloff.point([255 - int(max(0, v - 120) * 0.22) for v in range(256)])
    return Image.merge("RGB", (shade, shade, shade))
