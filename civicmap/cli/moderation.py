"""`moderation`: what of a city's new reports waits for a person's look."""

from __future__ import annotations

import click

from civicmap.cli.noun import Noun, columns, the_city
from civicmap.domain.categories.queries import get_offered_category
from civicmap.domain.moderation.actions import clear_rule, set_rule
from civicmap.domain.moderation.policies import Decision, Policy, Rule
from civicmap.domain.moderation.queries import find_decision, list_rules
from civicmap.extensions import db
from civicmap.foundation.transaction import transaction

MEANING = {
    Policy.AT_ONCE: "everything shows at once",
    Policy.HOLD_CONTENT: "the pin shows at once; words, photos and address after a look",
    Policy.HOLD_ALL: "nothing shows before a look",
}


@click.group(cls=Noun)
def moderation() -> None:
    """Moderation rules: what shows before a person has looked.

    \b
    at_once       everything shows at once (so it is without a rule)
    hold_content  pin and category show; words, address, photos and answers wait
    hold_all      nothing shows

    A rule for a category beats one for its group, and that beats one for the city. Categories with
    `public: false` in seed_categories.yaml are held whatever a rule says; people with a confirmed
    contact wait for no rule.
    """


@moderation.command("list")
@click.argument("slug", metavar="CITY")
def list_command(slug: str) -> None:
    """List the rules of a CITY."""
    city = the_city(slug)
    rows = list_rules(db.session, city.id)
    if not rows:
        click.echo(f"{city.display_name} has no rules: {MEANING[Policy.AT_ONCE]}.")
        return
    click.echo(
        columns(
            [("what", "policy", "meaning")]
            + [
                (
                    describe_subject(row.rule) + (" (retired)" if row.is_idle else ""),
                    row.rule.policy.value,
                    MEANING[row.rule.policy],
                )
                for row in rows
            ]
        )
    )


@moderation.command("set")
@click.argument("slug", metavar="CITY")
@click.option("--category", default="", help="Only this category.")
@click.option("--group", default="", help="Only this group of categories.")
@click.argument("policy", type=click.Choice([policy.value for policy in Policy]))
def set_command(slug: str, category: str, group: str, policy: str) -> None:
    """Set the policy of a CITY, or of a category or group of it.

    Reports that are there already stay as they are.

    \b
    bin/civicmap moderation set poznan --group waste hold_content
    """
    city = the_city(slug)
    with transaction(db.session):
        set_rule(
            db.session,
            jurisdiction_id=city.id,
            policy=Policy(policy),
            category=category,
            group=group,
        )
    rule = Rule(Policy(policy), category or None, group or None)
    click.echo(f"{city.display_name}, {describe_subject(rule)}: {MEANING[Policy(policy)]}")


@moderation.command("clear")
@click.argument("slug", metavar="CITY")
@click.option("--category", default="", help="The rule for this category.")
@click.option("--group", default="", help="The rule for this group of categories.")
def clear_command(slug: str, category: str, group: str) -> None:
    """Take away the rule of a CITY, or of a category or group of it."""
    city = the_city(slug)
    with transaction(db.session):
        clear_rule(db.session, jurisdiction_id=city.id, category=category, group=group)
    rule = Rule(Policy.AT_ONCE, category or None, group or None)
    click.echo(f"{city.display_name}, {describe_subject(rule)}: no rule any more")


@moderation.command()
@click.argument("slug", metavar="CITY")
@click.option("--category", required=True, help="The id of a category.")
@click.option("--trusted", is_flag=True, help="For somebody whose contact is confirmed.")
def explain(slug: str, category: str, trusted: bool) -> None:
    """Explain what of a new report of a category in a CITY shows at once.

    \b
    bin/civicmap moderation explain poznan --category flytipping
    """
    city = the_city(slug)
    found = get_offered_category(db.session, city.id, category)
    click.echo(f"{found.display_name} ({found.key}, group {found.group_key})")
    decision = find_decision(db.session, city.id, found.id, is_trusted=trusted)
    click.echo(describe_decision(decision))
    click.echo(f"→ {decision.policy.value}: {MEANING[decision.policy]}")


def describe_subject(rule: Rule) -> str:
    """ "group waste", "flytipping", "the whole city"."""
    if rule.category:
        return rule.category
    return f"group {rule.group}" if rule.group else "the whole city"


def describe_decision(decision: Decision) -> str:
    """What decided, in a line."""
    if decision.by == "category":
        return "the category is never public at once (public: false): no rule and no trust counts"
    if decision.rule is None:
        return "no rule speaks of it"
    rule = f"{describe_subject(decision.rule)}: {decision.rule.policy.value}"
    if decision.by == "trusted":
        return f"beaten: {rule}; a confirmed contact waits for no rule"
    return f"wins: {rule}"
