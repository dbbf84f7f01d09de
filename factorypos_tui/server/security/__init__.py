"""Passwords, tokens, and how often a caller may try."""
