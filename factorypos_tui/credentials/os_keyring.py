"""Tokens in the keyring of the operating system, which may be absent, locked, or never answer."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from factorypos_tui.core.errors import KeyringLocked, StorageError
from factorypos_tui.core.language import _

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

LIMIT_S = 5.0
"""The most that one call of a keyring may take."""
_SERVICE = "factorypos-tui"
# These keyrings keep nothing, keep plain text, or ask for a password on the terminal that the app draws on.
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt", "keyrings.cryptfile")
_SIGNS = ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY")
_log = logging.getLogger(__name__)


class KeyringUnusable(StorageError):
    """There is no keyring here, or it does not work; `detail` says why in a word or two."""

    def __init__(self, detail: str, words: str = "") -> None:
        usual = _(
            "The keyring of this machine cannot be used: {detail}. Nothing was changed there. "
            'Unlock it, or set backend = "file" under [credentials] in config.toml.'
        )
        super().__init__(words or usual.format(detail=detail))
        self.detail = detail


class KeyringAbsent(KeyringUnusable):
    """This machine, or this process, has no keyring."""

    def __init__(self) -> None:
        words = _(
            "There is no keyring here; a service, a timer and SSH have none. Nothing was changed there. To"
            ' keep tokens in a private file, set backend = "file" under [credentials] in config.toml.'
        )
        super().__init__(_("there is none"), words)


class KeyringCredentials:
    """One entry per name and home. Every method raises `KeyringUnusable` where the keyring cannot be used,
    and `KeyringLocked` where the keyring waits to be unlocked.

    keyring itself is imported, in a thread with a time limit, when the first token is asked for."""

    backend = "keyring"
    encrypted = True

    def __init__(self, home: Path, *, limit_s: float | None = None) -> None:
        """`home` keeps the terminals of one machine apart; `limit_s` is the most that one call may take."""
        self._home = home.absolute()
        self._limit_s = LIMIT_S if limit_s is None else limit_s
        self._unanswered: Future[Any] | None = None

    def usable(self) -> bool:
        """Whether there is a real keyring, unlocked, that answers."""
        try:
            self.get("user")
        except StorageError:
            return False
        return True

    def get(self, name: str) -> str | None:
        """The token, or None."""
        return self._ask(lambda keyring: keyring.get_password(_SERVICE, self._user(name)))

    def set(self, name: str, token: str) -> None:
        """Keep `token`."""
        self._ask(lambda keyring: keyring.set_password(_SERVICE, self._user(name), token))

    def delete(self, name: str) -> None:
        """Forget the token; no error where there is none."""

        def delete(keyring: "KeyringBackend") -> None:
            if keyring.get_password(_SERVICE, self._user(name)) is not None:
                keyring.delete_password(_SERVICE, self._user(name))

        self._ask(delete)

    def _user(self, name: str) -> str:
        return f"{name}@{self._home}"

    def _ask(self, question: Callable[["KeyringBackend"], T]) -> T:
        """Ask the real keyring in a thread of its own. One that waits for a prompt hangs; it is asked again
        only after it has answered."""
        if self._unanswered and not self._unanswered.done():
            raise _locked(_("it does not answer"))
        answer: Future[T] = Future()

        def ask() -> None:
            try:
                answer.set_result(question(_real_keyring()))
            except StorageError as error:
                answer.set_exception(error)
            except Exception as error:  # noqa: BLE001 - a backend may raise anything; the caller is told
                answer.set_exception(_trouble(error))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            return answer.result(self._limit_s)
        except TimeoutError:
            self._unanswered = answer
            _log.warning("the keyring did not answer within %s s", self._limit_s)
        raise _locked(_("it does not answer"))


def _may_be_there() -> bool:
    """Whether a keyring may be there. All that the library knows on Linux answer on the bus of a desktop's
    session: at a till without one, its 15 MiB are not loaded only to get no answer. On a 32-bit ARM, where it
    would need a compiler, it is not installed."""
    if find_spec("keyring") is None:
        return False
    if sys.platform != "linux" or "keyring" in sys.modules or any(name in os.environ for name in _SIGNS):
        return True
    runtime, config = os.environ.get("XDG_RUNTIME_DIR"), os.environ.get("XDG_CONFIG_HOME")
    has_bus = bool(runtime) and Path(str(runtime), "bus").exists()
    set_up = Path(config) if config else Path.home() / ".config"
    return has_bus or (set_up / "python_keyring" / "keyringrc.cfg").exists() or _has_plugins()


def _has_plugins() -> bool:
    """Whether somebody installed a keyring of another kind."""
    from importlib.metadata import entry_points

    found = entry_points(group="keyring.backends")
    return any(not point.value.startswith("keyring.backends") for point in found)


def _real_keyring() -> "KeyringBackend":
    """The keyring in use, or the best one that it chains, if that one is safe. Raises `StorageError`."""
    if not _may_be_there():
        raise KeyringAbsent
    import keyring
    from keyring.backends import fail
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    if isinstance(chosen, fail.Keyring):  # it was looked for before the desktop's came up
        with suppress(KeyError):  # nothing was looked for
            keyring.backend.get_all_keyring.reset()
        keyring.core.init_backend()
        chosen = keyring.get_keyring()
    candidates = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    for candidate in candidates:
        if not any(parent.__module__.startswith(_REFUSED) for parent in type(candidate).__mro__):
            return candidate
    raise KeyringAbsent


def _trouble(error: Exception) -> StorageError:
    """The error to raise. It tells only the class's name: the message of a backend might hold the token."""
    import keyring.errors

    if isinstance(error, keyring.errors.NoKeyringError):
        return KeyringAbsent()
    name = type(error).__name__
    return _locked(name) if isinstance(error, keyring.errors.KeyringLocked) else KeyringUnusable(name)


def _locked(detail: str) -> KeyringLocked:
    return KeyringLocked(
        _(
            "The keyring of this machine is locked ({detail}). Nothing is lost, reports stay in the queue. "
            'Unlock it by logging in to this machine; or set backend = "file" under [credentials] in '
            "config.toml, and assign the store again."
        ).format(detail=detail)
    )
