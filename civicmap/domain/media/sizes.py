"""The sizes every photo is kept in. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """One kept size of a photo.

    `pixels` is the longer side (or, when `square`, each side) at most; a smaller photo is never
    enlarged. `quality` is WebP's, 0 to 100.
    """

    name: str
    pixels: int
    square: bool
    quality: int


FULL = Size("full", pixels=1600, square=False, quality=80)
PAGE = Size("page", pixels=960, square=False, quality=78)
LIST = Size("list", pixels=320, square=True, quality=74)

# Largest first: each is made from the one before.
SIZES = (FULL, PAGE, LIST)
