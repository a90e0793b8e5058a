"""The application for gunicorn and the flask command."""

from civicmap import create_app

app = create_app()
