"""Where tokens rest: the port, and what is told of each place. No character of a token is ever told."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Held(StrEnum):
    """What a place has under a name."""

    IN_USE = "in_use"
    COPY = "copy"
    """The token in use once more."""
    NOT_CHOSEN = "not_chosen"
    """The newest token, where config.toml does not want it; in a keyring it is then not found."""
    OLDER = "older"
    """Another token than the one given last: it is not used."""
    NOTHING = "nothing"
    ABSENT = "absent"
    """This machine has no such place."""
    LOCKED = "locked"
    """The place does not answer, so what it has is not known."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What one place has under a name."""

    place: str
    """`systemd`, `keyring`, `file` or `memory`."""
    is_encrypted: bool
    held: Held


class Credentials(Protocol):
    """Where tokens are kept. Names are `user` and `terminal`."""

    @property
    def backend(self) -> str:
        """The place that a new token goes to, in a word: `keyring`, `file`, `memory`."""

    @property
    def encrypted(self) -> bool:
        """Whether that place keeps tokens encrypted."""

    def get(self, name: str) -> str | None:
        """The token, or None; raises `StorageError` where the place cannot be trusted."""

    def set(self, name: str, token: str) -> None:
        """Keep `token`; raises `StorageError` where no place takes it."""

    def delete(self, name: str) -> None:
        """Forget the token in every place; no error where there is none."""

    def place(self, name: str) -> str | None:
        """The place of the token in use, as this home remembers it: asks no keyring. None where there is no
        token."""

    def look(self, name: str) -> Sequence[Rest]:
        """What each place has; asks the keyring. Raises `StorageError` where the file cannot be trusted."""

    def move(self, name: str, place: str) -> bool:
        """Have the token rest in a place, and nowhere else that can be written; False where there is no
        token, or where the service was not given it yet as a systemd credential. The old place is emptied
        only after the new one has given the token back.

        Raises `UsageError` where config.toml names another place, and `StorageError` where the place does
        not take it: then nothing was changed."""


def is_encrypted(place: str | None) -> bool:
    """Whether a place is known to keep tokens encrypted. Of a systemd credential only its unit tells."""
    return place in ("keyring", "memory")
