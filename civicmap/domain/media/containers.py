"""The outlines of the formats other than JPEG, read without decoding them. Pure.

They tell a photo that arrived incomplete from one that is damaged, and they check what we wrote
ourselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from civicmap.domain.media.refusals import Reason, Refusal

_MOST_CHUNKS = 20_000


def check_png(upload: bytes) -> None:
    """Walk the chunks of a PNG. Raises Refusal: CUT_OFF, BROKEN, TOO_COSTLY (chunk floods)."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(upload):
            raise Refusal(Reason.CUT_OFF)
        kind = upload[at + 4 : at + 8]
        if (at == 8) != (kind == b"IHDR"):
            raise Refusal(Reason.BROKEN)
        if kind == b"IEND":
            return
        at += 12 + int.from_bytes(upload[at : at + 4], "big")
    raise Refusal(Reason.TOO_COSTLY)


def webp_size(upload: bytes) -> tuple[int, int]:
    """Width and height, pixels, that a WebP declares: its decoder allots memory by them.

    Raises Refusal: CUT_OFF when the file is shorter than it says, BROKEN.
    """
    if len(upload) < max(30, 8 + int.from_bytes(upload[4:8], "little")):
        raise Refusal(Reason.CUT_OFF)
    kind = upload[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(upload[24:27], "little") + 1,
            int.from_bytes(upload[27:30], "little") + 1,
        )
    if kind == b"VP8 " and upload[23:26] == b"\x9d\x01\x2a":
        return (
            int.from_bytes(upload[26:28], "little") & 0x3FFF,
            int.from_bytes(upload[28:30], "little") & 0x3FFF,
        )
    if kind == b"VP8L" and upload[20] == 0x2F:
        bits = int.from_bytes(upload[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise Refusal(Reason.BROKEN)


def check_boxes(upload: bytes) -> None:
    """Walk the outermost boxes of an AVIF or HEIC file (ISO 14496-12).

    Raises Refusal: CUT_OFF when a box reaches past the end, BROKEN, TOO_COSTLY.
    """
    at = 0
    for _ in range(_MOST_CHUNKS):
        if at == len(upload):
            return
        if at + 8 > len(upload):
            raise Refusal(Reason.CUT_OFF)
        length = int.from_bytes(upload[at : at + 4], "big")
        if length == 0:  # to the end of the file
            return
        if length == 1:
            length = int.from_bytes(upload[at + 8 : at + 16], "big")
        if length < 8:
            raise Refusal(Reason.BROKEN)
        at += length
        if at > len(upload):
            raise Refusal(Reason.CUT_OFF)
    raise Refusal(Reason.TOO_COSTLY)


def bare_webp_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, pixels, of a WebP that holds one lossy picture and nothing else at all.

    None for anything else: another chunk (EXIF, XMP, a colour profile, animation, an unknown one),
    a trailer, a wrong length.
    """
    chunks = list(_riff_chunks(content))
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(chunks) != 1:
        return None
    if int.from_bytes(content[4:8], "little") + 8 != len(content):
        return None
    kind, body = chunks[0]
    if kind != b"VP8 " or body[3:6] != b"\x9d\x01\x2a" or len(body) < 10:
        return None
    first_partition = int.from_bytes(body[:3], "little") >> 5
    if first_partition > len(body) - 10:
        return None
    width = int.from_bytes(body[6:8], "little") & 0x3FFF
    height = int.from_bytes(body[8:10], "little") & 0x3FFF
    return width, height


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at < len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
