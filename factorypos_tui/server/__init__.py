"""A whole FactoryCLOUD: API v1 for people and terminals, on SQLite or PostgreSQL, for anyone to host.

It imports no other room of the program. So a bug in one serialisation cannot hide in both client and
server."""
