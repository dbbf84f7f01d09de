"""What the machine gives: the folder of this terminal's data, and the disk below it."""

import os
import shlex
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from factorypos_tui.core.doctor.findings import Facts, Finding, Verdict
from factorypos_tui.core.language import _, format_number
from factorypos_tui.core.status.judging import Limits

_MOUNTS = Path("/proc/self/mounts")
_ACROSS_A_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "afs",
    "ceph",
    "gluster",
    "lustre",
    "fuse.sshfs",
    "fuse.rclone",
)
"""Beginnings of the kinds of file systems that another machine keeps."""
_SYNCS = 5
_SLOW_SYNC_MS = 200
_PRIVATE = 0o077


def look_at_folder(home: Path) -> Finding:
    """Owner, modes and file system of the folder and of the files in it. `home` exists."""
    open_to_others = sum(_is_open_to_others(path) for path in (home, *home.iterdir()))
    kind = _file_system_of(home.resolve(), _mounts())
    is_remote = kind.startswith(_ACROSS_A_NETWORK)
    facts: Facts = {"open_to_others": open_to_others, "file_system": kind, "is_remote": is_remote}
    if is_remote:
        words = _(
            "{folder} is on a file system of another machine ({kind}). Its locks cannot be trusted. Move the"
            " folder to a disk of this machine."
        )
        return Finding(Verdict.PARTIAL, words.format(folder=home, kind=kind), facts=facts)
    if open_to_others:
        words = _("Other users can read files in {folder}.").format(folder=home)
        remedy = f"chmod -R go-rwx {shlex.quote(str(home))}"
        return Finding(Verdict.PARTIAL, words, remedy, facts)
    return Finding(Verdict.FINE, _("{folder} is its owner's alone.").format(folder=home), facts=facts)


def _is_open_to_others(path: Path) -> bool:
    found = path.lstat()
    is_ours = path.name != "config.toml" and not stat.S_ISLNK(found.st_mode)
    return is_ours and bool(found.st_mode & _PRIVATE)


def _mounts() -> list[str]:
    try:
        return _MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:  # only Linux has it
        return []


def _file_system_of(path: Path, mounts: Iterable[str]) -> str:
    """The kind of file system that a path is on; empty where the system does not tell."""
    nearest, kind = -1, ""
    for line in mounts:
        _device, mounted_at, found, *_rest = line.split(" ")
        place = Path(mounted_at.encode().decode("unicode_escape"))  # a space is written as \040
        if path.is_relative_to(place) and len(place.parts) >= nearest:
            nearest, kind = len(place.parts), found
    return kind


def look_at_room(home: Path) -> Finding:
    """Room on the disk, also where nothing else can be opened for want of it. Raises `OSError`."""
    free = shutil.disk_usage(home).free >> 20
    verdict = Verdict.PARTIAL if free < Limits().disk else Verdict.FINE
    words = _("The disk has {n} MiB left.").format(n=format_number(free))
    return Finding(verdict, words, facts={"free_mib": free})


def look_at_sync_speed(home: Path) -> Finding:
    """How long the disk takes until a few bytes are safe: each report waits for that. Raises `OSError`."""
    took = []
    with tempfile.TemporaryFile(dir=home) as file:
        for _turn in range(_SYNCS):
            begun = time.monotonic()
            os.write(file.fileno(), bytes(4096))
            os.fsync(file.fileno())
            took.append(time.monotonic() - begun)
    ms = round(median(took) * 1000)
    facts = {"sync_ms": ms}
    if ms > _SLOW_SYNC_MS:
        words = _(
            "The disk takes {n} ms until data is safe. Reports leave slowly; the card may be wearing out."
        )
        return Finding(Verdict.PARTIAL, words.format(n=format_number(ms)), facts=facts)
    words = _("The disk takes {n} ms until data is safe.").format(n=format_number(ms))
    return Finding(Verdict.FINE, words, facts=facts)
