"""What one photo may cost before it is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from civicmap.domain.media.formats import Format

MEGABYTE = 1_000_000
MEGAPIXEL = 1_000_000
MEBIBYTE = 1 << 20

# Each as large as its decoder can do within `Limits.memory`: 6 to 16 bytes a pixel, measured. A
# JPEG is decoded at a fraction of its size, and only phones' largest are JPEG or HEIC.
_PIXELS: Mapping[str, int] = {
    Format.JPEG: 80 * MEGAPIXEL,
    Format.HEIF: 64 * MEGAPIXEL,
    Format.PNG: 48 * MEGAPIXEL,
    Format.AVIF: 40 * MEGAPIXEL,
    Format.WEBP: 25 * MEGAPIXEL,
}


@dataclass(frozen=True)
class Limits:
    """Limits for one photo; real ones stay below (docs/decisions/0007-photos.md has figures).

    `upload_bytes`: weight of the upload. `pixels`: width times height, by format. `side`: shortest
    side taken, pixels. `scans`: passes of a progressive JPEG; encoders write 10 to 18.
    `pixels_per_byte`: the emptiest real photos have some hundreds; not asked below
    `dense_from_pixels`. `memory`: address space for decoding, bytes. `processor_seconds`:
    processor time for decoding and re-encoding. `seconds`: time by the clock, waiting for a
    processor included.
    """

    upload_bytes: int = 15 * MEGABYTE
    pixels: Mapping[str, int] = field(default_factory=lambda: dict(_PIXELS))
    side: int = 64
    scans: int = 24
    pixels_per_byte: int = 2000
    dense_from_pixels: int = 6 * MEGAPIXEL
    memory: int = 512 * MEBIBYTE
    processor_seconds: float = 8.0
    seconds: float = 20.0
