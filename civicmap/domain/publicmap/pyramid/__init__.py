"""Counts of reports by place, subject and time, kept exact while reports change.

A change of a report appends a delta in its own transaction (triggers, migration 0012). `fold.py`
adds deltas to the cells they lie in; whoever reads adds what waits still. `rebuild.py` counts the
reports anew, `verify.py` compares. See docs/decisions/0018-counts-pyramid.md.
"""
