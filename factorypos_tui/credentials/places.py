"""Which place a token is kept in: the safest one that this machine has, or the one that config.toml names."""

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.credentials import Credentials, Rest
from factorypos_tui.core.errors import StorageError, TokenMissing, TokenWithService
from factorypos_tui.core.language import _
from factorypos_tui.credentials import moving
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.memory import FORGOTTEN, Memory, Remembered, digest
from factorypos_tui.credentials.os_keyring import KeyringCredentials
from factorypos_tui.credentials.rooms import Place, Rooms, Writable
from factorypos_tui.credentials.systemd import SystemdCredentials

_log = logging.getLogger(__name__)


def open_credentials(
    home_path: Path,
    credentials_file: Path,
    backend: str = "auto",
    environment: Mapping[str, str] = os.environ,
) -> Credentials:
    """The places of a home; `backend` is what config.toml says: `keyring`, `file`, `systemd`, or `auto`.

    Nothing is opened or asked, and keyring is not imported, before a token or the backend is asked for."""
    memory = Memory(FileCredentials(credentials_file.with_name(f"{credentials_file.stem}.newest.json")))
    return Places(
        Rooms(
            SystemdCredentials(environment.get("CREDENTIALS_DIRECTORY")),
            KeyringCredentials(home_path),
            FileCredentials(credentials_file),
            memory,
            backend,
            is_service=not environment.keys().isdisjoint({"CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET"}),
        )
    )


class Places:
    """`auto` keeps a new token in the keyring, and in the file where no keyring can be used. `keyring` and
    `file` keep it there or nowhere. `systemd` keeps it in the file until an administrator has given it to the
    service.

    The hash of each new token is kept in this home. A token with another hash is older: FactoryCLOUD ended
    it, so it is not used."""

    def __init__(self, rooms: Rooms) -> None:
        """`rooms`: the places, and what is remembered of them."""
        self._rooms = rooms
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
        trusted, `KeyringLocked` where only the keyring can have the token and does not give it,
        `TokenWithService` where only the service can read it, and `TokenMissing` where only an older token is
        found.

        Where no hash is known, a token in the file is taken for the newer one: it was written because the
        keyring could not be used then."""
        rooms = self._rooms
        known, older = rooms.known(name), False
        if known.newest == FORGOTTEN:
            return rooms.systemd.get(name)
        for place in rooms.reads:
            token = rooms.ask(place, name, known)
            if token and known.is_newest(token):
                self._note_found(name, token, place, known)
                return token
            if token:
                self._say_older(place)
                older = True
        if known.is_with_service:
            raise with_service()
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
        """Keep `token` where a new one goes; raises `StorageError` where no place takes it.

        Its hash is kept first: the token before it has ended already, even if keeping this one fails."""
        rooms = self._rooms
        rooms.memory.note(name, newest=digest(token))
        place = self._keep(name, token)
        rooms.memory.note(name, kept_in=place.backend)
        if place is not rooms.file:
            rooms.file.delete(name)

    def delete(self, name: str) -> None:
        """Forget the token in the keyring and in the file; raises `StorageError` where the file keeps it. A
        token that stays in a keyring which cannot be used now is never used again."""
        rooms, newest = self._rooms, None
        known = rooms.memory.of(name)
        try:
            if rooms.keyring in rooms.reads or known.kept_in == rooms.keyring.backend:
                rooms.keyring.delete(name)
        except StorageError as error:
            _log.info("keyring not asked to forget", extra={"facts": {"error": str(error)}})
            newest = FORGOTTEN if known.newest else None
        rooms.memory.note(name, newest=newest, kept_in=None, with_service=None)
        rooms.file.delete(name)

    def place(self, name: str) -> str | None:
        """The place of the token in use, as the home remembers it; None also where that cannot be read."""
        with suppress(StorageError):
            return self._rooms.memory.of(name).place
        return None

    def look(self, name: str) -> Sequence[Rest]:
        """What each place has. What the service has is told as the service has noted it."""
        return moving.look(self._rooms, name)

    def move(self, name: str, place: str) -> bool:
        """Have the token rest in `keyring` or `file`; in `systemd` once the service has it."""
        return moving.move(self._rooms, name, place)

    @property
    def _writable(self) -> Writable:
        *better, last = self._rooms.writes
        return better[0] if better and self._rooms.keyring.usable() else last

    def _keep(self, name: str, token: str) -> Writable:
        *better, last = self._rooms.writes
        for place in better:
            try:
                place.set(name, token)
            except StorageError as error:
                _log.info("token kept in the file", extra={"facts": {"error": str(error)}})
            else:
                return place
        last.set(name, token)
        return last

    def _note_found(self, name: str, token: str, place: Place, known: Remembered) -> None:
        """Note where the token was found. What the service has is noted by the service."""
        if known.place in (place.backend, "systemd"):
            return
        with suppress(StorageError):  # noted next time
            self._rooms.memory.note(name, kept_in=place.backend)
            if known.newest is None:  # a home of an older version
                self._rooms.memory.note(name, newest=digest(token))

    def _say_older(self, place: Place) -> None:
        if place.backend not in self._said:
            self._said.add(place.backend)
            _log.warning("older token not used", extra={"facts": {"place": place.backend}})


def with_service() -> TokenWithService:
    """The error of a command that needs the token which only the service can read."""
    return TokenWithService(
        _(
            "The token of this terminal is a systemd credential, which only the service can read. Reports go"
            " on as long as the service runs: start it if nothing is sent."
        )
    )
