"""What everyone may see of reports. Every public surface reads through this folder and no other:
pages, lists, tiles, feeds. The table of reporters is never read here, but to find a report by the
secret of its reporter's own link.
"""
