"""A range of days cut into whole years, whole months and single days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from civicmap.domain.publicmap.pyramid.facets import KIND_BITS, Kind, day_id, month_id

# Before and after these nothing was reported.
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2199, 12, 31)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both inclusive; none when `last` is before `first`."""

    first: date
    last: date

    def __bool__(self) -> bool:
        return self.first <= self.last

    @property
    def touched_months(self) -> Span:
        """The months of which it has a day, from their first to their last day."""
        if not self:
            return self
        return Span(self.first.replace(day=1), _next_month(self.last) - ONE_DAY)

    def without(self, middle: Span) -> list[Span]:
        """What is left of it before and after `middle`, which lies in it."""
        if not middle:
            return [self] if self else []
        ends = (Span(self.first, middle.first - ONE_DAY), Span(middle.last + ONE_DAY, self.last))
        return [end for end in ends if end]

    @property
    def days(self) -> int:
        """How many they are."""
        return max(0, (self.last - self.first).days + 1)


@dataclass(frozen=True)
class Edge:
    """Days that are counted one by one, besides whole months: `sign` is 1, or -1 where their month
    is counted as a whole and they are to be taken off it."""

    span: Span
    sign: int


# `day BETWEEN` them is never true.
NO_DAYS = Span(FIRST_DAY + ONE_DAY, FIRST_DAY)


def months_and_edges(span: Span) -> tuple[Span, list[Edge]]:
    """The span as whole months and as few days as can be: those that it has beside them, or those
    that they have too many."""
    if not span:
        return NO_DAYS, []
    around = span.touched_months
    first, last = _next_month(span.first), span.last.replace(day=1) - ONE_DAY
    if last < first - ONE_DAY:  # it begins and ends in one month
        ends = [(span, around.without(span))]
    else:
        begin, end = Span(span.first, first - ONE_DAY), Span(last + ONE_DAY, span.last)
        ends = [
            (begin, Span(around.first, begin.last).without(begin)),
            (end, Span(end.first, around.last).without(end)),
        ]
    edges = []
    for wanted, others in ends:
        if sum(other.days for other in others) < wanted.days:
            edges += [Edge(other, -1) for other in others]
            first = min(first, wanted.first.replace(day=1))
            last = max(last, _next_month(wanted.first) - ONE_DAY)
        else:
            edges.append(Edge(wanted, 1))
    return Span(first, last) if first <= last else NO_DAYS, edges


def span_of(since: date | None, until: date | None) -> Span:
    """The days asked for, within those in which anything was reported; NO_DAYS when they lie
    outside."""
    first, last = max(since or FIRST_DAY, FIRST_DAY), min(until or LAST_DAY, LAST_DAY)
    return Span(first, last) if first <= last else NO_DAYS


def subjects(span: Span, *, with_days: bool) -> list[int]:
    """The span as kinds and ids of facets (as `pyramid.facets.facet` puts
    them together, without the city): as few as can be, each day in one.

    Without days, only whole months and years may be asked for.
    """
    return list(_subjects(span, with_days=with_days)) if span else []


def _subjects(span: Span, *, with_days: bool) -> Iterator[int]:
    day = span.first
    while day <= span.last:
        if day.day == 1 and day.month == 1 and date(day.year, 12, 31) <= span.last:
            yield Kind.YEAR << KIND_BITS | day.year
            day = date(day.year + 1, 1, 1)
        elif day.day == 1 and _next_month(day) - ONE_DAY <= span.last:
            yield Kind.MONTH << KIND_BITS | month_id(day.year, day.month)
            day = _next_month(day)
        elif with_days:
            yield Kind.DAY << KIND_BITS | day_id(day)
            day += ONE_DAY
        else:
            raise ValueError(f"{day} is in no whole month of {span}")


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
