"""The documents say what is there: every setting, every command, and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
from flask import Flask

from civicmap.cli import COMMANDS
from civicmap.config import describe_settings
from tests.house.repository import REPOSITORY, files, name

DOCS = REPOSITORY / "docs"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_the_settings_are_documented() -> None:
    written = (DOCS / "configuration.md").read_text()
    assert written == describe_settings(), "run: bin/civicmap settings > docs/configuration.md"


def commands(group: click.Command, *before: str) -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name: `city add`."""
    full = (*before, str(group.name))
    if isinstance(group, click.Group):
        for command in group.commands.values():
            yield from commands(command, *full)
    else:
        yield " ".join(full), group


def test_every_command_is_documented_and_explains_itself(app: Flask) -> None:
    written = (DOCS / "commands.md").read_text()
    there = dict(pair for group in COMMANDS for pair in commands(group))
    documented = set(re.findall(r"^### `bin/civicmap ([a-z -]+)`$", written, re.MULTILINE))
    assert documented == set(there)
    for full, command in there.items():
        assert command.help, full
        context = click.Context(command, info_name=f"bin/civicmap {full}", terminal_width=80)
        explanation = f"```text\n{command.get_help(context).strip()}\n```"
        assert explanation in written, f"put into docs/commands.md:\n\n{explanation}"


def test_every_link_of_a_document_leads_to_a_file() -> None:
    broken = [
        f"{name(path)}: {link}"
        for path in files(".md")
        for link in LINK.findall(path.read_text())
        if "://" not in link
        and not link.startswith(("#", "mailto:"))
        and not (path.parent / link.partition("#")[0]).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_every_dependency_has_its_reason() -> None:
    direct = (REPOSITORY / "requirements.txt").read_text().split("\n\n")[0]
    packages = re.findall(r"^([A-Za-z0-9_-]+)(?:\[\w+\])?==", direct, re.MULTILINE)
    written = (DOCS / "decisions" / "0001-record-decisions.md").read_text()
    reasons = re.findall(r"^\| ([A-Za-z0-9_-]+) \| .{15}", written, re.MULTILINE)[1:]
    assert reasons == packages  # in the same order
