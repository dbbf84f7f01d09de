"""Examining a terminal: what a supporter would ask for, check by check."""
