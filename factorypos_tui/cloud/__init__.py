"""Talking to FactoryCLOUD over HTTP (port `Cloud`)."""

import sys

# httpx imports its own command line where it can: 3 MiB that no till needs.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # with None an import of it fails at once
