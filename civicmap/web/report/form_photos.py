"""Photos that travel with the form itself, as they do without scripts; and the place they tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import request

from civicmap.domain.jurisdictions.queries import City, is_inside
from civicmap.extensions import db
from civicmap.foundation.errors import CivicmapError
from civicmap.foundation.geo import Point
from civicmap.foundation.locales import gettext
from civicmap.web.report.answers import IN_WORDS, Answers
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.photo_intake import chosen, photo_limit, take_photo
from civicmap.web.shared.request_context import settings


def take_photos(city: City, answers: Answers) -> tuple[Answers, str]:
    """Keep the photos that came with the form; the sentence tells which were refused.

    Who said nothing about the place is asked about the one a photo tells, if it is in the city.
    """
    keys = list(answers.photos)
    told = []
    refused = []
    for upload in chosen(request.files.getlist("photo")):
        try:
            if len(keys) >= photo_limit():
                refused.append(
                    gettext("“%(file)s” was left out: at most %(limit)s photos can be taken.")
                    % {"file": upload.filename, "limit": photo_limit()}
                )
                continue
            use_allowance(settings().upload_limit, "photo")
            taken = take_photo(upload)
        except CivicmapError as error:
            refused.append(f"{upload.filename}: {error}")
            continue
        keys.append(taken.key)
        if taken.position:
            told.append(Point(*taken.position))
    answers = replace(answers, photos=tuple(keys))
    return _place(city, answers, told), " ".join(refused)


def _place(city: City, answers: Answers, told: Iterable[Point]) -> Answers:
    """The answers with the first told place inside the city, where none was given."""
    if answers.position.strip() or answers.area or answers.place_by == IN_WORDS:
        return answers
    for point in told:
        if is_inside(db.session, city.id, point):
            return replace(answers, position=str(point), place_by="photo", accuracy="")
    return answers
