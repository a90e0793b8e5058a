"""Static files under an address that changes with their content: browsers keep them for good.

The version stands in the path (`/static/<version>/…`), not in a query: ES modules import each other
by relative address, and so stay within one version.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from civicmap.config import CHECKOUT

SOURCE = CHECKOUT / "static"
ONE_YEAR = 365 * 24 * 3600


@cache
def version() -> str:
    """Twelve hex digits that stand for all static files as they are now."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(SOURCE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a static file, for templates: `asset("shared/base.css")`."""
    return f"/static/{version()}/{path}"


def compressed_folder(state: Path) -> Path:
    """Where `prepare` puts the static files together with their gzip and brotli forms."""
    return state / "static" / version()
