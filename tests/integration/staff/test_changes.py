"""What Anna does to a report, through the forms on its page, and what everyone sees of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from civicmap.domain.departments.models import Department
from civicmap.domain.media.models import Photo
from civicmap.domain.reports.actions.staff import move_pin
from civicmap.domain.reports.actions.step import Step
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.extensions import db, limiter
from civicmap.foundation.geo import Point, tile_of
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_department
from tests.factories.reports import make_report
from tests.factories.visitors import Page, Visitor
from tests.integration.staff.conftest import Town, jpeg, page_of, status_of

SignIn = Callable[[str], Visitor]


def everyone(visitor: Visitor, number: str) -> Page:
    """The public page, as somebody without an account sees it."""
    return Visitor(visitor.client.application).open(f"/poznan/reports/{number}")


def counters(visitor: Visitor) -> str:
    page = Visitor(visitor.client.application).open("/poznan/")
    start = page.html.index("counts__list")
    return page.html[start : page.html.index("</ul>", start)]


def counted(visitor: Visitor, status: str) -> int:
    part = counters(visitor).split(f'data-count="{status}">')[1]
    return int(part.split("<")[0])


def test_anna_takes_a_report_up_and_everyone_sees_it_at_once(
    number: str, session: Session, anna: Visitor
) -> None:
    assert counted(anna, "open") == 1
    form = page_of(anna, number).form("/status")
    page = anna.submit(form, status_to="in_progress", status_words="A crew comes on Tuesday.")
    assert page.address == f"/staff/poznan/reports/{number}"
    assert "Everyone sees the new status" in page.text
    public = everyone(anna, number)
    assert "In progress" in public.text
    assert "A crew comes on Tuesday." in public.text
    assert (counted(anna, "open"), counted(anna, "in_progress")) == (0, 1)


def test_anna_marks_it_fixed_with_an_after_photo(
    number: str, session: Session, anna: Visitor
) -> None:
    form = page_of(anna, number).form("/status")
    page = anna.submit(form, status_to="fixed", photos={"photo": [jpeg(), jpeg(400, 300)]})
    assert page.status_code == 200
    assert status_of(session, number) == "fixed"
    keys = session.scalars(select(Photo.key).where(Photo.event_id.is_not(None))).all()
    assert len(keys) == 2
    public = everyone(anna, number)
    for key in keys:
        assert key in public.html
        assert anna.fetch(f"/photos/{key}-page.webp")[0] == 200
    assert counted(anna, "fixed") == 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"status_to": "fixed"}, "status_words", "add a photo, or say what was done"),
        ({"status_to": "wont_fix", "status_words": "Why?"}, "status_reason", "Choose a reason"),
        ({"status_to": "wont_fix", "status_reason": "no_budget"}, "status_words", "in words"),
        ({}, "status_to", "Choose the new status"),
    ],
)
def test_what_a_step_needs_is_asked_for_and_nothing_is_lost(
    number: str, anna: Visitor, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = anna.submit(page_of(anna, number).form("/status"), typed)
    assert page.status_code == 400
    assert sentence in page.text
    assert f'href="#{field}"' in page.html
    form = page.form("/status")
    assert all(form[name] == value for name, value in typed.items())
    assert counted(anna, "open") == 1


def test_a_refusal_is_public_with_its_reason_and_words(number: str, anna: Visitor) -> None:
    anna.submit(
        page_of(anna, number).form("/status"),
        status_to="wont_fix",
        status_reason="private_land",
        status_words="The yard belongs to the housing cooperative.",
    )
    public = everyone(anna, number)
    assert "On private land" in public.text
    assert "belongs to the housing cooperative" in public.text


def test_a_closed_report_can_be_opened_again_with_words(
    number: str, session: Session, anna: Visitor
) -> None:
    anna.submit(page_of(anna, number).form("/status"), status_to="fixed", status_words="Filled.")
    form = page_of(anna, number).form("/status")
    assert form.options["status_to"] == ["open"]
    anna.submit(form, status_words="The hole is back after one night.")
    assert status_of(session, number) == "open"


def test_photos_of_staff_count_against_the_limit_of_their_network(
    app: Flask, number: str, session: Session, anna: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(app.extensions["civicmap"], upload_limit="1 per hour")
    monkeypatch.setitem(app.extensions, "civicmap", few)
    form = page_of(anna, number).form("/update")
    limiter.enabled = True
    limiter.reset()
    try:
        page = anna.submit(form, update_words="Done.", photos={"photo": [jpeg(), jpeg(400, 300)]})
    finally:
        limiter.reset()
        limiter.enabled = False
    assert page.status_code == 400
    assert "Too many requests from your network." in page.text
    # The first is kept, and the words with it.
    form = page.form("/update")
    assert form["update_words"] == "Done."
    assert len(form.values["photos"]) == 1
    assert anna.submit(form).status_code == 200
    assert len(session.scalars(select(Photo.id).where(Photo.event_id.is_not(None))).all()) == 1


def test_an_update_leaves_the_status(number: str, session: Session, anna: Visitor) -> None:
    anna.submit(
        page_of(anna, number).form("/update"),
        update_words="We are waiting for asphalt.",
        photos={"photo": [jpeg()]},
    )
    assert status_of(session, number) == "open"
    assert "We are waiting for asphalt." in everyone(anna, number).text
    assert session.scalars(select(Report.responded_at)).one() is not None


def test_passing_a_report_on_answers_nobody(
    session: Session, town: Town, number: str, anna: Visitor
) -> None:
    step = Step(town.city, number, town.anna, 1)
    with transaction(session):
        move_pin(session, step, point=Point(52.4, 16.84), address="Dąbrowskiego 44")
    anna.submit(
        page_of(anna, number).form("/transfer"),
        transfer_department="lighting",
        transfer_words="It is their cable.",
    )
    assert session.scalars(select(Department.code).join(Report)).one() == "lighting"
    assert session.scalars(select(Report.responded_at)).one() is None


def test_a_note_is_for_staff_only(number: str, anna: Visitor, sign_in: SignIn) -> None:
    anna.submit(
        page_of(anna, number).form("/note"), note_words="The contractor is Budex, ask for Zenon."
    )
    for who in ("anna", "leon", "olga"):
        page = page_of(sign_in(who), number)
        assert "ask for Zenon" in page.text
        assert "Only staff read this" in page.text
        assert "Anna" in page.text
    for address in (f"/poznan/reports/{number}", "/poznan/", "/poznan/reports"):
        public = Visitor(anna.client.application).open(address)
        assert "Zenon" not in public.html
        assert "Anna" not in public.html


def test_a_handover_moves_the_work_and_keeps_its_reason_inside(
    number: str, town: Town, anna: Visitor, sign_in: SignIn
) -> None:
    form = page_of(anna, number).form("/transfer")
    assert "roads" not in form.options["transfer_department"]
    page = anna.submit(
        form, transfer_department="lighting", transfer_words="The lamp post fell into the hole."
    )
    assert page.status_code == 200
    assert not page.has_form("/status")
    assert page.has_form("/note")
    assert page_of(sign_in("leon"), number).has_form("/status")
    assert "lamp post fell" in page_of(sign_in("leon"), number).text
    public = everyone(anna, number)
    assert "Lighting" in public.text
    assert "lamp post" not in public.html


def test_a_moved_pin_shows_everywhere(number: str, session: Session, anna: Visitor) -> None:
    page = anna.submit(
        page_of(anna, number).form("/place"),
        place_position="52.4105, 16.8503",
        place_address="Dąbrowskiego 44",
    )
    assert "Pin moved by 59 m" in page.text
    assert "Dąbrowskiego 44" in everyone(anna, number).text
    at = tile_of(Point(52.4105, 16.8503), 18)
    tile = anna.client.get(f"/tiles/poznan/18/{at.x}/{at.y}").get_json()
    assert tile["reports"]["rows"][1] == number


def test_a_hidden_report_disappears_with_its_photos_and_comes_back(
    session: Session, anna: Visitor, number: str
) -> None:
    anna.submit(
        page_of(anna, number).form("/update"),
        update_words="See the photo.",
        photos={"photo": [jpeg()]},
    )
    key = session.scalars(select(Photo.key)).one()
    page = anna.submit(
        page_of(anna, number).form("/visibility"),
        visibility_reason="personal_data",
        visibility_words="It names a neighbour.",
    )
    assert "Hidden from the public" in page.text
    assert everyone(anna, number).status_code == 404
    assert counted(anna, "open") == 0
    assert anna.fetch(f"/photos/{key}-list.webp")[0] == 404
    code, picture = anna.fetch(f"/staff/poznan/photos/{key}-list.webp")
    assert (code, picture[:4]) == (200, b"RIFF")
    anna.submit(page_of(anna, number).form("/visibility"))
    assert everyone(anna, number).status_code == 200
    assert "names a neighbour" not in everyone(anna, number).html


def test_a_held_report_is_published(session: Session, town: Town, anna: Visitor) -> None:
    with transaction(session):
        held = make_report(session, town.city, category="noise").number
    assert everyone(anna, held).status_code == 404
    page = page_of(anna, held)
    assert "Not public yet" in page.text
    anna.submit(page.form("/approve"))
    assert everyone(anna, held).status_code == 200


def test_every_change_is_one_more_event_with_its_author(
    number: str, session: Session, town: Town, anna: Visitor
) -> None:
    anna.submit(page_of(anna, number).form("/status"), status_to="in_progress")
    anna.submit(page_of(anna, number).form("/note"), note_words="Seen.")
    anna.submit(page_of(anna, number).form("/status"), status_to="fixed", status_words="Filled.")
    rows = session.execute(
        select(
            ReportEvent.kind,
            ReportEvent.person_id,
            ReportEvent.version,
            ReportEvent.old,
            ReportEvent.new,
        ).order_by(ReportEvent.id)
    ).all()
    assert [row.kind for row in rows] == [
        "reported",
        "status_changed",
        "note_added",
        "status_changed",
    ]
    assert [row.version for row in rows] == [1, 2, 3, 4]
    assert {row.person_id for row in rows[1:]} == {town.anna.person_id}
    assert rows[3].old == {"status": "in_progress"}
    assert rows[3].new == {"status": "fixed"}


class TestWhoMaySeeWhat:
    @pytest.fixture
    def with_contact(self, session: Session, town: Town) -> str:
        with transaction(session):
            return make_report(
                session,
                town.city,
                name="Zofia Kowalska",
                email="zofia@example.org",
                phone="+48 600 100 200",
            ).number

    def test_the_contact_is_for_those_who_answer(self, with_contact: str, sign_in: SignIn) -> None:
        for who in ("anna", "olga"):
            assert "zofia@example.org" in page_of(sign_in(who), with_contact).text
        other = page_of(sign_in("leon"), with_contact)
        assert other.status_code == 200
        assert not any(
            word in other.html for word in ("zofia@example.org", "Kowalska", "600 100 200")
        )

    def test_leon_reads_annas_report_and_may_leave_a_note(
        self, number: str, sign_in: SignIn
    ) -> None:
        page = page_of(sign_in("leon"), number)
        assert "Roads answers for this report" in page.text
        assert [form.action.rsplit("/", 1)[1] for form in page.forms if number in form.action] == [
            "note"
        ]

    def test_what_annas_department_has_not_published_is_not_leons(
        self, session: Session, town: Town, sign_in: SignIn
    ) -> None:
        with transaction(session):
            held = make_report(session, town.city, category="noise").number
        page = page_of(sign_in("leon"), held)
        assert page.status_code == 403
        assert "another department answers for it" in page.text

    @pytest.mark.parametrize(
        ("form", "fields"),
        [
            ("status", {"status_to": "fixed", "status_words": "Done by me."}),
            ("update", {"update_words": "Done by me."}),
            ("transfer", {"transfer_department": "lighting", "transfer_words": "Mine."}),
            ("place", {"place_position": "52.41, 16.86"}),
            ("visibility", {"visibility_to": "hidden", "visibility_words": "Away."}),
        ],
    )
    def test_leon_cannot_do_annas_work_with_a_form_of_his_own_making(
        self, number: str, session: Session, sign_in: SignIn, form: str, fields: dict[str, str]
    ) -> None:
        leon = sign_in("leon")
        note = page_of(leon, number).form("/note")
        note.action = f"/staff/poznan/reports/{number}/{form}"
        page = leon.submit(note, fields)
        assert page.status_code == 403
        assert "another department answers for it" in page.text
        words = next((text for name, text in fields.items() if name.endswith("_words")), "")
        assert page.form("/note")["note_words"] == words
        report = session.scalars(select(Report)).one()
        assert (report.status, report.visibility, report.version) == ("open", "public", 1)

    def test_the_reason_of_the_route_is_told_in_words(
        self, number: str, session: Session, town: Town, anna: Visitor
    ) -> None:
        from civicmap.domain.categories.models import Category
        from civicmap.domain.jurisdictions.models import Area
        from civicmap.domain.routing.models import RoutingRule

        with transaction(session):
            session.add(
                RoutingRule(
                    jurisdiction_id=town.city.id,
                    category_id=session.scalars(
                        select(Category.id).where(Category.key == "streetlight")
                    ).one(),
                    area_id=session.scalars(select(Area.id).where(Area.slug == "west")).one(),
                    department_id=town.roads.id,
                )
            )
            routed = make_report(session, town.city, category="streetlight").number
        assert "Streetlight in West → Roads" in page_of(anna, routed).text
        assert "Pothole goes to Roads where no rule says otherwise" in page_of(anna, number).text

    def test_a_number_written_otherwise_leads_to_the_report(
        self, number: str, anna: Visitor
    ) -> None:
        typed = number.replace("-", "").lower()
        assert page_of(anna, typed).address == f"/staff/poznan/reports/{number}"

    @pytest.mark.parametrize("written", ["PO-2222-22", "x", "PO-7K4M-2Q%27--", "%F0%9F%92%A9"])
    def test_no_such_number_is_not_found(self, town: Town, anna: Visitor, written: str) -> None:
        assert page_of(anna, written).status_code == 404

    def test_the_page_takes_few_questions_to_the_database(
        self, number: str, session: Session, anna: Visitor
    ) -> None:
        for _ in range(4):
            anna.submit(page_of(anna, number).form("/note"), note_words="One more.")
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        page_of(anna, number)
        event.remove(db.engine, "before_cursor_execute", note)
        questions = [one for one in asked if not one.startswith(("SAVEPOINT", "RELEASE"))]
        # Cities, who is signed in, as what; report, departments, photos, calendar, contact,
        # answers, events.
        assert len(questions) == 10


def test_retired_departments_are_named_but_not_offered(
    number: str, session: Session, town: Town, anna: Visitor, sign_in: SignIn
) -> None:
    from civicmap.foundation.clock import now

    with transaction(session):
        old = make_department(session, town.city, "bridges")
    olga = sign_in("olga")
    olga.submit(
        page_of(olga, number).form("/transfer"),
        transfer_department="bridges",
        transfer_words="It is on the bridge.",
    )
    olga.submit(
        page_of(olga, number).form("/transfer"),
        transfer_department="roads",
        transfer_words="Bridges were merged with roads.",
    )
    with transaction(session):
        old.retired_at = now()
    page = page_of(anna, number)
    assert "Roads → Bridges" in page.text
    assert "bridges" not in page.form("/transfer").options["transfer_department"]


def test_a_place_outside_the_city_is_refused_by_name(
    number: str, anna: Visitor, session: Session
) -> None:
    page = anna.submit(page_of(anna, number).form("/place"), place_position="52.6, 16.9")
    assert page.status_code == 400
    assert "outside Poznań" in page.text
    assert page.form("/place")["place_position"] == "52.6, 16.9"
