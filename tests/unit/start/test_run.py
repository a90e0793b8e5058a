"""What bin/run is asked for, and what it says when it cannot do it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import prepared
from bootstrap.errors import CannotGoOn, with_last_lines
from bootstrap.locks import FileLock
from bootstrap.run import check_address, gunicorn, in_brackets, only_here, parse


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_port_is_8000_unless_the_environment_or_the_command_line_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert parse([]).port == 8000
    monkeypatch.setenv("PORT", "8400")
    assert parse([]).port == 8400
    assert parse(["--port", "8500"]).port == 8500


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "80a", "٨٠٠٠", "8000.0"])
def test_a_port_that_is_none_is_refused_in_one_sentence(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse([f"--port={port}"])
    assert "is no port: a number from 1 to 65535" in capsys.readouterr().err


def test_a_taken_port_is_said_at_once_with_a_way_out(taken_port: int) -> None:
    with pytest.raises(CannotGoOn) as refusal:
        check_address("127.0.0.1", taken_port)
    assert f"127.0.0.1:{taken_port} cannot be used" in str(refusal.value)
    assert f"bin/run --port {taken_port + 1}" in str(refusal.value)


def test_a_second_bin_run_on_the_same_state_is_told_about_the_first(tmp_path: Path) -> None:
    first = only_here(tmp_path)
    first.write("http://127.0.0.1:8000 (process 4711)")
    with pytest.raises(CannotGoOn, match=r"already running.*127\.0\.0\.1:8000 \(process 4711\)"):
        only_here(tmp_path)
    first.release()
    only_here(tmp_path).release()


def test_an_ipv6_address_gets_its_brackets() -> None:
    assert in_brackets("::1") == "[::1]"
    assert "--bind=[::1]:8000" in gunicorn("::1", 8000)
    assert "--bind=127.0.0.1:8000" in gunicorn("127.0.0.1", 8000)


def test_a_database_counts_as_prepared_whatever_port_its_cluster_got(tmp_path: Path) -> None:
    here = "postgresql://civicmap:x@127.0.0.1:5001/civicmap"
    prepared.remember(tmp_path, here, demo=False)
    assert prepared.is_prepared(tmp_path, here.replace("5001", "5002"), demo=False)
    assert not prepared.is_prepared(tmp_path, here.replace(":x@", ":y@"), demo=False)
    assert not prepared.is_prepared(tmp_path, here, demo=True)
    prepared.remember(tmp_path, here, demo=True)
    assert prepared.is_prepared(tmp_path, here, demo=True)
    assert prepared.is_prepared(tmp_path, here, demo=False)


def test_a_change_in_the_code_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "CHECKOUT", tmp_path)
    for name in ("seed_categories.yaml", "requirements.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "migrations").mkdir()
    prepared.remember(tmp_path, "postgresql://here", demo=False)
    assert prepared.is_prepared(tmp_path, "postgresql://here", demo=False)
    (tmp_path / "migrations" / "0001_tables.py").write_text("")
    assert not prepared.is_prepared(tmp_path, "postgresql://here", demo=False)


def test_a_lock_can_be_shared_by_many_and_held_alone_by_one(tmp_path: Path) -> None:
    one, two, three = (FileLock(tmp_path / "lock") for _ in range(3))
    one.share()
    two.share()
    assert not three.take()
    one.release()
    two.release()
    assert three.take()
    three.release()


def test_a_failure_carries_the_last_words_of_the_program() -> None:
    said = with_last_lines("pip could not install:", "\n".join(f"line {n}" for n in range(40)), 2)
    assert said == "pip could not install:\n    line 38\n    line 39"
