"""The application for gunicorn and the flask command."""

import gc

from civicmap import create_app

app = create_app()
# What is there from now on stays: processes forked from this one share it, and none looks through
# it for garbage in the middle of an answer.
gc.collect()
gc.freeze()
