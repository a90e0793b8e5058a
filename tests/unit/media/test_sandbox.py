"""The decoder process: what happens to it never happens to us, and it never outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import socket
from typing import TypeVar

import pytest
from PIL import Image

from civicmap.domain.media import sandbox as sandbox_module
from civicmap.domain.media.limits import Limits
from civicmap.domain.media.pipeline import PhotoNotProcessed, RefusedPhoto, process_photo
from civicmap.domain.media.refusals import Reason
from civicmap.domain.media.sandbox import Sandbox
from civicmap.domain.media.wire import send_request
from tests.unit.media.samples import encode, plain

Found = TypeVar("Found")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(slots=2, patience=10)
    yield sandbox
    sandbox.stop()


def wait_for(find: Callable[[], Found]) -> Found:
    """What `find` finds, once it is something; the test fails if that takes 10 seconds."""
    for _ in range(1000):
        found = find()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def children_of(process_id: int | None) -> list[int]:
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process_id and fields[0] != "Z":
            children.append(int(stat.parent.name))
    return children


def alive(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Interruption:
    """Does something to the decoder's child just before it is given the photo."""

    def __init__(self, sandbox: Sandbox, times: int, act: Callable[[int], None]) -> None:
        self.sandbox, self.times, self.act = sandbox, times, act
        self.seen: set[int] = set()

    def __call__(self, connection: socket, upload: bytes) -> None:
        if self.times:
            self.times -= 1
            child = wait_for(self.new_children).pop()
            self.seen.add(child)
            self.act(child)
        send_request(connection, upload)

    def new_children(self) -> set[int]:
        return set(children_of(self.sandbox.process_id)) - self.seen


def interrupt(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, times: int, act: Callable[[int], None]
) -> None:
    wait_for(lambda: not children_of(sandbox.process_id))
    monkeypatch.setattr(sandbox_module, "send_request", Interruption(sandbox, times, act))


def kill(how: int) -> Callable[[int], None]:
    def act(process_id: int) -> None:
        os.kill(process_id, how)
        wait_for(lambda: not alive(process_id))

    return act


def test_the_decoder_is_kept_and_every_photo_has_a_child_of_its_own(sandbox: Sandbox) -> None:
    assert sandbox.process_id is None
    sandbox.start()
    first = sandbox.process_id
    for _ in range(3):
        process_photo(plain("JPEG"), sandbox=sandbox)
    assert sandbox.process_id == first
    wait_for(lambda: not children_of(first))


def test_a_killed_decoder_is_replaced(sandbox: Sandbox) -> None:
    process_photo(plain("JPEG"), sandbox=sandbox)
    killed = sandbox.process_id
    assert killed
    os.kill(killed, signal.SIGKILL)
    process_photo(plain("JPEG"), sandbox=sandbox)
    assert sandbox.process_id not in {None, killed}


def test_a_decoder_killed_while_it_works_costs_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(process_id: int) -> None:
        assert sandbox.process_id
        os.kill(sandbox.process_id, signal.SIGKILL)
        wait_for(lambda: not alive(process_id))  # the kernel ends the child with its parent

    interrupt(monkeypatch, sandbox, 1, act)
    assert process_photo(plain("JPEG"), sandbox=sandbox).page.width == 240


def test_a_child_killed_once_is_tried_again_and_killed_twice_is_our_fault(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, sandbox, 1, kill(signal.SIGKILL))
    assert process_photo(plain("JPEG"), sandbox=sandbox).page.width == 240
    interrupt(monkeypatch, sandbox, 2, kill(signal.SIGKILL))
    with pytest.raises(PhotoNotProcessed, match="Send it again in a moment"):
        process_photo(plain("JPEG"), sandbox=sandbox)
    assert process_photo(plain("JPEG"), sandbox=sandbox).page.width == 240


def test_a_crash_of_the_decoder_is_the_photos_fault(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, sandbox, 1, kill(signal.SIGSEGV))
    with pytest.raises(RefusedPhoto) as caught:
        process_photo(plain("JPEG"), sandbox=sandbox)
    assert caught.value.reason is Reason.BROKEN


