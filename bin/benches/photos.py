"""The photo pipeline against bare Pillow, which checks nothing and protects nobody."""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Callable

from PIL import Image, ImageOps

from civicmap.domain.media.pipeline import process_photo, warm_up
from civicmap.domain.media.sizes import SIZES, Size

NAME = "photos"
DESCRIPTION = "a 12-megapixel JPEG into its three sizes, against bare Pillow [rounds, default 15]"

WIDTH, HEIGHT = 4000, 3000


def run(arguments: list[str]) -> None:
    """Print p50 and p95 of each way, milliseconds, taken in turns so that noise hits all."""
    rounds = int(arguments[0]) if arguments else 15
    upload = generated_photo()
    print(f"{WIDTH} x {HEIGHT} JPEG, {len(upload) / 1e6:.1f} MB, {rounds} rounds, milliseconds")
    warm_up()
    ways: dict[str, Callable[[bytes], object]] = {
        "process_photo, in its own process": process_photo,
        "Pillow asked well, in this process": pillow_asked_well,
        "Pillow asked plainly, in this process": pillow_asked_plainly,
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(upload)
            taken[name].append((time.perf_counter() - begun) * 1000)
    bare = statistics.median(taken["Pillow asked well, in this process"])
    print(f"{'':38} {'p50':>6} {'p95':>6} {'of bare':>8}")
    for name, times in taken.items():
        p95 = sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]
        median = statistics.median(times)
        print(f"{name:38} {median:6.0f} {p95:6.0f} {median / bare:8.2f}")
    made = process_photo(upload).by_size()
    sizes = ", ".join(
        f"{name} {image.width} x {image.height} {len(image.content) / 1000:.0f} kB"
        for name, image in made.items()
    )
    print(f"WebP: {sizes}")


def generated_photo() -> bytes:
    """A JPEG about as hard to decode as a phone's: broad shapes, texture and sensor noise."""
    dice = random.Random(12)  # noqa: S311 - the same photo every time

    def cloud(width: int, height: int) -> Image.Image:
        pixels = Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
        return pixels.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    picture = Image.blend(cloud(40, 30), cloud(WIDTH // 16, HEIGHT // 16), 0.3)
    picture = Image.blend(picture, cloud(WIDTH // 2, HEIGHT // 2), 0.08)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=90)
    return content.getvalue()


def pillow_asked_well(upload: bytes) -> list[bytes]:
    """The fast way: decode at half size, scale once, make each size from the one before."""
    image: Image.Image = Image.open(io.BytesIO(upload))
    largest = SIZES[0].pixels
    image.draft("RGB", (largest, largest * image.height // image.width))
    image.thumbnail((largest, largest), reducing_gap=None)
    image = ImageOps.exif_transpose(image)
    made = []
    for size in SIZES:
        image = scale(image, size)
        made.append(encode(image, size, method=2))
    return made


def pillow_asked_plainly(upload: bytes) -> list[bytes]:
    """The way most code takes: decode everything, scale it for every size, default encoder."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(upload)))
    return [encode(scale(image, size), size, method=4) for size in SIZES]


def scale(image: Image.Image, size: Size) -> Image.Image:
    if size.square:
        return ImageOps.fit(image, (size.pixels, size.pixels))
    scaled = image.copy()
    scaled.thumbnail((size.pixels, size.pixels), reducing_gap=None)
    return scaled


def encode(image: Image.Image, size: Size, method: int) -> bytes:
    content = io.BytesIO()
    image.save(content, "WEBP", quality=size.quality, method=method)
    return content.getvalue()
