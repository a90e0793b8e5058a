"""Photos that travel with the form itself, as they do without scripts; and the place they tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from civicmap.domain.jurisdictions.queries import City, is_inside
from civicmap.extensions import db
from civicmap.foundation.geo import Point
from civicmap.web.report.answers import IN_WORDS, Answers
from civicmap.web.shared.photo_intake import photo_limit, take_photos


def with_photos(city: City, answers: Answers) -> tuple[Answers, str]:
    """The answers with the photos that came with the form; the sentence tells which were refused.

    Who said nothing about the place is asked about the one a photo tells, if it is in the city.
    """
    intake = take_photos(there=len(answers.photos), limit=photo_limit())
    answers = replace(answers, photos=(*answers.photos, *intake.keys))
    told = [Point(*photo.position) for photo in intake.taken if photo.position]
    return _place(city, answers, told), intake.refusal


def _place(city: City, answers: Answers, told: Iterable[Point]) -> Answers:
    """The answers with the first told place inside the city, where none was given."""
    if answers.position.strip() or answers.area or answers.place_by == IN_WORDS:
        return answers
    for point in told:
        if is_inside(db.session, city.id, point):
            return replace(answers, position=str(point), place_by="photo", accuracy="")
    return answers
