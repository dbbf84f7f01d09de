"""Keyrings as they are met: one that works, and those that do not."""
# ruff: noqa: ARG002 - keyring's signatures

import threading
from collections.abc import Sequence

from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked, NoKeyringError


class RealKeyring(KeyringBackend):
    """Keeps its secrets in memory, as a desktop's keyring does once it is unlocked."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring gives it no types
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


class LockableKeyring(RealKeyring):
    """Locked, it refuses everything; what it says repeats the token, as no backend should."""

    locked = True

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked(f"locked: {password}")
        super().set_password(service, username, password)


class AbsentKeyring(RealKeyring):
    """Nothing is there."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError(f"none for {service}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError(f"none for {service}")


class HangingKeyring(RealKeyring):
    """Waits, as for a prompt that no person sees, until `released`."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.questions = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._hang()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._hang()
        super().set_password(service, username, password)

    def _hang(self) -> None:
        self.questions += 1
        self.released.wait()


class PlaintextKeyring(RealKeyring):
    """As keyrings.alt's: base64 in a file that anybody may read."""


class EncryptedFileKeyring(RealKeyring):
    """As keyrings.cryptfile's: asks for a password on the terminal."""


PlaintextKeyring.__module__ = "keyrings.alt.file"
EncryptedFileKeyring.__module__ = "keyrings.cryptfile.cryptfile"


class Chain(ChainerBackend):
    """keyring's own, but for where it finds its backends; the best comes first."""

    backends: Sequence[KeyringBackend] = ()

    def __init__(self, *kinds: type[KeyringBackend]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring gives it no types
        self.backends = [kind() for kind in kinds]
