"""How this program was installed, as far as a person must know it to add an extra."""

import json
import shlex
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

VENV_OF_DEBIAN = Path("/usr/lib/factorypos-tui/venv")
_NAME = "factorypos-tui"


def how_to_add(extra: str, prefix: Path | None = None) -> str:
    """The command that adds an extra, such as `server`, to this very installation."""
    prefix = prefix or Path(sys.prefix)
    if prefix == VENV_OF_DEBIAN:
        packages = dict.fromkeys(["unicenta", extra])  # what both need of psycopg is in the first
        return " ".join(["sudo apt install", *(f"./{_NAME}-{name}_*.deb" for name in packages)])
    from_where = shlex.quote(f"{_source()}[{extra}]")
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx install --force {from_where}"
    if (prefix / "uv-receipt.toml").exists():
        return f"uv tool install --force {from_where}"
    # pip finds the program itself installed, and fetches only what is missing.
    return f"{shlex.quote(str(prefix / 'bin' / 'python'))} -m pip install '{_NAME}[{extra}]'"


def _source() -> str:
    """The wheel or folder that it was installed from, if that is still there; else its name."""
    try:
        told = json.loads(distribution(_NAME).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return _NAME
    path = unquote(urlsplit(told.get("url", "")).path)
    return path if path and Path(path).exists() else _NAME
