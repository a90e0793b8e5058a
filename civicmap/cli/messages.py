"""`messages`: the translation catalogues, kept in step with the code and compiled.

After changing any text: `bin/civicmap messages update`, then translate in the .po files; every
message in every language, in the same commit (tests/house checks it).
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from civicmap.config import CHECKOUT
from civicmap.foundation import locales
from civicmap.foundation.locales import TRANSLATIONS_FOLDER

LANGUAGES = tuple(code for code in locales.LANGUAGES if code != locales.DEFAULT_LANGUAGE)


KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "N_": None,
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def catalogue_path(language: str) -> Path:
    return TRANSLATIONS_FOLDER / language / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """Every message of the code and the templates, sorted, without places (they only churn)."""
    template = Catalog()
    with (TRANSLATIONS_FOLDER / "extraction.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for _, _, message, _, context in extract_from_dir(
        CHECKOUT, methods, options, keywords=KEYWORDS, directory_filter=is_ours
    ):
        template.add(message, None, context=context)
    return template


def is_ours(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).name not in {"var", ".venv", "tests", "static", "__pycache__"}


def update() -> None:
    template = extract()
    for language in LANGUAGES:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language)
        catalogue.update(template, no_fuzzy_matching=True)
        header = (
            f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
            '"Content-Type: text/plain; charset=utf-8\\n"\n'
            f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
        )
        body = io.BytesIO()
        write_po(body, catalogue, omit_header=True, sort_output=True, ignore_obsolete=True)
        path.write_text(header + body.getvalue().decode())


def list_missing(language: str) -> list[str]:
    """Message ids of a language that are not translated, in any of their plural forms."""
    with catalogue_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def compile_stale() -> int:
    """Compile the catalogues that are newer than their compiled form; returns how many."""
    compiled = 0
    for language in LANGUAGES:
        source = catalogue_path(language)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=language)
        unfinished = target.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(target)
        compiled += 1
    return compiled


@click.group()
def messages() -> None:
    """The translation catalogues."""


@messages.command("update")
def update_command() -> None:
    """Extract messages from the code and bring the .po files in step with them."""
    update()


@messages.command("missing")
@click.pass_context
def missing_command(context: click.Context) -> None:
    """List what still has to be translated."""
    missing = [f"{language}: {text}" for language in LANGUAGES for text in list_missing(language)]
    click.echo("\n".join(missing) or "Everything is translated.")
    context.exit(1 if missing else 0)
