"""Which till is read: `kind` under `[till]` in `config.toml` decides; each kind has its own other keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factorypos_tui.cli.config_keys import TILLS, Bundled, key

if TYPE_CHECKING:  # a till is loaded when it is opened
    from factorypos_tui.core.ports import Till


_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class _Shop:
    """What a till of another program may not tell itself. FloCafe's own settings count before these."""

    company: str = key("", "the company's name", example="Bar SL")
    country: str = key("", "its country", example="ES")
    currency: str = key("", "its currency", example="EUR")
    timezone: str = key("", "the time zone in which the till closes its days", example="Europe/Madrid")
    day_starts_at: str = key("", "HH:MM before noon: a sale before it is of the day before", example="05:00")
    terminal_id: str = key("", "which till it is; `till connect` writes it, once", example=_ID)


@dataclass(frozen=True, slots=True)
class FloCafe(_Shop):
    """FloCafe, whose file is read beside it."""

    kind: str = key("flocafe", "FloCafe, whose file is read beside it", choices=TILLS)
    path: str = key("", "FloCafe's file; without it flo.db in the home", example="/srv/flocafe/flo.db")
    scope: str = key("day", "what becomes a Z: a closed day or a closed session", choices=("day", "session"))

    def open(self, home: Path) -> Till:
        """The till of this home."""
        from factorypos_tui.tills.flocafe.till import FloCafeTill, Setup

        facts = self.company, self.country, self.currency, self.timezone, self.day_starts_at
        setup = Setup(self.terminal_id, self.scope, *facts)
        return FloCafeTill(home / (self.path or "flo.db"), setup, home / "frozen.db")


@dataclass(frozen=True, slots=True)
class UniCenta(_Shop):
    """A till of the uniCenta family, in its MySQL, MariaDB or PostgreSQL. `till connect` writes these."""

    kind: str = key("unicenta", "a till of the uniCenta family, in its database", choices=TILLS)
    url: str = key("", "its database, without the password", example="mysql://reader@server/unicentaopos")
    password_file: str = key("", "a file with the password, mode 0600", example="till-password")
    host: str = key("", "the name of the till's own machine, as its data has it", example="bar-1")

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
