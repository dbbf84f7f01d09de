"""Inside tmux and GNU screen, and over a real SSH connection that breaks."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.terminals import Terminal
from tests.support.windows import terminal

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def needed(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def app(bar: Terminal) -> list[str]:
    return [sys.executable, "-m", "factorypos_tui", "--home", str(bar.home)]


@needed("tmux")
@pytest.mark.parametrize("inner", ["tmux-256color", "screen"])
def test_inside_tmux(bar: Terminal, tmp_path: Path, inner: str) -> None:
    settings = tmp_path / "tmux.conf"
    settings.write_text(f"set -g status off\nset -g default-terminal {inner}\n", encoding="utf-8")
    tmux = ["tmux", "-u", "-S", str(tmp_path / "tmux"), "-f", str(settings)]
    shows_all_keys_of_the_app(bar, [*tmux, "new-session", *app(bar)])


@needed("screen")
def test_inside_gnu_screen(bar: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SCREENDIR", str(folder))
    shows_all_keys_of_the_app(bar, ["screen", "-U", "-c", os.devnull, "-T", "screen", *app(bar)])


def shows_all_keys_of_the_app(bar: Terminal, program: Sequence[str]) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url}
    with terminal(program=program, term="xterm-256color", environment=environment) as window:
        window.sees("┌─ Synchronization ─", "F10 Quit", "all sent")
        window.press("f9", then=("Find", "Do it"))
        window.press("escape", then="1-7")
        window.press("4", then=("delivered", "Sent"))
        window.press("f10")
        window.ends()
        assert window.is_as_it_was


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[list[str]]:
    """The command that opens a terminal on this machine through an sshd of this test's own."""
    if not SSHD or not shutil.which("ssh"):
        pytest.skip("not installed: sshd, ssh")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd locks itself up, as root
    for name in ("host", "user"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(key, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {tmp_path}/user.pub\nPasswordAuthentication no\nUsePAM no\n"
        "PermitRootLogin prohibit-password\nAcceptEnv FACTORYPOS_CLOUD_URL LANG\n",
        encoding="utf-8",
    )
    options = {
        "StrictHostKeyChecking": "no",
        "UserKnownHostsFile": os.devnull,
        "LogLevel": "ERROR",
        "SendEnv": "FACTORYPOS_CLOUD_URL LANG",
        "ConnectionAttempts": "20",
    }
    client = ["ssh", "-tt", "-F", os.devnull, "-p", str(port), "-i", str(tmp_path / "user")]
    client += [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    with subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.PIPE) as server:
        assert server.stderr
        assert b"listening on 127.0.0.1" in server.stderr.readline()
        yield [*client, f"{getpass.getuser()}@127.0.0.1"]
        server.terminate()


def test_a_connection_that_breaks_ends_the_app_and_the_next_one_shows_it_again(
    bar: Terminal, ssh: list[str]
) -> None:
    environment = {"FACTORYPOS_CLOUD_URL": bar.cloud_url}
    with terminal(program=[*ssh, *app(bar)], term="screen", environment=environment) as window:
        window.sees("F10 Quit", "all sent", "sending: this app")
        window.break_off()
        window.ends()
    assert not all(bar.json("status")["worker"]["running"] for _ in range(30)), "the app lives on"
    with terminal(program=[*ssh, *app(bar)], term="linux", environment=environment) as window:
        window.sees("F10 Quit", "all sent", "sending: this app")
        window.press("4", then=("delivered", "Sent"))
        window.press("f10")
        assert window.ends() == 0
