"""The one table of what follows from what: domain event → reactions, in order.

Reactions run inside the transaction of the change and only write rows (see `foundation.events`).
"""

from __future__ import annotations

from civicmap.foundation.events import Reaction

REACTIONS: dict[type, tuple[Reaction, ...]] = {}
