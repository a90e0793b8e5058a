"""What is no photo, or would cost too much, is refused with a sentence; nothing is let through."""

from __future__ import annotations

import random
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from civicmap.domain.media.limits import Limits
from civicmap.domain.media.pipeline import (
    PhotoNotProcessed,
    ProcessedPhoto,
    RefusedPhoto,
    process_photo,
)
from civicmap.domain.media.refusals import Reason
from civicmap.domain.media.sandbox import Sandbox
from tests.unit.media.samples import (
    FORMATS,
    chunk,
    corners,
    encode,
    flat_png,
    flat_webp,
    large_jpeg_header,
    many_scans,
    plain,
    telling,
    with_chunks,
)


def refusal(upload: bytes, **options: Any) -> RefusedPhoto:
    with pytest.raises(RefusedPhoto) as caught:
        process_photo(upload, **options)
    assert "%(" not in str(caught.value)
    assert caught.value.field == "photo"
    return caught.value


def test_an_empty_file() -> None:
    assert refusal(b"").reason is Reason.EMPTY


def test_a_file_that_is_too_heavy_names_the_limit() -> None:
    told = refusal(plain("JPEG") + b"\0" * 15_000_000)
    assert told.reason is Reason.TOO_HEAVY
    assert "15 MB" in str(told)


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
        (encode(corners(), "GIF"), "GIF"),
        (encode(corners(), "BMP"), "BMP"),
        (encode(corners(), "TIFF"), "TIFF"),
        (encode(corners(), "ICO"), "ICO"),
        (encode(corners(), "JPEG2000"), "JPEG 2000"),
        (b"\xff\x0a\xfa\x1f\x40", "JPEG XL"),
        (b"8BPS\0\1", "PSD"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf <SVG onload='alert(1)'>", "SVG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 99, "MP4"),
        (b"PK\x03\x04" + plain("JPEG"), "ZIP"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(upload: bytes, kind: str) -> None:
    told = refusal(upload)
    assert told.reason is Reason.OTHER_KIND
    assert str(told).startswith(f"{kind} files cannot be taken")


@pytest.mark.parametrize(
    "upload",
    [
        b"\0",
        b"\xff\xd8",
        b"hello, this is a photo",
        b"<!doctype html><title>svg</title>",
        b"\0" * 5000,
        random.Random(4).randbytes(5000),
        b" " + plain("JPEG"),
        b"<?php ?>" + plain("PNG"),
    ],
)
def test_a_file_that_is_no_photo(upload: bytes) -> None:
    assert refusal(upload).reason is Reason.NOT_A_PHOTO


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("kept", [0.4, 0.7, 0.97])
def test_a_photo_that_was_cut_off_on_its_way(kind: str, kept: float) -> None:
    upload = encode(Image.effect_noise((300, 200), 60).convert("RGB"), kind)
    assert refusal(upload[: int(len(upload) * kept)]).reason is Reason.CUT_OFF


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_that_is_only_a_beginning(kind: str) -> None:
    for length in (12, 16, 30, 40):
        told = refusal(plain(kind)[:length])
        assert told.reason in {Reason.CUT_OFF, Reason.BROKEN, Reason.OTHER_KIND}


@pytest.mark.parametrize(
    "upload",
    [
        b"\xff\xd8\xff" + b"\0" * 500,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"RIFF\x16\0\0\0WEBPVP8 " + b"\0" * 500,
        b"\0\0\0\x10ftypavif\0\0\0\0",
        b"\0\0\0\x10ftypheic\0\0\0\0\0\0\0\x08mdat",
        plain("PNG")[:45] + b"\xff\xff" + plain("PNG")[47:],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\0\0" + plain("JPEG"),
    ],
)
def test_a_photo_that_is_broken_inside(upload: bytes) -> None:
    assert refusal(upload).reason is Reason.BROKEN


@pytest.mark.parametrize(("width", "height"), [(1, 1), (63, 900), (900, 63)])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_too_small_to_show_anything(kind: str, width: int, height: int) -> None:
    told = refusal(encode(corners(width, height), kind))
    assert told.reason is Reason.TOO_SMALL
    assert "64" in str(told)


@pytest.mark.parametrize(
    ("upload", "megapixels"),
    [
        (large_jpeg_header(65500, 65500), "80"),
        (with_chunks(flat_png(64, 64)[:8] + flat_png(60000, 1)[8:]), None),
        (flat_webp(16000, 16000), "25"),
    ],
)
def test_a_picture_of_too_many_pixels(upload: bytes, megapixels: str | None) -> None:
    told = refusal(upload)
    if megapixels is None:
        assert told.reason is Reason.TOO_SMALL
    else:
        assert told.reason is Reason.TOO_MANY_PIXELS
        assert f"{megapixels} megapixels" in str(told)


def text_bomb() -> bytes:
    return with_chunks(
        plain("PNG"), chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9))
    )


def text_flood() -> bytes:
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1_000_000), 9))
    return with_chunks(plain("PNG"), packed * 300)


def profile_bomb() -> bytes:
    return with_chunks(
        plain("PNG"), chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(50_000_000), 9))
    )


def chunk_flood() -> bytes:
    return with_chunks(plain("PNG"), chunk(b"tEXt", b"a\0") * 30_000)


