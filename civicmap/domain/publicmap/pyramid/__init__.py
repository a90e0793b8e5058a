"""Counts of reports by place, subject and time, kept exact while reports change.

A change of a report appends a delta in its own transaction (triggers, migration 0012). `fold.py`
adds deltas to the cells they lie in; whoever reads adds what waits still. `recount.py` counts all
reports, for `rebuild.py`, which puts that in place of the cells, and `verify.py`, which holds it
against them. See docs/decisions/0017-counts-pyramid.md.
"""
