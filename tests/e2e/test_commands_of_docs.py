"""What the pages tell a person to type does what they say: each block of `sh` runs, in order, in a new home.

A block that no test can run says why, in a comment above it: `<!-- not run: REASON -->`."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from factorypos_tui.cli.program import program
from tests.support.servers import postgresql_databases
from tests.support.terminals import PASSWORD, Terminal, serve_cloud

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
A_DATABASE = "postgresql://cloud@db/cloud"
_BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>.+?) -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
# What runs until it is stopped is stopped once it has said that it is at work, and must end well.
_PROGRAM = """#!{python}
import os, subprocess, sys
own = [sys.executable, "-m", "factorypos_tui", *sys.argv[1:]]
if not {{"worker", "serve"}} & set(own) or "--once" in own:
    os.execv(sys.executable, own)
with subprocess.Popen(own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
    for line in running.stdout:
        print(line, end="", file=sys.stderr)
        if "is listening" in line or "Sending reports" in line:
            running.terminate()
sys.exit(running.returncode)
"""


@dataclass(frozen=True)
class Block:
    """What stands between two fences."""

    line: int
    kind: str
    text: str
    reason: str | None
    """Why no test runs it."""


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    return [
        Block(text.count("\n", 0, found.start("text")) + 1, found["kind"], found["text"], found["reason"])
        for found in _BLOCK.finditer(text)
    ]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


WITH_COMMANDS = [
    page for page in PAGES if any(block.kind == "sh" and not block.reason for block in blocks(page))
]
NOT_RUN = [(page, block) for page in PAGES for block in blocks(page) if block.kind == "sh" and block.reason]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[str]:
    with serve_cloud(tmp_path / "cloud", "--registration", "open") as address:
        yield address


@contextmanager
def demo(home: Path) -> Iterator[None]:
    """A demo that somebody has started."""
    command = [sys.executable, "-m", "factorypos_tui", "--home", str(home), "demo", "--no-ui"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            yield
        finally:
            process.terminate()


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path, cloud: str) -> None:
    folder = laid_out(tmp_path)
    script = "".join(f"{block.text}\n" for block in blocks(page) if block.kind == "sh" and not block.reason)
    if page.stem == "support":
        two_days_sent(Terminal(Path(os.environ["FACTORYPOS_HOME"]), cloud))
        script = f"export FACTORYPOS_CLOUD_URL={cloud}\n{script}"
    for tool in ("jq", "curl"):
        if f"{tool} " in script and not shutil.which(tool):
            pytest.skip(f"the page uses {tool}, which is not installed")
    real = {
        "https://cloud.example.com": cloud,
        "/srv/cloud": str(tmp_path / "srv" / "cloud"),
        "/backups": str(tmp_path / "backups"),
        "/tmp/bar": str(tmp_path / "bar"),
        "--port 8080": "--port 0",
    }
    with ExitStack() as stack:
        if "/tmp/bar" in script:
            stack.enter_context(demo(tmp_path / "bar"))
        if A_DATABASE in script:
            real[A_DATABASE] = stack.enter_context(postgresql_databases())()
        for shown, stands_for in real.items():
            script = script.replace(shown, stands_for)
        result = subprocess.run(
            ["bash", "-c", f"set -Eeuo pipefail; trap 'echo failed: \"$BASH_COMMAND\" >&2' ERR\n{script}"],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "PYTHONPATH": str(ROOT),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
    assert "Traceback" not in result.stdout + result.stderr
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


def two_days_sent(terminal: Terminal) -> None:
    """The till that a supporter is asked about."""
    terminal.run("till", "seed", "--days", "2", "--receipts", "3")
    terminal.connect()
    terminal.run("worker", "--once")


def laid_out(folder: Path) -> Path:
    """A folder to type commands in, with what the pages take to be there, and the program to be found."""
    here, programs = folder / "here", folder / "bin"
    for made in (here, programs, folder / "srv", folder / "backups"):
        made.mkdir()
    (here / "password.txt").write_text(PASSWORD, "utf-8")
    (programs / "factorypos-tui").write_text(_PROGRAM.format(python=sys.executable), "utf-8")
    (programs / "factorypos-tui").chmod(0o755)
    return here


@pytest.mark.parametrize(("page", "block"), NOT_RUN, ids=lambda value: getattr(value, "name", ""))
def test_commands_that_no_test_can_run(page: Path, block: Block) -> None:
    pytest.skip(f"{name_of(page)}, line {block.line}: {block.reason}")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_command_hides_from_these_tests(page: Path) -> None:
    """Outside of a block of `sh` no line begins with a command, and each within a line is one of ours."""
    text = page.read_text("utf-8")
    outside = _BLOCK.sub(lambda found: "" if found["kind"] == "sh" else found[0], text)
    assert re.findall(r"^(?: {4,}|\$ )(?:[.\w/]*/)?factorypos-tui .*", outside, re.M) == []
    for said in re.findall(r"`factorypos-tui ([^`]+)`", text):
        words = [word for word in said.split("#")[0].split() if not word.startswith("<")]
        assert is_a_command(words), said


def is_a_command(words: list[str]) -> bool:
    """The words lead to a command of ours, and each option is one of its own."""
    command: click.Command = program
    options = option_names(command)
    for word in words:
        if word.startswith("--"):
            if word.split("=")[0].rstrip(",.") not in options:
                return False
        elif isinstance(command, click.Group) and (
            found := command.get_command(click.Context(command), word)
        ):
            command = found
            options |= option_names(command)
    return command is not program or all(word.startswith("-") for word in words[:1])


def option_names(command: click.Command) -> set[str]:
    return {name for option in command.params for name in option.opts} | {"--help"}
