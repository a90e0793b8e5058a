"""What an operator of civicmap can do from a shell: `bin/civicmap COMMAND`. One file a noun."""

from __future__ import annotations

from flask import Flask

from civicmap.cli.messages import messages
from civicmap.cli.prepare import prepare
from civicmap.cli.settings import settings
from civicmap.cli.worker import worker

COMMANDS = (messages, prepare, settings, worker)


def register(app: Flask) -> None:
    """Hang every command on the application."""
    for command in COMMANDS:
        app.cli.add_command(command)
