"""Why staff change or hide what a resident sent: one table. Pure.

Each is a sentence that the resident reads, in the city's letter and on their own page.
"""

from __future__ import annotations

from civicmap.foundation.locales import N_, gettext

MODERATION_REASONS = {
    "personal_data": N_("It names or shows a private person"),
    "insult": N_("It insults or threatens somebody"),
    "advertising": N_("It is advertising"),
    "off_topic": N_("It is not about something in the city that can be put right"),
    "untrue": N_("It does not match what was found at the place"),
    "private_matter": N_("It concerns a home; the department works on it without publishing"),
    "disturbing": N_("The picture is hard to look at"),
    "other": N_("Another reason"),
}

# These say too little by themselves: the person is owed a word more.
EXPLAINED = frozenset({"other"})


def reason_in_words(key: str) -> str:
    """The reason in the reader's language; "" for a key that is not (or no longer) in the table."""
    return gettext(MODERATION_REASONS[key]) if key in MODERATION_REASONS else ""
