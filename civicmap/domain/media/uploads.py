"""Photos on their way: uploads that arrive in pieces and go on after a break.

One file each, in one folder that all web processes of the host share, so an upload survives a
restart and may go on with another process. A file is as long as the finished photo from the start
(with a hole in it, which takes no room), so what lies there also tells what is still to come.
Every use holds the file's lock: two requests for one upload follow each other.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput, NotFound, TooMany
from civicmap.foundation.locales import N_

# Made on the device, 130 random bits: whoever knows it may go on with the upload.
NAME = re.compile(r"[a-z2-7]{26}", re.ASCII)
LARGEST_PIECE = 512 * 1024  # bytes
# A device that comes later begins again: what it has to send, it has kept.
UNTOUCHED_LIVES = timedelta(hours=12)

_HEADER = struct.Struct(">Q26s")  # bytes that have arrived; the photo's key once there is one


class WrongOffset(Conflict):
    """The piece does not begin where the last one ended; `offset` is where, in bytes."""

    def __init__(self, offset: int) -> None:
        super().__init__(N_("This part of the photo is not the next one."))
        self.offset = offset


@dataclass
class Upload:
    """One upload, held by its lock. `length` and `offset` (what has arrived) in bytes; `key` of the
    photo that was made of it, or ""."""

    path: Path
    descriptor: int
    length: int
    offset: int
    key: str

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length

    def append(self, offset: int, piece: bytes) -> None:
        """Add a piece. Raises WrongOffset, and InvalidInput when it is more than was announced."""
        if offset != self.offset:
            raise WrongOffset(self.offset)
        if self.offset + len(piece) > self.length:
            raise InvalidInput(N_("The photo is larger than it was said to be."), field="photo")
        written = 0
        while written < len(piece):
            position = _HEADER.size + offset + written
            written += os.pwrite(self.descriptor, piece[written:], position)
        # First the piece, then that it is there: a power cut may not leave a hole in a photo.
        os.fdatasync(self.descriptor)
        self.offset += len(piece)
        self._note()

    def read(self) -> bytes:
        """The whole photo. Raises Conflict while something is missing."""
        if not self.is_complete:
            raise WrongOffset(self.offset)
        content = bytearray()
        while len(content) < self.length:
            block = os.pread(self.descriptor, 1 << 20, _HEADER.size + len(content))
            if not block:
                break
            content += block
        return bytes(content)

    def finish(self, key: str) -> None:
        """Note the photo that was made of it, and give its bytes up: asked again, the answer is the
        same."""
        self.key = key
        self._note()
        os.ftruncate(self.descriptor, _HEADER.size)

    def drop(self) -> None:
        """Give it up, with all that has arrived."""
        self.path.unlink(missing_ok=True)

    def _note(self) -> None:
        os.pwrite(self.descriptor, _HEADER.pack(self.offset, self.key.encode("ascii")), 0)


class Uploads:
    """The uploads of a folder, which is made with the first one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def begin(self, name: str, *, length: int, room: int) -> Iterator[Upload]:
        """Hold a new upload of `length` bytes, or the one that was begun by this name.

        Raises Conflict when that one has another length, and TooMany when it has no room.
        """
        path = self._path(name)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            self.check_room(length, room)
        try:
            with _locked(path, os.O_RDWR | os.O_CREAT) as descriptor:
                if os.fstat(descriptor).st_size < _HEADER.size:
                    # In one step, killed or not: a header of zeros says that nothing has arrived.
                    os.ftruncate(descriptor, _HEADER.size + length)
                upload = _read(path, descriptor)
                if not upload.key and upload.length != length:
                    raise Conflict(N_("This photo was begun with another length."), field="photo")
                yield upload
        except FileNotFoundError:  # given up by another request at this moment
            raise TooMany(
                N_("The photo could not be processed just now. Send it again in a moment."),
                field="photo",
            ) from None

    @contextmanager
    def hold(self, name: str) -> Iterator[Upload]:
        """Hold an upload that was begun. Raises NotFound."""
        try:
            with _locked(self._path(name), os.O_RDWR) as descriptor:
                if os.fstat(descriptor).st_size < _HEADER.size:
                    raise FileNotFoundError(name)
                yield _read(self._path(name), descriptor)
        except FileNotFoundError:
            raise NotFound(N_("This photo is not on its way here. Send it again.")) from None

    def check_room(self, size: int, room: int) -> None:
        """Raises TooMany when, with `size` bytes more, over `room` bytes had arrived.

        What is only announced takes no room: else a hundred empty uploads would shut out everybody.
        """
        if self._arrived() + size > room:
            raise TooMany(
                N_("Very many photos are on their way just now. Send it again in a moment."),
                field="photo",
            )

    def sweep(self, before: datetime | None = None) -> int:
        """Remove uploads that nobody has touched since the aware moment `before` (twelve hours ago
        if none is given); how many."""
        limit = (before or now() - UNTOUCHED_LIVES).timestamp()
        swept = 0
        for entry in self._entries():
            with suppress(FileNotFoundError):
                if entry.stat().st_mtime < limit:
                    Path(entry.path).unlink()
                    swept += 1
        return swept

    def _arrived(self) -> int:
        """Bytes that all uploads take on the disk; `st_blocks` counts 512 each, holes not."""
        total = 0
        for entry in self._entries():
            with suppress(FileNotFoundError):
                total += entry.stat().st_blocks * 512
        return total

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        with suppress(FileNotFoundError), os.scandir(self.root) as entries:
            yield from entries

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotFound(N_("This photo is not on its way here. Send it again."))
        return self.root / name


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """The file's descriptor, alone among all processes. Raises FileNotFoundError, also when it was
    removed while this waited for the lock."""
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink == 0:
            raise FileNotFoundError(path.name)
        yield descriptor
    finally:
        os.close(descriptor)


def _read(path: Path, descriptor: int) -> Upload:
    offset, key = _HEADER.unpack(os.pread(descriptor, _HEADER.size, 0))
    length = offset if key.strip(b"\0") else os.fstat(descriptor).st_size - _HEADER.size
    return Upload(path, descriptor, length, offset, key.rstrip(b"\0").decode("ascii"))
