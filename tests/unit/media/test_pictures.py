"""The pictures that come out look as the ones that went in."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageOps

from civicmap.domain.media.pipeline import EncodedImage, process_photo
from tests.unit.media.samples import CORNERS, FORMATS, chunk, corners, encode, exif, plain

WHITE = (255, 255, 255)


def opened(image: EncodedImage) -> Image.Image:
    return Image.open(io.BytesIO(image.content)).convert("RGB")


def assert_colour(image: Image.Image, at: tuple[int, int], expected: tuple[int, ...]) -> None:
    colour = image.getpixel(at)
    assert isinstance(colour, tuple)
    assert max(abs(a - b) for a, b in zip(colour, expected, strict=True)) < 45, (at, colour)


def assert_upright(image: Image.Image) -> None:
    width, height = image.size
    for index, expected in enumerate(CORNERS):
        left, top = index % 2 * 2 + 1, index // 2 * 2 + 1
        assert_colour(image, (width * left // 4, height * top // 4), expected)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_taken_and_every_size_shows_the_whole_scene(kind: str) -> None:
    photo = process_photo(plain(kind))
    assert (photo.full.width, photo.full.height) == (240, 160)
    assert (photo.page.width, photo.page.height) == (240, 160)
    assert (photo.list.width, photo.list.height) == (160, 160)
    for image in photo.by_size().values():
        assert_upright(opened(image))


@pytest.mark.parametrize(
    ("width", "height", "full", "page", "square"),
    [
        (4000, 3000, (1600, 1200), (960, 720), 320),
        (3000, 4000, (1200, 1600), (720, 960), 320),
        (5000, 500, (1600, 160), (960, 96), 160),
        (1000, 1000, (1000, 1000), (960, 960), 320),
        (64, 64, (64, 64), (64, 64), 64),
        (64, 6000, (17, 1600), (10, 960), 17),
    ],
)
def test_sizes_are_kept_in_shape_and_never_enlarged(
    width: int, height: int, full: tuple[int, int], page: tuple[int, int], square: int
) -> None:
    photo = process_photo(encode(corners(width, height), "JPEG"))
    assert (photo.full.width, photo.full.height) == full
    assert (photo.page.width, photo.page.height) == page
    assert (photo.list.width, photo.list.height) == (square, square)


def turned_away(orientation: int) -> Image.Image:
    """What the sensor saw, so that turning it as EXIF says makes it upright."""
    away = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    tagged = corners()
    tagged.getexif()[0x0112] = away
    return ImageOps.exif_transpose(tagged)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(kind: str, orientation: int) -> None:
    bare = Image.frombytes("RGB", turned_away(orientation).size, turned_away(orientation).tobytes())
    photo = process_photo(encode(bare, kind, exif=exif(orientation)))
    assert (photo.full.width, photo.full.height) == (240, 160)
    assert_upright(opened(photo.full))
    assert_upright(opened(photo.list))


def test_nonsense_orientation_is_upright() -> None:
    for orientation in (0, 9, 65535):
        assert_upright(
            opened(process_photo(encode(corners(), "JPEG", exif=exif(orientation))).full)
        )


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        ("CMYK", "JPEG", {}),
        ("RGB", "JPEG", {"progressive": True}),
        ("RGB", "JPEG", {"subsampling": 0}),
        ("RGB", "WEBP", {"lossless": True}),
        ("P", "PNG", {}),
        ("RGBA", "PNG", {}),
        ("RGBA", "WEBP", {}),
        ("RGBA", "AVIF", {}),
        ("RGBA", "HEIF", {}),
    ],
)
def test_every_kind_of_colour_survives(mode: str, kind: str, options: dict[str, Any]) -> None:
    assert_upright(opened(process_photo(encode(corners(mode=mode), kind, **options)).full))


@pytest.mark.parametrize(
    ("mode", "colour"), [("L", 130), ("1", 1), ("I;16", 130 * 256), ("LA", (130, 255))]
)
def test_grey_stays_the_same_grey_at_every_depth(mode: str, colour: Any) -> None:
    photo = process_photo(encode(Image.new(mode, (100, 100), colour), "PNG"))
    grey = 255 if mode == "1" else 130
    assert_colour(opened(photo.full), (50, 50), (grey, grey, grey))


def deep_png(colour_type: int, samples: tuple[int, ...], transparent: bytes = b"") -> bytes:
    """A PNG of 16 bits a channel, as Pillow cannot write it."""
    import zlib

    row = b"\0" + struct.pack(f">{len(samples)}H", *samples) * 100
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 100, 16, colour_type, 0, 0, 0))]
    if transparent:
        parts.append(chunk(b"tRNS", transparent))
    parts += [chunk(b"IDAT", zlib.compress(row * 100)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("upload", "expected"),
    [
        (deep_png(2, (50000, 20000, 5000)), (195, 78, 19)),
        (deep_png(2, (50000, 20000, 5000), struct.pack(">3H", 1, 2, 3)), (195, 78, 19)),
        (deep_png(2, (50000, 20000, 5000), struct.pack(">3H", 50000, 1, 1)), (195, 78, 19)),
        (deep_png(6, (50000, 20000, 5000, 65535)), (195, 78, 19)),
        (deep_png(6, (50000, 20000, 5000, 0)), WHITE),
        (deep_png(0, (33000,), struct.pack(">H", 7)), (129, 129, 129)),
        (deep_png(4, (33000, 65535)), (129, 129, 129)),
    ],
)
def test_png_of_sixteen_bits_keeps_its_colours(upload: bytes, expected: tuple[int, ...]) -> None:
    assert_colour(opened(process_photo(upload).full), (50, 50), expected)


def test_what_is_transparent_becomes_white() -> None:
    palette = corners().quantize(4)
    red = palette.getpixel((1, 1))
    for upload in (
        encode(palette, "PNG", transparency=red),
        encode(corners(), "PNG", transparency=CORNERS[0]),
    ):
        picture = opened(process_photo(upload).full)
        assert_colour(picture, (40, 40), WHITE)
        assert_colour(picture, (200, 120), CORNERS[3])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    others = [Image.new("RGB", (240, 160), colour) for colour in ("black", "white", "gray")]
    upload = encode(corners(), kind, save_all=True, append_images=others)
    assert_upright(opened(process_photo(upload).full))


def test_an_embedded_thumbnail_never_stands_in_for_the_photo() -> None:
    plain_heic, with_thumbnail = (
        encode(corners(480, 360), "HEIF", **options) for options in ({}, {"thumbnails": [240]})
    )
    assert with_thumbnail != plain_heic
    assert process_photo(with_thumbnail).by_size() == process_photo(plain_heic).by_size()
