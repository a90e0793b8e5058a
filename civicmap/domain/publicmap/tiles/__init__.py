"""Tiles of the map: counted cells while there is much, single reports while there are few.

`answer.py` is the door. It cuts the question into ranges (`ground.py`, `days.py`), asks the
database once (`counted.py` from the pyramid, `sought.py` from the reports where no facet has it)
and puts the bytes together.
"""
