"""What Anna and Olga do about what waits, through the pages of the staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.domain.categories.models import Category
from civicmap.domain.categories.questions import Question
from civicmap.domain.media.models import Photo
from civicmap.domain.reports.actions.moderate import approve
from civicmap.domain.reports.actions.staff import change_status
from civicmap.domain.reports.queries.staff.worklist import WorklistFilters, list_worklist
from civicmap.foundation.transaction import transaction
from tests.factories.cities import make_questions
from tests.factories.reports import make_report
from tests.factories.visitors import Page, Visitor
from tests.integration.moderation.conftest import SendBin, Town, answer_for_all, step, the_report

SignIn = Callable[[str], Visitor]
TO_CHECK = "/staff/poznan/?tab=check"


def page_of(visitor: Visitor, number: str, form: str = "") -> Page:
    return visitor.open(f"/staff/poznan/reports/{number}?form={form}")


def everyone(app: Flask, number: str) -> Page:
    return Visitor(app).open(f"/poznan/reports/{number}")


def test_olga_approves_with_one_tap_and_goes_on_with_the_next(
    app: Flask, sign_in: SignIn, send_bin: SendBin
) -> None:
    first, second = send_bin(words="A full bin."), send_bin(words="Another full bin.")
    olga = sign_in("olga")
    page = olga.open(TO_CHECK)
    assert "2 reports wait for a look." in page.text
    assert page.html.index(first.number) < page.html.index(second.number)
    assert "A full bin." not in everyone(app, first.number).text
    page = olga.submit(page.form(f"{first.number}/approve"))
    assert f"Approved. Everyone sees {first.number} now." in page.text
    assert "1 report waits for a look." in page.text
    assert page.has_form(f"{second.number}/approve")
    assert "A full bin." in everyone(app, first.number).text
    page = olga.submit(page.form(f"{second.number}/approve"))
    assert "Everything has been looked at." in page.text


def test_the_tab_shows_each_what_is_theirs(
    session: Session, town: Town, sign_in: SignIn, send_bin: SendBin
) -> None:
    sent = send_bin()
    held = make_report(session, town.city, category="noise")
    make_report(session, town.city)
    for name, numbers in (("anna", {sent.number, held.number}), ("leon", set())):
        page = sign_in(name).open(TO_CHECK)
        found = {form.action.split("/")[-2] for form in page.forms if "approve" in form.action}
        assert found == numbers, name


def test_what_was_closed_meanwhile_waits_too_and_filters_narrow_it(
    session: Session, town: Town, sign_in: SignIn, send_bin: SendBin
) -> None:
    sent = send_bin()
    change_status(session, step(session, town, sent, town.anna), to="fixed", words="Emptied.")
    anna = sign_in("anna")
    assert anna.open(TO_CHECK).has_form(f"{sent.number}/approve")
    assert not anna.open(f"{TO_CHECK}&status=open").has_form("/approve")
    assert not anna.open(f"{TO_CHECK}&category=noise").has_form("/approve")
    # And the way to another tab is the way to what waits there.
    assert 'href="/staff/poznan/?tab=mine"' in anna.open(TO_CHECK).html


def test_the_list_goes_on_where_a_page_ends(
    session: Session, sign_in: SignIn, send_bin: SendBin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civicmap.web.staff import worklist

    monkeypatch.setattr(worklist, "CHECK_LENGTH", 2)
    sent = [send_bin().number for _ in range(3)]
    olga = sign_in("olga")
    first = olga.open(TO_CHECK)
    address = first.html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    then = olga.open(address)
    assert [number for number in sent if number in first.html] == sent[:2]
    assert [number for number in sent if f"{number}/approve" in then.html] == sent[2:]


def test_a_second_look_at_what_is_approved_already_is_told_so(
    session: Session, town: Town, sign_in: SignIn, send_bin: SendBin
) -> None:
    sent = send_bin()
    olga = sign_in("olga")
    form = olga.open(TO_CHECK).form("/approve")
    with transaction(session):
        approve(session, step(session, town, sent, town.anna))
    page = olga.submit(form)
    assert page.status_code == 409
    assert "Somebody else changed this report meanwhile" in page.text
    assert "Looked at and approved" in page.text


def test_anna_takes_a_name_out(app: Flask, session: Session, town: Town, sign_in: SignIn) -> None:
    sent = make_report(session, town.city, words="Zenon from number 7 broke it.")
    anna = sign_in("anna")
    form = page_of(anna, sent.number, "redact").form("/redact")
    assert form["redact_text"] == "Zenon from number 7 broke it."
    assert form["redact_address"] == "Dąbrowskiego 42"
    again = anna.submit(form, redact_text="A neighbour broke it.", redact_words="You named him.")
    assert again.status_code == 400
    assert "Choose a reason from the list." in again.text
    form = again.form("/redact")
    assert form["redact_text"] == "A neighbour broke it."
    page = anna.submit(form, redact_reason="personal_data")
    assert "Changed. The reporter is told" in page.text
    assert "Zenon from number 7 broke it." in page.text
    public = everyone(app, sent.number)
    assert "A neighbour broke it." in public.text
    assert "The city has changed what was written here." in public.text
    assert "Zenon" not in public.html
    assert "You named him." not in public.html
    own = Visitor(app).open(f"/mine/{sent.number}/{sent.secret}")
    assert "You named him." in own.text
    assert "It names or shows a private person" in own.text
    assert "Zenon from number 7 broke it." in own.text
    # Colleagues elsewhere have no business with the name either.
    assert "Zenon" not in page_of(sign_in("leon"), sent.number).html


def test_anna_leaves_an_answer_out_and_puts_it_back(
    app: Flask, session: Session, town: Town, sign_in: SignIn
) -> None:
    pothole = session.scalars(select(Category).where(Category.key == "pothole")).one()
    make_questions(
        session,
        pothole,
        Question("lamp", "text", {"en": "Number on the lamp?"}, public=True),
        Question("plate", "text", {"en": "Plate?"}),
    )
    sent = make_report(
        session, town.city, answers={"lamp": ("Zenon is a thief",), "plate": ("PO 1",)}
    )
    assert "Zenon is a thief" in everyone(app, sent.number).text
    anna = sign_in("anna")
    form = page_of(anna, sent.number, "redact").form("/redact")
    # What nobody reads anyway needs no leaving out.
    assert form.options["redact_answers"] == ["lamp"]
    page = anna.submit(form, redact_answers="lamp", redact_reason="insult")
    assert page.status_code == 200
    assert "Zenon" not in everyone(app, sent.number).html
    assert "PO 1" in page.html
    elsewhere = page_of(sign_in("leon"), sent.number).html
    assert "Zenon" not in elsewhere and "PO 1" not in elsewhere
    own = Visitor(app).open(f"/mine/{sent.number}/{sent.secret}")
    assert "Zenon is a thief" in own.text
    form = page_of(anna, sent.number, "redact").form("/redact")
    assert form.values["redact_answers"] == ["lamp"]
    assert "Nothing was changed" in anna.submit(form, redact_reason="insult").text
    form.values.pop("redact_answers")
    anna.submit(form, redact_reason="other", redact_words="It was the lamp's name.")
    assert "Zenon is a thief" in everyone(app, sent.number).text


def test_anna_leaves_out_what_was_added_later_and_shows_it_again(
    app: Flask, session: Session, town: Town, sign_in: SignIn
) -> None:
    sent = make_report(session, town.city)
    assert not page_of(sign_in("anna"), sent.number).has_form("/leave_out")
    answers = [answer_for_all(session, town, sent, f"Zenon's side, {side}.") for side in "ab"]
    anna = sign_in("anna")
    page = page_of(anna, sent.number)
    assert f"form=leave_out&amp;event={answers[0]}#act-leave_out" in page.html
    page = anna.open(f"/staff/poznan/reports/{sent.number}?form=leave_out&event={answers[0]}")
    form = page.form("/leave_out")
    assert form["leave_out_event"] == str(answers[0])
    refused = anna.submit(form, leave_out_words="A name.")
    assert refused.status_code == 400
    assert "Choose a reason from the list." in refused.text
    form = refused.form("/leave_out")
    assert (form["leave_out_event"], form["leave_out_words"]) == (str(answers[0]), "A name.")
    page = anna.submit(form, leave_out_reason="personal_data")
    assert page.status_code == 200
    assert "Words of the resident left out for the public" in page.text
    public = everyone(app, sent.number)
    assert "Zenon's side, b." in public.text and "Zenon's side, a." not in public.text
    assert "The city has left out what was written here." in public.text
    assert "A name." not in public.html
    own = Visitor(app).open(f"/mine/{sent.number}/{sent.secret}").text
    assert "Zenon's side, a." in own and "A name." in own
    assert "Words that you added later are not shown to the public." in own
    back = next(form for form in page.forms if form.values.get("leave_out_to") == ["shown"])
    anna.submit(back)
    assert "Zenon's side, a." in everyone(app, sent.number).text


def test_a_form_pressed_twice_is_not_taken_for_one_about_other_words(
    app: Flask, session: Session, town: Town, sign_in: SignIn
) -> None:
    sent = make_report(session, town.city)
    answers = [answer_for_all(session, town, sent, f"Side {side}.") for side in "ab"]
    anna = sign_in("anna")
    form = page_of(anna, sent.number, "leave_out").form("/leave_out")
    sent_twice = {"leave_out_event": str(answers[0]), "leave_out_reason": "insult"}
    for _ in range(2):
        assert anna.submit(form, sent_twice).status_code == 200
    refused = anna.submit(form, {**sent_twice, "leave_out_event": str(answers[1])})
    assert refused.status_code == 409
    assert "Side b." in everyone(app, sent.number).text


def test_anna_hides_one_photo_and_shows_it_again(
    app: Flask, session: Session, town: Town, sign_in: SignIn, new_photo: Callable[[], str]
) -> None:
    keys = [new_photo(), new_photo()]
    sent = make_report(session, town.city, photos=tuple(keys))
    anna = sign_in("anna")
    page = page_of(anna, sent.number, "photo")
    refused = anna.submit(page.form("/photo"), photo_reason="personal_data")
    assert "Choose the photo." in refused.text
    page = anna.submit(
        refused.form("/photo"), photo_key=keys[0], photo_reason="other", photo_words="It is dark."
    )
    assert page.status_code == 200
    assert keys[0] not in everyone(app, sent.number).html
    assert keys[1] in everyone(app, sent.number).html
    leon = sign_in("leon")
    assert keys[0] not in page_of(leon, sent.number).html
    for visitor, status in ((anna, 200), (leon, 403)):
        assert visitor.fetch(f"/staff/poznan/photos/{keys[0]}-list.webp")[0] == status
    own = Visitor(app).open(f"/mine/{sent.number}/{sent.secret}")
    assert "It is dark." in own.text
    assert keys[0] in own.html
    back = next(form for form in page.forms if form.values.get("photo_to") == ["shown"])
    anna.submit(back)
    assert keys[0] in everyone(app, sent.number).html


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("approve", {}),
        ("redact", {"redact_text": "Mine.", "redact_reason": "insult"}),
        ("leave_out", {"leave_out_event": "1", "leave_out_reason": "insult"}),
        ("photo", {"photo_key": "a" * 26, "photo_reason": "insult"}),
    ],
)
def test_leon_cannot_with_a_form_of_his_own_making(
    session: Session, sign_in: SignIn, send_bin: SendBin, form: str, fields: dict[str, str]
) -> None:
    sent = send_bin()
    leon = sign_in("leon")
    page = page_of(leon, sent.number)
    assert "A deep hole" not in page.html
    assert session.scalars(select(Photo.key)).one() not in page.html
    note = page.form("/note")
    note.action = f"/staff/poznan/reports/{sent.number}/{form}"
    assert leon.submit(note, fields).status_code == 403
    report = the_report(session, sent)
    assert (report.content, report.version) == ("held", 1)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"photo_key": "a" * 26, "photo_reason": "insult"}, 404),
        ({"photo_key": "../../etc", "photo_reason": "insult"}, 400),
        ({"photo_key": "KEY", "photo_to": "shown"}, 409),
        ({"redact_text": "x" * 5000, "redact_reason": "insult"}, 400),
        ({"redact_text": "Fine.", "redact_reason": "no such reason"}, 400),
        ({"redact_text": "Fi\x00ne.", "redact_reason": "insult"}, 400),
    ],
)
def test_what_makes_no_sense_is_told(
    session: Session, sign_in: SignIn, send_bin: SendBin, fields: dict[str, str], status: int
) -> None:
    sent = send_bin()
    key = session.scalars(select(Photo.key)).one()
    form = next(iter(fields)).partition("_")[0]
    typed = {name: key if value == "KEY" else value for name, value in fields.items()}
    anna = sign_in("anna")
    page = anna.submit(page_of(anna, sent.number, form).form(f"/{form}"), typed)
    assert page.status_code == status
    assert page.has_form(f"/{form}")
    assert the_report(session, sent).version == 1


@pytest.mark.parametrize("event", ["0", "9" * 60, "../1", "", "999999999"])
def test_words_that_are_not_there_are_not_left_out(
    session: Session, town: Town, sign_in: SignIn, event: str
) -> None:
    sent = make_report(session, town.city)
    answer_for_all(session, town, sent, "The left one.")
    anna = sign_in("anna")
    form = page_of(anna, sent.number, "leave_out").form("/leave_out")
    page = anna.submit(form, {"leave_out_event": event, "leave_out_reason": "insult"})
    assert page.status_code == (404 if event == "999999999" else 400)
    assert page.has_form("/leave_out")


def test_other_departments_find_no_held_words_by_number(
    session: Session, town: Town, send_bin: SendBin
) -> None:
    sent = send_bin()
    found = {}
    for actor in (town.anna, town.leon, town.olga):
        page = list_worklist(
            session,
            town.city,
            actor,
            WorklistFilters(number=sent.number),
            after=None,
            limit=5,
        )
        found[actor.name] = [(row.words, row.address) for row in page.rows]
    whole = [("A deep hole beside the tram stop.", "Dąbrowskiego 42")]
    assert found == {"Anna": whole, "Leon": [("", "")], "Olga": whole}
