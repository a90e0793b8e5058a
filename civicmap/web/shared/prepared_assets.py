"""The static files as they are served: without comments, joined, compressed.

`civicmap prepare` makes them once, into the state folder; doing so beats compressing with every
answer. A development server without them serves `static/` as it is written. Nothing is
renamed: scripts and sheets lose their comments and needless spaces, no more.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import rcssmin
import rjsmin
from whitenoise.compress import Compressor

from civicmap.web.shared.joined_modules import join

# Sheets that pages always load together, in this order, and the file that they become.
JOINED = {
    "joined/frame.css": tuple(
        f"shared/{name}.css"
        for name in (
            "tokens", "base", "components", "reports", "story", "tables", "forms", "header",
            "on_device",
        )
    ),
    "joined/map.css": (
        "vendor/leaflet-1.9.4/leaflet.css", "shared/map.css", "shared/map_controls.css",
    ),
    "joined/flow.css": (
        "shared/photos.css", "report/form.css", "report/questions.css", "report/steps.css",
    ),
    "joined/city.css": ("public/city.css", "public/city_act.css", "public/map_tools.css"),
    "joined/time.css": ("public/time.css", "public/time_track.css", "public/heat.css"),
    "joined/districts.css": ("public/districts.css", "public/districts_table.css"),
}  # fmt: skip
# Of these, what a page that a device may keep (keeping.py) loads without the others.
ALONE = frozenset({"shared/photos.css"})
# Scripts of the two pages that matter most on a slow line: one file for what they import.
ENTRIES = ("report/report.js", "public/city.js")
# What runs beside them: they share modules, of which a page must have one.
BESIDE = ["pwa/start.js", "shared/menus.js", "kiosk/terminal.js"]
VENDOR = "vendor/"  # small already, and under names and notices of their own


def make(source: Path, target: Path) -> None:
    """Fill `target`, which does not exist yet, from `source`."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished)
    for entry in ENTRIES:
        if (source / entry).exists():
            (unfinished / entry).write_text(join(source, entry, BESIDE), "utf-8")
    for path in sorted(unfinished.rglob("*")):
        if not path.relative_to(unfinished).as_posix().startswith(VENDOR):
            make_smaller(path)
    for name, parts in JOINED.items():
        joined = unfinished / name
        joined.parent.mkdir(exist_ok=True)
        joined.write_text("\n".join((unfinished / part).read_text("utf-8") for part in parts))
    compressor = Compressor(quiet=True)
    for path in sorted(unfinished.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    unfinished.replace(target)


def make_smaller(path: Path) -> None:
    """Drop comments and needless spaces from a script or style sheet; leave every other file."""
    if path.suffix == ".js":
        path.write_text(rjsmin.jsmin(path.read_text("utf-8")), "utf-8")
    elif path.suffix == ".css":
        path.write_text(rcssmin.cssmin(path.read_text("utf-8")), "utf-8")
