"""Why a photo is refused. Pure: also used where the photo is decoded, which knows no language."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reasons a person is told, one sentence each (in `pipeline.py`)."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"  # bytes
    OTHER_KIND = "other_kind"  # a known format that is not taken
    NOT_A_PHOTO = "not_a_photo"
    CUT_OFF = "cut_off"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_COSTLY = "too_costly"  # takes more time or memory than any real photo


class Refusal(Exception):
    """A photo that is not taken, with the values its sentence needs."""

    def __init__(self, reason: Reason, **values: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values = values
