"""A report's page for staff: everything that happened, and the forms to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from civicmap.domain.moderation.reasons import MODERATION_REASONS
from civicmap.domain.reports.actions.step import ChangedMeanwhile, Step
from civicmap.domain.reports.numbers import read_number
from civicmap.domain.reports.queries.staff.report import get_staff_report
from civicmap.domain.reports.queries.staff.rows import StaffEvent, StaffReport
from civicmap.domain.reports.workflow import REFUSAL_REASONS, STEPS
from civicmap.extensions import db
from civicmap.foundation.clock import now
from civicmap.foundation.errors import CivicmapError, InvalidInput, NotAllowed, NotFound
from civicmap.foundation.locales import LANGUAGES, N_
from civicmap.foundation.plain_text import UncleanText
from civicmap.foundation.transaction import transaction
from civicmap.web.shared.errors import status_code_of
from civicmap.web.shared.forms import read_key, token_is_good
from civicmap.web.shared.people import the_actor
from civicmap.web.shared.photo_intake import photo_limit
from civicmap.web.shared.request_context import settings, the_city
from civicmap.web.staff.blueprint import blueprint
from civicmap.web.staff.drafts import Draft, read_draft, take_photos_of

# The permission that each form needs, in the order in which the page offers them.
FORMS = {
    "status": "change_status",
    "update": "update_public",
    "ask": "ask_reporter",
    "note": "write_notes",
    "transfer": "transfer",
    "place": "move_pin",
    "approve": "moderate",
    "redact": "moderate",
    "leave_out": "moderate",
    "photo": "moderate",
    "visibility": "moderate",
}

# The kind of event that a form leaves behind.
RECORDED_AS = {
    "status": ("status_changed",),
    "update": ("update_posted",),
    "ask": ("question_asked",),
    "note": ("note_added",),
    "transfer": ("transferred",),
    "place": ("moved",),
    "approve": ("approved", "published"),
    "redact": ("redacted",),
    "leave_out": ("redacted",),
    "photo": ("photo_hidden", "photo_shown"),
    "visibility": ("published", "hidden"),
}
PRESSED_TWICE_WITHIN = timedelta(minutes=2)


@blueprint.get("/<city_slug>/reports/<number>")
def report(city_slug: str, number: str) -> str | AnyResponse:
    """The page; `?form=` opens one of its forms, `?event=` names the words that it is about."""
    written = find_number(number)
    if written != number:
        return redirect(url_for("staff.report", city_slug=city_slug, number=written))
    return report_page(
        load_report(number),
        open_form=read_key(request.args.get("form")),
        chosen_event=read_key(request.args.get("event")),
    )


@blueprint.get(f"/<city_slug>/reports/<number>/<any({', '.join(FORMS)}):form>")
def after_reload(city_slug: str, number: str, form: str) -> AnyResponse:
    """The address of a form, opened anew: the page with that form open."""
    return redirect(url_for("staff.report", city_slug=city_slug, number=number, form=form))


def find_number(number: str) -> str:
    """The number as it is written down. Raises NotFound."""
    written = read_number(number)
    if written is None:
        raise NotFound(N_("There is no report with this number."))
    return written


def load_report(number: str) -> StaffReport:
    """Raises NotFound, NotAllowed."""
    return get_staff_report(db.session, the_city(), the_actor(), number)


def answer_form(
    number: str, form: str, act: Callable[[Step, Draft], None], done: str, *, to: str = ""
) -> Response:
    """Do what a form asks for, or show it again, filled, with what is wrong.

    `act` does it, in a transaction of its own; `done` is the sentence when it is, on the page `to`
    (an address of ours; the report's by itself). A report that somebody changed meanwhile comes
    back with what they did, and with everything typed.
    """
    number = find_number(number)
    report = load_report(number)
    draft = read_draft(form)
    if "draft" in request.form and token_is_good() and form in offered_forms(report):
        # Written before a new sign-in: shown once more, and sent by the person, not by us.
        return make_response(report_page(report, draft=draft, seen_version=draft.version or None))
    try:
        if FORMS[form] not in report.may:
            raise NotAllowed(N_("This is not yours to do: another department answers for it."))
        if not token_is_good():
            raise InvalidInput(N_("The form had expired. Send it once more."))
        if not draft.version:
            raise InvalidInput(N_("The form was incomplete. Check it and send it once more."))
        take_photos_of(draft)
        if draft.errors:
            return make_response(report_page(report, draft=draft), 400)
        step = Step(the_city(), number, the_actor(), draft.version)
        with transaction(db.session):
            act(step, draft)
    except (ChangedMeanwhile, NotAllowed) as error:
        fresh = load_report(number)
        if not _is_done(fresh, draft):
            return _too_late(fresh, draft, error)
    except CivicmapError as error:
        if isinstance(error, NotFound) and error.field is None:
            raise
        if isinstance(error, UncleanText) and error.field in draft.values:
            draft.values[error.field] = error.cleaned
        draft.blame(error)
        page = report_page(load_report(number), draft=draft)
        return make_response(page, status_code_of(error))
    flash(done, "good")
    return make_response(
        redirect(to or url_for("staff.report", city_slug=the_city().slug, number=number))
    )


def _is_done(report: StaffReport, draft: Draft) -> bool:
    """Whether the form did arrive before: its button was pressed twice."""
    since = [event for event in report.events if event.version > draft.version]
    first = since[0] if since else None
    return bool(
        first
        and first.person_id == the_actor().person_id
        and first.kind in RECORDED_AS[draft.form]
        and _is_about_the_same(first, draft)
        and " ".join(draft["words"].split())
        in {" ".join(event.words.split()) for event in since[:2]}
        and now() - first.at < PRESSED_TWICE_WITHIN
    )


def _is_about_the_same(event: StaffEvent, draft: Draft) -> bool:
    """Whether an event and a form speak of the same status, photo or words that were added."""
    given = str(event.new.get("event", ""))
    return (
        event.new.get("status", draft["to"]) == draft["to"]
        and event.new.get("photo", draft["key"]) == draft["key"]
        and given == draft["event"]
    )


def _too_late(report: StaffReport, draft: Draft, error: ChangedMeanwhile | NotAllowed) -> Response:
    """The report as it is now, what happened since, and the form as it was typed: sent again it
    counts as decided on what is shown now. Words for the public by somebody who may not write them
    (any more) are offered as a note."""
    seen = draft.version or None
    if FORMS[draft.form] not in report.may:
        words, draft = draft["words"], Draft("note", version=report.version)
        draft.values["words"] = words
        if not words:
            return make_response(report_page(report, seen_version=seen, sentence=str(error)), 403)
    page = report_page(report, draft=draft, seen_version=seen, sentence=str(error))
    return make_response(page, status_code_of(error))


def offered_forms(report: StaffReport) -> list[str]:
    """What this person may do to the report, in the order of the page."""
    left_out = {
        *(["approve"] if not report.is_waiting_for_look else []),
        *(["ask"] if not report.may_be_asked else []),
        *(["leave_out"] if not report.added_words else []),
        *(["photo"] if not report.all_photos else []),
        *(["visibility"] if not report.may_be_published else []),
    }
    return [
        form
        for form, permission in FORMS.items()
        if permission in report.may and form not in left_out
    ]


def report_page(
    report: StaffReport,
    *,
    draft: Draft | None = None,
    open_form: str = "",
    chosen_event: str = "",
    seen_version: int | None = None,
    sentence: str = "",
) -> str:
    """`draft`: the form to show filled. `seen_version`: tell what happened after it. `sentence`:
    why the form was not carried out, when that is no fault of a field. `chosen_event`: the words to
    leave out that are chosen beforehand, by the id of their event."""
    offered = offered_forms(report)
    wanted = draft.form if draft else open_form
    drafts = {form: Draft(form) for form in FORMS}
    if draft:
        drafts[draft.form] = draft
    if not (draft and draft.form == "redact"):
        drafts["redact"].values = {"text": report.words, "address": report.address}
        drafts["redact"].left_out = [
            answer.question.code for answer in report.answers if answer.is_hidden
        ]
    if not (draft and draft.form == "leave_out"):
        drafts["leave_out"].values = {"event": chosen_event}
    if not (draft and draft.form == "place"):
        drafts["place"].values = {
            "position": f"{report.latitude:.6f}, {report.longitude:.6f}",
            "address": report.address,
        }
    return render_template(
        "staff/report.html",
        report=report,
        drafts=drafts,
        errors=draft.errors if draft else {},
        offered=offered,
        open_form=wanted if wanted in offered else "",
        meanwhile=report.events_after(seen_version) if seen_version else [],
        sentence=sentence,
        step_rules={to: STEPS[report.status, to] for to in report.steps},
        refusal_reasons=REFUSAL_REASONS,
        moderation_reasons=MODERATION_REASONS,
        spoken=LANGUAGES,
        photo_limit=photo_limit(),
        photo_bytes=settings().photo_bytes,
    )
