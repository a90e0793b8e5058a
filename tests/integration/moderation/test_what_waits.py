"""What of a new report waits for a person, whose does not, and what happens when somebody looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from civicmap.domain.accounts.queries import Actor
from civicmap.domain.media.actions import adopt_photos
from civicmap.domain.media.models import Photo
from civicmap.domain.moderation.actions import clear_rule, set_rule
from civicmap.domain.moderation.policies import Policy
from civicmap.domain.notifications.models import Letter
from civicmap.domain.notifications.queries import find_followed_report
from civicmap.domain.reports.actions.hold_again import hold_again
from civicmap.domain.reports.actions.moderate import (
    approve,
    change_visibility,
    hide_photo,
    leave_out_words,
    redact,
    show_photo,
    show_words,
)
from civicmap.domain.reports.actions.own_step import OwnStep
from civicmap.domain.reports.actions.reporter import (
    edit_report,
    reopen_report,
)
from civicmap.domain.reports.actions.staff import change_status, post_update
from civicmap.domain.reports.actions.step import ChangedMeanwhile, Step
from civicmap.domain.reports.history import record
from civicmap.domain.reports.models import Report, ReportEvent
from civicmap.domain.reports.queries.own import get_report_by_secret
from civicmap.domain.reports.queries.public.filters import Filters
from civicmap.domain.reports.queries.public.lists import list_recent_with_photos, list_reports
from civicmap.domain.reports.queries.public.report import get_public_report
from civicmap.domain.reports.queries.staff.report import get_staff_report
from civicmap.domain.reports.queries.staff.to_check import list_to_check
from civicmap.domain.reports.queries.staff.worklist import (
    CHECK,
    WorklistFilters,
    worklist_condition,
)
from civicmap.foundation.clock import now
from civicmap.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.factories.reports import make_report
from tests.integration.moderation.conftest import SendBin, Town, answer_for_all, step, the_report

JAN = "jan.kowalski@example.org"


def newest_letter(session: Session) -> Letter:
    return session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()


def events(session: Session, report_id: int) -> list[ReportEvent]:
    return list(
        session.scalars(
            select(ReportEvent)
            .where(ReportEvent.report_id == report_id)
            .order_by(ReportEvent.id)
            .execution_options(populate_existing=True)
        )
    )


def test_the_pin_shows_at_once_and_the_rest_when_olga_has_looked(
    session: Session, town: Town, send_bin: SendBin
) -> None:
    sent = send_bin(email=JAN)
    assert "The pin is on the public map already." in newest_letter(session).body
    public = get_public_report(session, town.city.id, sent.number)
    assert public.is_content_held
    assert (public.words, public.address, public.photo, public.photos) == ("", "", None, ())
    assert public.title == "Street_Bin"
    assert list_recent_with_photos(session, town.city.id, limit=6) == []

    approve(session, step(session, town, sent, town.olga))
    public = get_public_report(session, town.city.id, sent.number)
    assert not public.is_content_held
    assert public.words == "A deep hole beside the tram stop."
    assert public.address == "Dąbrowskiego 42"
    assert len(public.photos) == 1
    assert [card.number for card in list_recent_with_photos(session, town.city.id, limit=6)] == [
        sent.number
    ]
    assert newest_letter(session).subject == f"Report {sent.number}: your words are public"
    with pytest.raises(Conflict, match="looked at this report already"):
        approve(session, step(session, town, sent, town.olga))


def test_the_reporter_sees_what_they_sent_while_it_waits(
    session: Session, send_bin: SendBin
) -> None:
    sent = send_bin()
    _, own = get_report_by_secret(session, sent.number, sent.secret)
    assert own.is_content_held
    assert own.words == "A deep hole beside the tram stop."
    assert own.address == "Dąbrowskiego 42"
    assert len(own.photos) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"category": "street_bin"}, ("public", "held")),
        ({"category": "street_bin", "confirmed": True}, ("public", "shown")),
        ({"category": "pothole"}, ("public", "shown")),
        ({"category": "noise"}, ("held", "shown")),
        ({"category": "noise", "confirmed": True}, ("held", "shown")),
    ],
)
def test_who_waits_for_a_look(
    session: Session, town: Town, values: dict[str, object], expected: tuple[str, str]
) -> None:
    report = the_report(session, make_report(session, town.city, **values))
    assert (report.visibility, report.content) == expected


def test_a_rule_for_everything_holds_everything_until_approved(
    session: Session, town: Town
) -> None:
    set_rule(session, jurisdiction_id=town.city.id, policy=Policy.HOLD_ALL)
    sent = make_report(session, town.city)
    with pytest.raises(NotFound):
        get_public_report(session, town.city.id, sent.number)
    approve(session, step(session, town, sent, town.anna))
    assert get_public_report(session, town.city.id, sent.number).words
    assert [event.kind for event in events(session, sent.report_id)] == ["reported", "published"]
    clear_rule(session, jurisdiction_id=town.city.id)
    assert the_report(session, make_report(session, town.city)).visibility == "public"


def test_what_staff_publish_does_not_wait(
    session: Session, town: Town, send_bin: SendBin, new_photo: Callable[[], str]
) -> None:
    sent = send_bin()
    after = new_photo()
    post_update(
        session, step(session, town, sent, town.anna), words="We come tomorrow.", photos=[after]
    )
    public = get_public_report(session, town.city.id, sent.number)
    assert public.is_content_held
    assert public.events[-1].words == "We come tomorrow."
    assert [photo.key for photo in public.events[-1].photos] == [after]
    # On its card stands no photo: the reporter's waits, and staff's belongs to the update.
    page = list_reports(session, town.city.id, Filters(), after=None, limit=5)
    assert [card.photo for card in page.rows] == [None]


def add_photo(
    session: Session, town: Town, report_id: int, key: str, *, is_trusted: bool = False
) -> None:
    """As the reporter's own action does it."""
    report = session.get_one(Report, report_id, populate_existing=True)
    hold_again(session, report, is_trusted=is_trusted)
    event = record(
        session,
        report,
        kind="photos_added",
        at=now(),
        actor="reporter",
        is_public=True,
        words="Look, it is worse now.",
    )
    adopt_photos(session, keys=[key], report_id=report_id, event_id=event.id)


