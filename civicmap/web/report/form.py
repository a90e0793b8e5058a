"""The report form. Without scripts it is a page, then a page to check, then sent; scripts show it
in steps and post the same fields here, asking for JSON.

What a press of a button means stands in the field `action`: check, change, send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.categories.queries import (
    CategoryRow,
    get_offered_category,
    list_offered_categories,
    list_questions,
)
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.moderation.queries import list_policies
from civicmap.domain.reports.actions.hold_report import hold_report
from civicmap.domain.reports.actions.send_report import SentReport, find_sent, send_report
from civicmap.domain.reports.examination import LONGEST_WORDS, CheckedReport
from civicmap.domain.reports.queries.expectation import get_expectation
from civicmap.domain.reports.queries.most_used import list_most_used_categories
from civicmap.domain.reports.queries.public.nearby import find_nearby
from civicmap.domain.reports.queries.public.rows import NearbyReport
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.errors import CivicmapError, TooMany
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.report.answers import (
    Answers,
    Examined,
    examine,
    expired_sentence,
    field_of,
    hidden_fields,
    new_idempotency_key,
    new_report,
    read_answers,
    read_beginning,
)
from civicmap.web.report.blueprint import blueprint
from civicmap.web.report.emergency import emergency_numbers
from civicmap.web.report.form_photos import with_photos
from civicmap.web.report.given import given_fields
from civicmap.web.report.questions import only_questions_are_wrong, question_page
from civicmap.web.report.trust import confirmed_marks, is_reachable
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.device import device_token, new_device_token, remember_device
from civicmap.web.shared.errors import answer as answer_error
from civicmap.web.shared.errors import wants_json
from civicmap.web.shared.forms import KEPT_SECONDS, keeps_draft, token_is_good
from civicmap.web.shared.photo_intake import photo_limit
from civicmap.web.shared.place_finder import locate_words
from civicmap.web.shared.request_context import settings, the_city

MOST_USED = 6


@blueprint.get("/<city_slug>/report")
def start(city_slug: str) -> Response:
    """The empty form; `?position=52.41,16.93&category=pothole` fill in what is known already."""
    return _form(the_city(), read_beginning(request.args), {})


@blueprint.post("/<city_slug>/report")
@keeps_draft
def answer(city_slug: str) -> AnyResponse:
    """Check the answers, or send them."""
    city = the_city()
    try:
        action = request.form.get("action", "check")
    except RequestEntityTooLarge:
        return answer_error(
            413,
            gettext(
                "What you sent is too large. Go back: your words are still in the form. "
                "Choose fewer or smaller photos."
            ),
        )
    answers, photo_error = with_photos(city, read_answers(request.form))
    if action != "send":
        answers = replace(answers, found="")  # it is looked up anew, the words may be others
    if not token_is_good():
        return _expired(city, answers)
    if action == "send" and (there := _find_twin(city, answers)):
        return _sent(there)
    examined = examine(city, answers)
    if photo_error:
        examined = examined.with_error("photos", photo_error)
    if action == "send" and examined.errors and (there := _find_twin(city, answers)):
        # It came through while this one was examined, and took the photos.
        return _sent(there)
    return _act(city, action, examined)


def _find_twin(city: City, answers: Answers) -> SentReport | None:
    """The report that a first tap sent, or a request whose answer was lost on its way."""
    return find_sent(db.session, city.id, answers.kept_key) if answers.kept_key else None


def _act(city: City, action: str, examined: Examined) -> AnyResponse:
    if action == "change":
        return _form(city, examined.answers, {})
    if not wants_json() and (page := _page_between(city, action, examined)):
        return page
    if examined.checked is None:
        return _again(city, examined)
    if action == "send":
        return _send(city, examined)
    return _to_check(city, examined, examined.checked)


def _page_between(city: City, action: str, examined: Examined) -> Response | None:
    """Between the form and the page to check: call first, then the questions of the category."""
    if not only_questions_are_wrong(examined):
        return None
    answers = examined.answers
    category = get_offered_category(db.session, city.id, answers.category)
    if action == "check" and _must_warn(category, answers):
        return _stop(city, answers, category)
    return question_page(category, examined, action)


def _must_warn(category: CategoryRow, answers: Answers) -> bool:
    return category.urgency == "emergency" and answers.warned != category.key


def _send(city: City, examined: Examined) -> AnyResponse:
    checked = examined.checked
    try:
        use_allowance(settings().send_limit, "report")
        browser = device_token() or new_device_token()
        report = replace(
            new_report(examined.answers),
            browser=browser,
            confirmed=bool(checked and is_reachable(checked.email, checked.phone, browser)),
        )
        with transaction(db.session):
            sent = send_report(db.session, city=city, report=report)
    except TooMany as error:
        return _again(city, examined.with_error("", str(error)), status_code=429)
    except CivicmapError as error:
        # Something changed since it was checked a moment ago: the form comes back filled.
        return _again(city, examined.with_error(field_of(error), str(error)))
    return _sent(sent, browser)


def _sent(sent: SentReport, browser: str = "") -> AnyResponse:
    """On to the reporter's own page. The first answer may have been lost, and its cookie with it: a
    report that was there before is this device's too."""
    browser = browser or device_token() or new_device_token()
    if sent.was_there:
        with transaction(db.session):
            hold_report(db.session, report_id=sent.report_id, browser=browser)
    address = url_for("mine.report", number=sent.number, secret=sent.secret, sent=1)
    answered: AnyResponse
    if wants_json():
        answered = jsonify({"step": "sent", "number": sent.number, "address": address})
        answered.status_code = 200 if sent.was_there else 201
        answered.headers["Cache-Control"] = "no-store"
    else:
        answered = redirect(address, 303)
    remember_device(answered, browser)
    return answered


