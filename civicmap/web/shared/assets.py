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

from flask import Flask, current_app
from whitenoise import WhiteNoise

from civicmap.config import CHECKOUT
from civicmap.web.shared import joined_modules, prepared_assets
from civicmap.web.shared.joined_modules import all_of, list_joined
from civicmap.web.shared.prepared_assets import ALONE, BESIDE, ENTRIES, JOINED

SOURCE = CHECKOUT / "static"
PREPARATION = [Path(module.__file__ or "") for module in (prepared_assets, joined_modules)]
# In `app.extensions`: the folder that is served.
ROOT = "static_root"
ONE_YEAR = 365 * 24 * 3600


@cache
def version() -> str:
    """Twelve hex digits that stand for all static files as they are and as they are prepared."""
    digest = hashlib.sha256()
    for path in PREPARATION:
        digest.update(path.read_bytes())
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(SOURCE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a static file, for templates: `asset("shared/base.css")`."""
    return f"/static/{version()}/{path}"


def sheets(joined: str) -> list[str]:
    """Addresses of style sheets that are loaded together, for templates: `sheets("map")`.

    One, where they are served prepared; on a development server each by itself.
    """
    name = f"joined/{joined}.css"
    return [asset(name)] if current_app.extensions[ROOT] != SOURCE else [*map(asset, JOINED[name])]


def modules(entry: str) -> list[str]:
    """Addresses of the modules that a script imports, to be fetched at once with it, for templates:
    `modules("report/report.js")`. Fewer where they are served joined."""
    return [asset(path) for path in _modules(current_app.extensions[ROOT], entry)]


@cache
def _modules(root: Path, entry: str) -> list[str]:
    joined = _in_entry(root, entry)
    return [path for path in all_of(SOURCE, entry) if path != entry and path not in joined]


def _in_entry(root: Path, entry: str) -> list[str]:
    return list_joined(SOURCE, entry, BESIDE) if root != SOURCE and entry in ENTRIES else []


def list_files(kinds: frozenset[str], besides: tuple[str, ...]) -> list[str]:
    """Paths of static files whose suffix is of `kinds` and that begin with none of `besides`.

    Of sheets that are served joined, the joined one, and those that a kept page loads alone.
    """
    root: Path = current_app.extensions[ROOT]
    return _list_files(root, kinds, besides)


@cache
def _list_files(root: Path, kinds: frozenset[str], besides: tuple[str, ...]) -> list[str]:
    paths = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    for joined, parts in JOINED.items():
        if joined in paths:
            paths.difference_update(set(parts) - ALONE)
    for entry in ENTRIES:
        # Modules of the page alone: nobody asks for them by themselves.
        room = Path(entry).parent
        paths.difference_update(
            path for path in _in_entry(root, entry) if path != entry and Path(path).parent == room
        )
    return sorted(
        path for path in paths if Path(path).suffix in kinds and not path.startswith(besides)
    )


def register(app: Flask, state: Path) -> None:
    """Serve the static files in front of `app`, prepared if `prepare` has done so."""
    prepared = prepared_folder(state)
    app.extensions[ROOT] = prepared if prepared.is_dir() else SOURCE
    app.wsgi_app = serve(app.wsgi_app, app.extensions[ROOT])  # type: ignore[method-assign]


def serve(application: Any, root: Path) -> WhiteNoise:
    """`application` with the files of `root` in front of it."""
    return WhiteNoise(
        application,
        root=root,
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


def prepared_folder(state: Path) -> Path:
    """Where `prepare` puts the static files as they are served."""
    return state / "static" / version()


def prepare(state: Path) -> bool:
    """Make the static files as they are served, in the state folder.

    Returns whether there was work; keeps the version before, which processes that still run may
    serve.
    """
    target = prepared_folder(state)
    if target.is_dir():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    older = sorted(target.parent.iterdir(), key=lambda folder: folder.stat().st_mtime)
    prepared_assets.make(SOURCE, target)
    for folder in older[:-1]:
        shutil.rmtree(folder, ignore_errors=True)
    return True
