"""Which build this is: two builds of one version differ by the commit that they were made from."""

import subprocess
from pathlib import Path

from factorypos_tui import __version__

_PROGRAM = Path(__file__).parents[1]
_GIT_SECONDS = 5


def version_of_this_build(program: Path = _PROGRAM) -> str:
    """`0.3.0+g1234abc` for a build from a checkout, or a run in one; else the version alone."""
    commit = _commit_built_from(program) or _commit_checked_out(program.parent)
    return f"{__version__}+{commit}" if commit else __version__


def _commit_built_from(program: Path) -> str | None:
    try:
        return (program / "build.txt").read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def _commit_checked_out(folder: Path) -> str | None:
    if not (folder / ".git").exists():
        return None
    ask = ["git", "-C", str(folder), "describe", "--always", "--exclude=*", "--dirty=.dirty"]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, check=True, timeout=_GIT_SECONDS).stdout
    except (OSError, subprocess.SubprocessError):  # there is no git, or another user owns the checkout
        return None
    return f"g{said.strip()}"
