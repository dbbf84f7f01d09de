"""A whole machine under a real systemd, in a container: Debian in a folder, booted by systemd-nspawn."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
VARIABLE = "FACTORYPOS_TEST_DEBIAN"
_PROGRAMS = "/usr/lib/factorypos-tui/venv"
_INCLUDE = "systemd,systemd-sysv,libpam-systemd,dbus,sudo,python3"
_PLACES = {
    "systemd/system/factorypos-tui.service": "usr/lib/systemd/system",
    "systemd/system/factorycloud.service": "usr/lib/systemd/system",
    "systemd/user/factorypos-tui.service": "usr/lib/systemd/user",
    "systemd/sysusers.d/factorypos-tui.conf": "usr/lib/sysusers.d",
    "systemd/sysusers.d/factorycloud.conf": "usr/lib/sysusers.d",
    "systemd/tmpfiles.d/factorypos-tui.conf": "usr/lib/tmpfiles.d",
    "sudoers.d/factorypos-tui": "etc/sudoers.d",
    "factorypos-till": "usr/bin",
}


@dataclass(frozen=True)
class Machine:
    """A machine that runs."""

    root: Path
    leader: int
    """Its first process, as seen from here."""

    def run(
        self, command: str, *, user: str = "root", stdin: str = "", code: int = 0, **environment: str
    ) -> str:
        """What a command line says, as that user typed it."""
        done = subprocess.run(
            [*self._inside(user, environment), command],
            input=stdin, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == code, (command, done.returncode, said)
        return said

    def screen(
        self, command: str, *, user: str, until: str, then: Callable[[], None], keys: str, **environment: str
    ) -> None:
        """Run a command on a terminal; once it shows `until`, something is done, and keys are pressed."""
        terminal, its_end = pty.openpty()
        line = [*self._inside(user, environment), f"stty rows 24 cols 80; {command}"]
        process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *line], stdin=its_end, stdout=its_end, stderr=its_end
        )
        os.close(its_end)
        shown, pressed = "", False
        with process, os.fdopen(terminal, "rb+", buffering=0) as screen:
            try:
                while process.poll() is None:
                    assert select.select([screen], [], [], 30)[0], _plain(shown)
                    with suppress(OSError):  # it has ended
                        shown += screen.read(65536).decode("utf-8", "replace")
                    if until in _plain(shown) and not pressed:
                        then()
                        screen.write(keys.encode())
                        pressed = True
            finally:
                screen.close()  # hangs up, so that the command ends
        assert pressed, _plain(shown)

    def _inside(self, user: str, environment: Mapping[str, str]) -> list[str]:
        words = [f"{name}={value}" for name, value in environment.items()]
        enter = ["nsenter", f"--target={self.leader}", "--all", "--wdns=/"]
        return [*enter, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", *words,
                "setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "sh", "-c"]  # fmt: skip


def _plain(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b[()][A-Z0-9]", "", shown)


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A new machine with this program and its files, until the block ends."""
    debian = os.environ.get(VARIABLE, "")
    if os.geteuid() != 0:
        pytest.skip("only root can boot a machine")
    if not shutil.which("systemd-nspawn"):
        pytest.skip("systemd-nspawn is not installed (apt-get install systemd-container)")
    if not debian:
        pytest.skip(
            f"{VARIABLE} names no folder with a Debian 12; debootstrap makes one:"
            f" debootstrap --variant=minbase --include={_INCLUDE} bookworm FOLDER"
        )
    root = folder / "debian"
    subprocess.run(["cp", "-a", "--reflink=auto", debian, root], check=True)
    _install(root)
    (root / "etc/machine-id").write_text("")
    with (folder / "console").open("w") as console:
        nspawn = subprocess.Popen(
            ["systemd-nspawn", "-q", "-D", root, "--boot", "--register=no", "--keep-unit",
             "--private-network", f"--machine=till-{os.getpid()}"],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console,
        )  # fmt: skip
    try:
        eventually(lambda: (leader := _child_of(nspawn.pid)) and _is_up(Machine(root, int(leader))))
        yield Machine(root, int(_child_of(nspawn.pid)))
    finally:
        nspawn.send_signal(signal.SIGTERM)  # it shuts the machine down
        try:
            nspawn.wait(60)
        except subprocess.TimeoutExpired:
            nspawn.kill()
            nspawn.wait()
        shutil.rmtree(root, ignore_errors=True)


def _child_of(process: int) -> str:
    return Path(f"/proc/{process}/task/{process}/children").read_text().strip()


def _is_up(running: Machine) -> bool:
    asked = [*running._inside("root", {}), "systemctl is-system-running"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return said.strip() in ("running", "degraded")


def _install(root: Path) -> None:
    """Put this program into a virtual environment of the machine's own Python, and its files where they
    belong."""
    import factorypos_tui

    site = Path(factorypos_tui.__file__).parents[1]
    there = root / _PROGRAMS[1:]
    packages = there / "lib" / "python3.11" / "site-packages"
    (there / "bin").mkdir(parents=True)
    libraries = Path(pytest.__file__).parents[1]
    shutil.copytree(
        libraries, packages, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "__editable__*")
    )
    shutil.copytree(site / "factorypos_tui", packages / "factorypos_tui", dirs_exist_ok=True)
    (there / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    (there / "bin" / "python").symlink_to("/usr/bin/python3")
    start = there / "bin" / "factorypos-tui"
    start.write_text(f"#!{_PROGRAMS}/bin/python\nfrom factorypos_tui.cli.main import main\nmain()\n")
    start.chmod(0o755)
    (root / "usr/bin/factorypos-tui").symlink_to(f"{_PROGRAMS}/bin/factorypos-tui")
    for file, place in _PLACES.items():
        shutil.copy(ROOT / "packaging" / file, root / place)
    (root / "etc/sudoers.d/factorypos-tui").chmod(0o440)
