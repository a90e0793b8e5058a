"""The pinned packages, and knowing when they have changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bootstrap import python_packages
from bootstrap.python_packages import DEVELOPMENT, RUNTIME, fingerprint, pins

PIN = re.compile(r"[A-Za-z0-9._-]+(\[[a-z]+\])?==[0-9][^ ]*( ; .+)?")


@pytest.mark.parametrize("requirements", [RUNTIME, DEVELOPMENT])
def test_every_package_is_pinned_to_one_version(requirements: str) -> None:
    loose = [line for line in pins(requirements) if not PIN.fullmatch(line)]
    assert loose == []


def test_no_package_is_named_twice() -> None:
    names = [re.split(r"[\[=]", line)[0].lower().replace("_", "-") for line in pins(DEVELOPMENT)]
    assert len(names) == len(set(names))


def test_the_tests_packages_include_what_civicmap_runs_with() -> None:
    assert set(pins(RUNTIME)) < set(pins(DEVELOPMENT))


def test_a_change_in_an_included_file_changes_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "CHECKOUT", tmp_path)
    (tmp_path / DEVELOPMENT).write_text("-r requirements.txt\npytest==9.2.0\n")
    (tmp_path / RUNTIME).write_text("Flask==3.1.3\n")
    before = fingerprint(DEVELOPMENT)
    (tmp_path / RUNTIME).write_text("# a comment changes nothing\n\nFlask==3.1.3\n")
    assert fingerprint(DEVELOPMENT) == before
    (tmp_path / RUNTIME).write_text("Flask==3.1.4\n")
    assert fingerprint(DEVELOPMENT) != before


def test_an_installation_without_its_stamp_counts_as_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_packages, "STAMP", tmp_path / "installed.json")
    assert not python_packages.up_to_date(RUNTIME)
    (tmp_path / "installed.json").write_text('{"requirements.txt": "cut off')
    assert not python_packages.up_to_date(RUNTIME)
