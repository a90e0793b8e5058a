"""What somebody types to find reports, as a full-text query. Pure.

`FOLDED` is what the database does to words and addresses too (`searchable_words`, migration 0014):
letters lose their marks, so that "dabrowskiego" finds "Dąbrowskiego", and signs part words.
"""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_TEXT = 200

_MARKED = "àáâãäåāăąçćčďđèéêëēėęěģğíîïīįķłļľñńņňòóôõöøōőŕřśşšșťțùúûüūůűųýÿžźżё"
_PLAIN = "aaaaaaaaacccddeeeeeeeeggiiiiiklllnnnnoooooooorrssssttuuuuuuuuyyzzzе"
_SIGNS = "-/.,:;_@'’&#+*=~^%$!?()[]{}<>|\\\"«»„”“"
FOLDED = str.maketrans(_MARKED + _SIGNS, _PLAIN + " " * len(_SIGNS))
_WORD = re.compile(r"[^\W_]+")


def words_to_seek(text: str) -> str:
    """The query for `to_tsquery('simple', …)`: every word, each at least in its beginning; "" when
    there is none. Letters and digits only, so that nothing in it is an operator."""
    plain = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).lower().translate(FOLDED)
    words = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(plain))
    return " & ".join(f"{word}:*" for word in list(words)[:MOST_WORDS])
