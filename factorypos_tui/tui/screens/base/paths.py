"""Paths as people type them."""

from pathlib import Path


def path_typed(text: str) -> Path:
    """A path that begins in the person's home folder, where it does not say otherwise; ~ stands for that."""
    try:
        return Path.home() / Path(text).expanduser()
    except RuntimeError:  # ~name of an unknown user
        return Path.home() / text
