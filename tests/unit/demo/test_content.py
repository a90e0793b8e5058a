from __future__ import annotations

import re
from datetime import date

import yaml
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from civicmap.cli.demo.given import given_for
from civicmap.cli.demo.pictures import SCENES
from civicmap.cli.demo.sights import scene_for
from civicmap.cli.demo.story import HERE, answers, stories, streets
from civicmap.domain.categories.seed_file import TRIAGE, SeedFile
from civicmap.domain.reports.answers import check_answers
from civicmap.domain.reports.workflow import REFUSAL_REASONS
from civicmap.foundation.locales import LANGUAGES

Drawing = tuple[BaseGeometry, dict[str, BaseGeometry]]
SLOT = re.compile(r"\{(\w+)\}")


def read(name: str) -> list[dict[str, object]]:
    content = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    assert isinstance(content, list)
    return content


def test_there_are_many_stories_and_no_two_say_the_same() -> None:
    words = [story.words for story in stories()]
    words += [text for story in stories() for text in story.again]
    assert len(stories()) >= 90
    assert len(set(words)) == len(words)


def test_every_category_has_a_story_and_every_story_a_known_category(seed_file: SeedFile) -> None:
    known = {category.id for category in seed_file.categories}
    assert {story.category for story in stories()} == known


def test_every_story_lies_in_the_district_it_claims(drawing: Drawing) -> None:
    boundary, districts = drawing
    for story in stories():
        place = Point(story.longitude, story.latitude)
        assert boundary.covers(place), story.address
        assert districts[story.district].covers(place), story.address


def test_every_street_lies_in_its_district_from_end_to_end(drawing: Drawing) -> None:
    _, districts = drawing
    for street in streets():
        for latitude, longitude in (street.start, street.end):
            assert districts[street.district].covers(Point(longitude, latitude)), street.name
    assert {street.district for street in streets()} == set(districts)


def test_every_retelling_finds_a_street_where_it_can_be_told() -> None:
    kinds = {street.kind: street.numbers is not None for street in streets()}
    for story in stories():
        assert set(story.elsewhere) <= set(kinds), story.words
        assert bool(story.again) == bool(story.elsewhere), story.words
        for text in story.again:
            assert set(SLOT.findall(text)) <= {"number", *answers().slots}, text
            if "{number}" in text:
                assert any(kinds[kind] for kind in story.elsewhere), text
    assert not any(SLOT.search(story.words) for story in stories())


def test_departments_speak_every_language_and_only_fictional_contacts() -> None:
    departments = read("departments.yaml")
    assert 10 <= len(departments) <= 13
    for department in departments:
        for text in ("name", "responsibilities"):
            given = department[text]
            assert isinstance(given, dict)
            assert set(given) == set(LANGUAGES), department["code"]
            assert all(given.values()), department["code"]
        assert re.fullmatch(r"\+48 61 000 00 \d\d", str(department["phone"]))
        assert str(department["email"]).endswith("@example.org")
        hours = department["opening_hours"]
        assert isinstance(hours, dict)
        assert set(hours) <= {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
        assert all(re.fullmatch(r"\d{1,2}:\d\d-\d{1,2}:\d\d", span) for span in hours.values())


def test_department_codes_and_rules_are_known(seed_file: SeedFile, drawing: Drawing) -> None:
    defaults = {category.department for category in seed_file.categories} - {TRIAGE}
    codes = [department["code"] for department in read("departments.yaml")]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= defaults
    categories = {category.id for category in seed_file.categories}
    for rule in read("routing.yaml"):
        assert rule["department"] in codes
        assert rule["category"] in categories
        assert "area" not in rule or rule["area"] in drawing[1]
    ruled = {rule["category"] for rule in read("routing.yaml") if "area" not in rule}
    for category in seed_file.categories:
        answered = category.department in {*codes, TRIAGE} or category.id in ruled
        assert answered, f"nobody answers for {category.id}"


def test_answers_name_known_departments_and_reasons(seed_file: SeedFile) -> None:
    codes = {department["code"] for department in read("departments.yaml")}
    known = codes | {category.id for category in seed_file.categories} | {"any"}
    said = answers()
    assert set(said.progress) <= known
    assert set(said.fixed) <= known
    assert {handover.department for handover in said.handed_over.values()} <= codes
    refusals = [*said.wont_fix, *(story.wont_fix for story in stories() if story.wont_fix)]
    assert {refusal.reason for refusal in refusals} <= set(REFUSAL_REASONS)


def test_every_sight_can_be_drawn_and_every_drawing_is_seen() -> None:
    sights = {scene_for(story.category, story.words) for story in stories()}
    sights |= {scene_for(story.category, text) for story in stories() for text in story.again}
    assert sights - {None} == set(SCENES)


def test_private_matters_are_not_shown() -> None:
    for category in ("heating", "house_common", "dead_animal"):
        assert scene_for(category, "Zdjęcie w załączeniu.") is None


def test_every_story_answers_what_its_category_must_know(seed_file: SeedFile) -> None:
    questions = {category.id: category.questions for category in seed_file.categories}
    for story in stories():
        for words in (story.words, *story.again):
            given = given_for(story.category, words, seed=words)
            kept, faults = check_answers(
                questions[story.category], given, today=date(2026, 11, 20), country="PL"
            )
            assert [str(fault) for fault in faults] == []
            assert {answer.question.code for answer in kept} == {
                code for code, values in given.items() if values
            }
