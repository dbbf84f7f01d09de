"""`config.toml`: what an administrator sets for this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factorypos_tui.cli.config_keys import (
    FROM_ENVIRONMENT,
    WHERE_NOT_SET,
    Bundled,
    CredentialsConfig,
    key,
    keys_of,
)

if TYPE_CHECKING:
    from factorypos_tui.cli.config_reading import ConfigFile
    from factorypos_tui.cli.tills import TillConfig


@dataclass(frozen=True, slots=True)
class Config:
    """What `config.toml` says; the parser, the template and the JSON Schema follow these lines."""

    cloud_url: str | None = key(
        None, "the address of FactoryCLOUD, without /v1", example="https://cloud.example.com"
    )
    ca_file: str | None = key(
        None, "a private certificate authority (PEM), trusted beside the system's", example="our-ca.pem"
    )
    proxy: str | None = key(
        None, "an HTTP proxy, perhaps http://USER:PASSWORD@HOST:PORT", example="http://proxy:3128"
    )
    terminal_name: str | None = key(
        None, "the name of this terminal in reports, in place of the till's", example="Bar 1"
    )
    x_interval_minutes: int = key(
        30, "every how many minutes the running day is sent, where X reports are on", most=1440
    )
    log_level: str = key(
        "info",
        "the least that the log keeps; the journal of the service has warnings and errors, with debug all",
        choices=("error", "warning", "info", "debug"),
    )
    till: TillConfig = field(default_factory=Bundled)
    credentials: CredentialsConfig = field(default_factory=CredentialsConfig)


def read_config(home: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """What `config.toml` of this home and the environment say. A relative path in the file starts at the
    home, one in a variable at the working directory.

    Raises `UsageError` naming the file, the line, the key and the nearest known key, and `StorageError`."""
    file = _file(home)
    config = file.config() if file else Config()
    chosen: dict[str, Any] = {
        name: environment[variable] for name, variable in _variables(config, environment).items()
    }
    if "://" not in chosen.get("proxy", "://"):
        chosen["proxy"] = f"http://{chosen['proxy']}"  # in a variable it is usual without
    config, folder = replace(config, **chosen), Path.cwd() if "ca_file" in chosen else home.absolute()
    return replace(config, ca_file=str(folder / config.ca_file)) if config.ca_file else config


def sources_of(home: Path, environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Where the value of each key comes from: `default`, `config.toml`, or the name of a variable. Raises as
    `read_config`."""
    file = _file(home)
    config, values = (file.config(), file.values) if file else (Config(), {})
    sources = {}
    for section, name in ((Config, ""), (type(config.till), "till"), (CredentialsConfig, "credentials")):
        written = values.get(name, {}) if name else values
        for entry in keys_of(section):
            full = f"{name}.{entry.name}" if name else entry.name
            sources[full] = "config.toml" if entry.name in written else "default"
    return sources | _variables(config, environment)


def _variables(config: Config, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that count, by the key in whose place they do."""
    not_set = {name: variables for name, variables in WHERE_NOT_SET.items() if getattr(config, name) is None}
    first = {
        name: next(filter(environment.get, variables), None)
        for name, variables in {**FROM_ENVIRONMENT, **not_set}.items()
    }
    return {name: variable for name, variable in first.items() if variable}


def _file(home: Path) -> ConfigFile | None:
    """The `config.toml` of a home, if there is one; what reads it is loaded then only."""
    path = home / "config.toml"
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:  # what reads the file says it in words
        pass
    from factorypos_tui.cli.config_reading import ConfigFile

    return ConfigFile(path)
