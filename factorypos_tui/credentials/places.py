"""Which place a token is kept in: the safest one that this machine has."""

import hashlib
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.errors import KeyringLocked, StorageError, TokenMissing
from factorypos_tui.core.language import _
from factorypos_tui.core.ports import Credentials
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.os_keyring import KeyringCredentials
from factorypos_tui.credentials.systemd import SystemdCredentials

_FORGOTTEN = "forgotten"
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
    newest = FileCredentials(credentials_file.with_name(f"{credentials_file.stem}.newest.json"))
    places: dict[str, Credentials] = {
        "systemd": systemd,
        "keyring": OnePlace(keyring, newest),
        "file": OnePlace(file, newest),
    }
    return places.get(backend) or AllPlaces(systemd, keyring, file, newest)


class OnePlace:
    """The place that an administrator chose. The hash of the newest token is kept here, too, so that `auto`
    finds that token later."""

    def __init__(self, place: Credentials, newest: FileCredentials) -> None:
        self._place, self._newest = place, newest

    @property
    def backend(self) -> str:
        """The place's own name."""
        return self._place.backend

    @property
    def encrypted(self) -> bool:
        """Whether the place keeps tokens encrypted."""
        return self._place.encrypted

    def get(self, name: str) -> str | None:
        """The token that the place has, or None; raises `StorageError` as the place does."""
        return self._place.get(name)

    def set(self, name: str, token: str) -> None:
        """Keep `token` there; raises `StorageError` where the place does not take it."""
        self._newest.set(name, _digest(token))
        self._place.set(name, token)

    def delete(self, name: str) -> None:
        """Forget the token."""
        self._place.delete(name)
        self._newest.delete(name)


class AllPlaces:
    """A systemd credential if the service was given one, else the keyring if it can be used, else the file.

    Where there is no keyring, the file is used. The hash of each new token is kept in this home. A token with
    another hash is older: FactoryCLOUD ended it, so it is not used."""

    def __init__(
        self,
        systemd: SystemdCredentials,
        keyring: KeyringCredentials,
        file: FileCredentials,
        newest: FileCredentials,
    ) -> None:
        """`newest`: hashes of the tokens, by name."""
        self._systemd, self._keyring, self._file, self._newest = systemd, keyring, file, newest
        self._said: set[str] = set()

    @property
    def backend(self) -> str:
        """Where a new token goes: `keyring` or `file`."""
        return self._writable.backend

    @property
    def encrypted(self) -> bool:
        """Whether that place keeps tokens encrypted."""
        return self._writable.encrypted

    def get(self, name: str) -> str | None:
        """The newest token, or None. Raises `StorageError` where the file or the credential cannot be
        trusted, `KeyringLocked` where only the locked keyring can have the token, and `TokenMissing` where
        only an older token is found.

        Where no hash is known, a token in the file is taken for the newer one: it was written because the
        keyring could not be used then."""
        newest, older = self._newest.get(name), False
        if newest == _FORGOTTEN:
            return self._systemd.get(name)
        for place in (self._systemd, self._file, self._keyring):
            token = self._from(place, name, is_kept=newest is not None)
            if token and newest in (None, _digest(token)):
                if newest is None and place is not self._systemd:
                    with suppress(StorageError):  # a home of an older version; the hash is kept next time
                        self._newest.set(name, _digest(token))
                return token
            if token:
                self._say_older(place)
                older = True
        if older:
            raise TokenMissing(
                _(
                    "Only a token that is older than the one this terminal was given last is here; it is not"
                    " used. Nothing is lost. Assign the store again; take an old systemd credential"
                    " factorypos-terminal-token out of the service."
                )
            )
        return None

    def set(self, name: str, token: str) -> None:
        """Keep `token` in the keyring, or in the file; raises `StorageError` where neither takes it.

        Its hash is kept first: the token before it has ended already, even if keeping this one fails."""
        self._newest.set(name, _digest(token))
        try:
            self._keyring.set(name, token)
        except StorageError as error:
            _log.info("token kept in the file", extra={"facts": {"error": str(error)}})
            self._file.set(name, token)
        else:
            self._file.delete(name)

    def delete(self, name: str) -> None:
        """Forget the token in the keyring and in the file; raises `StorageError` where the file keeps it. A
        token that stays in a keyring which cannot be used now is never used again."""
        is_kept = self._newest.get(name) is not None
        try:
            self._keyring.delete(name)
        except StorageError as error:
            _log.info("keyring not asked to forget", extra={"facts": {"error": str(error)}})
            if is_kept:
                self._newest.set(name, _FORGOTTEN)
        else:
            self._newest.delete(name)
        self._file.delete(name)

    @property
    def _writable(self) -> Credentials:
        return self._keyring if self._keyring.usable() else self._file

    def _from(self, place: Credentials, name: str, *, is_kept: bool) -> str | None:
        try:
            return place.get(name)
        except StorageError as error:
            if place is not self._keyring or (is_kept and isinstance(error, KeyringLocked)):
                raise
            _log.info("no token in the keyring", extra={"facts": {"error": str(error)}})
            return None

    def _say_older(self, place: Credentials) -> None:
        if place.backend not in self._said:
            self._said.add(place.backend)
            _log.warning("older token not used", extra={"facts": {"place": place.backend}})


def _digest(kept: str) -> str:
    """The hash of the token alone, which is the last word of the kept text. A systemd credential holds
    nothing else."""
    return hashlib.sha256(kept.split()[-1].encode()).hexdigest()
