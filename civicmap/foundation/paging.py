"""Pages of long lists by keyset: page 1,000 costs what page 1 costs (OFFSET would not)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_

Row = TypeVar("Row")


@dataclass(frozen=True)
class Place:
    """A place in a list ordered by (moment, id), newest first: the last row already seen."""

    moment: datetime
    id: int

    def to_text(self) -> str:
        raw = f"{self.moment.isoformat()}|{self.id}".encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_place(text: str) -> Place | None:
    """The place that `Place.to_text` wrote; None for an empty text. Raises InvalidInput."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        moment, _, number = raw.partition("|")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError
        # In UTC: PostgreSQL knows no time zones of 16 hours and more, Python does.
        place = Place(at.astimezone(UTC), int(number))
        if not 0 < place.id < 2**63:
            raise ValueError
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput(N_("This page of the list does not exist."), field="after") from None
    return place


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the place after which the next page begins (None on the last)."""

    rows: list[Row]
    next: Place | None
