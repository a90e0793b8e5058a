"""What everyone may see of reports. Every public surface reads through this folder and no other:
pages, lists, tiles, feeds. The table of reporters is never read here, and what waits for a person's
look is left out by `masking.py`.
"""
