"""Text that people typed, made safe to keep and to show.

Refused: NUL and other control characters, characters that change the direction of what follows
(Unicode bidirectional overrides and isolates, used to disguise words), and bytes that were no
UTF-8 (they arrive as U+FFFD). The error carries the text without them, so that a form comes back
filled and can simply be sent again.
"""

from __future__ import annotations

import re
import unicodedata

from civicmap.foundation.errors import InvalidInput
from civicmap.foundation.locales import N_

# U+202A–U+202E and U+2066–U+2069 (UAX #9); the marks U+200E and U+200F are harmless and stay.
_OVERRIDES = "\u202a-\u202e\u2066-\u2069"
_UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_OVERRIDES}\ufffe\uffff]")
_UNREADABLE = "\ufffd"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UncleanText(InvalidInput):
    """Refused text; `cleaned` is what may be offered back."""

    cleaned: str = ""


def clean_text(
    text: str, *, field: str, limit: int, lines: bool = False, required: str | None = None
) -> str:
    """`text` trimmed, in Unicode NFC, with line ends as "\\n"; one line unless `lines`.

    `limit` is in characters. `required`: the message when nothing is left. Raises UncleanText.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    readable = _LONE_SURROGATE.sub("", kept).replace(_UNREADABLE, "")
    plain = _UNWANTED.sub("", readable)
    plain = unicodedata.normalize("NFC", plain)
    if not lines:
        plain = " ".join(plain.split())
    plain = plain.strip()
    if readable != kept:
        raise _unclean(
            N_("Part of the text could not be read and was left out. Check it and send it again."),
            field=field,
            cleaned=plain,
        )
    if _UNWANTED.search(kept):
        raise _unclean(
            N_(
                "The text had invisible characters that can change how it reads. They are removed: "
                "check it and send it again."
            ),
            field=field,
            cleaned=plain,
        )
    if len(plain) > limit:
        raise _unclean(
            N_("The text has %(length)s characters; at most %(limit)s can be taken."),
            field=field,
            cleaned=plain,
            length=len(plain),
            limit=limit,
        )
    if required and not plain:
        raise _unclean(required, field=field, cleaned="")
    return plain


def quotable(text: str, limit: int = 40) -> str:
    """The start of what was given, without characters that would spoil the sentence around it."""
    shown = "".join(letter for letter in text[:limit] if letter.isprintable())
    return shown + ("…" if len(text) > limit else "")


def _unclean(message: str, *, field: str, cleaned: str, **values: object) -> UncleanText:
    error = UncleanText(message, field=field, **values)
    error.cleaned = cleaned
    return error
