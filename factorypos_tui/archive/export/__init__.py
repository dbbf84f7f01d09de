"""Writes exports: directories that hold a shop's Z reports, and can be checked without us."""
