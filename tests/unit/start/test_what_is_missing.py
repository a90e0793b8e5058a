"""What the start says when a machine lacks something it cannot put in."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bootstrap import bench, chromium, debian_packages
from bootstrap.checkout import CHECKOUT, make_folder
from bootstrap.debian_packages import AptProgress
from bootstrap.errors import CannotGoOn
from bootstrap.postgis import installed, programs_for
from bootstrap.steps import Step


def test_an_old_python_is_named_with_the_command_that_brings_a_newer_one(tmp_path: Path) -> None:
    for tool in ("dirname", "readlink", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" || exit 1\n')
    old.chmod(0o755)
    ran = subprocess.run(
        [shutil.which("sh") or "sh", str(CHECKOUT / "bin" / "run")],
        check=False,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "needs Python 3.11 or newer" in ran.stderr
    assert "python3 is Python 3.9.2" in ran.stderr
    assert "apt-get install python3" in ran.stderr


def test_without_root_and_sudo_the_command_for_an_administrator_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CannotGoOn) as refusal:
        debian_packages.as_root(["postgresql-postgis"])
    assert "apt-get update && apt-get install postgresql-postgis" in str(refusal.value)
    assert "DATABASE_URL" in str(refusal.value)


def test_apt_is_watched_by_the_lines_it_prints() -> None:
    out = io.StringIO()
    step = Step("System packages", out, quiet=True)
    progress = AptProgress(step)
    for line in (
        "Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]",
        "0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.",
        "Get:1 http://deb.debian.org/debian bookworm/main amd64 libgdal32 amd64 3.6.2",
    ):
        progress.read(line + "\n")
    assert out.getvalue() == "System packages …"  # a quiet step has begun to speak
    assert progress.told == "fetched 1 of 2"
    assert progress.read("Setting up libgdal32 (3.6.2+dfsg-1+b2) ...\n")
    assert progress.told == "set up 1 of 2"
    assert not progress.read("dpkg: error processing package fontconfig (--configure):\n")


def test_a_database_of_a_postgresql_that_is_gone_is_named(tmp_path: Path) -> None:
    if not installed():
        pytest.skip("left out: no PostgreSQL with PostGIS is installed here")
    (tmp_path / "PG_VERSION").write_text("9\n")
    with pytest.raises(CannotGoOn, match="made by PostgreSQL 9, which is no longer installed"):
        programs_for(tmp_path)


def test_a_state_folder_in_the_place_of_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(CannotGoOn, match="cannot be made: Not a directory"):
        make_folder(tmp_path / "state" / "postgis")


def test_the_snaps_stand_in_is_no_chromium(tmp_path: Path) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text('#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then echo "snap install" ; fi\n')
    assert chromium.is_snap(stub)
    launcher = tmp_path / "chromium"
    launcher.write_text("#!/bin/sh\nexec /usr/lib/chromium/chromium\n")
    assert not chromium.is_snap(launcher)


def test_a_release_without_a_chromium_for_tests_gets_the_whole_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"chromium", "chromium-headless-shell"}
    monkeypatch.setattr(debian_packages, "has_candidate", known.__contains__)
    assert debian_packages.name_here("chromium-headless-shell") == "chromium-headless-shell"
    known.remove("chromium-headless-shell")
    assert debian_packages.name_here("chromium-headless-shell") == "chromium"


def test_a_chromium_that_is_there_is_taken_and_the_lightest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert chromium.installed() == str(tmp_path / name)


def test_the_parts_of_the_bench_are_listed_without_running_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "PARTS", tmp_path)
    (tmp_path / "photo_pipeline.py").write_text(
        'NAME = "photos"\nDESCRIPTION = "The pipeline against bare Pillow."\n'
        'raise RuntimeError("must not be imported")\n'
    )
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "__init__.py").write_text('NAME = "map"\nDESCRIPTION = "In a folder."\n')
    (tmp_path / "timing.py").write_text('"""Shared by the parts, and none itself."""\n')
    assert bench.main([]) == 0
    printed = capsys.readouterr().out
    assert "  photos  The pipeline against bare Pillow." in printed
    assert "  map     In a folder." in printed
    with pytest.raises(CannotGoOn, match=r"no part 'fotos'\. There are: map, photos"):
        bench.main(["fotos"])
