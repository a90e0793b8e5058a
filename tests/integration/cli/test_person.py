import re

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.accounts.actions.people import sign_in
from civicmap.domain.accounts.queries import find_actor, find_person, load_actor
from civicmap.domain.departments.queries import get_department
from civicmap.domain.jurisdictions.queries import City
from tests.integration.cli.conftest import Run

STAFF = ("--role", "staff", "--city", "poznan", "--department", "roads")


def test_staff_with_a_generated_password_can_sign_in(
    run: Run, session: Session, poznan: City
) -> None:
    output = run("person", "add", "ewa@example.org", "--name", "Ewa", *STAFF, "--generate").output
    found = re.search(r"Password: (\S+)", output)
    assert found
    token = sign_in(session, email="ewa@example.org", password=found[1], remember=False)
    session.flush()
    actor = find_actor(session, token)
    assert actor is not None
    assert (actor.name, actor.language) == ("Ewa", "pl")
    roads = get_department(session, poznan.id, "roads")
    assert actor.department_ids(poznan.id) == [roads.id]
    assert "ewa@example.org  Ewa   staff (roads)" in run("person", "list").output


def test_a_password_is_asked_for_twice(run: Run, session: Session) -> None:
    run("person", "add", "ada@example.org", "--role", "admin",
        answers="correct horse\ncorrect horse\n")  # fmt: skip
    assert sign_in(session, email="ada@example.org", password="correct horse", remember=False)


def test_a_weak_password_is_refused_and_no_account_is_left(run: Run, session: Session) -> None:
    output = run(
        "person", "add", "ada@example.org", "--role", "admin", answers="short\nshort\n", status=1
    ).output
    assert "A password has 10 to 200 characters." in output
    assert find_person(session, "ada@example.org") is None


def test_an_invited_person_has_no_password_yet(run: Run, session: Session, poznan: City) -> None:
    run("person", "add", "jan@example.org", *STAFF, "--invite")
    person = find_person(session, "jan@example.org")
    assert person is not None
    assert person.password_hash is None


def test_a_second_role_goes_to_the_same_account(run: Run, session: Session, poznan: City) -> None:
    run("person", "add", "jan@example.org", *STAFF, "--generate")
    output = run(
        "person", "add", "JAN@example.org", "--role", "operator", "--city", "poznan"
    ).output
    assert "There is jan@example.org: operator, poznan" in output
    person = find_person(session, "jan@example.org")
    assert person is not None
    assert {grant.role for grant in load_actor(session, person).grants} == {"staff", "operator"}


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["nobody", *STAFF, "--generate"], 1, "nobody"),
        (["a@example.org", "--role", "king", "--generate"], 2, "king"),
        (["a@example.org", "--role", "staff", "--generate"], 1, "Say in which city"),
        (["a@example.org", "--role", "staff", "--city", "poznan", "--generate"], 1, "say which"),
        (["a@example.org", "--role", "admin", "--department", "roads"], 1, "say which city"),
        (["a@example.org", *STAFF, "--generate", "--invite"], 2, "Choose one"),
        (
            ["a@example.org", "--role", "staff", "--city", "poznan", "--department", "x"],
            1,
            "no such department",
        ),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    *, run: Run, session: Session, poznan: City, arguments: list[str], status: int, sentence: str
) -> None:
    assert sentence in run("person", "add", *arguments, status=status).output
    assert find_person(session, arguments[0]) is None


def test_a_disabled_person_is_out_at_once_and_can_be_let_in_again(
    run: Run, session: Session
) -> None:
    run("person", "add", "ada@example.org", "--role", "admin",
        answers="correct horse\ncorrect horse\n")  # fmt: skip
    token = sign_in(session, email="ada@example.org", password="correct horse", remember=False)
    session.flush()
    run("person", "disable", "ada@example.org")
    assert find_actor(session, token) is None
    assert not sign_in(session, email="ada@example.org", password="correct horse", remember=False)
    run("person", "enable", "ada@example.org")
    assert find_actor(session, token) is None
    assert sign_in(session, email="ada@example.org", password="correct horse", remember=False)
    assert "Nobody has the address" in run("person", "disable", "x@example.org", status=1).output
