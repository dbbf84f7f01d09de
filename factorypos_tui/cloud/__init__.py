"""Talking to FactoryCLOUD over HTTP (port `Cloud`)."""

import sys

# httpx imports its own command line wherever that can be: 3 MiB of highlighters that a till has no use for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: an import of it fails at once
