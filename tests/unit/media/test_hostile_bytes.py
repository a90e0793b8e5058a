"""Whatever the bytes, a photo is taken or refused: never an error, a hang or a leak."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicmap.domain.media.containers import bare_webp_size, check_boxes, check_png, webp_size
from civicmap.domain.media.exif import read_moment, read_orientation, read_position
from civicmap.domain.media.formats import detect_format
from civicmap.domain.media.jpeg import outline_jpeg
from civicmap.domain.media.pipeline import RefusedPhoto, process_photo
from civicmap.domain.media.refusals import Reason, Refusal
from tests.unit.media.samples import FORMATS, SECRET, many_scans, plain, telling, telling_jpeg

UPLOADS = [make(kind) for make in (plain, telling) for kind in FORMATS]

changes = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "insert", "repeat"]), st.floats(0, 1), st.binary()),
    min_size=1,
    max_size=6,
)


def changed(upload: bytes, steps: list[tuple[str, float, bytes]]) -> bytes:
    for step, where, content in steps:
        at = int(where * len(upload))
        if step == "flip":
            upload = upload[:at] + content + upload[at + len(content) :]
        elif step == "cut":
            upload = upload[:at] + upload[at + max(1, len(content)) :]
        elif step == "insert":
            upload = upload[:at] + content + upload[at:]
        else:
            upload = upload[:at] + upload[at // 2 : at] + upload[at:]
    return upload


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(UPLOADS), changes)
def test_a_damaged_photo_is_taken_bare_or_refused(
    upload: bytes, steps: list[tuple[str, float, bytes]]
) -> None:
    try:
        photo = process_photo(changed(upload, steps))
    except RefusedPhoto:
        return
    for image in photo.by_size().values():
        assert bare_webp_size(image.content) == (image.width, image.height)
        assert SECRET.encode() not in image.content


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(UPLOADS), changes)
def test_outlines_are_read_or_refused(upload: bytes, steps: list[tuple[str, float, bytes]]) -> None:
    broken = changed(upload, steps)
    bare_webp_size(broken)
    for read in (
        detect_format,
        check_png,
        check_boxes,
        webp_size,
        lambda content: outline_jpeg(content, 24),
    ):
        try:
            read(broken)
        except Refusal as refusal:
            assert refusal.reason in Reason


def test_the_outline_of_a_jpeg_ends_with_its_first_picture() -> None:
    upload = telling_jpeg()
    outline = outline_jpeg(upload, 24)
    assert (outline.width, outline.height, outline.scans) == (240, 160, 1)
    assert upload[: outline.end].endswith(b"\xff\xd9")
    assert len(upload) - outline.end > len(plain("JPEG"))
    assert outline_jpeg(many_scans(40), 40).scans == 40


numbers = st.one_of(st.floats(), st.integers(), st.fractions(), st.text(), st.none())
values = st.one_of(
    numbers, st.binary(), st.tuples(numbers), st.tuples(numbers, numbers, numbers), st.just("N")
)
tags = st.dictionaries(st.sampled_from([1, 2, 3, 4, 9, 0x0112, 0x0132, 0x9003, 0x9011]), values)


@given(tags, tags)
def test_tags_of_any_kind_are_read_or_passed_over(
    first: dict[int, object], second: dict[int, object]
) -> None:
    position = read_position(first)
    assert position is None or all(map(math.isfinite, position))
    assert read_orientation(first) in range(1, 9)
    read_moment(first, second)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (52.408333, 16.934167)),
        ({1: "S", 3: "W"}, (-52.408333, -16.934167)),
        ({1: b"N\0", 3: "e"}, (52.408333, 16.934167)),
        ({2: (52.5,)}, (52.5, 16.934167)),
        ({2: (Fraction(105, 2), 0)}, (52.5, 16.934167)),
        ({2: (90, 0, 1)}, None),
        ({4: (180, 0, 1)}, None),
        ({2: (math.nan, 0, 0)}, None),
        ({2: (math.inf, 0, 0)}, None),
        ({2: (-52, 24, 30)}, None),
        ({2: (52, 24, 30, 1)}, None),
        ({2: ()}, None),
        ({2: 52.4}, None),
        ({2: ("52", 24, 30)}, None),
        ({1: ""}, None),
        ({1: "X"}, None),
        ({3: None}, None),
        ({9: "V"}, None),
        ({9: "A"}, (52.408333, 16.934167)),
        ({2: (0, 0, 0), 4: (0, 0, 0)}, None),
    ],
)
def test_positions(change: dict[int, object], expected: tuple[float, float] | None) -> None:
    gps: dict[int, object] = {1: "N", 2: (52, 24, 30), 3: "E", 4: (16, 56, 3)}
    assert read_position(gps | change) == expected


@pytest.mark.parametrize(
    ("moment", "offset", "expected"),
    [
        ("2024:05:01 12:30:15", "+02:00", "2024-05-01T12:30:15+02:00"),
        ("2024:05:01 12:30:15", None, "2024-05-01T12:30:15"),
        ("2024:05:01 12:30:15", "+25:00", "2024-05-01T12:30:15"),
        (b"2024:05:01 12:30:15\0", "+02:00\0", "2024-05-01T12:30:15+02:00"),
        ("2024-05-01T12:30:15", None, "2024-05-01T12:30:15"),
        ("0000:00:00 00:00:00", None, None),
        ("1980:01:01 00:00:00", None, None),
        ("2024:13:01 12:30:15", None, None),
        ("    :  :     :  :  ", None, None),
        ("٢٠٢٤:05:01 12:30:15", None, None),
        (None, "+02:00", None),
    ],
)
def test_moments(moment: object, offset: object, expected: str | None) -> None:
    read = read_moment({}, {0x9003: moment, 0x9011: offset})
    assert (read and read.isoformat()) == expected
