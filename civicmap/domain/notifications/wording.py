"""Letters in words: the plain-text templates of `templates/letters`, in the reader's language.

A template's first line is the subject. The language is the one being spoken (`locales.speaking`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from civicmap.foundation import locales

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "letters"


def word_letter(kind: str, **values: object) -> tuple[str, str]:
    """Subject and body of the letter `kind` (the name of its template without `.txt`)."""
    text = _templates().get_template(f"{kind}.txt").render(values)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), _without_gaps(body)


def word_text(kind: str, **values: object) -> tuple[str, str]:
    """Subject (for the mailbox; a text has none) and body of a text to a phone: one short line."""
    subject, body = word_letter(kind, **values)
    return subject, " ".join(body.split())


def quoted(text: str) -> str:
    """Somebody's words, marked line by line as mail readers expect it."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _without_gaps(text: str) -> str:
    """At most one empty line in a row, so that a template need not count those of its branches."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip() if line != "-- " else line)
    return "\n".join(lines) + "\n"


@cache
def _templates() -> Environment:
    templates = Environment(  # noqa: S701 - plain text, nothing to escape
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        locales.gettext,
        locales.ngettext,
        newstyle=True,
        pgettext=locales.pgettext,
        npgettext=locales.npgettext,
    )
    templates.filters["local_date"] = locales.local_date
    templates.filters["quoted"] = quoted
    return templates
