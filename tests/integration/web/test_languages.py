"""Everybody is spoken to in their own language, whoever came before."""

from __future__ import annotations

from flask import Flask

from civicmap.foundation import locales


def test_a_constant_is_written_for_each_reader_and_not_for_the_first(app: Flask) -> None:
    with app.app_context():
        locales.speak("pl")
        page = app.jinja_env.from_string("{{ 12345.6|local_number }}")
        assert page.render() == "12\u00a0345,6"
        locales.speak("en")
        assert page.render() == "12,345.6"
