"""A disk that fails when a test says so: the kernel asks us before each write and sync of a process.

A process that runs on such a disk has a seccomp filter that hands its writes and syncs to a thread here. That
lets the kernel do them, or has it answer with an error, as the kernel does for a disk that fails. It also
remembers what of each file the last sync that was let through has saved, so that a power cut can be made that
loses all the rest, and nothing else.
"""

import array
import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NUMBERS = {  # of the calls: pwrite64, ftruncate, fsync, fdatasync, seccomp
    "x86_64": (18, 77, 74, 75, 317),
    "aarch64": (68, 46, 82, 83, 277),
}
PWRITE, FTRUNCATE, FSYNC, FDATASYNC, _SECCOMP = _NUMBERS.get(platform.machine(), (0,) * 5)
WRITES, SYNCS = frozenset({PWRITE, FTRUNCATE}), frozenset({FSYNC, FDATASYNC})
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ASK, _ALLOW = 0x7FC00000, 0x7FFF0000
_RECEIVE, _ANSWER = 0xC0502100, 0xC0182101
_GO_ON = 1
_NO_NEW_PRIVILEGES, _SET_FILTER, _WITH_LISTENER = 38, 1, 8


class Disk:
    """What a test wants of the files in `home` that have the queue's name; without a wish all is well.

    `choose` is asked before each write and sync, with the call's number and the file; it gives the error that
    the call ends in, or 0."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.choose: Callable[[int, Path], int] = lambda _call, _file: 0
        self.saved: dict[Path, bytes] = {}
        for file in home.glob("sync.db*"):
            self.saved[file] = file.read_bytes()

    @contextmanager
    def under(self) -> Iterator[Callable[[], None]]:
        """What a process that is to run on this disk does before it begins (`preexec_fn`)."""
        ours, theirs = socket.socketpair()
        watching = threading.Thread(target=self._watch, args=(ours,), daemon=True)
        watching.start()

        def begin() -> None:
            listener = _filter()
            theirs.sendmsg(
                [b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener]).tobytes())]
            )

        with ours, theirs:
            yield begin
            theirs.shutdown(socket.SHUT_RDWR)
            watching.join()

    def fail(self, calls: frozenset[int], error: int = errno.EIO) -> None:
        """Have these calls fail from now on."""
        self.choose = lambda call, _file: error if call in calls else 0

    def heal(self) -> None:
        """Let everything through again."""
        self.choose = lambda _call, _file: 0

    def cut_the_power(self) -> None:
        """Undo all that no sync has saved; only when no process has the files open."""
        for file in self.home.glob("sync.db*"):
            if file.name.endswith("-shm"):
                file.unlink()
            else:
                file.write_bytes(self.saved.get(file, b""))

    def _watch(self, ours: socket.socket) -> None:
        _message, ancillary, _flags, _address = ours.recvmsg(1, socket.CMSG_SPACE(4))
        if not ancillary:
            return
        (listener,) = struct.unpack("i", ancillary[0][2][:4])
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while not any(events & select.POLLHUP for _fd, events in poll.poll()):
            asked = bytearray(80)
            try:
                fcntl.ioctl(listener, _RECEIVE, asked)
                which, process, call, descriptor = struct.unpack_from("QI4xi12xI", asked)
                error = self._decide(process, call, descriptor)
                answer = struct.pack("QqiI", which, 0, -error, 0 if error else _GO_ON)
                fcntl.ioctl(listener, _ANSWER, bytearray(answer))
            except FileNotFoundError:  # the process was killed meanwhile
                continue
        os.close(listener)

    def _decide(self, process: int, call: int, descriptor: int) -> int:
        file = Path(f"/proc/{process}/fd/{descriptor}").readlink()
        if file.parent != self.home or not file.name.startswith("sync.db"):
            return 0
        if call == PWRITE and not file.stat().st_size:  # a new file under an old name
            self.saved.pop(file, None)
        error = self.choose(call, file)
        if not error and call in SYNCS:
            self.saved[file] = file.read_bytes()
        return error


def is_possible() -> bool:
    """Whether this machine's calls are known here, and it lets a process watch those of another."""
    if not _SECCOMP or sys.platform != "linux":
        return False
    try:
        subprocess.run(["/bin/true"], check=True, preexec_fn=_filter)
    except subprocess.SubprocessError:
        return False
    return True


def _filter() -> int:
    """Have every write and sync of this process, and of its threads, asked for; the listener's descriptor."""
    calls = sorted(WRITES | SYNCS)
    program = [(_LOAD, 0, 0, 0)]
    program += [(_JUMP_IF_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ASK)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    listener: int = libc.syscall(_SECCOMP, _SET_FILTER, _WITH_LISTENER, head)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "this machine lets no process watch another")
    return listener
