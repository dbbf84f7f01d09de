"""The folder with everything of one terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _

if TYPE_CHECKING:  # lists of commands need a home, and nothing of what is in it
    from factorypos_tui.cli.config import Config


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder; it is made (mode 0700) when the first file is kept in it."""

    path: Path
    named_by: str = "default"
    """What named it: `default`, `--home`, or a variable."""

    @property
    def sync_db(self) -> Path:
        """Queue, settings, assignment."""
        return self.path / "sync.db"

    @property
    def till_db(self) -> Path:
        """The bundled till, where `[till] path` does not name another file. Raises `UsageError` where this
        home has another program's till: its file is never opened as ours."""
        from factorypos_tui.cli.config_keys import Bundled

        till = self.config().till
        if not isinstance(till, Bundled):
            raise UsageError(
                _("This home reads a till of {kind}: sell and close there. Nothing was changed.").format(
                    kind=till.kind
                )
            )
        return self.path / till.path

    @property
    def has_a_till(self) -> bool:
        """Whether a till was made in this home, or another program's till was named."""
        return self.config().till.kind != "bundled" or self.till_db.exists()

    def why_no_terminal(self) -> str:
        """That nothing was made here yet, and what to do."""
        from factorypos_tui.core.language.hints import command

        words = _(
            "There is no terminal in {folder}. Look at --home and FACTORYPOS_HOME; {init} makes a new one."
        )
        return words.format(folder=self.path, init=command("till init"))

    @property
    def worker_lock(self) -> Path:
        """The lock of the one process that drains."""
        return self.path / "worker.lock"

    @property
    def logs(self) -> Path:
        """The folder of the rotating log."""
        return self.path / "logs"

    @property
    def credentials_file(self) -> Path:
        """Tokens, where there is no keyring."""
        return self.path / "credentials.json"

    def config(self, environment: Mapping[str, str] = os.environ) -> Config:
        """What `config.toml` and the environment say. Raises `UsageError` and `StorageError`."""
        from factorypos_tui.cli.config import read_config

        return read_config(self.path, environment)

    def sources(self, environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
        """Where the value of each key of `config.toml` comes from. Raises as `config`."""
        from factorypos_tui.cli.config import sources_of

        return sources_of(self.path, environment)
