"""Durable storage of files under keys: plain disk now, an object store by the same names later.

A key is a checked relative name, sharded by its first two characters so that no folder grows too
large: `ab/cdef…-page.webp`. A file that `save` returned from is on the disk, survives a power cut,
and was never visible half written.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

KEY = re.compile(r"[a-z0-9]{2}/[a-z0-9][a-z0-9_-]{0,119}(\.[a-z0-9]{1,8})?", re.ASCII)
_UNFINISHED = ".unfinished-"


class BadKey(ValueError):
    """A key that is not of the form `ab/cdef….ext`: a mistake in our code or an attack."""


class Storage(Protocol):
    """What every storage offers. Content is immutable in use: a new content gets a new key."""

    def save(self, key: str, content: bytes) -> None:
        """Keep `content` durably under `key`; replaces what was there. Raises BadKey, OSError."""

    def read(self, key: str) -> bytes:
        """The content under `key`. Raises BadKey, FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is not there. Raises BadKey, OSError."""

    def exists(self, key: str) -> bool:
        """Whether there is a content under `key`. Raises BadKey."""

    def saved_before(self, moment: datetime) -> Iterator[str]:
        """Keys saved before the aware `moment`, in no order, for sweeping what nobody adopted."""

    def delete_unfinished_before(self, moment: datetime) -> int:
        """Remove what was left half written before the aware `moment`; how many files."""


class FileStorage:
    """A `Storage` in a folder of one disk (or a network disk that all application hosts mount)."""

    def __init__(self, root: Path) -> None:
        """Keep files below `root`, which is made on the first `save`."""
        self.root = root

    def path(self, key: str) -> Path:
        """Where `key` lies, whether it is there or not, for a server that sends files itself.

        Raises BadKey, so no key leads out of the root.
        """
        if not KEY.fullmatch(key):
            raise BadKey(f"not a storage key: {key!r}")
        return self.root / key

    def save(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`: temporary file, fsync, rename, fsync of the folder.

        Raises BadKey, and OSError when the disk is full or gone; nothing is left behind then.
        """
        target = self.path(key)
        self._make_folder(target.parent)
        unfinished = target.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            with unfinished.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        _fsync_folder(target.parent)

    def read(self, key: str) -> bytes:
        """The content under `key`. Raises BadKey, FileNotFoundError."""
        return self.path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Remove `key` for good; nothing happens if it is not there. Raises BadKey, OSError."""
        target = self.path(key)
        try:
            target.unlink()
        except FileNotFoundError:
            return
        _fsync_folder(target.parent)

    def exists(self, key: str) -> bool:
        """Whether there is a file under `key`. Raises BadKey."""
        return self.path(key).is_file()

    def saved_before(self, moment: datetime) -> Iterator[str]:
        """Keys whose file was saved before the aware `moment`, in no order."""
        for path in self._files_before(moment):
            key = f"{path.parent.name}/{path.name}"
            if KEY.fullmatch(key):
                yield key

    def delete_unfinished_before(self, moment: datetime) -> int:
        """Remove what a power cut or a kill left half written before the aware `moment`.

        Returns how many files were removed.
        """
        removed = 0
        for path in self._files_before(moment):
            if path.name.startswith(_UNFINISHED):
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _files_before(self, moment: datetime) -> Iterator[Path]:
        for path in self.root.glob("??/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    yield path

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self.root.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        _fsync_folder(self.root)


def _fsync_folder(folder: Path) -> None:
    """Make new names in `folder` survive a power cut: a rename alone may still be in memory."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
