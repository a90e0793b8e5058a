"""Tiles that were made already, kept in this process: those used last, up to so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

ROOM = 24_000_000  # bytes
# Of each besides its bytes, about.
ONE = 600

Kept = TypeVar("Kept")


class ReadyTiles(Generic[Kept]):
    """What is kept, by address. Whether it still holds is for the caller to find out."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[str, tuple[Kept, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, address: str) -> Kept | None:
        with self._lock:
            found = self._kept.get(address)
            if found is None:
                return None
            self._kept.move_to_end(address)
            return found[0]

    def put(self, address: str, made: Kept, size: int) -> None:
        """Keep it (`size` in bytes), and let go of those not used for longest."""
        size += ONE + len(address)
        with self._lock:
            before = self._kept.pop(address, None)
            self._taken += size - (before[1] if before else 0)
            self._kept[address] = (made, size)
            while self._taken > self._room and self._kept:
                _, (_, freed) = self._kept.popitem(last=False)
                self._taken -= freed
