"""What an operator of civicmap can do from a shell: `bin/civicmap COMMAND`. One file a noun."""

from __future__ import annotations

from flask import Flask

from civicmap.cli.addresses import addresses
from civicmap.cli.categories import categories
from civicmap.cli.city import city
from civicmap.cli.department import department
from civicmap.cli.importing import importing
from civicmap.cli.map_counts import map_counts
from civicmap.cli.messages import messages
from civicmap.cli.moderation import moderation
from civicmap.cli.person import person
from civicmap.cli.prepare import prepare
from civicmap.cli.routing import routing
from civicmap.cli.settings import settings
from civicmap.cli.worker import worker

COMMANDS = (
    addresses,
    categories,
    city,
    department,
    importing,
    map_counts,
    messages,
    moderation,
    person,
    prepare,
    routing,
    settings,
    worker,
)


def register(app: Flask) -> None:
    """Hang every command on the application."""
    for command in COMMANDS:
        app.cli.add_command(command)
