"""Foreign geocoders: what they answered, whose turn it is to ask, when they are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicmap.domain.addresses.models import GeocoderAnswer, GeocoderState
from civicmap.foundation.clock import now
from civicmap.foundation.geocoders import FoundPlace

MOST_ANSWERS = 50_000
# Failures in a row after which nobody asks for a while, and how long that is at first and at most.
FAILURES = 3
FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 30, 600
TRIAL_SECONDS = 15

RESTING = "resting"
BUSY = "busy"


def keep_answer(
    session: Session, *, key: str, places: Sequence[FoundPlace], lasts: timedelta
) -> None:
    """Keep what a foreign geocoder answered under the digest of what was asked."""
    row = {
        "key": key,
        "places": [
            {**asdict(place), "point": [place.point.latitude, place.point.longitude]}
            for place in places
        ],
        "kept_until": now() + lasts,
    }
    statement = insert(GeocoderAnswer).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))


def forget_answers(session: Session, *, most: int = MOST_ANSWERS) -> int:
    """Forget answers that are too old, and the oldest beyond `most`; how many those were."""
    oldest_first = (
        select(GeocoderAnswer.key).order_by(GeocoderAnswer.kept_until.desc()).offset(most)
    )
    forgotten = session.execute(
        delete(GeocoderAnswer).where(
            (GeocoderAnswer.kept_until < now()) | GeocoderAnswer.key.in_(oldest_first)
        )
    )
    return int(getattr(forgotten, "rowcount", 0))


def take_turn(session: Session, *, name: str, rate: float, patience_seconds: float) -> float | str:
    """Take the next free turn to ask a geocoder; how many seconds to wait for it.

    All processes take turns on one row, by the database's clock, `rate` a second at most. RESTING:
    it failed often and is left alone; once the rest is over, one asks and the others wait for how
    that goes. BUSY: the next turn is further away than `patience_seconds`.
    """
    session.execute(insert(GeocoderState).values(name=name).on_conflict_do_nothing())
    taken = session.execute(
        text("""
            UPDATE geocoder_states
            SET next_at = greatest(next_at, clock_timestamp()) + make_interval(secs => :step),
                rests_until = CASE WHEN rests_until IS NOT NULL
                    THEN clock_timestamp() + make_interval(secs => :trial) END
            WHERE name = :name
                AND next_at <= clock_timestamp() + make_interval(secs => :patience)
                AND (rests_until IS NULL OR rests_until <= clock_timestamp())
            RETURNING extract(epoch FROM
                next_at - make_interval(secs => :step) - clock_timestamp())
        """),
        {"name": name, "step": 1 / rate, "patience": patience_seconds, "trial": TRIAL_SECONDS},
    ).scalar_one_or_none()
    if taken is not None:
        return max(0.0, float(taken))
    rests = session.scalar(
        select(GeocoderState.rests_until > func.clock_timestamp()).where(GeocoderState.name == name)
    )
    return RESTING if rests else BUSY


def note_answered(session: Session, *, name: str) -> None:
    """It answered: nothing that was before counts any more."""
    session.execute(
        text("""
            UPDATE geocoder_states SET failures = 0, rests_until = NULL
            WHERE name = :name AND (failures > 0 OR rests_until IS NOT NULL)
        """),
        {"name": name},
    )


def note_failure(session: Session, *, name: str, rest_seconds: int = 0) -> bool:
    """It did not answer; whether it is left alone now.

    `rest_seconds`: it asked for so long itself. Otherwise it rests after the third failure in a
    row, twice as long with each further one.
    """
    return bool(
        session.scalar(
            text("""
                UPDATE geocoder_states
                SET failures = least(failures + 1, 1000),
                    rests_until = CASE
                        WHEN :rest > 0 OR failures + 1 >= :limit THEN clock_timestamp()
                            + make_interval(secs => greatest(:rest, least(
                                :first * power(2, least(failures + 1 - :limit, 10)), :longest)))
                    END
                WHERE name = :name RETURNING rests_until IS NOT NULL
            """),
            {
                "name": name,
                "rest": rest_seconds,
                "limit": FAILURES,
                "first": FIRST_REST_SECONDS,
                "longest": LONGEST_REST_SECONDS,
            },
        )
    )
