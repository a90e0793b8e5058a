"""The virtual environment in `.venv` and the pinned packages in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys

from bootstrap.checkout import CHECKOUT, VENV, VENV_PYTHON
from bootstrap.errors import CannotGoOn, with_last_lines
from bootstrap.programs import run_watched
from bootstrap.steps import Step
from bootstrap.system_user import owner_of

RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
STAMP = VENV / "installed.json"
"""What is installed: written last, so that an interrupted installation is seen as one."""


def up_to_date(requirements: str) -> bool:
    """Whether `.venv` holds exactly what `requirements` (a file in the checkout) asks for."""
    stamp = read_stamp()
    return (
        VENV_PYTHON.exists()
        and stamp.get("made_for") == made_for()
        and stamp.get(requirements) == fingerprint(requirements)
    )


def install(requirements: str, step: Step) -> None:
    """Make `.venv` match `requirements`, from nothing when an earlier attempt was cut short."""
    if up_to_date(requirements):
        step.result("up to date")
        return
    check_writable()
    stamp = read_stamp()
    if not VENV_PYTHON.exists() or stamp.get("made_for") != made_for():
        step.progress("making the virtual environment")
        make_venv()
        stamp = {"made_for": made_for()}
    STAMP.unlink(missing_ok=True)
    run_pip(requirements, step)
    kept = {requirements: fingerprint(requirements), "made_for": made_for()}
    if requirements == DEVELOPMENT:
        kept[RUNTIME] = fingerprint(RUNTIME)
    elif stamp.get(DEVELOPMENT) == fingerprint(DEVELOPMENT):
        kept[DEVELOPMENT] = stamp[DEVELOPMENT]
    partial = STAMP.with_suffix(".partial")
    partial.write_text(json.dumps(kept))
    partial.replace(STAMP)
    step.result(f"{len(pins(requirements))} installed")


def read_stamp() -> dict[str, str]:
    """What the last complete installation wrote; empty when there was none."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def made_for() -> str:
    """What the virtual environment is bound to: its path, and the Python it was made from."""
    return f"{VENV} {VENV_PYTHON.resolve()}"


def fingerprint(requirements: str) -> str:
    """A digest of the file and of those it includes."""
    return hashlib.sha256("\n".join(pins(requirements)).encode()).hexdigest()


def pins(requirements: str) -> list[str]:
    """The `name==version` lines of the file and of those it includes with `-r`."""
    found: list[str] = []
    for line in (CHECKOUT / requirements).read_text().splitlines():
        if line.startswith("-r "):
            found += pins(line.removeprefix("-r ").strip())
        elif line.strip() and not line.startswith("#"):
            found.append(line.strip())
    return found


def check_writable() -> None:
    """Say so early when the packages belong to somebody else."""
    for folder in (CHECKOUT, VENV):
        if folder.exists() and not os.access(folder, os.W_OK):
            raise CannotGoOn(
                f"{folder} belongs to {owner_of(folder)} and cannot be written. Start civicmap as "
                f"{owner_of(folder)}, or take it over: sudo chown -R $(id -un) '{folder}'"
            )


def make_venv() -> None:
    """Make `.venv` anew."""
    if VENV.is_symlink():
        VENV.unlink()
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode:
        raise CannotGoOn(with_last_lines(f"The folder {VENV} could not be made:", made.stdout))


def run_pip(requirements: str, step: Step) -> None:
    """Install with pip, from whatever package index this machine is set up to use."""
    total = len(pins(requirements))
    seen = 0

    def show(line: str) -> bool:
        nonlocal seen
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen = min(seen + 1, total)
            step.progress(f"{seen} of {total} fetched")
        elif line.startswith("Installing collected packages"):
            step.progress(f"installing {total}")
        return False

    failed, output = run_watched(
        [
            str(VENV_PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar", "off",
            "--disable-pip-version-check", "--prefer-binary", "-r", requirements,
        ],
        show,
        folder=CHECKOUT,
        environment={**os.environ, "PIP_USER": "0"},
    )  # fmt: skip
    if failed:
        raise CannotGoOn(
            with_last_lines(f"pip could not install what {requirements} asks for:", output)
        )
