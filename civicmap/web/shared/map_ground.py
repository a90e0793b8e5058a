"""The tile that an address names."""

from __future__ import annotations

import re

from civicmap.domain.publicmap.tiles.ground import Ground
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_

_NUMBER = re.compile(r"0|[1-9][0-9]{0,7}", re.ASCII)


def read_ground(z: str, x: str, y: str) -> Ground:
    """Plain numbers, as scripts write them. Raises InvalidInput when there is no such tile."""
    if not all(map(_NUMBER.fullmatch, (z, x, y))):
        raise InvalidInput(N_("There is no such map tile."), field="tile")
    return Ground(int(z), int(x), int(y))
