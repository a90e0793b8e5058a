"""Many rows into one table at once, by PostgreSQL's COPY."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session


def copy_rows(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Write `rows` into `columns` of `table`, in the session's transaction; None becomes NULL.

    Names of table and columns are the program's own. Everything is held in memory once: call it
    with some thousand rows at a time.
    """
    lines = "".join(
        "\t".join("\\N" if value is None else _escaped(str(value)) for value in row) + "\n"
        for row in rows
    )
    if not lines:
        return
    driver = session.connection().connection.cursor()
    try:
        driver.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(lines))
    finally:
        driver.close()


def _escaped(value: str) -> str:
    """A value in COPY's text format."""
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )
