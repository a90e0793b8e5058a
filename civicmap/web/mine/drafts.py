"""What a reporter typed into a form of their own page, kept whatever happens to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.jurisdictions.queries import get_city_by_id
from civicmap.domain.media.actions import KEY
from civicmap.domain.media.queries import find_unadopted
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.step import ChangedMeanwhile
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.own import OwnReport, get_report_by_secret
from civicmap.extensions import db
from civicmap.foundation import locales
from civicmap.foundation.errors import CivicmapError, InvalidInput, NotFound
from civicmap.foundation.locales import N_
from civicmap.foundation.plain_text import UncleanText
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.device import device_token
from civicmap.web.shared.errors import status_code_of
from civicmap.web.shared.forms import read_key, read_version, token_is_good
from civicmap.web.shared.kiosk import belongs_to_the_one_before
from civicmap.web.shared.photo_intake import take_photos


@dataclass
class OwnDraft:
    """One form. `once`: its random key; `version`: of the report it was written for; `photos`: keys
    of the report's own photos and of uploads that wait to be adopted."""

    words: str = ""
    photos: list[str] = field(default_factory=list)
    is_public: bool = False
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)


Act = Callable[[OwnStep, OwnDraft], object]
ShowAgain = Callable[[OwnReport, OwnDraft], str]


def load_own(number: str, secret: str) -> OwnReport:
    """The report of a reporter's own link; its city is that of the request. Raises NotFound."""
    jurisdiction_id, found = get_report_by_secret(
        db.session, read_number(number) or "", read_key(secret)
    )
    g.city = get_city_by_id(db.session, jurisdiction_id)
    locales.set_time_zone(g.city.time_zone)
    if belongs_to_the_one_before(found.created_at):
        raise NotFound(N_("There is no report with this number."))
    return found


def carry_out(
    number: str,
    secret: str,
    *,
    act: Act,
    again: ShowAgain,
    done: str,
    photo_limit: int,
) -> Response:
    """Do what a form asks for, or show it again, filled, with what is wrong.

    `act` does it, in a transaction of its own; `done` is the sentence when it is.
    """
    report = load_own(number, secret)
    draft = _read_draft(report)
    try:
        _take_photos(draft, photo_limit)
        if not token_is_good():
            raise InvalidInput(N_("The form had expired. Send it once more."))
        if draft.errors:
            return make_response(again(report, draft), 400)
        step = OwnStep(g.city, report.number, read_key(secret), draft.once, device_token())
        with transaction(db.session):
            act(step, draft)
    except NotFound:
        raise
    except CivicmapError as error:
        if isinstance(error, UncleanText):
            draft.words = error.cleaned
        name = error.field or ""
        draft.errors[name if name in {"words", "photos"} else ""] = str(error)
        fresh = load_own(number, secret)
        if isinstance(error, ChangedMeanwhile):
            draft.version = fresh.version
        return make_response(again(fresh, draft), status_code_of(error))
    flash(done, "good")
    return redirect(url_for("mine.report", number=report.number, secret=secret), 303)


def _read_draft(report: OwnReport) -> OwnDraft:
    form = request.form
    dropped = set(form.getlist("without_photo"))
    keys = [key for key in dict.fromkeys(form.getlist("photos")) if KEY.fullmatch(key)]
    own = {photo.key for photo in report.photos}
    waiting = set(find_unadopted(db.session, keys)) if keys else set()
    return OwnDraft(
        words=form.get("words", ""),
        photos=[key for key in keys if key in own | waiting and key not in dropped],
        is_public=form.get("is_public") == "yes",
        once=read_key(form.get("once")) or secrets.token_urlsafe(12),
        version=read_version(form.get("version")),
    )


def _take_photos(draft: OwnDraft, limit: int) -> None:
    """Keep the photos that came with the form itself; those that are refused are named."""
    intake = take_photos(there=len(draft.photos), limit=limit)
    draft.photos += intake.keys
    if intake.refusal:
        draft.errors["photos"] = intake.refusal
