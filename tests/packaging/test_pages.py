"""Man pages and completion, as a package brings them: rendered by man, and asked of the shells by a Tab."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.windows import terminal

ROOT = Path(__file__).parents[2]
TAB = "\t"


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a package puts under /usr/share, in both languages."""
    folder = tmp_path_factory.mktemp("share")
    for locale in ("C.UTF-8", "es_ES.UTF-8"):
        write = [sys.executable, str(ROOT / "packaging" / "pages.py"), str(folder)]
        subprocess.run(write, env={**os.environ, "LC_ALL": locale}, check=True)
    return folder


def man(*pages: Path, only_check: bool = False) -> "subprocess.CompletedProcess[str]":
    if shutil.which("man") is None:
        pytest.skip("man is not installed (apt-get install man-db)")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": "", "MANPAGER": "cat"}
    how = ["-Tutf8", "-Z"] if only_check else ["--no-hyphenation", "--no-justification"]
    command = ["man", "--warnings", "-E", "UTF-8", *how, "-l", *map(str, pages)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)


def test_every_command_has_a_page_in_each_language_that_man_renders_without_a_warning(share: Path) -> None:
    english, spanish = (sorted(share.glob(f"man/{folder}/*.1")) for folder in ("man1", "es/man1"))
    assert [page.name for page in english] == [page.name for page in spanish]
    assert {"factorypos-tui.1", "factorypos-tui-queue-list.1", "factorypos-tui-cloud-user-invite.1"} <= {
        page.name for page in english
    }
    assert man(*english, *spanish, only_check=True).stderr == ""


def test_a_page_says_what_help_says(share: Path) -> None:
    page = man(share / "man/man1/factorypos-tui.1").stdout
    assert "Send every daily close of this till to FactoryCLOUD, once each." in page
    assert "COMMAND --help" in page
    assert "4  FactoryCLOUD cannot be reached now; try again later\n" in page  # a line of its own
    assert "factorypos-tui-queue(1)" in page
    spanish = man(share / "man/es/man1/factorypos-tui-queue-list.1").stdout
    assert "Muestra los informes, el más reciente primero." in spanish
    assert "--search TEXTO" in spanish


BEGIN = {
    "bash": ["--norc", "--noprofile"],
    "zsh": ["-f"],
    "fish": ["--no-config"],
}


@pytest.mark.parametrize("shell", BEGIN)
def test_a_tab_completes_commands_and_options(shell: str, share: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (script,) = (
        file for file in share.rglob("*factorypos-tui*") if shell in str(file) and "man" not in str(file)
    )
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": programs, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    with terminal(program=[str(shutil.which(shell)), *BEGIN[shell]], environment=environment) as window:
        if shell == "zsh":
            window.send(b"autoload -U compinit; compinit -u -D\n")
        window.send(f"source {script}; echo rea'dy'\n".encode())
        window.sees("ready")
        window.send(f"factorypos-tui disc{TAB}".encode())
        window.sees("factorypos-tui disconnect")
        window.send(b"\x15")
        window.send(f"factorypos-tui queue list --sta{TAB}".encode())
        window.sees("factorypos-tui queue list --state")
