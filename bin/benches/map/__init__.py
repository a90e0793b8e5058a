"""The map at many millions of reports."""
