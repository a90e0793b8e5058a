"""When a day begins in a time zone, in SQL: by the rules by which `AT TIME ZONE` tells the day of
what happened."""

from __future__ import annotations


def midnight(day: str, zone: str) -> str:
    """SQL of the first moment of a day, a `timestamptz`. `day`: SQL of a date; `zone`: of the name
    of an IANA time zone.

    PostgreSQL takes the later of two midnights where clocks go back over one (Azores), which is an
    hour late; the second before comes once. Where they go forward to midnight (Greenland) that
    second never comes, and is taken to be an hour later than the day begins.
    """
    begins = f"({day})::timestamp"
    return (
        f"least({begins} AT TIME ZONE {zone},"
        f" ({begins} - interval '1 second') AT TIME ZONE {zone} + interval '1 second')"
    )
