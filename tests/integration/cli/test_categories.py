from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicmap.cli.categories import SEED_FILE, read_seed_file
from civicmap.domain.categories.models import Category
from civicmap.domain.categories.queries import list_all_categories, list_offered_categories
from civicmap.domain.jurisdictions.queries import City, get_city
from tests.factories.cities import make_city, make_department
from tests.factories.reports import make_report
from tests.integration.cli.conftest import Run


def without_pothole(folder: Path) -> Path:
    """The seed file as it is, save for its first category."""
    text = SEED_FILE.read_text("utf-8")
    start = text.index("  - id: pothole")
    path = folder / "seed.yaml"
    path.write_text(text[:start] + text[text.index("  - id: pavement") :], "utf-8")
    return path


def city_with_roads(session: Session) -> City:
    city = make_city(session)
    make_department(session, city, "roads")
    return city


def test_every_category_of_the_file_can_be_reported(run: Run, session: Session) -> None:
    city = make_city(session)
    assert "added" in run("categories", "sync").output
    offered = list_offered_categories(session, city.id)
    seed = read_seed_file()
    assert {row.key for row in offered} == {category.id for category in seed.categories}
    pothole = next(row for row in offered if row.key == "pothole")
    assert pothole.names["pl"] == "Dziura w jezdni"
    assert pothole.group_key == "roads"
    assert "wyrwa" in pothole.search_words(["pl"])


def test_the_second_time_changes_nothing(run: Run, session: Session) -> None:
    make_city(session)
    run("categories", "sync")
    revision = get_city(session, "poznan").revision
    assert "Categories: nothing to do" in run("categories", "sync").output
    assert get_city(session, "poznan").revision == revision


def test_what_disappears_is_retired_and_old_reports_keep_it(
    run: Run, session: Session, tmp_path: Path
) -> None:
    city = city_with_roads(session)
    run("categories", "sync")
    sent = make_report(session, city, category="pothole")
    output = run("categories", "sync", "--file", without_pothole(tmp_path)).output
    assert "1 retired (pothole)" in output
    assert "pothole" not in {row.key for row in list_offered_categories(session, city.id)}
    assert {row.key: row for row in list_all_categories(session)}["pothole"].is_retired
    assert sent.number


def test_what_returns_is_restored_as_the_same_category(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("categories", "sync")
    before = session.scalar(select(Category.id).where(Category.key == "pothole"))
    run("categories", "sync", "--file", without_pothole(tmp_path))
    assert "1 restored (pothole)" in run("categories", "sync").output
    restored = session.scalars(select(Category).where(Category.key == "pothole")).one()
    assert (restored.id, restored.retired_at) == (before, None)


def test_a_changed_name_and_group_are_taken_over(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("categories", "sync")
    path = tmp_path / "seed.yaml"
    text = SEED_FILE.read_text("utf-8")
    path.write_text(
        text.replace("en: Pothole or damaged road", "en: Hole in the road").replace(
            "group: roads\n    icon: construction", "group: other\n    icon: construction"
        ),
        "utf-8",
    )
    assert "1 changed (pothole)" in run("categories", "sync", "--file", path).output
    pothole = {row.key: row for row in list_all_categories(session)}["pothole"]
    assert pothole.names["en"] == "Hole in the road"
    assert pothole.group_key == "other"


def test_a_file_with_faults_tells_them_all_and_changes_nothing(
    run: Run, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "seed.yaml"
    text = SEED_FILE.read_text("utf-8")
    text = text.replace("group: roads\n    icon: construction", "group: rods\n    icon: no_such")
    path.write_text(text.replace("fix_days: 15", "fix_days: soon", 1), "utf-8")
    output = run("categories", "sync", "--file", path, status=1).output
    assert "there is no group “rods”. Did you mean “roads”?" in output
    assert "there is no icon “no_such”." in output
    assert "“soon” should be a whole number of working days" in output
    assert output.count("Line ") == 3
    assert list_all_categories(session) == []


def test_a_check_of_the_file_writes_nothing(run: Run, session: Session) -> None:
    assert "no faults" in run("categories", "sync", "--check").output
    assert list_all_categories(session) == []
    assert "no categories yet" in run("categories", "list").output


def test_categories_are_listed(run: Run) -> None:
    run("categories", "sync")
    output = run("categories", "list").output
    assert "streetlight" in output
    assert "Street light not working" in output
