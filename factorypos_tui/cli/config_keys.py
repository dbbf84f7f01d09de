"""The keys of `config.toml`, each declared once: parser, template, JSON Schema and `doctor` read that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a till is loaded when it is opened
    from factorypos_tui.core.ports import Till

FROM_ENVIRONMENT: Mapping[str, Sequence[str]] = {
    "cloud_url": ("FACTORYPOS_CLOUD_URL",),
    "ca_file": ("FACTORYPOS_CA_FILE",),
}
"""Variables of the environment that count in place of a key."""
WHERE_NOT_SET: Mapping[str, Sequence[str]] = {"proxy": ("https_proxy", "HTTPS_PROXY")}
"""Variables that count where `config.toml` does not have the key: other programs use them, too."""
TILLS = ("bundled", "flocafe", "unicenta")
"""The kinds of till: words under `[till]`."""


def key(
    default: Any, about: str, *, example: str = "", choices: Sequence[str] = (), most: int | None = None
) -> Any:
    """A key of a section. `about`: its meaning in a line, in English, as in the template. `example`: a value,
    where the default is none. A number goes from 1 to `most`."""
    return field(
        default=default,
        metadata={"about": about, "example": example, "choices": tuple(choices), "most": most},
    )


def keys_of(section: type) -> list[Field[Any]]:
    """The keys of a section of `config.toml`, without the sections in it."""
    return [entry for entry in fields(section) if entry.default is not MISSING]


@dataclass(frozen=True, slots=True)
class CredentialsConfig:
    """`[credentials]`."""

    backend: str = key(
        "auto",
        "where tokens are kept; auto: the safest place of this machine",
        choices=("auto", "keyring", "file", "systemd"),
    )


@dataclass(frozen=True, slots=True)
class Bundled:
    """The bundled till."""

    kind: str = key("bundled", "the till that this program brings", choices=TILLS)
    path: str = key("till.db", "its file")

    def open(self, home: Path) -> Till:
        """The till of this home."""
        from factorypos_tui.tills.bundled.till import BundledTill

        return BundledTill(home / self.path)
