"""The full-screen app: it reads frozen snapshots and calls verbs of core; it knows neither network nor
database."""
