"""The three places of a home's tokens, in the order in which they are read and written."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from factorypos_tui.core.errors import KeyringLocked, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.memory import Memory, Remembered, digest
from factorypos_tui.credentials.os_keyring import KeyringCredentials, KeyringUnusable
from factorypos_tui.credentials.systemd import SystemdCredentials

Writable = KeyringCredentials | FileCredentials
Place = SystemdCredentials | Writable
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rooms:
    """What config.toml has chosen among a systemd credential, the keyring and the file.

    Whatever is chosen, the credential and the file are read, and the newest token counts. The keyring is
    asked only where it may be chosen."""

    systemd: SystemdCredentials
    keyring: KeyringCredentials
    file: FileCredentials
    memory: Memory
    chosen: str = "auto"
    is_service: bool = False
    """Whether what this process has for a systemd credential is what the service has."""

    @property
    def writes(self) -> Sequence[Writable]:
        """Where a new token goes: the first that takes it."""
        if self.chosen == "keyring":
            return (self.keyring,)
        return (self.file,) if self.chosen in ("file", "systemd") else (self.keyring, self.file)

    @property
    def reads(self) -> Sequence[Place]:
        """Where a token is looked for."""
        every: Sequence[Place] = (self.systemd, self.file, self.keyring)
        return every if self.keyring in self.writes else every[:2]

    def known(self, name: str) -> Remembered:
        """What is remembered; the service notes which credential it has."""
        known = self.memory.of(name)
        if not self.is_service or name != "terminal":
            return known
        credential = self.systemd.get(name)
        now = replace(known, with_service=digest(credential) if credential else None)
        if now != known:
            with suppress(StorageError):  # noted next time
                self.memory.note(name, with_service=now.with_service)
        return now

    def ask(self, place: Place, name: str, known: Remembered) -> str | None:
        """What a place has. A keyring that cannot be used counts as empty, unless the token must be there:
        then this raises `KeyringLocked`. The other places raise `StorageError`."""
        try:
            return place.get(name)
        except (KeyringLocked, KeyringUnusable) as error:
            if not known.is_with_service:
                self._raise_if_it_is_there(error, known)
            level = logging.INFO if isinstance(error, KeyringLocked) else logging.DEBUG  # else there is none
            _log.log(level, "no token in the keyring", extra={"facts": {"error": str(error)}})
            return None

    def _raise_if_it_is_there(self, error: StorageError, known: Remembered) -> None:
        if isinstance(error, KeyringUnusable) and known.kept_in == self.keyring.backend:
            raise _out_of_reach(error) from error
        may_be_there = known.newest is not None and known.kept_in in (None, self.keyring.backend)
        if self.chosen == "keyring" or (may_be_there and isinstance(error, KeyringLocked)):
            raise error


def _out_of_reach(error: KeyringUnusable) -> KeyringLocked:
    return KeyringLocked(
        _(
            "The token is in the keyring, which cannot be used from here ({detail}): a service, a timer and"
            " SSH have none. Nothing is lost, reports stay in the queue. In this user's desktop session:"
            " {command}"
        ).format(detail=error.detail, command=command("credentials move file"))
    )
