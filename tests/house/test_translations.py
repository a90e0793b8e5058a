"""Every text in every language, with the same placeholders; catalogues in step with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from civicmap.cli.messages import LANGUAGES, catalogue_path, extract

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extract()


def load(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def ids_of(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalogue if message.id}


def translations_of(message: Message) -> Iterator[str]:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    yield from (text or "" for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_the_messages_of_the_code_and_no_others(
    template: Catalog, language: str
) -> None:
    assert ids_of(load(language)) == ids_of(template), "run: bin/civicmap messages update"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_with_its_placeholders(language: str) -> None:
    faults = []
    for message in load(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        asked = set(PLACEHOLDER.findall(ids[-1]))
        for number, text in enumerate(translations_of(message)):
            given = set(PLACEHOLDER.findall(text))
            # A singular form may say "one" without naming the number.
            if not text or given - asked or (number and asked - given):
                faults.append(f"{ids[0]!r} [{number}]: {text!r}")
            elif len(ids) == 1 and asked != given:
                faults.append(f"{ids[0]!r}: {text!r}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["ru", "kk", "ky"])
def test_cyrillic_languages_are_written_in_cyrillic(language: str) -> None:
    """No message is left in English, or in Latin letters that only look right."""
    names = {"civicmap", "E-mail", "CSV", "GeoJSON"}
    faults = []
    for message in load(language):
        for text in translations_of(message) if message.id else ():
            bare = PLACEHOLDER.sub("", text)
            words = re.findall(r"[^\W\d_]{4,}", bare)
            if (
                words
                and not re.search("[а-яёәғқңөұүһі]", bare, re.IGNORECASE)
                and not (set(words) <= names)
            ):
                faults.append(f"{message.id!r}: {text!r}")
    assert not faults, "\n".join(faults)
