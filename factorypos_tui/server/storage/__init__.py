"""Where FactoryCLOUD keeps everything: SQLite or PostgreSQL."""
