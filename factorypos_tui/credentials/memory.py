"""What a home remembers of its tokens: hashes and names of places, never a token."""

import hashlib
from dataclasses import dataclass

from factorypos_tui.credentials.file import FileCredentials

FORGOTTEN = "forgotten"
"""In place of a hash: the token that a place could not forget is never used again."""
_KEYS = {"newest": "{}", "kept_in": "{} place", "with_service": "{} with the service"}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered under one name."""

    newest: str | None
    """The hash of the token that was given last; None where that is not known."""
    kept_in: str | None
    """The place where that token was kept or found last."""
    with_service: str | None
    """The hash of the systemd credential that the service has."""

    def is_newest(self, token: str) -> bool:
        """Whether this is the token that was given last. Where no hash is known, any may be."""
        return self.newest in (None, digest(token))

    @property
    def is_with_service(self) -> bool:
        """Whether the service has the newest token as a credential."""
        return self.with_service is not None and self.newest in (None, self.with_service)

    @property
    def place(self) -> str | None:
        """The place of the token in use."""
        return "systemd" if self.is_with_service else self.kept_in


class Memory:
    """A private file beside that of the tokens. Methods raise `StorageError` as the file does."""

    def __init__(self, file: FileCredentials) -> None:
        """`file` may hold hashes alone, as older versions left it."""
        self._file = file

    def of(self, name: str) -> Remembered:
        """What is remembered under a name."""
        texts = self._file.read()
        return Remembered(*(texts.get(key.format(name)) for key in _KEYS.values()))

    def note(self, name: str, **facts: str | None) -> None:
        """Remember these fields of `Remembered`; the others stay, since another process may just have noted
        them."""
        self._file.change({_KEYS[fact].format(name): text for fact, text in facts.items()})


def digest(kept: str) -> str:
    """The hash of the token alone, which is the last word of the kept text."""
    return hashlib.sha256(kept.split()[-1].encode()).hexdigest()
