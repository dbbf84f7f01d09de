"""Prints the lines of requirements.lock for what an extra brings along, with versions and hashes.

.venv/bin/python packaging/deb/pinned.py [EXTRA]    EXTRA: server, unicenta; none: what every till needs"""

import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def libraries(extra: str = "", environment: Mapping[str, str] | None = None) -> set[str]:
    """Every library that the program brings along with this extra; on this machine, unless `environment` has
    the markers of another. Their metadata are those of `.venv`, which holds what is locked."""
    waiting, seen = [("factorypos-tui", frozenset({extra}))], set()
    while waiting:
        name, extras = waiting.pop()
        for text in _requirements_of(name, extras):
            wanted = Requirement(text)
            asked_for = [{**(environment or {}), "extra": one} for one in (*extras, "")]
            if wanted.marker and not any(wanted.marker.evaluate(dict(one)) for one in asked_for):
                continue
            step = canonicalize_name(wanted.name), frozenset(wanted.extras)
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return {name for name, _ in seen}


def _requirements_of(name: str, extras: frozenset[str]) -> list[str]:
    if name != "factorypos-tui":
        return distribution(name).requires or []
    optional = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(text for extra in extras for text in optional.get(extra, ()))]


if __name__ == "__main__":
    wanted = libraries("".join(sys.argv[1:]))
    for entry in re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text("utf-8").strip()):
        if re.split(r"[\[=]", entry)[0] in wanted:
            sys.stdout.write(f"{entry}\n")
