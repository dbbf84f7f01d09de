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


@dataclass(frozen=True, slots=True)
class FloCafe:
    """FloCafe, whose file is read beside it."""

    kind: str = "flocafe"
    path: str = ""
    """Its `flo.db`; a relative path starts at the home."""
    scope: str = "day"
    """What becomes a Z: its closed days, or its closed sessions (`session`)."""
    terminal_id: str = ""
    """Written by `till connect`, and once."""
    company: str = ""
    """This and what follows counts where FloCafe's own settings lack it."""
    country: str = ""
    currency: str = ""
    timezone: str = ""
    day_starts_at: str = ""
    """`HH:MM`, before noon."""

    def open(self, home: Path) -> Till:
        """The till of this home."""
        from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup

        facts = self.company, self.country, self.currency, self.timezone, self.day_starts_at
        setup = Setup(self.terminal_id, self.scope, *facts)
        return FloCafeTill(home / (self.path or "flo.db"), setup, home / "frozen.db")


@dataclass(frozen=True, slots=True)
class UniCenta:
    """A till of the uniCenta family, in its MySQL, MariaDB or PostgreSQL. `till connect` writes these."""

    kind: str = "unicenta"
    url: str = ""
    """`mysql://USER@HOST[:PORT]/DB` or `postgresql://...`, without the password."""
    password_file: str = ""
    host: str = ""
    """The name of the till's own machine."""
    company: str = ""
    country: str = ""
    currency: str = ""
    timezone: str = ""
    day_starts_at: str = ""
    terminal_id: str = ""

    def open(self, home: Path) -> Till:
        """The till of this home; nothing is connected yet."""
        from factorypos_tui.cli.till_password import till_password
        from factorypos_tui.tills.unicenta.facts import Facts
        from factorypos_tui.tills.unicenta.server import Server
        from factorypos_tui.tills.unicenta.till import UnicentaTill

        facts = Facts(
            self.host,
            self.company,
            self.country,
            self.currency,
            self.timezone,
            self.day_starts_at,
            self.terminal_id,
        )
        server = Server(self.url, till_password(home, self.password_file), self.timezone)
        return UnicentaTill(server, facts, home)


TillConfig = Bundled | FloCafe | UniCenta
"""What `[till]` says, for every kind of till."""
KINDS: Mapping[str, type[TillConfig]] = {"bundled": Bundled, "flocafe": FloCafe, "unicenta": UniCenta}