def test_what_the_reporter_adds_later_waits_too(
    session: Session, town: Town, send_bin: SendBin, new_photo: Callable[[], str]
) -> None:
    sent = send_bin()
    approve(session, step(session, town, sent, town.olga))
    key = new_photo()
    add_photo(session, town, sent.report_id, key)
    public = get_public_report(session, town.city.id, sent.number)
    assert public.is_content_held
    assert (public.events[-1].words, public.events[-1].photos) == ("", ())
    _, own = get_report_by_secret(session, sent.number, sent.secret)
    assert own.events[-1].words == "Look, it is worse now."
    assert [photo.key for photo in own.events[-1].photos] == [key]


def test_a_trusted_reporter_adds_at_once_unless_something_of_theirs_was_hidden(
    session: Session, town: Town, send_bin: SendBin, new_photo: Callable[[], str]
) -> None:
    sent = send_bin(confirmed=True)
    add_photo(session, town, sent.report_id, new_photo(), is_trusted=True)
    assert the_report(session, sent).content == "shown"
    first = get_public_report(session, town.city.id, sent.number).photos[0]
    hide_photo(session, step(session, town, sent, town.anna), key=first.key, reason="personal_data")
    add_photo(session, town, sent.report_id, new_photo(), is_trusted=True)
    assert the_report(session, sent).content == "held"


def test_a_report_published_after_all_keeps_its_pin_when_its_reporter_adds_something(
    session: Session, town: Town, new_photo: Callable[[], str]
) -> None:
    sent = make_report(session, town.city, category="noise")
    approve(session, step(session, town, sent, town.anna))
    add_photo(session, town, sent.report_id, new_photo(), is_trusted=True)
    report = the_report(session, sent)
    assert (report.visibility, report.content) == ("public", "held")


