"""`worker.lock`: exactly one process of a terminal drains.

The kernel holds the lock (`flock`), so the lock ends with the process, however that ends. The text in the
file says who holds it, for people to read. The database itself is never locked or opened this way: closing a
second descriptor of it would drop SQLite's own locks."""

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.language.system_words import system_words

# A process that asks whether the lock is held takes it for an instant, so try again before giving up.
_TRIES = 5
_PAUSE_S = 0.02
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that drains."""

    pid: int
    since: str
    """When it took the lock: an RFC 3339 instant."""
    kind: str
    """`app` or `worker`."""
    boot: str = ""
    """The run of the machine that it started in."""


class DrainLock:
    """The right to drain, held until `release` or the end of the process.

    `left_by`: the holder before, if it ended by a kill, a crash or a power cut. `killed`: this happened while
    the machine ran on, so it was no power cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self.left_by: Holder | None = None

    @property
    def held(self) -> bool:
        """Whether this process has it."""
        return self._descriptor is not None

    @property
    def killed(self) -> bool:
        """Whether the holder before died while the machine ran on."""
        return self.left_by is not None and self.left_by.boot == _boot()

    def acquire(self, kind: str, now: datetime) -> bool:
        """Take the lock if no process has it; raises `StorageError` where the file cannot be opened.

        A process that holds it already keeps it. If the file was taken away and another has its name, the
        process needs a lock on that file too, since other processes see only that one."""
        if self._descriptor is not None:
            if _is_at(self._descriptor, self._path):
                return True
            os.close(self._descriptor)
            self._descriptor = None
        descriptor = _open(self._path)
        for attempt in range(_TRIES):
            if _flock(descriptor, fcntl.LOCK_EX):
                self._descriptor = descriptor
                self.left_by = _name_in(descriptor)
                _write_name(descriptor, Holder(os.getpid(), rfc3339(now), kind, _boot()))
                return True
            if attempt < _TRIES - 1:
                time.sleep(_PAUSE_S)
        os.close(descriptor)
        return False

    def take_leave(self) -> None:
        """Note that the process ends in order, though one of its threads may still work for a moment."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)

    def release(self) -> None:
        """Let the next process drain."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def _write_name(descriptor: int, holder: Holder) -> None:
    """Write who holds the lock. On a full disk the lock holds without the name."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock at `path`; None if no process does."""
    if not path.exists():
        return None
    descriptor = _open(path)
    try:
        # No name: a process has just taken the lock and has not written its name yet.
        return None if _flock(descriptor, fcntl.LOCK_SH) else _name_in(descriptor)
    finally:
        os.close(descriptor)


def _name_in(descriptor: int) -> Holder | None:
    try:
        facts = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(facts["pid"]), str(facts["since"]), str(facts["kind"]), str(facts.get("boot", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def _boot() -> str:
    """The id of this run of the machine; empty where the system does not give one."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StorageError(
            _("{file} cannot be opened: {detail}. Nothing was sent.").format(
                file=path, detail=system_words(error.strerror)
            )
        ) from error


def _flock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
