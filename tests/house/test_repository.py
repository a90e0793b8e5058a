"""The repository speaks of the project alone: no machine, no person."""

from __future__ import annotations

import re

from tests.house.repository import files, name

TEXTS = (".py", ".md", ".html", ".txt", ".css", ".js", ".yaml", ".cfg", ".toml", ".sql", ".po")
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(?:work|Users|home/(?!runner\b)[a-z][\w-]*)/[\w.-]+")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})")
# Reserved for examples (RFC 2606 and 6761).
NOBODYS = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:org|com|net|pl))?$", re.IGNORECASE
)


def lines() -> list[tuple[str, int, str]]:
    return [
        (name(path), number, line)
        for path in files(*TEXTS)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
    ]


def test_no_path_of_a_machine_is_in_it() -> None:
    found = [
        f"{file}:{number}: {path[0]}"
        for file, number, line in lines()
        if (path := MACHINE_PATHS.search(line))
    ]
    assert found == []


def test_no_address_of_a_person_is_in_it() -> None:
    found = [
        f"{file}:{number}: {address[0]}"
        for file, number, line in lines()
        for address in ADDRESS.finditer(line)
        if not NOBODYS.search(address[1])
    ]
    assert found == []
