"""The adapters of other programs' tills and the `config.toml` of a home, joined to the port `Connector`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from factorypos_tui.cli.till_password import till_password
from factorypos_tui.core.connecting.facts import IN_A_DATABASE, KINDS, TillFacts, address_key
from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
from factorypos_tui.core.ports import Connector
from factorypos_tui.core.storage.files import replace_private_file

if TYPE_CHECKING:
    from pathlib import Path

    from factorypos_tui.cli.home import Home

_PASSWORD_FILE = "till-password"  # noqa: S105 - the name of a file in the home
_MOST_CLOSES = 3


class _Adapter(Protocol):
    """The module `connecting` of an adapter's package."""

    def hosts(self, access: Access, home: Path) -> Sequence[FoundHost]:
        """The tills in the data."""

    def last_closes(
        self, access: Access, home: Path, host: str, currency: str, n: int
    ) -> Sequence[PaperClose]:
        """The `n` newest closed days, the newest first."""


class HomeConnector(Connector):
    """The port over a home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def named(self) -> TillFacts | None:
        """What `[till]` says, where it is of another program."""
        till = self._home.config().till
        if till.kind not in KINDS:
            return None
        said = asdict(till)
        address = said.pop(address_key(till.kind))
        return TillFacts(address=address, **{"host": "", **said})

    def hosts(self, access: Access) -> Sequence[FoundHost]:
        return _adapter(access.kind).hosts(self._with_password(access), self._home.path)

    def last_closes(self, access: Access, host: str, currency: str) -> Sequence[PaperClose]:
        whole = self._with_password(access)
        return _adapter(access.kind).last_closes(whole, self._home.path, host, currency, _MOST_CLOSES)

    def grants(self, access: Access) -> Sequence[str]:
        if access.kind != IN_A_DATABASE:
            return ()
        from factorypos_tui.tills.unicenta.granting import grants

        return grants(self._with_password(access), self._home.path)

    def name(self, facts: TillFacts, password: str | None, *, afresh: bool = False) -> None:
        from factorypos_tui.cli.config_file import name_till  # its library is slow to load
        from factorypos_tui.tills.frozen import FILE, FrozenDays

        if password is not None:  # first: `config.toml` must never name a file that is not there
            replace_private_file(self._home.path / _PASSWORD_FILE, password + "\n")
            facts = replace(facts, password_file=_PASSWORD_FILE)
        name_till(self._home.path / "config.toml", facts.keys())
        if afresh:
            told = FrozenDays(self._home.path / FILE)
            told.forget(facts.terminal_id)
            told.close()

    def _with_password(self, access: Access) -> Access:
        if access.password is not None:
            return access
        named = self.named()
        kept = till_password(self._home.path, named.password_file if named else "")
        return replace(access, password=kept)


def _adapter(kind: str) -> _Adapter:
    """An adapter and its library are loaded when a person connects such a till."""
    return cast("_Adapter", import_module(f"factorypos_tui.tills.{kind}.connecting"))