class TestChangedWords:
    def test_everybody_reads_the_new_words_and_the_reporter_is_told_why(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(
            session, town.city, words="My neighbour Zenon broke it.", address="Zenon", email=JAN
        )
        redact(
            session,
            step(session, town, sent, town.anna),
            text="Somebody broke it.",
            address="Dąbrowskiego 42",
            reason="personal_data",
            words="You named a neighbour.",
        )
        public = get_public_report(session, town.city.id, sent.number)
        assert public.words == "Somebody broke it."
        assert public.redacted_for == "personal_data"
        letter = newest_letter(session)
        assert letter.subject == f"Report {sent.number}: your words were changed"
        assert "Reason: It names or shows a private person." in letter.body
        assert "> You named a neighbour." in letter.body
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        assert own.original is not None
        assert own.original.words == "My neighbour Zenon broke it."
        assert own.events[-1].words == "You named a neighbour."
        assert "Zenon" not in repr(public)

    def test_the_first_words_are_remembered_over_two_changes(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(session, town.city, words="First.")
        for changed in ("Second.", "Third."):
            redact(
                session,
                step(session, town, sent, town.anna),
                text=changed,
                address="Dąbrowskiego 42",
                reason="insult",
            )
        staff = get_staff_report(session, town.city, town.anna, sent.number)
        assert staff.words == "Third."
        assert staff.original is not None
        assert staff.original.words == "First."

    def test_a_change_that_changes_nothing_is_none(self, session: Session, town: Town) -> None:
        sent = make_report(session, town.city)
        with pytest.raises(InvalidInput, match="Nothing was changed"):
            redact(
                session,
                step(session, town, sent, town.anna),
                text=" A deep hole beside the tram stop. ",
                address="Dąbrowskiego 42",
                reason="insult",
            )

    def test_what_the_reporter_writes_anew_stands_for_itself_and_waits(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(session, town.city)
        redact(
            session,
            step(session, town, sent, town.anna),
            text="…",
            address="",
            reason="insult",
        )
        report = the_report(session, sent)
        hold_again(session, report, is_trusted=True, rewrote=True)
        report.words = "Said in other words."
        record(session, report, kind="edited", at=now(), actor="reporter", is_public=False)
        assert report.content == "held"
        assert report.redacted_for is None
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        assert own.original is None


class TestWordsAddedLater:
    def test_an_answer_is_left_out_for_everybody_and_its_reporter_is_told_why(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(session, town.city, email=JAN)
        answer = answer_for_all(session, town, sent, "At Zenon's, number 7.")
        assert "Zenon" in repr(get_public_report(session, town.city.id, sent.number))
        leave_out_words(
            session,
            step(session, town, sent, town.anna),
            event_id=answer,
            reason="personal_data",
            words="You named a neighbour.",
        )
        public = get_public_report(session, town.city.id, sent.number)
        assert "Zenon" not in repr(public)
        said = [(event.kind, event.words, event.left_out_for) for event in public.events]
        assert said == [("reported", "", None), ("question_answered", "", "personal_data")]
        letter = newest_letter(session)
        assert letter.subject == f"Report {sent.number}: words you added are no longer public"
        assert "Reason: It names or shows a private person." in letter.body
        assert "> You named a neighbour." in letter.body
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        assert {event.id: event.words for event in own.events}[answer] == "At Zenon's, number 7."
        assert [event.words for event in own.left_out] == ["You named a neighbour."]
        # The report's own words are as they were sent, and nobody says otherwise.
        assert (own.redacted_for, own.original, own.last("redacted")) == (None, None, None)
        elsewhere = get_staff_report(session, town.city, town.leon, sent.number)
        assert "Zenon" not in repr(elsewhere) and "neighbour" not in repr(elsewhere)
        assert "Zenon" in repr(get_staff_report(session, town.city, town.anna, sent.number))

    def test_what_was_left_out_comes_back(self, session: Session, town: Town) -> None:
        sent = make_report(session, town.city, email=JAN)
        answer = answer_for_all(session, town, sent, "The left one.")
        with pytest.raises(Conflict, match="shown already"):
            show_words(session, step(session, town, sent, town.anna), event_id=answer)
        leave_out_words(
            session, step(session, town, sent, town.anna), event_id=answer, reason="untrue"
        )
        with pytest.raises(Conflict, match="left out already"):
            leave_out_words(
                session, step(session, town, sent, town.anna), event_id=answer, reason="untrue"
            )
        show_words(session, step(session, town, sent, town.anna), event_id=answer)
        assert "The left one." in repr(get_public_report(session, town.city.id, sent.number))
        assert "are shown to everybody again" in newest_letter(session).body
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        assert own.left_out == []

    def test_a_reopening_stays_open_without_its_words(self, session: Session, town: Town) -> None:
        sent = make_report(session, town.city)
        change_status(session, step(session, town, sent, town.anna), to="fixed", words="Filled.")
        reopen_report(
            session,
            OwnStep(town.city, sent.number, sent.secret, once=""),
            words="Zenon lied.",
            photo_limit=5,
            is_public=True,
        )
        reopened = events(session, sent.report_id)[-1].id
        leave_out_words(
            session, step(session, town, sent, town.olga), event_id=reopened, reason="insult"
        )
        public = get_public_report(session, town.city.id, sent.number)
        assert (public.status, public.events[-1].kind) == ("open", "reopened")
        assert "Zenon" not in repr(public)

    def test_what_waits_is_left_out_before_it_is_approved(
        self, session: Session, town: Town, send_bin: SendBin
    ) -> None:
        sent = send_bin()
        approve(session, step(session, town, sent, town.olga))
        answer = answer_for_all(session, town, sent, "Zenon's bin.")
        assert the_report(session, sent).content == "held"
        filters = WorklistFilters(tab=CHECK, statuses=())

        def to_check() -> list[tuple[str, ...]]:
            page = list_to_check(session, town.city, town.olga, filters, after=None, limit=5)
            return [row.added for row in page.rows]

        assert to_check() == [("Zenon's bin.",)]
        leave_out_words(
            session, step(session, town, sent, town.olga), event_id=answer, reason="insult"
        )
        assert to_check() == [()]
        approve(session, step(session, town, sent, town.olga))
        assert "Zenon" not in repr(get_public_report(session, town.city.id, sent.number))

    def test_the_words_of_staff_of_notes_and_of_other_reports_are_none_of_its_business(
        self, session: Session, town: Town
    ) -> None:
        sent, other = make_report(session, town.city), make_report(session, town.city)
        theirs = answer_for_all(session, town, other, "Elsewhere.")
        post_update(session, step(session, town, sent, town.anna), words="We come on Monday.")
        own = [event.id for event in events(session, sent.report_id)]
        for event_id in (theirs, *own, 0):
            with pytest.raises(NotFound, match="no such words"):
                leave_out_words(
                    session,
                    step(session, town, sent, town.anna),
                    event_id=event_id,
                    reason="insult",
                )

    def test_leon_leaves_nothing_out_and_the_second_of_two_is_told(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(session, town.city)
        answer = answer_for_all(session, town, sent, "The left one.")
        with pytest.raises(NotAllowed):
            leave_out_words(
                session, step(session, town, sent, town.leon), event_id=answer, reason="insult"
            )
        both = step(session, town, sent, town.anna)
        leave_out_words(session, both, event_id=answer, reason="insult")
        with pytest.raises(ChangedMeanwhile):
            show_words(session, both, event_id=answer)


class TestPhotos:
    def test_a_hidden_photo_is_for_staff_and_its_reporter_alone(
        self, client: FlaskClient, session: Session, town: Town, new_photo: Callable[[], str]
    ) -> None:
        keys = [new_photo(), new_photo()]
        sent = make_report(session, town.city, photos=tuple(keys), email=JAN)
        hide_photo(
            session,
            step(session, town, sent, town.anna),
            key=keys[0],
            reason="personal_data",
            words="It shows a face.",
        )
        public = get_public_report(session, town.city.id, sent.number)
        assert [photo.key for photo in public.photos] == [keys[1]]
        assert public.photo is not None
        assert public.photo.key == keys[1]
        assert "> It shows a face." in newest_letter(session).body
        own = f"/mine/{sent.number}/{sent.secret}/photos/{keys[0]}-list.webp"
        for address, status in (
            (f"/photos/{keys[0]}-list.webp", 404),
            (f"/photos/{keys[1]}-list.webp", 200),
            (own, 200),
            (own.replace(sent.secret, "a" * 32), 404),
            (own.replace(keys[0], "a" * 26), 404),
            (own.replace("-list", "-giant"), 404),
        ):
            with client.get(address) as answer:
                assert answer.status_code == status, address

    def test_a_shown_photo_comes_back_and_counts(
        self, session: Session, town: Town, new_photo: Callable[[], str]
    ) -> None:
        key = new_photo()
        sent = make_report(session, town.city, photos=(key,), email=JAN)
        hide_photo(session, step(session, town, sent, town.anna), key=key, reason="disturbing")
        assert list_recent_with_photos(session, town.city.id, limit=6) == []
        show_photo(session, step(session, town, sent, town.anna), key=key)
        assert len(list_recent_with_photos(session, town.city.id, limit=6)) == 1
        assert "is shown to everybody again" in newest_letter(session).body
        with pytest.raises(Conflict):
            show_photo(session, step(session, town, sent, town.anna), key=key)

    def test_a_photo_of_staff_is_hidden_without_a_letter(
        self, session: Session, town: Town, new_photo: Callable[[], str]
    ) -> None:
        sent = make_report(session, town.city, email=JAN)
        key = new_photo()
        post_update(session, step(session, town, sent, town.anna), words="So.", photos=[key])
        before = session.scalar(select(func.count()).select_from(Letter))
        hide_photo(session, step(session, town, sent, town.anna), key=key, reason="personal_data")
        assert session.scalar(select(func.count()).select_from(Letter)) == before
        public = get_public_report(session, town.city.id, sent.number)
        assert public.events[-1].photos == ()

    def test_a_photo_of_another_report_cannot_be_hidden(
        self, session: Session, town: Town, new_photo: Callable[[], str]
    ) -> None:
        key = new_photo()
        make_report(session, town.city, photos=(key,))
        other = make_report(session, town.city)
        with pytest.raises(NotFound):
            hide_photo(session, step(session, town, other, town.anna), key=key, reason="insult")
        assert session.scalars(select(Photo.hidden_for).where(Photo.key == key)).one() is None


class TestWhoMayAndWhatItTakes:
    def test_leon_moderates_nothing_of_annas(
        self, session: Session, town: Town, send_bin: SendBin
    ) -> None:
        sent = send_bin()
        with pytest.raises(NotAllowed):
            approve(session, step(session, town, sent, town.leon))
        seen = get_staff_report(session, town.city, town.leon, sent.number)
        assert (seen.words, seen.address, seen.photos) == ("", "", ())
        assert get_staff_report(session, town.city, town.anna, sent.number).words

    def test_the_second_of_two_is_told(
        self, session: Session, town: Town, send_bin: SendBin
    ) -> None:
        sent = send_bin()
        both = step(session, town, sent, town.anna)
        approve(session, both)
        with pytest.raises(ChangedMeanwhile):
            change_visibility(session, both, to="hidden", reason="insult")

    @pytest.mark.parametrize(
        ("reason", "words", "field"),
        [("", "", "reason"), ("no_budget", "", "reason"), ("other", " ", "words")],
    )
    def test_to_hide_takes_a_reason(
        self, session: Session, town: Town, reason: str, words: str, field: str
    ) -> None:
        sent = make_report(session, town.city)
        with pytest.raises(InvalidInput) as refused:
            change_visibility(
                session,
                step(session, town, sent, town.anna),
                to="hidden",
                reason=reason,
                words=words,
            )
        assert refused.value.field == field

    def test_each_is_one_event_that_the_public_never_reads(
        self, session: Session, town: Town, send_bin: SendBin
    ) -> None:
        sent = send_bin()
        actor: Actor = town.olga
        key = session.scalars(select(Photo.key)).one()

        def at() -> Step:
            return step(session, town, sent, actor)

        approve(session, at())
        redact(session, at(), text="Full.", address="", reason="insult", words="Not so loud.")
        hide_photo(session, at(), key=key, reason="other", words="A dog.")
        show_photo(session, at(), key=key)
        change_visibility(session, at(), to="hidden", reason="advertising", words="A shop.")
        change_visibility(session, at(), to="public", words="The shop is gone.")
        done = events(session, sent.report_id)
        assert [event.kind for event in done[1:]] == [
            "approved",
            "redacted",
            "photo_hidden",
            "photo_shown",
            "hidden",
            "published",
        ]
        assert [event.version for event in done] == [1, 2, 3, 4, 5, 6, 7]
        assert {event.person_id for event in done[1:]} == {actor.person_id}
        assert [
            event.kind for event in get_public_report(session, town.city.id, sent.number).events
        ] == ["reported"]
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        told = {event.kind: event.words for event in own.events}
        assert told["hidden"] == "A shop."
        assert told["published"] == ""  # an internal remark

    def test_an_old_hiding_whose_words_were_for_staff_stays_so(
        self, session: Session, town: Town
    ) -> None:
        sent = make_report(session, town.city)
        report = the_report(session, sent)
        record(
            session,
            report,
            kind="hidden",
            at=now(),
            actor="staff",
            is_public=False,
            words="He writes every day.",
            new={"visibility": "hidden"},
        )
        report.visibility = "hidden"
        session.flush()
        _, own = get_report_by_secret(session, sent.number, sent.secret)
        assert own.events[-1].kind == "hidden"
        assert own.events[-1].words == ""


def test_what_waits_is_found_by_its_index(session: Session, town: Town, send_bin: SendBin) -> None:
    """What the index was made for must stay the words of the query."""
    send_bin()
    session.execute(text("SET LOCAL enable_seqscan = off"))
    query = select(Report.id).where(
        worklist_condition(town.city, town.olga, WorklistFilters(tab=CHECK, statuses=()))
    )
    said = str(
        query.order_by(Report.created_at, Report.id).compile(
            session.get_bind(), compile_kwargs={"literal_binds": True}
        )
    )
    plan = "\n".join(session.scalars(text(f"EXPLAIN {said}")))
    assert "ix_reports_to_check" in plan, plan


def test_a_report_without_a_category_is_a_programming_error(session: Session, town: Town) -> None:
    from civicmap.domain.moderation.queries import find_policy

    with pytest.raises(LookupError):
        find_policy(session, town.city.id, 999_999)


def test_the_photos_of_a_held_report_are_its_reporters(
    client: FlaskClient, session: Session, town: Town, send_bin: SendBin
) -> None:
    sent = send_bin()
    key = session.scalars(select(Photo.key)).one()
    for visibility in ("public", "held", "hidden"):
        session.execute(update(type(the_report(session, sent))).values(visibility=visibility))
        page = client.get(f"/mine/{sent.number}/{sent.secret}")
        own = f"/mine/{sent.number}/{sent.secret}/photos/{key}-page.webp"
        assert own in page.text
        assert f"/photos/{key}-page.webp" in page.text
        with client.get(own) as answer:
            assert answer.status_code == 200
        assert client.get(f"/photos/{key}-page.webp").status_code == 404


def test_a_follower_is_told_no_address_that_nobody_looked_at(
    session: Session, town: Town, send_bin: SendBin
) -> None:
    sent = send_bin()
    followed = find_followed_report(session, sent.report_id)
    assert followed is not None
    assert followed.place == "West, Poznań"
    approve(session, step(session, town, sent, town.olga))
    followed = find_followed_report(session, sent.report_id)
    assert followed is not None
    assert followed.place == "Dąbrowskiego 42, West, Poznań"


def test_words_that_staff_changed_cannot_be_put_back(session: Session, town: Town) -> None:
    sent = make_report(session, town.city)
    redact(
        session,
        step(session, town, sent, town.anna),
        text="A hole.",
        address="Dąbrowskiego 42",
        reason="insult",
    )
    with pytest.raises(Conflict, match="no longer be changed"):
        edit_report(
            session,
            OwnStep(town.city, sent.number, sent.secret, once=""),
            words="A deep hole beside the tram stop.",
            photos=[],
            photo_limit=5,
            expected_version=2,
        )
    assert get_public_report(session, town.city.id, sent.number).words == "A hole."


def test_what_a_reporter_corrects_waits_by_the_same_rule(
    session: Session, town: Town, send_bin: SendBin, new_photo: Callable[[], str]
) -> None:
    for confirmed, content in ((True, "held"), (False, "held")):
        sent = send_bin(confirmed=confirmed)
        edit_report(
            session,
            OwnStep(town.city, sent.number, sent.secret, once=""),
            words="A fuller bin.",
            photos=[new_photo(), new_photo()],
            photo_limit=5,
            expected_version=1,
        )
        # The device that corrects it has confirmed nothing, whoever sent it.
        report = the_report(session, sent)
        assert (report.content, report.photo_count) == (content, 2)
