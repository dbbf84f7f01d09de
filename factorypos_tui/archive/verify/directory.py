"""The closed directory: what lies in it is what its MANIFEST lists, to the byte. Memory stays small however
large it is, and nothing but plain files is ever opened."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from factorypos_tui.archive.verify.faults import N_, Kind, found

MANIFEST, SEAL, EXPORT, KEYS = "MANIFEST", "MANIFEST.sha256", "export.json", "keys.json"
_MIB = 1 << 20
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_Z = r"Z(?!0{8})[0-9]{8}\.json|Z[1-9][0-9]{8,15}\.json"
_LAYOUT: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"reports/{_UUID}/(?:{_Z})"), 8 * _MIB),
    (re.compile(rf"acknowledgements/{_UUID}/(?:{_Z})"), _MIB // 16),
    (
        re.compile(
            rf"closings/(?:terminal|store|company)/{_UUID}/[A-Z]{{3}}/"
            r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?(?:\.[1-9][0-9]{0,5})?\.json"
        ),
        64 * _MIB,
    ),
    (re.compile(re.escape(MANIFEST)), 1024 * _MIB),
    (re.compile(re.escape(SEAL)), 1024),
    (re.compile(re.escape(EXPORT)), 16 * _MIB),
    (re.compile(re.escape(KEYS)), _MIB),
    (
        re.compile(r"(?:days|taxes|payments|departments|hours|dictionary|journal|saft-unknown)\.csv"),
        4096 * _MIB,
    ),
    (re.compile(r"chart\.toml"), _MIB),
    (re.compile(r"SAF-T Cash Register_[0-9A-Za-z_-]{1,100}\.xml"), 4096 * _MIB),
)
"""What may lie in an export, and how large it may be: the smallest bound that fits counts."""
_LINE = re.compile(rb"([0-9a-f]{64})  ([\x20-\x7e]{1,300})\n")
_LONGEST_LINE = 400
_MOST_DEPTH = 4


class Directory:
    """The files of an export, read with care."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._found: tuple[str, ...] | None = None

    def has(self, path: str) -> bool:
        """Whether there is anything of this name."""
        return os.path.lexists(self._place(path))

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises `FaultFound` where it is none, or larger than such a file can be."""
        opened = self._open(path)
        try:
            return b"".join(iter(lambda: os.read(opened, _MIB), b""))[: _bound_of(path)]
        finally:
            os.close(opened)

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a file; one that is longer than any line can be comes in pieces."""
        with os.fdopen(self._open(path), "rb") as file:
            while line := file.readline(_MIB):
                yield line

    def digest(self, path: str) -> str:
        """SHA-256 of a file, hex."""
        opened, read = self._open(path), hashlib.sha256()
        try:
            while piece := os.read(opened, _MIB):
                read.update(piece)
        finally:
            os.close(opened)
        return read.hexdigest()

    def paths(self, under: str = "") -> Iterator[str]:
        """The paths of all files below a folder, in the order of their bytes; raises `FaultFound` at the
        first entry that is no plain file of an export."""
        if self._found is None:
            self._found = tuple(self._walk(""))
        return (it for it in self._found if it.startswith(under))

    def _walk(self, under: str) -> Iterator[str]:
        try:
            with os.scandir(self._place(under)) as entries:
                here = [(it.name, it.is_dir(follow_symlinks=False)) for it in entries]
        except OSError as error:
            raise found(Kind.NOT_AN_EXPORT, under, N_("It cannot be read.")) from error
        if not here:
            raise found(Kind.NOT_CLOSED, under, N_("The folder is empty."))
        for key in sorted(os.fsencode(f"{name}/" if is_folder else name) for name, is_folder in here):
            path = f"{under}{os.fsdecode(key)}"
            if not path.endswith("/"):
                yield self._checked(path)
            elif path.count("/") > _MOST_DEPTH:
                raise found(Kind.NOT_CLOSED, path, N_("No export has such a folder."))
            else:
                yield from self._walk(path)

    def _checked(self, path: str) -> str:
        _check_kind_and_size(path, os.lstat(self._place(path)))
        return path

    def _place(self, path: str) -> str:
        return os.path.join(self._root, path)  # noqa: PTH118 - a Path for each of ten thousand files takes a second

    def _open(self, path: str) -> int:
        try:
            opened = os.open(self._place(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise found(Kind.NOT_AN_EXPORT, path, N_("The file is missing.")) from error
        except OSError as error:
            raise found(Kind.NOT_AN_EXPORT, path, N_("It cannot be read.")) from error
        try:
            _check_kind_and_size(path, os.fstat(opened))
        except BaseException:
            os.close(opened)
            raise
        return opened


def _check_kind_and_size(path: str, is_now: os.stat_result) -> None:
    if not stat.S_ISREG(is_now.st_mode):
        raise found(Kind.NOT_CLOSED, path, N_("It is no plain file but a link, a device or the like."))
    bound = _bound_of(path)
    if not bound:
        raise found(Kind.NOT_CLOSED, path, N_("No export has a file of this name."))
    if is_now.st_size > bound:
        raise found(Kind.UNREADABLE, path, N_("The file is far too large."))


@lru_cache(maxsize=8)
def _bound_of(path: str) -> int:
    return next((bound for pattern, bound in _LAYOUT if pattern.fullmatch(path)), 0)


def check_closed(directory: Directory) -> None:
    """Raises `FaultFound` where MANIFEST is not, byte for byte, the one that follows from what lies there."""
    if directory.read(SEAL) != f"{directory.digest(MANIFEST)}  {MANIFEST}\n".encode():
        words = N_("MANIFEST is not the one that MANIFEST.sha256 was made of.")
        raise found(Kind.NOT_CLOSED, MANIFEST, words)
    listed = _listed(directory)
    for path in directory.paths():
        if path in (MANIFEST, SEAL):
            continue
        digest, name = next(listed, (b"", b""))
        here = path.encode()
        if name and name < here:
            raise found(Kind.NOT_CLOSED, name.decode(), N_("The file is missing, though MANIFEST lists it."))
        if name != here:
            raise found(Kind.NOT_CLOSED, path, N_("MANIFEST does not list this file."))
        if digest.decode() != directory.digest(path):
            raise found(Kind.NOT_CLOSED, path, N_("The file has other bytes than MANIFEST says."))
    for _digest, name in listed:
        raise found(Kind.NOT_CLOSED, name.decode(), N_("The file is missing, though MANIFEST lists it."))


def _listed(directory: Directory) -> Iterator[tuple[bytes, bytes]]:
    before = b""
    for line in directory.lines(MANIFEST):
        shaped = _LINE.fullmatch(line)
        if not shaped or len(line) > _LONGEST_LINE or shaped[2] <= before:
            words = N_("A line is no line of a MANIFEST, or not in its place.")
            raise found(Kind.NOT_CLOSED, MANIFEST, words)
        before = shaped[2]
        yield shaped[1], before
