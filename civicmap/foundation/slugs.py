"""Short Latin names for addresses: "Jeżyce" becomes "jezyce", "Өскемен" becomes "oskemen".

A slug is what a person can read aloud, type on any keyboard and find again in a link, so every
letter of our five languages has a Latin spelling here; letters with accents lose them, and what has
no spelling is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_SLUG = 60

# Russian, Kazakh and Kyrgyz, spelt as road signs do; then Latin letters that do not decompose.
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
        "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "ә": "a", "ғ": "g", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u",
        "һ": "h", "і": "i", "ї": "yi", "є": "ye", "ґ": "g",
        "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th",
        "'": "", "’": "", "ʼ": "",
    }
)  # fmt: skip


def slugify(text: str) -> str:
    """The Latin slug of a name: lower-case ASCII letters and digits joined by single hyphens.

    At most `LONGEST_SLUG` characters, cut at a word where possible. Empty when nothing in `text`
    can be spelt (a name in a script civicmap does not speak): see `distinct_slugs`.
    """
    # Composed first, so that "й" is one letter of the table and not "и" with an accent to lose.
    spelt = unicodedata.normalize("NFC", text).lower().translate(_LATIN)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(slug) > LONGEST_SLUG:
        slug = slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]
    return slug.strip("-")


def distinct_slugs(names: Iterable[str], *, fallback: str) -> list[str]:
    """One slug for each name, in order, all different.

    Names that spell alike get "-2", "-3"; a name that cannot be spelt is called by `fallback`.
    """
    taken: set[str] = set()
    slugs: list[str] = []
    for name in names:
        base = slugify(name) or fallback
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        slugs.append(slug)
    return slugs
