"""What can go wrong, in the person's language.

Every error a caller may show carries a message id (marked with `N_`) and the values for its
placeholders. Domain code raises; the web turns the class into a status code and the message id into
a sentence in the reader's language; the CLI prints it. Nothing here knows HTTP or a city.
"""

from __future__ import annotations

from civicmap.foundation.locales import gettext


class CivicmapError(Exception):
    """An error that may be shown to the person who caused or met it.

    `message` is a gettext message id with `%(name)s` placeholders; `values` fills them;
    `field` names the form field or column it belongs to, if there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values

    def __str__(self) -> str:
        translated = gettext(self.message)
        return translated % self.values if self.values else translated


class InvalidInput(CivicmapError):
    """What was given cannot be taken; the person can correct it."""


class NotFound(CivicmapError):
    """There is no such thing, or not for this person."""


class NotAllowed(CivicmapError):
    """The person may not do this."""


class Conflict(CivicmapError):
    """Somebody else changed it first, or it is past the moment for this."""


class TooMany(CivicmapError):
    """Too often in too short a time."""
