"""The folder with everything of one terminal, and what its administrator set in `config.toml`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from factorypos_tui.cli.tills import KINDS, Bundled, TillConfig
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _


@dataclass(frozen=True, slots=True)
class CredentialsConfig:
    """`[credentials]`: where tokens are kept; `auto` takes the safest place of this machine."""

    backend: str = "auto"


@dataclass(frozen=True, slots=True)
class Config:
    """`config.toml`: what an administrator sets for this machine."""

    cloud_url: str | None = None
    ca_file: str | None = None
    proxy: str | None = None
    terminal_name: str | None = None
    x_interval_minutes: int = 30
    till: TillConfig = field(default_factory=Bundled)
    credentials: CredentialsConfig = field(default_factory=CredentialsConfig)


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder; it is made (mode 0700) when the first file is kept in it."""

    path: Path

    @property
    def sync_db(self) -> Path:
        """Queue, settings, assignment."""
        return self.path / "sync.db"

    @property
    def till_db(self) -> Path:
        """The bundled till, where `[till] path` does not name another file. Raises `UsageError` where this
        home has another program's till: its file is never opened as ours."""
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
        return not isinstance(self.config().till, Bundled) or self.till_db.exists()

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
        """What `config.toml` and the environment say; the environment wins.

        Raises `UsageError` naming the file, the key and the nearest known key."""
        file = self.path / "config.toml"
        try:
            values = _read_toml(file) if file.exists() else {}
        except ValueError as error:  # it is no TOML, or no UTF-8
            raise UsageError(_("{file} cannot be read: {detail}").format(file=file, detail=error)) from error
        except OSError as error:
            raise StorageError(
                _("{file} cannot be read: {detail}").format(file=file, detail=error)
            ) from error
        for name, key in {"FACTORYPOS_CLOUD_URL": "cloud_url", "FACTORYPOS_CA_FILE": "ca_file"}.items():
            if environment.get(name):
                values[key] = environment[name]
        return _config(values, file)


_CHOICES = {
    "till.kind": tuple(KINDS),
    "till.scope": ("day", "session"),
    "credentials.backend": ("auto", "keyring", "file", "systemd"),
}


def _read_toml(file: Path) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(file.read_text("utf-8"))


def _config(values: dict[str, Any], file: Path) -> Config:
    sections: dict[str, Any] = {}
    for name in ("till", "credentials"):
        if name in values:
            table = values.pop(name)
            if not isinstance(table, dict):
                raise UsageError(_("{file}: {key} must be a section: [{key}]").format(file=file, key=name))
            section: type[Any] = CredentialsConfig
            if name == "till":
                table = {"kind": "bundled"} | table  # checked first: it decides which other keys there are
                section = KINDS.get(str(table["kind"]), Bundled)
            _check(table, section, file, f"{name}.")
            sections[name] = section(**table)
    _check(values, Config, file, "")
    return Config(**values, **sections)


def _check(values: Mapping[str, Any], section: type, file: Path, prefix: str) -> None:
    known = {entry.name: entry.type for entry in fields(section)}
    for key, value in values.items():
        name = prefix + key
        if key not in known:
            import difflib

            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)
            raise UsageError(
                _("{file}: there is no setting {key}. The nearest one is {nearest}.").format(
                    file=file, key=name, nearest=prefix + nearest[0]
                )
            )
        if known[key] is int:
            fits, wanted = type(value) is int and 1 <= value <= 24 * 60, _("a number from 1 to 1440")
        else:
            fits, wanted = isinstance(value, str), _("a text")
        if not fits:
            raise UsageError(_("{file}: {key} must be {wanted}.").format(file=file, key=name, wanted=wanted))
        if name in _CHOICES and value not in _CHOICES[name]:
            raise UsageError(
                _("{file}: {key} must be one of: {choices}.").format(
                    file=file, key=name, choices=", ".join(_CHOICES[name])
                )
            )