def test_a_child_that_hangs_is_ended(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = []

    def act(process_id: int) -> None:
        os.kill(process_id, signal.SIGSTOP)
        stopped.append(process_id)

    interrupt(monkeypatch, sandbox, 1, act)
    with pytest.raises(PhotoNotProcessed):
        process_photo(plain("JPEG"), limits=Limits(seconds=0.2), sandbox=sandbox)
    assert not any(map(alive, stopped))
    assert process_photo(plain("JPEG"), sandbox=sandbox).page.width == 240


def test_a_decoder_that_hangs_is_replaced(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_module, "_GRACE_SECONDS", 0.2)
    sandbox.start()
    hanging = sandbox.process_id
    assert hanging
    os.kill(hanging, signal.SIGSTOP)
    with pytest.raises(PhotoNotProcessed):
        process_photo(plain("JPEG"), limits=Limits(seconds=0.1), sandbox=sandbox)
    assert not alive(hanging)
    monkeypatch.undo()
    assert process_photo(plain("JPEG"), sandbox=sandbox).page.width == 240


def test_a_child_sees_no_secret_no_file_and_no_other_persons_photo(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    looked_at = []

    def act(process_id: int) -> None:
        looked_at.append(process_id)
        process = Path(f"/proc/{process_id}")
        wait_for(lambda: "Max open files            0" in (process / "limits").read_text())
        assert {path.name for path in (process / "fd").iterdir()} <= {"0", "1", "2"}
        assert b"secret" not in (process / "environ").read_bytes()
        assert len(list((process / "task").iterdir())) == 1
        if len(looked_at) == 1:  # a second photo comes while the first is in work
            process_photo(plain("PNG"), sandbox=sandbox)

    interrupt(monkeypatch, sandbox, 2, act)
    process_photo(plain("JPEG"), sandbox=sandbox)
    assert len(set(looked_at)) == 2


def test_many_threads_get_each_their_own_photo(sandbox: Sandbox) -> None:
    def shade(grey: int) -> int:
        if grey % 5 == 0:
            with pytest.raises(RefusedPhoto):
                process_photo(b"%PDF-1.4", sandbox=sandbox)
            return grey
        upload = encode(Image.new("L", (64 + grey, 64), 128), "PNG")
        return process_photo(upload, sandbox=sandbox).full.width - 64

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shade, range(40))) == list(range(40))


def test_too_many_at_once_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(slots=1, patience=0.05)
    occupied, release = threading.Event(), threading.Event()

    def act(process_id: int) -> None:
        occupied.set()
        release.wait(10)

    interrupt(monkeypatch, sandbox, 1, act)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(process_photo, plain("JPEG"), sandbox=sandbox)
        assert occupied.wait(10)
        with pytest.raises(PhotoNotProcessed):
            process_photo(plain("JPEG"), sandbox=sandbox)
        release.set()
        assert first.result().page.width == 240
    sandbox.stop()


def run(script: str, *, interrupt_after_line: bool = False) -> tuple[str, str, int]:
    """Run a Python script; with `interrupt_after_line`, kill -9 it after its first line."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", script]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        told = process.stdout.readline()
        if interrupt_after_line:
            process.kill()
        told += process.stdout.read()
        return told, process.stderr.read(), process.wait()


# An empty package in place of civicmap's own, so that the whole application need not load.
BEGIN = """
import os, sys, types
package = types.ModuleType("civicmap")
package.__path__ = ["civicmap"]
sys.modules["civicmap"] = package
from civicmap.domain.media import pipeline
from tests.unit.media.samples import plain
pipeline.process_photo(plain("JPEG"))
print(pipeline._sandbox.process_id, flush=True)
"""


def test_a_program_that_ends_leaves_no_decoder_and_no_complaint() -> None:
    told, complaints, code = run(BEGIN)
    assert (complaints, code) == ("", 0)
    assert not alive(int(told))


def test_a_program_that_is_killed_leaves_no_decoder() -> None:
    told, _, code = run(BEGIN + "import time; time.sleep(60)", interrupt_after_line=True)
    assert code == -signal.SIGKILL
    wait_for(lambda: not alive(int(told)))


def test_a_program_killed_with_a_photo_in_work_leaves_no_child() -> None:
    stall = """
import time
from civicmap.domain.media import sandbox
def stall(connection, upload):
    print(pipeline._sandbox.process_id, flush=True)
    time.sleep(60)
sandbox.send_request = stall
pipeline.process_photo(plain("JPEG"))
"""
    script = BEGIN.rpartition("print")[0] + stall
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        decoder = int(process.stdout.readline())
        child = wait_for(lambda: children_of(decoder))[0]
        process.kill()
    wait_for(lambda: not alive(decoder) and not alive(child))


def test_a_forked_process_starts_a_decoder_of_its_own() -> None:
    script = (
        BEGIN
        + """
ours = pipeline._sandbox.process_id
child = os.fork()
if not child:
    pipeline.process_photo(plain("PNG"))
    print(pipeline._sandbox.process_id, flush=True)
    pipeline._sandbox.stop()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
pipeline.process_photo(plain("JPEG"))
assert pipeline._sandbox.process_id == ours
"""
    )
    told, complaints, code = run(script)
    assert (complaints, code) == ("", 0)
    ours, theirs = map(int, told.split())
    assert ours != theirs
    assert not alive(ours)
    assert not alive(theirs)


def test_the_application_itself_never_loads_an_image_library(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(plain("JPEG"))
    script = f"""
import sys
from pathlib import Path
from civicmap.domain.media.pipeline import process_photo
process_photo(Path({str(photo)!r}).read_bytes())
print(*(name for name in sys.modules if name.startswith(("PIL", "_pillow_heif"))))
"""
    assert run(script) == ("\n", "", 0)
