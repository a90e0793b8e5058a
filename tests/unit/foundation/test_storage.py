from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civicmap.foundation.storage import BadKey, FileStorage


@pytest.fixture
def storage(tmp_path: Path) -> FileStorage:
    return FileStorage(tmp_path / "files")


def test_what_was_saved_is_read_back(storage: FileStorage) -> None:
    storage.save("ab/cdef-page.webp", b"pixels")
    assert storage.read("ab/cdef-page.webp") == b"pixels"
    assert storage.exists("ab/cdef-page.webp")
    assert storage.path("ab/cdef-page.webp") == storage.root / "ab" / "cdef-page.webp"


def test_saving_again_replaces_and_deleting_twice_is_quiet(storage: FileStorage) -> None:
    storage.save("ab/one", b"old")
    storage.save("ab/one", b"new")
    assert storage.read("ab/one") == b"new"
    storage.delete("ab/one")
    storage.delete("ab/one")
    assert not storage.exists("ab/one")
    with pytest.raises(FileNotFoundError):
        storage.read("ab/one")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "one",
        "../etc/passwd",
        "ab/../../x",
        "ab/..",
        "ab/.hidden",
        "/ab/one",
        "ab//one",
        "ab/one/two",
        "AB/one",
        "ab/one\n",
        "ab/one\x00",
        "ab/one.webp.exe.webp",
        "ab/óne",
        "ab/" + "x" * 200,
    ],
)
def test_a_key_that_could_lead_elsewhere_is_refused(storage: FileStorage, key: str) -> None:
    for attempt in (storage.path, storage.read, storage.delete, storage.exists):
        with pytest.raises(BadKey):
            attempt(key)
    with pytest.raises(BadKey):
        storage.save(key, b"x")
    assert not storage.root.exists()


def test_file_and_folder_are_flushed_before_save_returns_and_in_the_right_order(
    storage: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append("folder" if target.is_dir() else "file")
        real_fsync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    storage.save("ab/one", b"x")
    assert steps == ["folder", "file", "rename", "folder"]


def test_a_disk_that_fails_leaves_neither_a_file_nor_a_rest(
    storage: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save("ab/one", b"before")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        storage.save("ab/two", b"x")
    with pytest.raises(OSError, match="No space"):
        storage.save("ab/one", b"after")
    assert [path.name for path in (storage.root / "ab").iterdir()] == ["one"]
    assert storage.read("ab/one") == b"before"


def test_old_files_are_listed_and_unfinished_ones_swept(storage: FileStorage) -> None:
    storage.save("ab/old", b"x")
    storage.save("cd/young", b"x")
    unfinished = storage.root / "ab" / ".unfinished-0123"
    unfinished.write_bytes(b"half")
    now = datetime.now(UTC)
    for path in (storage.path("ab/old"), unfinished):
        os.utime(path, (now.timestamp() - 7200,) * 2)
    assert list(storage.saved_before(now - timedelta(hours=1))) == ["ab/old"]
    assert storage.delete_unfinished_before(now - timedelta(hours=1)) == 1
    assert not unfinished.exists()
    assert storage.exists("ab/old")


def test_a_storage_nobody_saved_to_is_empty(storage: FileStorage) -> None:
    assert list(storage.saved_before(datetime.now(UTC))) == []
    assert storage.delete_unfinished_before(datetime.now(UTC)) == 0
