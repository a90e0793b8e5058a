"""How civicmap starts on a machine that has git and Python and perhaps nothing else.

Standard library only: this runs before there is a virtual environment.
"""
