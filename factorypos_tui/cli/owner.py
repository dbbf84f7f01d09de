"""A home has one owner. Root acts as that owner; other users are refused before any file is made. A file that
root made would be out of the owner's reach, and the service would fail from then on."""

import contextlib
import os
import pwd
import shlex
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import program
from factorypos_tui.core.language.system_words import system_words

MACHINES_HOME = Path("/var/lib/factorypos-tui")
"""The home of the machine's own terminal, where a package or an administrator made it for the service."""
_OURS = ("*.db*", "*.lock*", "credentials*", "factorypos.ballast", "logs", "logs/*", "outbox")
"""What the program makes itself."""
_OF_ADMINISTRATORS = ("*.toml", "till-password")
"""What an administrator may have made; the owner must be able to read it."""
_READ_ALL, _BIND_LOW_PORTS = 2, 10  # CAP_DAC_READ_SEARCH, CAP_NET_BIND_SERVICE
_KEEP_CAPABILITIES, _AMBIENT, _RAISE, _VERSION_3 = 8, 47, 2, 0x20080522


def act_as_owner(home: Path) -> None:
    """Make this process act as the owner of `home`, or of the folder that `home` would be made in.

    Raises `UsageError` where `home` is no folder. Raises `StorageError`, which names file, owner and remedy,
    where this process cannot do so, or where another user owns a file in it."""
    try:
        known = _nearest(home)
        owner = known.stat()
        if not stat.S_ISDIR(owner.st_mode):
            raise UsageError(
                _("{file} is a file, where this terminal's data needs a folder.").format(file=known)
            )
        if os.geteuid() == 0 != owner.st_uid:
            become(owner.st_uid, owner.st_gid)
        is_closed = known != home and not os.access(known, os.X_OK)
        if is_closed or (known == home and owner.st_uid != os.geteuid()):
            raise _not_yours(home, owner.st_uid)
        for file, uid in _others(home, os.geteuid()):
            raise _not_the_owners(home, file, uid)
    except OSError as error:
        words = _("{file} cannot be used: {detail}. Nothing was changed.")
        raise StorageError(words.format(file=home, detail=system_words(error.strerror))) from error


def _nearest(home: Path) -> Path:
    """The home, or the nearest folder above it that we can see: the home is made there, or hidden from us
    there."""
    for folder in (home, *home.absolute().parents):
        with contextlib.suppress(PermissionError):
            if folder.exists():
                return folder
    return Path("/")


def become(uid: int, gid: int) -> None:
    """Become another user for good, who may still read all that root may, such as the program itself, and may
    listen on any port. `gid`: the group for a user without a name on this machine. Raises `OSError`."""
    try:
        account = pwd.getpwuid(uid)
    except KeyError:
        os.setgroups([gid])
    else:
        gid = account.pw_gid
        os.initgroups(account.pw_name, gid)
        os.environ.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
    os.setgid(gid)
    with _keeping_capabilities():
        os.setuid(uid)


@contextlib.contextmanager
def _keeping_capabilities() -> Iterator[None]:
    """Keep those two capabilities, if this process has them, while it stops being root. Only Linux has
    them."""
    if sys.platform != "linux":
        yield
        return
    import ctypes  # only root needs it

    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    capabilities = [one for one in (_READ_ALL, _BIND_LOW_PORTS) if sets[1] >> one & 1]  # those that it has
    mask = sum(1 << one for one in capabilities)
    libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    yield
    libc.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
    for one in capabilities:  # so that programs started by this one have them, too
        libc.prctl(_AMBIENT, _RAISE, one, 0, 0)


def _others(home: Path, uid: int) -> Iterator[tuple[Path, int]]:
    """The files in a home that its owner cannot use, since another user owns them, with that user's id."""
    for pattern in (*_OURS, *_OF_ADMINISTRATORS):
        for file in sorted(home.glob(pattern)):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile, as SQLite's log may be
                found = file.lstat()
                can_be_read = pattern in _OF_ADMINISTRATORS and os.access(file, os.R_OK)
                if found.st_uid != uid and not stat.S_ISLNK(found.st_mode) and not can_be_read:
                    yield file, found.st_uid


def _not_yours(home: Path, owner: int) -> StorageError:
    you, name = _name(os.geteuid()), _name(owner)
    if home.absolute() == MACHINES_HOME:
        sentence = _(
            "{folder} belongs to {owner}, and you are {you}. Nothing was changed.\n"
            "The app, for members of the group {owner}: {till}\n"
            "Every command, for administrators: {run}"
        )
        run, till = f"sudo {program(None)}", "factorypos-till"
        return StorageError(sentence.format(folder=home, owner=name, you=you, till=till, run=run))
    sentence = _(
        "{folder} belongs to {owner}, and you are {you}. Nothing was changed.\n"
        "To run this as its owner: {run}\n"
        "If it is to be yours: {mend}"
    )
    run = f"sudo -u {_for_sudo(owner)} {program(home.absolute())}"
    return StorageError(
        sentence.format(folder=home, owner=name, you=you, run=run, mend=_chown(home, os.geteuid()))
    )


def _not_the_owners(home: Path, file: Path, uid: int) -> StorageError:
    sentence = _(
        "{file} belongs to {other}, and the folder to {owner}, who cannot use it. Nothing was changed. Give"
        " it back: {mend}"
    )
    you = os.geteuid()
    return StorageError(
        sentence.format(file=file, other=_name(uid), owner=_name(you), mend=_chown(home, you))
    )


def _chown(home: Path, uid: int) -> str:
    name = _name(uid)
    whose = name if name == str(uid) else f"{name}:"  # a user without a name has no group of that name
    return f"sudo chown -R {whose} {shlex.quote(str(home.absolute()))}"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _for_sudo(uid: int) -> str:
    """The user as sudo expects it: a number gets `#`, which the shell must not take for a comment."""
    name = _name(uid)
    return shlex.quote(f"#{uid}") if name == str(uid) else name
