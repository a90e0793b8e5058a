"""Which column of somebody's CSV stands where, by a mapping. Pure."""

from __future__ import annotations

from civicmap.domain.reports.import_mapping import ImportMapping
from civicmap.foundation.csv_tables import DELIMITERS, CsvTable, refusal
from civicmap.foundation.locales import N_


def find_columns(table: CsvTable, mapping: ImportMapping) -> dict[str, int]:
    """Where each column of the mapping stands, by its name. Raises `InvalidInput`."""
    names = table.names
    missing = [name for name in mapping.columns.all if name not in names]
    if missing:
        for sign in DELIMITERS:
            if len(names) == 1 and sign != mapping.delimiter and sign in names[0]:
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


def printable(text: str, limit: int) -> str:
    """At most `limit` characters of a text that may hold anything, to be quoted in a sentence."""
    shown = "".join(
        letter if letter.isprintable() and not 0xD800 <= ord(letter) < 0xE000 else "\ufffd"
        for letter in text[:limit]
    )
    return shown + ("…" if len(text) > limit else "")
