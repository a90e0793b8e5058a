"""What is taken for an e-mail address, and what is told to whoever typed something else."""

from __future__ import annotations

import pytest

from civicmap.foundation.email_addresses import read_email
from civicmap.foundation.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" jan@example.org ", "jan@example.org"),
        ("Jan.Kowalski+map@Example.ORG", "Jan.Kowalski+map@example.org"),
        ("jan@żółw.example", "jan@żółw.example"),
    ],
)
def test_addresses_are_taken_as_people_write_them(typed: str, read: str) -> None:
    assert read_email(typed, field="email") == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jan",
        "jan@",
        "@example.org",
        "jan@example",
        "jan@exa mple.org",
        "jan@example.org, ewa@example.org",
        "Jan <jan@example.org>",
        "jan@example.org\r\nBcc: ewa@example.org",
        "=?utf-8?q?a=0d=0aBcc=3ax?=@example.org",
        "jan\x00@example.org",
        "jan@" + "e" * 250 + ".org",
    ],
)
def test_anything_else_is_told_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"It looks like name@example\.org") as caught:
        read_email(typed, field="email")
    assert caught.value.field == "email"
    assert len(str(caught.value)) < 200
