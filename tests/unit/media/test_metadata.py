"""Nothing of a photo but its pixels may ever be kept."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest
from PIL import Image

from civicmap.domain.media.pipeline import ProcessedPhoto, process_photo
from tests.unit.media.samples import (
    FORMATS,
    LATITUDE,
    LONGITUDE,
    SECRET,
    corners,
    encode,
    plain,
    swapped_profile,
    telling,
)

TELLTALES = (
    SECRET.encode(),
    SECRET.encode("utf-16-le"),
    SECRET.encode("utf-16-be"),
    SECRET.encode("utf-32-le"),
    b"Kowalska",
    b"2024:05:01",
    b"2024-05-01",
    b"Exif",
    b"EXIF",
    b"XMP ",
    b"ICCP",
    b"xmpmeta",
    b"adobe",
    b"Photoshop",
    b"8BIM",
    b"II*\0",
    b"MM\0*",
    b"acsp",
    b"script",
    b"ftyp",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
)


def chunks(webp: bytes) -> list[bytes]:
    """The names of a WebP's chunks, read by the RIFF rules and to the very last byte."""
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    assert struct.unpack("<I", webp[4:8])[0] == len(webp) - 8
    at, names = 12, []
    while at < len(webp):
        names.append(webp[at : at + 4])
        length = struct.unpack("<I", webp[at + 4 : at + 8])[0]
        at += 8 + length + length % 2
    assert at == len(webp)
    return names


def assert_only_pixels(photo: ProcessedPhoto) -> None:
    for image in photo.by_size().values():
        assert chunks(image.content) == [b"VP8 "]
        for telltale in TELLTALES:
            assert telltale not in image.content
        opened = Image.open(io.BytesIO(image.content), formats=["WEBP"])
        assert opened.size == (image.width, image.height)
        assert opened.getexif() == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & opened.info.keys()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_full_of_secrets_becomes_byte_for_byte_what_its_bare_twin_becomes(
    kind: str,
) -> None:
    upload = telling(kind)
    assert SECRET.encode() in upload
    told, bare = process_photo(upload), process_photo(plain(kind))
    assert_only_pixels(told)
    assert told.by_size() == bare.by_size()
    assert bare.position is None
    assert bare.taken_at is None


@pytest.mark.parametrize("kind", FORMATS)
def test_where_and_when_are_read_before_they_are_stripped(kind: str) -> None:
    photo = process_photo(telling(kind))
    assert photo.position == (LATITUDE, LONGITUDE)
    assert photo.taken_at == datetime(2024, 5, 1, 10, 30, 15, tzinfo=UTC)


def test_a_time_without_offset_is_told_only_in_an_assumed_time_zone() -> None:
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9003] = "2024:05:01 12:30:15"
    upload = encode(corners(), "JPEG", exif=tags.tobytes())
    assert process_photo(upload).taken_at is None
    zone = timezone(timedelta(hours=5))
    assert process_photo(upload, time_zone=zone).taken_at == datetime(
        2024, 5, 1, 7, 30, 15, tzinfo=UTC
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_a_colour_profile_is_applied_and_then_dropped(kind: str) -> None:
    red = Image.new("RGB", (128, 128), (255, 0, 0))
    options = {"quality": 95} if kind in {"JPEG", "AVIF", "HEIF"} else {"lossless": True}
    upload = encode(red, kind, icc_profile=swapped_profile(), **options if kind != "PNG" else {})
    photo = process_photo(upload)
    assert_only_pixels(photo)
    colour = Image.open(io.BytesIO(photo.page.content)).convert("RGB").getpixel((64, 64))
    assert isinstance(colour, tuple)
    assert colour[1] > 200
    assert max(colour[0], colour[2]) < 60


@pytest.mark.parametrize("profile", [b"", b"nonsense", b"\0" * 128, swapped_profile()[:200]])
def test_a_colour_profile_that_is_nonsense_costs_nothing(profile: bytes) -> None:
    photo = process_photo(encode(corners(), "JPEG", icc_profile=profile))
    assert_only_pixels(photo)


def test_the_second_picture_of_a_many_pictured_jpeg_is_gone() -> None:
    upload = encode(
        corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (240, 160), "white")]
    )
    assert upload.count(b"\xff\xd8\xff") == 2
    photo = process_photo(upload)
    assert_only_pixels(photo)
    assert photo.by_size() == process_photo(plain("JPEG")).by_size()


def test_broken_tags_cost_the_position_and_not_the_photo() -> None:
    good = telling("JPEG")
    for damage in (b"\xff\xff\xff\xff", b"\0\0\0\0"):
        at = good.index(b"Exif\0\0") + 6 + 8
        broken = good[:at] + damage * 60 + good[at + 240 :]
        photo = process_photo(broken)
        assert photo.position is None
        assert_only_pixels(photo)
