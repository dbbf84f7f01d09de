"""Which place a token rests in: the safest one that this machine has."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.ports import Credentials
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.os_keyring import KeyringCredentials
from factorypos_tui.credentials.systemd import SystemdCredentials

_log = logging.getLogger(__name__)


def open_credentials(
    home_path: Path,
    credentials_file: Path,
    backend: str = "auto",
    environment: Mapping[str, str] = os.environ,
) -> Credentials:
    """The place that `backend` names: `keyring`, `file`, `systemd`, or `auto` for all of them in turn.

    Nothing is opened or asked, and keyring is not imported, before a token or the backend is asked for."""
    systemd = SystemdCredentials(environment.get("CREDENTIALS_DIRECTORY"))
    keyring, file = KeyringCredentials(home_path), FileCredentials(credentials_file)
    places: dict[str, Credentials] = {"systemd": systemd, "keyring": keyring, "file": file}
    return places.get(backend) or AllPlaces(systemd, keyring, file)


class AllPlaces:
    """A systemd credential if the service was given one, else the keyring if it is of use, else the file.

    A keyring that is absent, locked or hung is passed over; only what the file says is an error.
    """

    def __init__(
        self, systemd: SystemdCredentials, keyring: KeyringCredentials, file: FileCredentials
    ) -> None:
        """The places in the order in which a token is looked for, but see `get`."""
        self._systemd, self._keyring, self._file = systemd, keyring, file

    @property
    def backend(self) -> str:
        """Where a new token goes: `keyring` or `file`."""
        return self._writable.backend

    @property
    def encrypted(self) -> bool:
        """Whether that place keeps tokens encrypted."""
        return self._writable.encrypted

    def get(self, name: str) -> str | None:
        """The token, or None. Raises `StorageError` where the file, or the credential, is not to be trusted.

        A token in the file was kept there because the keyring was of no use just then, so it is newer than
        one that the keyring still has: it is looked for first."""
        return self._systemd.get(name) or self._file.get(name) or self._from_keyring(name)

    def set(self, name: str, token: str) -> None:
        """Keep `token` in the keyring, or in the file; raises `StorageError` where neither takes it."""
        try:
            self._keyring.set(name, token)
        except StorageError as error:
            _log.info("a token goes to the file: %s", error)
            self._file.set(name, token)
        else:
            self._file.delete(name)

    def delete(self, name: str) -> None:
        """Forget the token in the keyring and in the file; raises `StorageError` where the file keeps it."""
        try:
            self._keyring.delete(name)
        except StorageError as error:
            _log.info("the keyring was not asked to forget a token: %s", error)
        self._file.delete(name)

    @property
    def _writable(self) -> Credentials:
        return self._keyring if self._keyring.usable() else self._file

    def _from_keyring(self, name: str) -> str | None:
        try:
            return self._keyring.get(name)
        except StorageError as error:
            _log.info("no token from the keyring: %s", error)
            return None
