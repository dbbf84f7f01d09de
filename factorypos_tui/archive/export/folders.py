"""The one writer of an export's directory: whole or not at all, for its owner only, and closed by a
manifest."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

MANIFEST = "MANIFEST"


class FolderTakenError(Exception):
    """There is something where the export was to be made; nothing was changed."""


@dataclass(slots=True)
class Part:
    """A file under way. Its bytes are hashed as they are written."""

    path: str
    file: BinaryIO
    hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, content: bytes) -> None:
        """Append bytes."""
        self.hash.update(content)
        self.file.write(content)


@dataclass(slots=True)
class Folder:
    """A directory under way."""

    root: Path
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256, hex, of each file that is whole, by its path with `/`."""
    under_way: dict[str, BinaryIO] = field(default_factory=dict)

    def write(self, path: str, content: bytes) -> None:
        """Write a file."""
        with self.part(path) as part:
            part.write(content)

    @contextmanager
    def part(self, path: str) -> Iterator[Part]:
        """A file to be written piece by piece."""
        part = self.begin(path)
        yield part
        self.end(part)

    def begin(self, path: str) -> Part:
        """Begin a file, which `end` ends."""
        place = self.root / path
        for folder in reversed(place.relative_to(self.root).parents[:-1]):
            (self.root / folder).mkdir(mode=0o700, exist_ok=True)
        file = os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.under_way[path] = file
        return Part(path, file)

    def end(self, part: Part) -> None:
        """End a file: from now on it belongs to the export."""
        self.under_way.pop(part.path).close()
        self.hashes[part.path] = part.hash.hexdigest()

    def close(self) -> None:
        """Write the manifest: from now on no other file belongs here."""
        by_bytes = sorted(self.hashes.items(), key=lambda entry: entry[0].encode())
        manifest = "".join(f"{digest}  {path}\n" for path, digest in by_bytes).encode()
        self.write(MANIFEST, manifest)
        self.write(f"{MANIFEST}.sha256", f"{self.hashes[MANIFEST]}  {MANIFEST}\n".encode())


@contextmanager
def new_folder(target: Path) -> Iterator[Folder]:
    """A directory that is new or empty. It is made beside its place and moved there once it is whole: after
    an error or a power cut nothing is there. Raises `FolderTakenError`, and `OSError` where the disk says
    no."""
    place = target.resolve()
    refuse_taken(place)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    coming = place.with_name(f".{place.name}.{os.urandom(8).hex()}")
    coming.mkdir(mode=0o700)
    folder = Folder(coming)
    try:
        yield folder
        folder.close()
        os.sync()  # once for thousands of files
        coming.rename(place)
        _sync(place.parent)
    except BaseException:
        for file in folder.under_way.values():
            with suppress(OSError):  # a full disk says again that it is
                file.close()
        shutil.rmtree(coming, ignore_errors=True)
        raise


def refuse_taken(target: Path) -> None:
    """Raise `FolderTakenError` unless `target` is new, or an empty directory."""
    if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
        raise FolderTakenError(str(target))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
