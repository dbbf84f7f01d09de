"""Tokens in a file that only its owner can read, for machines without a keyring."""

import fcntl
import json
import logging
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

_LARGEST = 64 * 1024
_log = logging.getLogger(__name__)


class FileCredentials:
    """A JSON object of tokens by name, mode 0600, not encrypted.

    A symbolic link, or a file of another user, is refused with `StorageError`. A file that others may read,
    as a restored backup often is, is made private at once, and the log says so."""

    backend = "file"
    encrypted = False

    def __init__(self, path: Path) -> None:
        """`path` and its folder (mode 0700) are made when the first token is kept."""
        self._path = path

    def get(self, name: str) -> str | None:
        """The token, or None."""
        return self.read().get(name)

    def set(self, name: str, token: str) -> None:
        """Keep `token`. A power cut leaves the old file or the new one, never a part."""
        self.change({name: token})

    def delete(self, name: str) -> None:
        """Forget the token; no error where there is none."""
        self.change({name: None})

    def read(self) -> dict[str, str]:
        """All texts by name."""
        with self._in_words():
            return self._read()

    def change(self, changes: Mapping[str, str | None]) -> None:
        """Keep these texts, and forget those that are None, all at once."""
        with self._in_words():
            if _changed(self._read(), changes) is None:
                return
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._folder() as folder:
                changed = _changed(self._read(), changes)
                if changed is not None:
                    self._write(changed, folder)

    def _read(self) -> dict[str, str]:
        try:
            # O_NONBLOCK: if somebody put a pipe here, opening it must not wait for its other end.
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return {}
        with os.fdopen(descriptor, "rb") as file:
            self._check(descriptor)
            try:
                tokens = json.loads(file.read(_LARGEST))
            except (ValueError, RecursionError):
                tokens = None
        if not isinstance(tokens, dict) or not all(isinstance(token, str) for token in tokens.values()):
            raise StorageError(
                _(
                    "{file} is damaged. Reports are safe. Delete that file, then log in and assign the "
                    "store again."
                ).format(file=self._path)
            )
        return tokens

    def _check(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise StorageError(
                _(
                    "{file} belongs to another user or is not a file, so no token is kept there. "
                    "Reports are safe. Remove it, then log in and assign the store again."
                ).format(file=self._path)
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            _log.warning("%s could be read by other users; it is private again", self._path)
            os.fchmod(descriptor, 0o600)

    @contextmanager
    def _folder(self) -> Iterator[int]:
        """The folder, locked: when two programs write, neither loses the other's token."""
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(folder)

    def _write(self, tokens: dict[str, str], folder: int) -> None:
        temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(tokens, file)
                file.flush()
                os.fsync(descriptor)
            temporary.replace(self._path)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
        os.fsync(folder)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                _(
                    "Tokens cannot be read or saved in {file}: {detail}. Nothing was changed there. "
                    "Check the folder's permissions and the disk."
                ).format(file=self._path, detail=system_words(error.strerror))
            ) from error


def _changed(tokens: dict[str, str], changes: Mapping[str, str | None]) -> dict[str, str] | None:
    """The texts after these changes; None where nothing changes."""
    changed = {name: text for name, text in {**tokens, **changes}.items() if text is not None}
    return None if changed == tokens else changed
