"""The queue in `sync.db`: its rows, what moves them, and how they are listed and searched."""
