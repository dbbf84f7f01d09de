"""The terminal token as a systemd credential (`LoadCredential=` or `LoadCredentialEncrypted=`)."""

from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.storage.secret_files import read_secret


class SystemdCredentials:
    """Read-only: an administrator gives the token to the service, and takes it away."""

    backend = "systemd"
    encrypted = False  # systemd does not tell whether the file on disk is; in memory it is plain

    def __init__(self, directory: str | None) -> None:
        """`directory`: `$CREDENTIALS_DIRECTORY`, which systemd sets for a service that has credentials."""
        self._directory = Path(directory) if directory else None

    def get(self, name: str) -> str | None:
        """The token from `factorypos-terminal-token`, or None. Only the name `terminal` has one."""
        if self._directory is None or name != "terminal":
            return None
        try:
            text = read_secret(self._directory / "factorypos-terminal-token").text
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(
                _(
                    "The systemd credential factorypos-terminal-token cannot be read. Reports are safe. "
                    "Check the service's unit file."
                )
            ) from error
        return text if text.strip() else None

    def set(self, name: str, token: str) -> None:  # noqa: ARG002 - the port's signature
        """Raise `StorageError`."""
        raise StorageError(
            _(
                "A systemd credential cannot be written from here. Nothing was changed. "
                "Give the token to the service as factorypos-terminal-token."
            )
        )

    def delete(self, name: str) -> None:
        """Do nothing: only an administrator can take the credential out of the service."""
