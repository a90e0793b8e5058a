"""A group of commands about one noun: `city add`, `city list`.

Errors that people can mend are told as a sentence and end the command with status 1; nothing of a
failed command is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from flask.cli import AppGroup

from civicmap.domain.jurisdictions.queries import City, get_city
from civicmap.extensions import db
from civicmap.foundation.database import DATABASE_AWAY
from civicmap.foundation.errors import CivicmapError, InvalidInput
from civicmap.foundation.locales import N_


class Noun(AppGroup):
    """Its commands run in the application and tell a `CivicmapError` as a sentence."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except CivicmapError as error:
            raise click.ClickException(str(error)) from error
        except DATABASE_AWAY as error:
            why = str(getattr(error, "orig", error)).partition("\n")[0]
            raise click.ClickException(f"The database cannot be reached: {why}") from error


def the_city(slug: str) -> City:
    """The city a command is about. Raises NotFound."""
    return get_city(db.session, slug)


def by_language(texts: Iterable[str], *, otherwise: str) -> dict[str, str]:
    """Read "pl=Poznań" into {"pl": "Poznań"}; a text without a language is in `otherwise`."""
    found: dict[str, str] = {}
    for text in texts:
        language, mark, rest = text.partition("=")
        if not mark or len(language) != 2:
            language, rest = otherwise, text
        if language in found:
            raise InvalidInput(
                N_("There are two texts in the language “%(language)s”."), language=language
            )
        found[language] = rest
    return found


def columns(rows: Iterable[Iterable[object]]) -> str:
    """Rows as text in columns two spaces apart."""
    table = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
