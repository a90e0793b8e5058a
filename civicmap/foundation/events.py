"""Domain events: something happened, and what follows is decided elsewhere.

`civicmap.reactions` holds the one table of event → reactions. Reactions run at once, in the same
session and transaction as the change; they only write rows (queue a job, count), so what follows
from a change is committed with it or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

Reaction = Callable[[Session, Any], None]

_reactions: dict[type, tuple[Reaction, ...]] = {}


def bind_reactions(table: Mapping[type, Sequence[Reaction]]) -> None:
    """Replace the table of reactions; called once, when the application is made."""
    _reactions.clear()
    _reactions.update({event: tuple(reactions) for event, reactions in table.items()})


def publish(session: Session, event: object) -> None:
    """Let every reaction to `event` run now, inside the session's transaction."""
    for reaction in _reactions.get(type(event), ()):
        reaction(session, event)
