"""`python -m civicmap.cli COMMAND …`, which `bin/civicmap` becomes.

Flask's own command would do the same, but it offers a development server and options of its own,
and looks for the application in the folder it is called from.
"""

from __future__ import annotations

from civicmap import create_app


def main() -> None:
    """Run one command in the application; ends the process with the command's status."""
    app = create_app()
    app.cli.help = "What an operator of civicmap can do from a shell."
    with app.app_context():
        app.cli.main(prog_name="bin/civicmap")


if __name__ == "__main__":
    main()
