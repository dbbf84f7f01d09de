"""A whole FactoryCLOUD: API v1 for people and terminals, on SQLite or PostgreSQL, for anyone to host.

It imports no other room of the program, so one serialisation bug cannot hide on both sides of the wire.
"""