def _to_check(city: City, examined: Examined, checked: CheckedReport) -> Response:
    if _must_warn(checked.category, examined.answers):
        return _stop(city, examined.answers, checked.category)
    is_described = checked.placed_by == "described"
    found = locate_words(city, checked.address, examined.answers.area) if is_described else None
    if checked.category.urgency != "emergency" and not examined.answers.is_another:
        known = find_nearby(
            db.session,
            city.id,
            category_id=checked.category.id,
            point=found.point if found else checked.point,
            radius=0 if is_described and not found else checked.category.duplicate_radius,
        )
        if known:
            return _nearby(examined.answers, checked, known)
    answers = examined.answers
    if not wants_json():
        # Each page to check has a key of its own: pressed twice it is one report, but whoever goes
        # back and reports something else is not answered with the first.
        answers = replace(answers, idempotency_key=new_idempotency_key())
    expected = get_expectation(
        db.session,
        city=city,
        category=checked.category,
        areas=checked.areas,
        at=now(),
        is_trusted=is_reachable(checked.email, checked.phone, device_token()),
    )
    return _page(
        "check",
        answers=answers,
        hidden_fields=hidden_fields(answers),
        checked=checked,
        found=found,
        expected=expected,
        emergency_numbers=emergency_numbers(city.country),
    )


def _stop(city: City, answers: Answers, category: CategoryRow) -> Response:
    """Call first: where life may be in danger, and nobody asks then whether it is known already."""
    return _page(
        "stop",
        answers=answers,
        hidden_fields=hidden_fields(replace(answers, warned=category.key)),
        category=category,
        emergency_numbers=emergency_numbers(city.country),
    )


def _nearby(answers: Answers, checked: CheckedReport, known: list[NearbyReport]) -> Response:
    return _page(
        "nearby",
        answers=answers,
        hidden_fields=hidden_fields(replace(answers, is_another=True)),
        nearby=known,
        category=checked.category,
    )


def _page(step: str, **context: Any) -> Response:
    """The page `report/<step>.html`; for a script only what is in its frame."""
    if wants_json():
        cards = {
            "check": "report/check_answers.html",
            "nearby": "report/nearby_cards.html",
            "stop": "report/stop_words.html",
        }
        answered = jsonify({"step": step, "html": render_template(cards[step], **context)})
    else:
        answered = make_response(render_template(f"report/{step}.html", **context))
    answered.headers["Cache-Control"] = "private, no-store"
    return answered


def _expired(city: City, answers: Answers) -> Response:
    if wants_json():
        answered = jsonify({"error": expired_sentence(), "csrf_token": generate_csrf()})
        answered.status_code = 400
        answered.headers["Cache-Control"] = "no-store"
        return answered
    if not token_is_good(max_age=KEPT_SECONDS):
        # Perhaps another site filled this in: then it knows the key, and the key gives the report.
        answers = replace(answers, idempotency_key="")
    return _form(city, answers, {"": expired_sentence()}, status_code=400)


def _again(city: City, examined: Examined, status_code: int = 400) -> Response:
    if not wants_json():
        return _form(
            city,
            examined.answers,
            examined.errors,
            nearest=examined.nearest,
            status_code=status_code,
        )
    answered = jsonify(
        {
            "errors": examined.errors,
            "values": {
                name: value
                for name, value in hidden_fields(examined.answers)
                if name in examined.errors and name != "photos"
            },
            "nearest": examined.nearest
            and {
                "name": examined.nearest.display_name,
                "address": _elsewhere(examined.nearest, examined.answers),
            },
        }
    )
    answered.status_code = status_code
    return answered


def _elsewhere(nearest: City, answers: Answers) -> str:
    """The form of another city, with what can be carried over."""
    return url_for(
        "report.start",
        city_slug=nearest.slug,
        position=answers.position or None,
        category=answers.category or None,
    )


def _form(
    city: City,
    answers: Answers,
    errors: Mapping[str, str],
    *,
    nearest: City | None = None,
    status_code: int = 200,
) -> Response:
    categories = list_offered_categories(db.session, city.id)
    by_key = {category.key: category for category in categories}
    groups: dict[str, list[CategoryRow]] = {}
    for category in categories:
        groups.setdefault(category.group_key, []).append(category)
    asked = list_questions(db.session, [category.id for category in categories])
    is_signed_in = current_user.is_authenticated
    marks = [] if is_signed_in else confirmed_marks()
    if marks:
        g.own_page = url_for("mine.reports")  # what it knows of a person is theirs: see keeping.py
    used = list_most_used_categories(db.session, city.id, limit=MOST_USED)
    answered = make_response(
        render_template(
            "report/form.html",
            answers=answers
            if answers.idempotency_key
            else replace(answers, idempotency_key=new_idempotency_key()),
            errors=errors,
            elsewhere=nearest and _elsewhere(nearest, answers),
            nearest=nearest,
            groups=list(groups.values()),
            questions={
                category.key: questions
                for category in categories
                if (questions := asked.get(category.id))
            },
            kept_answers=given_fields(answers.given),
            policies=list_policies(db.session, city.id, is_trusted=is_signed_in),
            trusted_policies=list_policies(db.session, city.id, is_trusted=True) if marks else {},
            confirmed_marks=marks,
            most_used=[by_key[key] for key in used if key in by_key],
            areas=list_areas(db.session, city.id),
            longest_words=LONGEST_WORDS,
            photo_limit=photo_limit(),
            photo_bytes=settings().photo_bytes,
            emergency_numbers=emergency_numbers(city.country),
        )
    )
    answered.status_code = status_code
    # Kept by the browser for its Back button, by nobody else.
    answered.headers["Cache-Control"] = "private, no-cache"
    return answered
