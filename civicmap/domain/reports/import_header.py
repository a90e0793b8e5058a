"""The outside of somebody's CSV: its bytes as lines, and which column stands where. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from civicmap.domain.reports.import_mapping import ImportMapping
from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_


def open_rows(file: IO[bytes]) -> Iterator[str]:
    """The lines of a CSV file as text; bytes that are no UTF-8 are kept, for their row to tell."""
    for number, line in enumerate(file):
        start = 3 if number == 0 and line.startswith(b"\xef\xbb\xbf") else 0
        yield line[start:].decode("utf-8", "surrogateescape")


def find_columns(header: Sequence[str] | None, mapping: ImportMapping) -> dict[str, int]:
    """Where each column of the mapping stands, by its name. Raises `InvalidInput`."""
    if not header or not any(name.strip() for name in header):
        raise refusal(N_("The file is empty."))
    first = header[0]
    if first.startswith("PK\x03\x04"):
        raise refusal(N_("This is a spreadsheet, not a CSV file. Save it as CSV and try again."))
    if "\x00" in "".join(header):
        raise refusal(N_("This is not a text file. Save it as CSV in UTF-8 and try again."))
    names = [name.strip() for name in header]
    missing = [name for name in mapping.columns.all if name not in names]
    if missing:
        others = [sign for sign in (";", "\t", ",", "|") if sign != mapping.delimiter]
        for sign in others:
            if len(names) == 1 and sign in first:
                raise refusal(
                    N_("The columns of the file are separated by %(sign)s: say so in “delimiter”."),
                    sign="tab" if sign == "\t" else f"“{sign}”",
                )
        raise refusal(
            N_("The file has no column %(missing)s. Its columns are: %(columns)s."),
            missing=", ".join(f"“{name}”" for name in missing),
            columns=printable(", ".join(names), 600),
        )
    for name in mapping.columns.all:
        if names.count(name) > 1:
            raise refusal(N_("The file has two columns “%(name)s”."), name=name)
    return {name: names.index(name) for name in mapping.columns.all}


def refusal(message: str, **values: object) -> InvalidInput:
    """The refusal of a whole file."""
    return InvalidInput(message, field="file", **values)


def printable(text: str, limit: int) -> str:
    """At most `limit` characters of a text that may hold anything, to be quoted in a sentence."""
    shown = "".join(
        letter if letter.isprintable() and not 0xD800 <= ord(letter) < 0xE000 else "\ufffd"
        for letter in text[:limit]
    )
    return shown + ("…" if len(text) > limit else "")
