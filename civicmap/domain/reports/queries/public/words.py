"""What somebody types to find reports, as a full-text query. Pure.

The database does the same to words and addresses (`searchable_words`, migration 0014, and
`shelved_words`, 0017): letters lose their marks, so that "dabrowskiego" finds "Dąbrowskiego", and
signs part words.
"""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 8
LONGEST_WORD = 40
LONGEST_TEXT = 200

# Letters whose marks are no part that could be taken off.
_PLAIN = str.maketrans("łđøı", "ldoi")
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")


def words_to_seek(text: str) -> str:
    """The query for `to_tsquery('simple', …)`: every word, each at least in its beginning; "" when
    there is none. Letters and digits only, so that nothing in it is an operator."""
    plain = unicodedata.normalize("NFD", text[:LONGEST_TEXT].lower()).translate(_PLAIN)
    words = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(_MARKS.sub("", plain)))
    return " & ".join(f"{word}:*" for word in list(words)[:MOST_WORDS])
