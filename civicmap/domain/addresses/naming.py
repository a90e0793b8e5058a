"""What a street is called."""

from __future__ import annotations

from civicmap.foundation.locales import current_language


def in_readers_words(name: str, names: dict[str, str]) -> str:
    """The name in the language of the reader, else as it stands on the sign."""
    return names.get(current_language()) or name
