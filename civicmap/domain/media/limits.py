"""What one photo may cost before it is refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000
MEGAPIXEL = 1_000_000
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits for one photo. Real phones stay far below them; measured in docs/decisions/0007.

    `upload_bytes`: weight of the upload. `jpeg_pixels`: a JPEG is decoded at a fraction of its
    size, so it may be larger than the others (`pixels`), whose every pixel has to be unpacked.
    `side`: shortest side taken, pixels. `scans`: passes of a progressive JPEG; encoders write 10
    to 18. `memory`: address space for decoding, bytes. `processor_seconds`: processor time for
    decoding and re-encoding. `seconds`: time by the clock, waiting for a processor included.
    """

    upload_bytes: int = 15 * MEGABYTE
    jpeg_pixels: int = 80 * MEGAPIXEL
    pixels: int = 64 * MEGAPIXEL
    side: int = 64
    scans: int = 24
    memory: int = 640 * MEBIBYTE
    processor_seconds: float = 6.0
    seconds: float = 25.0
