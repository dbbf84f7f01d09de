"""The file of a SQLite database: never begun anew over a lost one, and never replaced while it is used.

Beside `cloud.db` stand `cloud.db.lock`, which has content once a database was made here; `cloud.db.use`,
locked by every process that uses it; and, for a moment, `cloud.db.restored`: a checked copy that is about to
take its place."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from factorypos_tui.server.storage.database import DatabaseRefusedError
from factorypos_tui.server.words import system_words, told


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """One process at a time opens, changes or replaces the database at `path`. Nothing is begun where one was
    and is gone: raises `DatabaseRefusedError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(_mark(path), fcntl.LOCK_EX):
        _finish_replacing(path)
        yield


def begin(path: Path) -> None:
    """Make an empty file with mode 0600, unless it is there. Raises `DatabaseRefusedError` where a database
    was there before: it would look like the first start."""
    if not _has_content(path) and _has_content(_mark(path)):
        raise DatabaseRefusedError(
            told(
                "The database {file} is gone, or empty. Bring it back, or restore a backup of it. If you "
                "want to begin with nothing, delete {mark}."
            ).format(file=path, mark=_mark(path))
        )
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def was_made(path: Path) -> bool:
    """Whether the database is there, was there and is lost, or is about to come back from a backup."""
    return any(_has_content(one) for one in (path, _mark(path), _coming(path)))


def remember(path: Path) -> None:
    """From now on a missing file is a lost one."""
    _mark(path).write_text("A database was made here.\n", "utf-8")


@contextmanager
def in_use(path: Path) -> Iterator[int]:
    """Until the block ends the file is used, and nothing takes its place. Yields what `alone` needs."""
    with _locked(_use(path), fcntl.LOCK_SH) as use:
        yield use


@contextmanager
def alone(use: int, path: Path) -> Iterator[None]:
    """Until the block ends nobody else uses the file. Raises `DatabaseRefusedError` where somebody does."""
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DatabaseRefusedError(
            told(
                "{file} is in use. Stop every FactoryCLOUD that runs on it first. Nothing was changed."
            ).format(file=path)
        ) from error
    try:
        yield
    finally:
        fcntl.flock(use, fcntl.LOCK_SH)


def refuse_in_use(path: Path) -> None:
    """Raise `DatabaseRefusedError` where somebody uses the file. What nobody ever used is left as it is."""
    if _use(path).exists():
        with in_use(path) as use, alone(use, path):
            pass


def find_room(needed: int, folder: Path) -> None:
    """Raise `DatabaseRefusedError` unless a folder has room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DatabaseRefusedError(
            told(
                "{folder} has too little room: {needed} MB are needed, {free} MB are free. "
                "Nothing was changed."
            ).format(folder=folder, needed=needed // 10**6 + 1, free=free // 10**6)
        )


def sync(path: Path) -> None:
    """Let a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def replace(path: Path, copy: Path) -> Path | None:
    """Put a whole and checked copy, on the same disk, in the place of the database that nobody uses. Returns
    where that is kept; None where there was none. If this is interrupted, the next `turn` ends it: then
    `DatabaseRefusedError` says so."""
    copy.replace(_coming(path))
    try:
        sync(path.parent)
        return _finish_replacing(path)
    except OSError as error:
        raise DatabaseRefusedError(
            told("{file}: {detail}. The restore is begun; the next start of the server ends it.").format(
                file=error.filename or path, detail=system_words(error)
            )
        ) from error


def _finish_replacing(path: Path) -> Path | None:
    coming = _coming(path)
    if not coming.exists():
        return None
    stamp = datetime.fromtimestamp(coming.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    kept = path.with_name(f"{path.name}.before-{stamp}")
    # With the copy only its own pages may be read: what the old file left beside it goes first.
    for end in ("-wal", "-shm", "-journal", ""):
        if (old := path.with_name(path.name + end)).exists():
            old.replace(kept.with_name(kept.name + end))
    coming.replace(path)
    sync(path.parent)
    return kept if kept.exists() else None


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _use(path: Path) -> Path:
    return path.with_name(f"{path.name}.use")


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _coming(path: Path) -> Path:
    return path.with_name(f"{path.name}.restored")


@contextmanager
def _locked(path: Path, mode: int) -> Iterator[int]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)
