"""A link as a square of dots, for whoever stands at a terminal with a phone of their own."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class QrCode:
    """`path` draws the dark modules in a square of `side` units, without a quiet zone."""

    side: int
    path: str


def qr_code(link: str) -> QrCode:
    """The QR code (ISO/IEC 18004) of a link, with the second level of error correction, M."""
    rows = segno.make(link, error="m", micro=False, boost_error=False).matrix
    drawn = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return QrCode(len(rows), "".join(drawn))
