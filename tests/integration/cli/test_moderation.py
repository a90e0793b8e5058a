"""Rules for what shows before a look, from a shell."""

import pytest
from sqlalchemy.orm import Session

from civicmap.domain.jurisdictions.queries import City
from civicmap.domain.moderation.queries import list_policies
from tests.factories.cities import make_category
from tests.integration.cli.conftest import Run


def test_a_city_without_rules_says_so(run: Run, poznan: City) -> None:
    assert "has no rules: everything shows at once" in run("moderation", "list", "poznan").output


def test_rules_are_set_changed_listed_and_cleared(run: Run, session: Session, poznan: City) -> None:
    done = run("moderation", "set", "poznan", "--group", "lights", "hold_content").output
    assert done == (
        "Poznan, group lights: the pin shows at once; words, photos and address after a look\n"
    )
    run("moderation", "set", "poznan", "hold_all")
    run("moderation", "set", "poznan", "--category", "streetlight", "hold_all")
    run("moderation", "set", "poznan", "--category", "streetlight", "at_once")
    assert [
        line.split("  ")[0] for line in run("moderation", "list", "poznan").output.splitlines()
    ] == ["what", "the whole city", "group lights", "streetlight"]
    assert list_policies(session, poznan.id) == {
        "pothole": "hold_all",
        "streetlight": "at_once",
        "traffic_signal": "hold_content",
    }
    run("moderation", "clear", "poznan")
    run("moderation", "clear", "poznan", "--category", "streetlight")
    assert list_policies(session, poznan.id) == {
        "pothole": "at_once",
        "streetlight": "hold_content",
        "traffic_signal": "hold_content",
    }


def test_a_decision_is_explained(run: Run, session: Session, poznan: City) -> None:
    make_category(session, "parking", is_public=False)
    run("moderation", "set", "poznan", "--group", "lights", "hold_content")

    def explained(*more: str) -> list[str]:
        return run("moderation", "explain", "poznan", "--category", *more).output.splitlines()

    assert explained("pothole")[1:] == [
        "no rule speaks of it",
        "→ at_once: everything shows at once",
    ]
    assert explained("streetlight")[1] == "wins: group lights: hold_content"
    assert explained("streetlight", "--trusted")[1:] == [
        "beaten: group lights: hold_content; a confirmed contact waits for no rule",
        "→ at_once: everything shows at once",
    ]
    assert explained("parking", "--trusted")[2] == "→ hold_all: nothing shows before a look"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("set", "poznan", "--category", "holes", "at_once"), "no category “holes”"),
        (("set", "poznan", "--group", "holes", "at_once"), "no group of categories “holes”"),
        (
            ("set", "poznan", "--group", "lights", "--category", "pothole", "hold_all"),
            "not both",
        ),
        (("set", "nowhere", "hold_all"), "no such city"),
        (("clear", "poznan", "--category", "pothole"), "no such rule"),
        (("explain", "poznan", "--category", "holes"), "Choose what is wrong"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, poznan: City, arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in run("moderation", *arguments, status=1).output


def test_no_rule_loosens_a_category_that_names_people(
    run: Run, session: Session, poznan: City
) -> None:
    make_category(session, "parking", is_public=False)
    refused = run(
        "moderation", "set", "poznan", "--category", "parking", "at_once", status=1
    ).output
    assert "never public at once" in refused
