"""What the report form answers with: itself, filled, or a page on the way to sending. For scripts
the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, g, jsonify, make_response, render_template, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from civicmap.domain.categories.queries import (
    CategoryRow,
    list_offered_categories,
    list_questions,
)
from civicmap.domain.jurisdictions.queries import City, list_areas
from civicmap.domain.moderation.queries import list_policies
from civicmap.domain.reports.examination import LONGEST_WORDS, CheckedReport
from civicmap.domain.reports.queries.most_used import list_most_used_categories
from civicmap.domain.reports.queries.public.rows import NearbyReport
from civicmap.extensions import db
from civicmap.web.report.answers import (
    Answers,
    Examined,
    expired_sentence,
    hidden_fields,
    new_idempotency_key,
)
from civicmap.web.report.emergency import emergency_numbers
from civicmap.web.report.given import given_fields
from civicmap.web.report.trust import confirmed_marks
from civicmap.web.shared.errors import wants_json
from civicmap.web.shared.forms import KEPT_SECONDS, token_is_good
from civicmap.web.shared.photo_intake import photo_limit
from civicmap.web.shared.request_context import settings

MOST_USED = 6


def show_stop(city: City, answers: Answers, category: CategoryRow) -> Response:
    """Call first: where life may be in danger, and nobody asks then whether it is known already."""
    return show_step(
        "stop",
        answers=answers,
        hidden_fields=hidden_fields(replace(answers, warned=category.key)),
        category=category,
        emergency_numbers=emergency_numbers(city.country),
    )


def show_nearby(answers: Answers, checked: CheckedReport, known: list[NearbyReport]) -> Response:
    """Is it one of these?"""
    return show_step(
        "nearby",
        answers=answers,
        hidden_fields=hidden_fields(replace(answers, is_another=True)),
        nearby=known,
        category=checked.category,
    )


def show_step(step: str, **context: Any) -> Response:
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


def show_expired(city: City, answers: Answers) -> Response:
    """The form once more, with a fresh token."""
    if wants_json():
        answered = jsonify({"error": expired_sentence(), "csrf_token": generate_csrf()})
        answered.status_code = 400
        answered.headers["Cache-Control"] = "no-store"
        return answered
    if not token_is_good(max_age=KEPT_SECONDS):
        # Perhaps another site filled this in: then it knows the key, and the key gives the report.
        answers = replace(answers, idempotency_key="")
    return show_form(city, answers, {"": expired_sentence()}, status_code=400)


def show_again(city: City, examined: Examined, status_code: int = 400) -> Response:
    """The form with what is wrong; for a script only that."""
    if not wants_json():
        return show_form(
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


def show_form(
    city: City,
    answers: Answers,
    errors: Mapping[str, str],
    *,
    nearest: City | None = None,
    status_code: int = 200,
) -> Response:
    """The form, filled with what is answered already."""
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
