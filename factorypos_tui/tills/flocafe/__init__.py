"""FloCafe, a program for cafés: its SQLite file is read beside it, and never written."""
