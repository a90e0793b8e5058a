"""What reporters change about their own report: each view names its form, its action and its good
news; the rest, errors above all, is the same for all (see `drafts.carry_out`)."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civicmap.domain.reports.actions import reporter as actions
from civicmap.domain.reports.actions.hold_report import hold_report
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.examination import LONGEST_WORDS
from civicmap.domain.reports.queries.my_reports import get_own_state
from civicmap.domain.reports.queries.own import OwnReport
from civicmap.domain.reports.queries.standing import get_reporter_rights
from civicmap.domain.reports.reporter_rules import EDITED_WITHIN, REOPENED_WITHIN
from civicmap.extensions import db, limiter
from civicmap.foundation.clock import now
from civicmap.foundation.locales import gettext
from civicmap.foundation.transaction import transaction
from civicmap.web.mine.blueprint import blueprint
from civicmap.web.mine.drafts import Act, OwnDraft, carry_out, load_own
from civicmap.web.mine.report import own_page
from civicmap.web.shared.device import device_token, new_device_token, remember_device
from civicmap.web.shared.forms import keeps_draft
from civicmap.web.shared.photo_intake import photo_limit
from civicmap.web.shared.request_context import settings

OFTEN = "60 per hour"


@blueprint.route("/<number>/<secret>/edit", methods=["GET", "POST"])
@limiter.limit(OFTEN, methods=["POST"])
@keeps_draft
def edit(number: str, secret: str) -> str | Response:
    """Correct words and photos, for half an hour."""

    def act(step: OwnStep, draft: OwnDraft) -> None:
        actions.edit_report(
            db.session,
            step,
            words=draft.words,
            photos=draft.photos,
            photo_limit=photo_limit(),
            expected_version=draft.version,
        )

    done = gettext("Saved. The department reads the new words.")
    return _show_or_carry_out("edit", number, secret, act=act, done=done, begin=_as_it_is)


@blueprint.route("/<number>/<secret>/photos", methods=["GET", "POST"])
@limiter.limit(OFTEN, methods=["POST"])
@keeps_draft
def add_photos(number: str, secret: str) -> str | Response:
    """Add photos while the report is not closed."""

    def act(step: OwnStep, draft: OwnDraft) -> None:
        actions.add_photos(db.session, step, photos=draft.photos, photo_limit=photo_limit())

    done = gettext("Thank you. The photos are with your report.")
    return _show_or_carry_out("add_photos", number, secret, act=act, done=done)


@blueprint.route("/<number>/<secret>/answer", methods=["GET", "POST"])
@limiter.limit(OFTEN, methods=["POST"])
@keeps_draft
def answer(number: str, secret: str) -> str | Response:
    """Answer what the department asked. The form stands on the report's own page."""
    if request.method == "GET":
        report = load_own(number, secret)
        return redirect(
            url_for("mine.report", number=report.number, secret=secret, _anchor="question")
        )

    return carry_out(
        number,
        secret,
        act=_saying(actions.answer_question),
        again=lambda report, draft: own_page(report, secret, draft=draft),
        done=gettext("Thank you. The department has your answer."),
        photo_limit=photo_limit(),
    )


@blueprint.route("/<number>/<secret>/reopen", methods=["GET", "POST"])
@limiter.limit(OFTEN, methods=["POST"])
@keeps_draft
def reopen(number: str, secret: str) -> str | Response:
    """Open a closed report again, for two weeks."""

    done = gettext("Open again. The department has it in its worklist.")
    return _show_or_carry_out(
        "reopen", number, secret, act=_saying(actions.reopen_report), done=done
    )


@blueprint.route("/<number>/<secret>/withdraw", methods=["GET", "POST"])
@limiter.limit(OFTEN, methods=["POST"])
@keeps_draft
def withdraw(number: str, secret: str) -> str | Response:
    """Take the report back: a page that says what that means, then the button."""

    def act(step: OwnStep, draft: OwnDraft) -> None:
        actions.withdraw_report(db.session, step)

    done = gettext("You have withdrawn the report. Your contact is erased.")
    return _show_or_carry_out("withdraw", number, secret, act=act, done=done)


@blueprint.post("/<number>/<secret>/keep")
@limiter.limit(OFTEN)
def keep(number: str, secret: str) -> Response:
    """List the report in the My reports of this browser, which came by the link alone."""
    report = load_own(number, secret)
    browser = device_token() or new_device_token()
    with transaction(db.session):
        hold_report(db.session, report_id=report.id, browser=browser)
    response = redirect(url_for("mine.report", number=number, secret=secret), 303)
    remember_device(response, browser)
    return response


def _as_it_is(report: OwnReport) -> OwnDraft:
    """What a form to correct a report begins with."""
    return OwnDraft(
        words=report.words,
        photos=[photo.key for photo in report.photos],
        version=report.version,
    )


def _saying(action: Callable[..., None]) -> Act:
    """Do what takes words and photos, for everyone or for staff alone."""

    def act(step: OwnStep, draft: OwnDraft) -> None:
        action(
            db.session,
            step,
            words=draft.words,
            photos=draft.photos,
            photo_limit=photo_limit(),
            is_public=draft.is_public,
        )

    return act


def _show_or_carry_out(
    name: str,
    number: str,
    secret: str,
    *,
    act: Act,
    done: str,
    begin: Callable[[OwnReport], OwnDraft] = lambda report: OwnDraft(),
) -> str | Response:
    """The form `mine/<name>.html`, or what it asks for. `begin`: what an untouched form says."""
    if request.method == "GET":
        report = load_own(number, secret)
        return _page(name, report, begin(report), secret)
    return carry_out(
        number,
        secret,
        act=act,
        again=lambda report, draft: _page(name, report, draft, secret),
        done=done,
        photo_limit=photo_limit(),
    )


def _page(name: str, report: OwnReport, draft: OwnDraft, secret: str) -> str:
    """The form `mine/<name>.html`, or why it cannot be used (any more)."""
    left = photo_limit() - len(report.photos) if name == "add_photos" else photo_limit()
    return render_template(
        f"mine/{name}.html",
        report=report,
        secret=secret,
        draft=draft,
        errors=draft.errors,
        rights=get_reporter_rights(db.session, report.id, now()),
        state=get_own_state(db.session, report.id),
        edit_minutes=int(EDITED_WITHIN.total_seconds() // 60),
        reopen_days=REOPENED_WITHIN.days,
        longest_words=LONGEST_WORDS,
        photo_limit=left,
        photo_bytes=settings().photo_bytes,
    )
