"""Which format a file really has, told by its first bytes and never by its name. Pure."""

from __future__ import annotations

from enum import StrEnum

from civicmap.domain.media.refusals import Reason, Refusal


class Format(StrEnum):
    """The formats that are taken; the value is Pillow's name for the decoder."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"
    HEIF = "HEIF"


_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})

# Formats people send by mistake or forgers on purpose, so that the sentence can name them.
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"8BPS", "PSD"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1aE\xdf\xa3", "WebM"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x00\x00\x01\x00", "ICO"),
)


def detect_format(upload: bytes) -> Format:
    """The format of `upload` by its signature.

    Raises Refusal: OTHER_KIND with `kind` for a known format that is not taken, NOT_A_PHOTO for
    anything else.
    """
    if upload.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP":
        return Format.WEBP
    if upload[4:8] == b"ftyp":
        return _detect_brand(upload)
    for signature, kind in _OTHER_KINDS:
        if upload.startswith(signature):
            raise Refusal(Reason.OTHER_KIND, kind=kind)
    start = upload[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<?xml", b"<svg", b"<!doctype svg")) and b"<svg" in start:
        raise Refusal(Reason.OTHER_KIND, kind="SVG")
    raise Refusal(Reason.NOT_A_PHOTO)


def _detect_brand(upload: bytes) -> Format:
    """AVIF, HEIC or a video: told by the brands in the ISO base media file's first box."""
    length = int.from_bytes(upload[:4], "big")
    brands = [upload[8:12]]
    brands += [upload[at : at + 4] for at in range(16, min(length, 256), 4)]
    for brand in brands:
        if brand in _AVIF_BRANDS:
            return Format.AVIF
        if brand in _HEIF_BRANDS:
            return Format.HEIF
    if b"mif1" in brands:
        return Format.HEIF
    raise Refusal(Reason.OTHER_KIND, kind="MP4")
