"""The password of another till's database: from a file, a systemd credential, or the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words
from factorypos_tui.core.storage.secret_files import read_secret

CREDENTIAL = "factorypos-till-password"
"""The name of the systemd credential."""
VARIABLE = "FACTORYPOS_TILL_PASSWORD"


def till_password(home: Path, password_file: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The password, or None where none is kept anywhere. A relative `password_file` starts at the home; where
    it is empty, the credential counts, then the variable.

    Raises `StorageError` where a file cannot be read, or users other than its owner may read it."""
    if password_file:
        return _read(home / password_file, is_private=True)
    if folder := environment.get("CREDENTIALS_DIRECTORY"):
        credential = Path(folder) / CREDENTIAL
        if credential.exists():
            return _read(credential, is_private=False)  # systemd guards its folder
    return environment.get(VARIABLE) or None


def _read(file: Path, *, is_private: bool) -> str:
    try:
        secret = read_secret(file)
    except (OSError, UnicodeDecodeError) as error:
        why = system_words(error.strerror) if isinstance(error, OSError) else _("it is no text")
        raise StorageError(
            _("The till's password in {file} cannot be read: {detail}").format(file=file, detail=why)
        ) from error
    if is_private and not secret.is_private:
        raise StorageError(
            _("{file} has a password, and other users may read it. First: chmod 600 {file}").format(file=file)
        )
    return secret.text
