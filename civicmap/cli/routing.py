"""`routing`: which department a report goes to, and why."""

from __future__ import annotations

import click

from civicmap.cli.noun import Noun, columns, the_city
from civicmap.domain.categories.queries import get_offered_category
from civicmap.domain.jurisdictions.queries import find_areas_at
from civicmap.domain.reports.examination import check_place
from civicmap.domain.routing.actions import add_rule, remove_rule
from civicmap.domain.routing.matching import Rule
from civicmap.domain.routing.queries import (
    find_route,
    list_matching_rules,
    list_rules,
    list_unreachable_rules,
)
from civicmap.extensions import db
from civicmap.foundation.geo import parse_position_text
from civicmap.foundation.locales import in_language
from civicmap.foundation.transaction import transaction


@click.group(cls=Noun)
def routing() -> None:
    """Routing rules: category and area decide the department.

    A rule for a category beats one for its group, and that beats one for anything; among those, a
    rule for an area beats one for the whole city. Below all rules stands the category's default
    department, and below that triage.
    """


@routing.command()
@click.argument("slug", metavar="CITY")
@click.option("--category", default="", help="Only this category.")
@click.option("--group", default="", help="Only this group of categories.")
@click.option("--area", default="", help="Only in this area (its slug or name).")
@click.option("--department", required=True, help="The code of who answers.")
def add(slug: str, category: str, group: str, area: str, department: str) -> None:
    """Add a rule to a CITY.

    \b
    bin/civicmap routing add poznan --category streetlight --area Jeżyce --department roads
    """
    city = the_city(slug)
    with transaction(db.session):
        rule_id = add_rule(
            db.session,
            jurisdiction_id=city.id,
            department=department,
            category=category,
            group=group,
            area=area,
        )
    shown = next(row for row in list_rules(db.session, city.id) if row.rule.id == rule_id)
    click.echo(f"Added rule {describe_rule(shown.rule)}")


@routing.command()
@click.argument("slug", metavar="CITY")
@click.argument("rule_id", metavar="RULE", type=int)
def remove(slug: str, rule_id: int) -> None:
    """Remove RULE (its number) from a CITY."""
    city = the_city(slug)
    with transaction(db.session):
        remove_rule(db.session, jurisdiction_id=city.id, rule_id=rule_id)
    click.echo(f"Removed rule {rule_id}")


@routing.command("list")
@click.argument("slug", metavar="CITY")
def list_command(slug: str) -> None:
    """List the rules of a CITY."""
    city = the_city(slug)
    rows = list_rules(db.session, city.id)
    if not rows:
        click.echo(f"{city.display_name} has no rules: each category goes to its default.")
        return
    click.echo(
        columns(
            [("rule", "what", "where", "department")]
            + [
                (
                    row.rule.id,
                    row.rule.category or (f"group {row.rule.group}" if row.rule.group else "-"),
                    row.area_name or "-",
                    row.rule.department + (" (retired: not asked)" if row.is_idle else ""),
                )
                for row in rows
            ]
        )
    )


@routing.command()
@click.argument("slug", metavar="CITY")
@click.option("--category", required=True, help="The id of a category.")
@click.option("--at", "position", required=True, help='"LATITUDE, LONGITUDE".')
def explain(slug: str, category: str, position: str) -> None:
    """Explain where a report of a category at a point of a CITY goes.

    \b
    bin/civicmap routing explain poznan --category streetlight --at "52.4136, 16.9010"
    """
    city = the_city(slug)
    point = parse_position_text(position)
    check_place(db.session, city=city, point=point)
    found = get_offered_category(db.session, city.id, category)
    areas = find_areas_at(db.session, city.id, point)
    click.echo(f"{found.display_name} ({found.key}, group {found.group_key}) at {point}")
    click.echo(f"areas: {', '.join(area.name for area in areas) or 'none'}")
    matching = list_matching_rules(db.session, city.id, category=found, areas=areas)
    for place, row in enumerate(matching):
        click.echo(f"{'wins:   ' if place == 0 else 'beaten: '}{describe_rule(row.rule)}")
    route = find_route(db.session, city.id, category=found, areas=areas)
    if not matching:
        click.echo(f"no rule; the category's default department is {found.default_department}")
    if route.department_code is None:
        click.echo("→ triage: a person decides")
    else:
        click.echo(f"→ {route.department_code}: {in_language(route.department_names)}")


@routing.command()
@click.argument("slug", metavar="CITY")
def check(slug: str) -> None:
    """List the rules of a CITY that can never win; status 1 if there are any.

    Every category is tried at every kind of place (each combination of areas that some point of the
    city lies in).
    """
    city = the_city(slug)
    idle = [row for row in list_rules(db.session, city.id) if row.is_idle]
    for row in idle:
        click.echo(f"{describe_rule(row.rule)}: its department is retired")
    found = list_unreachable_rules(db.session, city.id)
    for one in found:
        if one.shadowed_by:
            winners = "; ".join(map(describe_rule, one.shadowed_by))
            click.echo(f"{describe_rule(one.rule)}: always beaten by {winners}")
        else:
            click.echo(f"{describe_rule(one.rule)}: nothing that can be reported matches it")
    if found or idle:
        raise SystemExit(1)
    click.echo("Every rule can win somewhere.")


def describe_rule(rule: Rule) -> str:
    """ "3: streetlight in jezyce → roads"."""
    what = rule.category or (f"group {rule.group}" if rule.group else "everything")
    where = f" in {rule.area}" if rule.area else ""
    return f"{rule.id}: {what}{where} → {rule.department}"
