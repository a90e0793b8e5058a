"""Tiles that were made already, kept in this process: those used last, up to so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

ROOM = 24_000_000  # bytes
# Of each besides its bytes, about: what was asked, the validator, the moment.
ONE = 1_500

Asked = TypeVar("Asked", bound=Hashable)
Kept = TypeVar("Kept")


class ReadyTiles(Generic[Asked, Kept]):
    """What is kept, by what was asked for. Whether it still holds is for the caller to find out."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Asked, tuple[Kept, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Asked) -> Kept | None:
        with self._lock:
            found = self._kept.get(asked)
            if found is None:
                return None
            self._kept.move_to_end(asked)
            return found[0]

    def put(self, asked: Asked, made: Kept, size: int) -> None:
        """Keep it (`size` in bytes), and let go of those not used for longest."""
        size += ONE
        with self._lock:
            before = self._kept.pop(asked, None)
            self._taken += size - (before[1] if before else 0)
            self._kept[asked] = (made, size)
            while self._taken > self._room and self._kept:
                _, (_, freed) = self._kept.popitem(last=False)
                self._taken -= freed
