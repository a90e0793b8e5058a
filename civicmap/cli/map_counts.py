"""`map`: the counts behind the map, and whether they are true."""

from __future__ import annotations

import sys

import click

from civicmap.cli.noun import Noun
from civicmap.domain.publicmap.pyramid import facets
from civicmap.domain.publicmap.pyramid.fold import fold_all
from civicmap.domain.publicmap.pyramid.rebuild import rebuild
from civicmap.domain.publicmap.pyramid.verify import Difference, compare
from civicmap.extensions import db


@click.group("map", cls=Noun)
def map_counts() -> None:
    """The counts behind the map.

    They are kept as reports change, and what waits to be added is counted all the same. Nothing
    here is needed day by day.
    """


@map_counts.command("fold")
def fold_command() -> None:
    """Add all waiting changes to the counts now. The worker does so every minute."""
    click.echo(f"{fold_all(db.engine)} changes added")


@map_counts.command()
def verify() -> None:
    """Hold the counts against the reports; ends with 1 where they differ.

    Reports may change meanwhile. Ten million of them take minutes, a gigabyte of memory and some
    of disk.
    """
    compared = compare(db.engine, progress=_say)
    if not compared.differences:
        click.echo(f"{compared.cells} cells, all as the reports say")
        return
    click.echo(f"{compared.differences} of {compared.cells} cells differ from the reports:")
    for difference in compared.examples:
        click.echo(f"  {describe(difference)}")
    click.echo("To count anew: bin/civicmap map rebuild")
    sys.exit(1)


@map_counts.command("rebuild")
def rebuild_command() -> None:
    """Count all reports anew. The map goes on being served, and reports may change meanwhile.

    For after a repair or a restored backup, or when `verify` found differences.
    """
    cells = rebuild(db.engine, progress=_say)
    click.echo(f"{cells} cells counted")


def describe(difference: Difference) -> str:
    """ "city 3, category 17, level 12, cell 913: open 4 not 5"."""
    kind = facets.Kind(difference.facet >> facets.KIND_BITS & 63)
    city = difference.facet >> facets.CITY_BITS
    subject = difference.facet & (1 << facets.KIND_BITS) - 1
    name = kind.name.lower()
    if kind in facets.BY_MONTH.values():
        subject, month = subject >> facets.MONTH_BITS, subject & (1 << facets.MONTH_BITS) - 1
        name = f"{name} {subject} {month // 12}-{month % 12 + 1:02d}"
    elif kind:
        name += f" {subject}"
    unlike = ", ".join(
        f"{status} {kept} not {counted}"
        for status, counted, kept in zip(
            ("open", "in progress", "fixed", "won't fix"),
            difference.counted,
            difference.kept,
            strict=True,
        )
        if counted != kept
    )
    return (
        f"{f'city {city}' if city else 'every city'}, {name}, "
        f"level {difference.cell >> facets.LEVEL_BITS}, "
        f"cell {difference.cell & (1 << facets.LEVEL_BITS) - 1}: {unlike}"
    )


def _say(step: str) -> None:
    click.echo(f"… {step}")