@pytest.mark.parametrize(
    "upload",
    [
        many_scans(300),
        many_scans(25),
        text_bomb(),
        text_flood(),
        profile_bomb(),
        chunk_flood(),
        flat_webp(4900, 4900),
    ],
    ids=["300 scans", "25 scans", "text", "texts", "profile", "chunks", "empty WebP"],
)
def test_a_bomb_is_refused(upload: bytes) -> None:
    assert refusal(upload).reason is Reason.TOO_COSTLY


def test_as_many_scans_as_encoders_write_are_fine() -> None:
    assert process_photo(many_scans(20)).page.width == 640


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_that_needs_more_memory_than_allowed(kind: str) -> None:
    upload = encode(corners(1600, 1200), kind)
    told = refusal(upload, limits=Limits(memory=3 << 20))
    # The other libraries do not say what they failed of.
    assert told.reason is Reason.TOO_COSTLY or kind not in {"JPEG", "PNG"}


def test_a_photo_that_needs_more_processor_time_than_allowed() -> None:
    upload = encode(Image.effect_noise((2000, 1500), 30).convert("RGB"), "JPEG")
    assert refusal(upload, limits=Limits(processor_seconds=0.02)).reason is Reason.TOO_COSTLY


MEASURE = """
import os, sys, types
package = types.ModuleType("civicmap")
package.__path__ = ["civicmap"]
sys.modules["civicmap"] = package
from pathlib import Path
from civicmap.domain.media import decoder, renditions
from civicmap.domain.media.limits import Limits
renditions.prepare_decoders()
for path in sys.argv[1:]:
    child = os.fork()
    if not child:
        upload = Path(path).read_bytes()
        decoder._confine(Limits())
        try:
            renditions.develop(upload, Limits())
            print("taken", end=" ", flush=True)
        except renditions.Refusal as refusal:
            print(refusal.reason, end=" ", flush=True)
        os._exit(0)
    print(os.wait4(child, 0)[2].ru_maxrss // 1024, flush=True)
"""


def peaks(folder: Path, *uploads: bytes) -> list[tuple[str, int]]:
    """What becomes of each upload in a decoder's child, and the child's peak memory, MiB."""
    paths = [folder / str(number) for number in range(len(uploads))]
    for path, upload in zip(paths, uploads, strict=True):
        path.write_bytes(upload)
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, paths)],
        cwd=Path(__file__).parents[3],
        env={"MALLOC_ARENA_MAX": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [(line.split()[0], int(line.split()[1])) for line in told.stdout.splitlines()]


def test_bombs_cost_no_memory(tmp_path: Path) -> None:
    bombs = [text_bomb(), text_flood(), profile_bomb(), many_scans(300), flat_webp(4900, 4900)]
    bombs += [large_jpeg_header(65500, 65500), flat_png(8000, 8000), flat_webp(16000, 16000)]
    for reason, peak in peaks(tmp_path, *bombs):
        assert reason in {"too_costly", "too_many_pixels"}
        assert peak < 64


def test_the_largest_picture_that_is_taken_stays_within_the_limit(tmp_path: Path) -> None:
    ((reason, peak),) = peaks(tmp_path, flat_png(6900, 6900))
    assert reason == "taken"
    assert 150 < peak < 512


class LyingSandbox(Sandbox):
    """A decoder that a forged file took over."""

    def __init__(self, told: dict[str, Any], contents: list[bytes]) -> None:
        super().__init__()
        self.told, self.contents = told, contents

    def develop(self, upload: bytes, limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
        return self.told, self.contents


def honest_answer() -> tuple[dict[str, Any], list[bytes]]:
    made = process_photo(plain("JPEG"))
    images = [("full", made.full), ("page", made.page), ("list", made.list)]
    told = [[name, image.width, image.height, len(image.content)] for name, image in images]
    return (
        {"renditions": told, "position": None, "moment": None},
        [image.content for _, image in images],
    )


def test_an_honest_answer_of_the_decoder_is_believed() -> None:
    photo = process_photo(plain("JPEG"), sandbox=LyingSandbox(*honest_answer()))
    assert isinstance(photo, ProcessedPhoto)


@pytest.mark.parametrize(
    "lie",
    [
        telling("WEBP"),
        telling("JPEG"),
        plain("WEBP") + b"trailer",
        encode(corners(), "WEBP", lossless=True),
        encode(corners(), "WEBP", save_all=True, append_images=[corners(mode="L")]),
        encode(corners(100, 100), "WEBP"),
        b"",
    ],
)
def test_a_decoder_that_answers_with_more_than_pixels_is_not_believed(lie: bytes) -> None:
    told, contents = honest_answer()
    for place in range(3):
        forged = [*contents[:place], lie, *contents[place + 1 :]]
        with pytest.raises(PhotoNotProcessed):
            process_photo(plain("JPEG"), sandbox=LyingSandbox(told, forged))


@pytest.mark.parametrize(
    "change",
    [
        {"renditions": []},
        {"renditions": None},
        {"position": "here"},
        {"position": [1, 2, 3]},
        {"moment": "yesterday"},
        {"moment": 7},
        {"refused": "no such reason"},
        {"refused": "broken", "values": [1]},
        {"refused": "too_small"},
    ],
)
def test_a_decoder_that_talks_nonsense_is_not_believed(change: dict[str, Any]) -> None:
    told, contents = honest_answer()
    with pytest.raises(PhotoNotProcessed):
        process_photo(plain("JPEG"), sandbox=LyingSandbox(told | change, contents))
