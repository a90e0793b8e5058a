"""How street names are compared: one Latin spelling for every way people write them. Pure.

"dabrowskiego", "Домбровского" and "Dąbrowskiego" should meet, and so should "chuy" and "Чүй". Names
and questions are spelt into the same plain letters: without diacritics, Cyrillic as it sounds in
Latin, digraphs that name one sound as one letter. Where one letter is read in two ways (ą as "a" on
a keyboard, as "om" by ear) a name has two spellings. What still differs is left to trigrams.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST_QUESTION = 120

# Each letter becomes one that a prefix of a word keeps: "sz" and "ш" both begin with "s", so that a
# name is found while it is typed.
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "z",
        "з": "z", "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c",
        "ч": "c", "ш": "s", "щ": "sc", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
        "һ": "h", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u",
    }
)  # fmt: skip
_LATIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)
_APOSTROPHES = re.compile("['’ʼ`´]")
# "пр-т", "мкр-н": one word with something left out.
_SHORTENED = re.compile(r"(?<!\w)(пр|б|м|мкр|пл|наб)-(т|кт|р|н|дь|я)(?!\w)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
# Sounds that Latin spellings write with two letters, the longer first.
_SOUNDS = (
    ("kh", "h"), ("zh", "z"), ("sh", "s"), ("sz", "s"), ("cz", "c"), ("ch", "c"), ("ts", "c"),
    ("w", "v"), ("x", "ks"), ("q", "k"), ("j", "i"), ("y", "i"),
)  # fmt: skip
_DOUBLED = re.compile(r"([a-z])\1+")
# By ear: ą and ę are a vowel with an m before b and p, with an n elsewhere; ó is u,
# rz is z; Polish ch is h.
_NASALS = (
    (re.compile("ą(?=[bp])"), "om"), (re.compile("ę(?=[bp])"), "em"),
    (re.compile("ą"), "on"), (re.compile("ę"), "en"), (re.compile("ó"), "u"),
    (re.compile("rz"), "z"),
)  # fmt: skip

# What a street is called besides its name, as a kind that "проспект" and "aleja" share. The words
# are left out of names and questions wherever they stand.
_KINDS = {
    "street": "ul ulica ulicy street str st улица ул улицы көшесі көшесi көше көчөсү көчө кошеси "
    "кочосу кочесу koshesi kochosu kochesu ulitsa",
    "avenue": "al aleja aleje alei avenue ave av проспект просп пр прт пркт даңғылы данғылы данг "
    "проспектиси проспекти prospekt prospect prosp pr",
    "square": "pl plac placu square sq площадь пл алаңы аланы аянты ayanty ploshchad",
    "estate": "os osiedle osiedla estate микрорайон мкр мкрн мн "
    "шағынауданы ықшамауданы кичирайону mikrorayon mkr",
    "boulevard": "bulwar bulw boulevard blvd бульвар бул бр гүлзары бульвары bulvar",
    "lane": "zaułek zaul переулок пер lane ln тұйық тұйығы туюгу pereulok",
    "road": "droga road rd шоссе ш highway hwy жолы тасжолы szosa shosse",
    "embankment": "набережная наб жағалауы embankment nab",
    "roundabout": "rondo",
}

_NUMBER = re.compile(
    r"[0-9]{1,5}[a-zа-яёәғқңөұүһі]{0,2}(?:к[0-9]{1,3})?(?:[/-][0-9]{1,4}[a-zа-я]?)?"
)
_BLOCK = re.compile(r"(?<=[0-9])\s*(?:корпус|корп|к|стр)\.?\s*(?=[0-9])")
_LETTER_APART = re.compile(r"(?<=[0-9])\s+(?=[a-zа-я]\s*(?:,|$))")
# Said before a number, or before what stands behind a door: "дом 5, кв. 12", "nr 5 m. 12".
_FLAT = re.compile(
    r"(?:^|[\s,])(?:кв|квартира|apt|flat|lok|lokal|m|пәтер|батир)\.?\s*[0-9]+[a-zа-я]?\s*$"
)
_BEFORE_NUMBER = frozenset(["дом", "д", "nr", "no", "numer", "house", "bldg", "үй", "уй", "№", "d"])
_ORDINAL_ENDINGS = re.compile(r"^[0-9]+-(?:й|я|е|ая|ой|го|ші|шы|чи|чү|th|st|nd|rd)$")


def _one_letter_each(text: str) -> str:
    """Small letters, composed, with Cyrillic as Latin and no diacritics."""
    small = _SHORTENED.sub(r"\1\2", unicodedata.normalize("NFC", text).lower())
    latin = _APOSTROPHES.sub("", small).translate(_CYRILLIC).translate(_LATIN)
    return unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()


def _key(text: str) -> str:
    words = _NOT_A_WORD.sub(" ", _one_letter_each(text)).split()
    return " ".join(map(_sound, words))


def _sound(word: str) -> str:
    for written, meant in _SOUNDS:
        word = word.replace(written, meant)
    return _DOUBLED.sub(r"\1", word)


_KIND_OF = {_key(word): kind for kind, words in _KINDS.items() for word in words.split()}


@lru_cache(maxsize=4096)
def kind_of_street(name: str) -> str:
    """What kind of street its own words say it is: "street", "avenue", "square" …; "" if none."""
    return next((_KIND_OF[word] for word in _key(name).split() if word in _KIND_OF), "")


@lru_cache(maxsize=4096)  # an import asks for each street as often as it has houses
def spellings(text: str) -> tuple[str, ...]:
    """The plain spellings of a name or a question, the one without diacritics first.

    Words that only say what kind of street it is are left out, unless nothing else is there.
    """
    composed = unicodedata.normalize("NFC", text).lower()
    heard = composed
    for pattern, sound in _NASALS:
        heard = pattern.sub(sound, heard)
    # Polish "ch" is х, English "ch" is ч: a name that has one is known by both.
    ways = [composed, heard]
    ways += [re.sub("ch", "h", way) for way in ways if "ch" in way]
    return tuple(dict.fromkeys(filter(None, (_without_kinds(_key(way)) for way in ways))))


def _without_kinds(key: str) -> str:
    words = key.split()
    kept = [word for word in words if word not in _KIND_OF]
    return " ".join(kept or words)


@lru_cache(maxsize=4096)
def number_key(text: str) -> str:
    """A house number as it is compared: "12 А" and "12a" are one, "5 к. 1" is "5k1"."""
    small = _BLOCK.sub("к", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[^a-z0-9/-]", "", _one_letter_each(small.replace("\\", "/")))[:20]


def leading_number(key: str) -> int:
    """The whole number that a house number begins with; 0 without one."""
    digits = re.match(r"[0-9]{1,9}", key)
    return int(digits[0]) if digits else 0


@dataclass(frozen=True)
class Reading:
    """One way to understand a question: the spellings of the street, the number, if any, and what
    kind of street was said."""

    spellings: tuple[str, ...]
    number: str
    kind: str


def read_question(text: str) -> list[Reading]:
    """The ways to understand what was typed, the likeliest first; none when there is nothing to
    look for.

    "Dąbrowskiego 42a" and "5 Lenina" have a number at one end; "28 Czerwca" is a name as well.
    """
    small = unicodedata.normalize("NFC", text[:LONGEST_QUESTION]).lower()
    small = _FLAT.sub(" ", small)
    small = _LETTER_APART.sub("", _BLOCK.sub("к", small))
    words = [word for part in re.split(r"[\s,;]+", small) if (word := part.strip('.:()"«»„”'))]
    numbered = [n for n, word in enumerate(words) if _is_number(word)]
    ways = [(words, "")]
    # A number said last is the house's; said first it is in some languages; anywhere else after
    # "дом" only.
    for place in dict.fromkeys([*reversed(numbered[-1:]), *numbered[:1]]):
        said = place > 0 and words[place - 1] in _BEFORE_NUMBER
        if place in (0, len(words) - 1) or said:
            rest = words[: place - said] + words[place + 1 :]
            ways.append((rest, words[place]))
    found = []
    for rest, number in ways:
        name = " ".join(rest)
        if spelt := spellings(name):
            found.append(Reading(spelt, number_key(number), kind_of_street(name)))
    return found


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word)) and not _ORDINAL_ENDINGS.match(word)


def shares_a_word(name: str, text: str) -> bool:
    """Whether a name that somebody else found has a word of what was written, of three letters or
    more: enough to see that it is not about something else altogether."""
    written = {word for way in spellings(text) for word in way.split()}
    found = {word for way in spellings(name) for word in way.split()}
    return any(len(word) >= 3 and not word.isdigit() for word in written & found)
