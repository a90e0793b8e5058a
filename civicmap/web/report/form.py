"""The report form. Without scripts it is a page, then a page to check, then sent; scripts show it
in steps and post the same fields here, asking for JSON.

What a press of a button means stands in the field `action`: check, change, send.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.categories.queries import (
    CategoryRow,
    get_offered_category,
)
from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.reports.actions.hold_report import hold_report
from civicmap.domain.reports.actions.send_report import SentReport, find_sent, send_report
from civicmap.domain.reports.examination import CheckedReport
from civicmap.domain.reports.queries.expectation import get_expectation
from civicmap.domain.reports.queries.public.nearby import find_nearby
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.errors import CivicmapError, TooMany
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.report.answers import (
    Answers,
    Examined,
    examine,
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
from civicmap.web.report.pages import (
    show_again,
    show_expired,
    show_form,
    show_nearby,
    show_step,
    show_stop,
)
from civicmap.web.report.questions import only_questions_are_wrong, question_page
from civicmap.web.report.trust import is_reachable
from civicmap.web.shared.allowance import use_allowance
from civicmap.web.shared.device import device_token, new_device_token, remember_device
from civicmap.web.shared.errors import answer as answer_error
from civicmap.web.shared.errors import wants_json
from civicmap.web.shared.forms import keeps_draft, token_is_good
from civicmap.web.shared.place_finder import locate_words
from civicmap.web.shared.request_context import settings, the_city


@blueprint.get("/<city_slug>/report")
def start(city_slug: str) -> Response:
    """The empty form; `?position=52.41,16.93&category=pothole` fill in what is known already."""
    return show_form(the_city(), read_beginning(request.args), {})


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
        return show_expired(city, answers)
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
        return show_form(city, examined.answers, {})
    if not wants_json() and (page := _page_between(city, action, examined)):
        return page
    if examined.checked is None:
        return show_again(city, examined)
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
        return show_stop(city, answers, category)
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
        return show_again(city, examined.with_error("", str(error)), status_code=429)
    except CivicmapError as error:
        # Something changed since it was checked a moment ago: the form comes back filled.
        return show_again(city, examined.with_error(field_of(error), str(error)))
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
        return show_stop(city, examined.answers, checked.category)
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
            return show_nearby(examined.answers, checked, known)
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
    return show_step(
        "check",
        answers=answers,
        hidden_fields=hidden_fields(answers),
        checked=checked,
        found=found,
        expected=expected,
        emergency_numbers=emergency_numbers(city.country),
    )
