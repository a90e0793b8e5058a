"""civicmap's own commands (`flask --app wsgi …`), callable from any folder."""

from __future__ import annotations

from bootstrap.checkout import CHECKOUT, VENV_PYTHON

AS_CIVICMAP = "from flask.cli import cli; cli.main(prog_name='bin/civicmap')"


def flask(*arguments: str) -> list[str]:
    """The command line; the application by its full path, or Flask would look in the current
    folder first and find somebody else's `wsgi.py`.
    """
    return [str(VENV_PYTHON), "-m", "flask", "--app", str(CHECKOUT / "wsgi.py"), *arguments]


def flask_for_people(*arguments: str) -> list[str]:
    """The same for a person's eyes: the usage lines say `bin/civicmap`, not `python -m flask`.

    It finds the application by FLASK_APP, which is in the environment of all our processes.
    """
    return [str(VENV_PYTHON), "-c", AS_CIVICMAP, *arguments]
