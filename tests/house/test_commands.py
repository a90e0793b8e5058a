"""Every command explains itself, and docs/commands.md names it with all its options."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from civicmap.cli import COMMANDS
from civicmap.config import CHECKOUT


def every_command() -> Iterator[tuple[str, click.Command]]:
    for command in COMMANDS:
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield f"{command.name} {name}", inner
        else:
            yield str(command.name), command


EVERY = dict(every_command())


@pytest.mark.parametrize("name", EVERY)
def test_a_command_explains_itself_and_its_options(name: str) -> None:
    command = EVERY[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            explained = parameter.help or isinstance(parameter.type, click.Choice)
            assert explained, parameter.name


@pytest.mark.parametrize("name", EVERY)
def test_a_command_is_documented(name: str) -> None:
    documented = (CHECKOUT / "docs" / "commands.md").read_text("utf-8")
    assert re.search(rf"`{re.escape(name)}\b", documented)


def test_the_documents_name_no_command_that_is_not_there() -> None:
    for path in [*(CHECKOUT / "docs").rglob("*.md"), CHECKOUT / "README.md"]:
        for words in re.findall(r"bin/civicmap ([a-z]+(?: [a-z-]+)?)", path.read_text("utf-8")):
            first = words.split(" ")[0]
            assert words in EVERY or first in EVERY, f"{path.name}: {words}"
