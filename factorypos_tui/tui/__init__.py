"""The full-screen app: reads frozen snapshots, calls verbs of core, knows neither network nor database."""
