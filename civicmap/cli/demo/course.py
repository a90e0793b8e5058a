"""What happens to a report between its sending and today: who does what, when, in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from civicmap.cli.demo.rhythm import working_moment
from civicmap.cli.demo.story import Answers, Story, answers

# What may follow what, by status: the same as for everyone's reports.
LEGAL = {
    "open": {"in_progress", "fixed", "wont_fix"},
    "in_progress": {"fixed", "wont_fix", "open"},
    "fixed": {"open"},
    "wont_fix": {"open"},
}


@dataclass(frozen=True)
class DemoEvent:
    """One step. `kind` is in_progress, fixed, wont_fix, reopened, update or handed_over.

    `department` is the receiver's code, for handed_over only; `reason` is for wont_fix only.
    """

    kind: str
    at: datetime
    words: str
    department: str | None = None
    reason: str | None = None


def status_after(events: Sequence[DemoEvent]) -> str:
    """The public status after these events, in their order."""
    status = "open"
    for event in events:
        if event.kind == "reopened":
            status = "open"
        elif event.kind in LEGAL:
            status = event.kind
    return status


def run(
    chance: Random,
    *,
    category: str,
    own: Story | None,
    created_at: datetime,
    fate: str,
    now: datetime,
    target_days: int,
    department: str | None,
) -> list[DemoEvent]:
    """The events from `created_at` until `now` that leave the report with the status `fate`.

    `own` is the story itself when it happens at its own place, where its own answers fit.
    `target_days` is the fix target in working days. Nothing happens after `now`.
    """
    said = answers()
    clock = _Clock(chance, created_at, now, target_days)
    events: list[DemoEvent] = []
    handover = said.handed_over.get(category)
    if handover and handover.department != department and chance.random() < 0.18:
        moment = clock.after(0.15)
        if moment:
            events.append(
                DemoEvent("handed_over", moment, handover.words, department=handover.department)
            )
            department = handover.department
    if fate == "open":
        return events
    if fate == "in_progress" or chance.random() < 0.62:
        moment = clock.after(0.3)
        if moment:
            words = (own and own.progress) or _say(chance, said.progress, category, department)
            events.append(DemoEvent("in_progress", moment, words))
    if fate == "in_progress":
        return events
    if fate == "wont_fix":
        refusal = (own and own.wont_fix) or chance.choice(list(said.wont_fix))
        moment = clock.after(0.8)
        if moment:
            events.append(DemoEvent("wont_fix", moment, refusal.words, reason=refusal.reason))
        return events
    moment = clock.after(0.7)
    if not moment:
        return events
    words = (own and own.fixed) or _say(chance, said.fixed, category, department)
    events.append(DemoEvent("fixed", moment, words))
    if chance.random() < 0.05:
        events.extend(_second_round(chance, clock, said, category, department))
    return events


def _second_round(
    chance: Random, clock: _Clock, said: Answers, category: str, department: str | None
) -> list[DemoEvent]:
    """The resident finds it undone and the department comes again, if there is time for both."""
    back, work, done = clock.pause(), clock.after(0.3), clock.after(0.6)
    if not (back and work and done):
        return []
    return [
        DemoEvent("reopened", back, chance.choice(said.reopened)),
        DemoEvent("in_progress", work, _say(chance, said.progress, category, department)),
        DemoEvent("fixed", done, _say(chance, said.fixed, category, department)),
    ]


def _say(
    chance: Random, said: Mapping[str, Sequence[str]], category: str, department: str | None
) -> str:
    return chance.choice(said.get(category) or said.get(department or "any") or said["any"])


class _Clock:
    """Hands out moments in order, each a share of the target later, never past now."""

    def __init__(
        self, chance: Random, created_at: datetime, now: datetime, target_days: int
    ) -> None:
        self.day_and_night = target_days <= 2
        self.chance = chance
        self.moment = created_at
        self.now = now
        # Most things are done within the target, one in six or so is late.
        self.pace = target_days * 1.4 * chance.lognormvariate(-0.8, 0.7)

    def after(self, share: float) -> datetime | None:
        wait = timedelta(days=max(0.05, self.pace * share * self.chance.uniform(0.6, 1.3)))
        wanted = self.moment + wait
        if not self.day_and_night:
            wanted = working_moment(self.chance, wanted)
        return self._advance(wanted)

    def pause(self) -> datetime | None:
        """A few days later, when somebody has looked again."""
        later = self.moment + timedelta(days=self.chance.uniform(1.5, 9))
        return self._advance(working_moment(self.chance, later))

    def _advance(self, moment: datetime) -> datetime | None:
        if moment <= self.moment or moment > self.now - timedelta(minutes=5):
            return None
        self.moment = moment.replace(microsecond=0)
        return self.moment
