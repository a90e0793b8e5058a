"""Static files under an address that changes with their content: browsers keep them for good.

The version stands in the path (`/static/<version>/…`), not in a query: ES modules import each other
by relative address, and so stay within one version.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

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


@cache
def list_files(kinds: frozenset[str], besides: tuple[str, ...]) -> list[str]:
    """Paths of static files whose suffix is of `kinds` and that begin with none of `besides`."""
    paths = (path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file())
    return sorted(
        path for path in paths if Path(path).suffix in kinds and not path.startswith(besides)
    )


def serve(application: Any, state: Path) -> WhiteNoise:
    """`application` with the static files in front of it, compressed if `prepare` has done so."""
    compressed = compressed_folder(state)
    return WhiteNoise(
        application,
        root=compressed if compressed.is_dir() else SOURCE,
        prefix=f"static/{version()}/",
        max_age=ONE_YEAR,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )


def _add_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """These answers do not pass `web.shared.security`."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def compressed_folder(state: Path) -> Path:
    """Where `prepare` puts the static files together with their gzip and brotli forms."""
    return state / "static" / version()


def compress(state: Path) -> bool:
    """Copy the static files, with their compressed forms, into the state folder.

    Compressing once beats compressing with every answer. Returns whether there was work; keeps
    the version before, which processes that still run may serve.
    """
    target = compressed_folder(state)
    if target.is_dir():
        return False
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(SOURCE, unfinished)
    compressor = Compressor(quiet=True)
    for path in sorted(unfinished.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    older = sorted(target.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)
    unfinished.replace(target)
    for folder in older[:-2]:
        shutil.rmtree(folder, ignore_errors=True)
    return True
