"""A Chromium for the browser tests."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

from bootstrap.checkout import CHECKOUT, VENV_PYTHON
from bootstrap.debian_packages import as_root
from bootstrap.errors import CannotGoOn, with_last_lines
from bootstrap.steps import Step

# Chromium without its windows comes first: a test costs it a third less.
HEADLESS = "chromium-headless-shell"
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """The path of a Chromium or Chrome that can be driven; snap's stubs cannot."""
    for name in NAMES:
        path = shutil.which(name)
        if path and not is_snap(Path(path)):
            return path
    return None


def is_snap(path: Path) -> bool:
    """Whether it is Ubuntu's stand-in that only starts (or asks for) the snap."""
    if "/snap/" in str(path.resolve()):
        return True
    with path.open("rb") as file:
        start = file.read(4096)
    return start.startswith(b"#!") and b"/snap/" in start


def packages() -> list[str]:
    """The Debian packages to add; no browser where apt only has the snap's stand-in."""
    # Playwright's driver needs it, and a bare system does not have it.
    driver = [] if ctypes.util.find_library("atomic") else ["libatomic1"]
    if installed() or has_only_snap():
        return driver
    return [*driver, HEADLESS, "fonts-dejavu-core"]


def has_only_snap() -> bool:
    """Whether this is Ubuntu or a child of it."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return "ubuntu" in (release.get("ID", ""), *release.get("ID_LIKE", "").split())


def environment(state: Path) -> dict[str, str]:
    """What the tests need to know to start it: the program, or where Playwright keeps its own."""
    path = installed()
    if path:
        return {"CIVICMAP_TEST_CHROMIUM": path}
    return {"PLAYWRIGHT_BROWSERS_PATH": str(state / "browsers")}


def install_with_playwright(state: Path, step: Step) -> None:
    """Fetch Playwright's own Chromium where no package has one; a moment if it is there."""
    path = installed()
    if path:
        step.result(path)
        return
    done = state / "browsers" / "complete"
    if done.exists():
        step.result("Playwright's own")
        return
    step.progress("fetching Playwright's own")
    playwright = [str(VENV_PYTHON), "-m", "playwright"]
    where = environment(state)
    root = as_root(["the libraries of Chromium"])
    for command in (
        [*root, *playwright, "install-deps", "chromium"],
        [*playwright, "install", "chromium"],
    ):
        ran = subprocess.run(
            command,
            check=False,
            cwd=CHECKOUT,
            env={**os.environ, **where},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ran.returncode:
            raise CannotGoOn(with_last_lines("Chromium could not be installed:", ran.stdout))
    done.touch()
    step.result("Playwright's own")
