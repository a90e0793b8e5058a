"""The life of a report: which status may follow which, and what each step asks for. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from civicmap.foundation.errors import Conflict
from civicmap.foundation.locales import N_, gettext

OPEN = "open"
IN_PROGRESS = "in_progress"
FIXED = "fixed"
WONT_FIX = "wont_fix"

STATUSES = (OPEN, IN_PROGRESS, FIXED, WONT_FIX)
WAITING = (OPEN, IN_PROGRESS)
CLOSED = (FIXED, WONT_FIX)

STATUS_NAMES = {
    OPEN: N_("Open"),
    IN_PROGRESS: N_("In progress"),
    FIXED: N_("Fixed"),
    WONT_FIX: N_("Won't fix"),
}


@dataclass(frozen=True)
class Step:
    """A permitted change of status.

    `proof`: needs an after-photo or words. `reason`: needs a reason from REFUSAL_REASONS and words.
    `words`: needs words.
    """

    proof: bool = False
    reason: bool = False
    words: bool = False


# "Closed before it was repaired" is the complaint every city gets; hence the proof.
STEPS: dict[tuple[str, str], Step] = {
    (OPEN, IN_PROGRESS): Step(),
    (OPEN, FIXED): Step(proof=True),
    (OPEN, WONT_FIX): Step(reason=True, words=True),
    (IN_PROGRESS, OPEN): Step(words=True),
    (IN_PROGRESS, FIXED): Step(proof=True),
    (IN_PROGRESS, WONT_FIX): Step(reason=True, words=True),
    (FIXED, OPEN): Step(words=True),
    (WONT_FIX, OPEN): Step(words=True),
}

REFUSAL_REASONS = {
    "not_found": N_("Nothing was found at the place"),
    "not_ours": N_("Not the city's to repair"),
    "private_land": N_("On private land"),
    "no_budget": N_("No budget this year"),
    "planned": N_("Part of works already planned"),
    "within_norm": N_("Within what the standard allows"),
    "duplicate": N_("Already reported"),
    "other": N_("Another reason"),
}


def possible_steps(status: str) -> list[str]:
    """The statuses that may follow `status`, in the order of STATUSES."""
    return [to for to in STATUSES if (status, to) in STEPS]


def step_between(status: str, to: str) -> Step:
    """What the change asks for. Raises Conflict when it is not allowed."""
    step = STEPS.get((status, to))
    if step is None:
        raise Conflict(
            N_("A report that is “%(status)s” cannot be set to “%(to)s”."),
            field="status",
            status=_translated(status),
            to=_translated(to),
        )
    return step


def _translated(status: str) -> str:
    return gettext(STATUS_NAMES.get(status, status))
