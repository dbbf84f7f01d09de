"""Which till is read: `kind` under `[till]` in `config.toml` decides; each kind has its own other keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a till is loaded when it is opened
    from factorypos_tui.core.ports import Till


@dataclass(frozen=True, slots=True)
class Bundled:
    """The bundled till."""

    kind: str = "bundled"
    path: str = "till.db"
    """Its file; a relative path starts at the home."""

    def open(self, home: Path) -> Till:
        """The till of this home."""
        from factorypos_tui.tills.bundled.till import BundledTill

        return BundledTill(home / self.path)


TillConfig = Bundled
"""What `[till]` says, for every kind of till: a union once there are several kinds."""
KINDS: Mapping[str, type[TillConfig]] = {"bundled": Bundled}
