"""Two builds of one version are told apart."""

import subprocess
import sys
from pathlib import Path

from factorypos_tui import __version__
from factorypos_tui.cli.build import version_of_this_build

ROOT = Path(__file__).parents[2]


def test_in_a_checkout_the_version_names_the_commit() -> None:
    ask = [sys.executable, "-m", "factorypos_tui", "--version"]
    said = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.startswith(f"factorypos-tui, version {__version__}+g{commit.stdout.strip()}")


def test_an_installed_program_knows_what_it_was_built_of_and_else_says_the_version_alone(
    tmp_path: Path,
) -> None:
    program = tmp_path / "factorypos_tui"
    program.mkdir()
    assert version_of_this_build(program) == __version__
    (tmp_path / ".git").mkdir()  # no git would know it
    assert version_of_this_build(program) == __version__
    (program / "build.txt").write_text("g1234abc\n")
    assert version_of_this_build(program) == f"{__version__}+g1234abc"
