"""What is committed, and what a wheel of it holds."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_WORDS_OF_THE_README = 1500
# Letters in brackets keep this very file from matching.
FORBIDDEN = (
    r"index-[u]rl|[r]egistry = |find-[l]inks .*//",
    r"/[w]ork/|/[r]oot/|/[h]ome/[a-z]+/",
    r"pypi\.[o]rg|[f]iles\.pythonhosted",
)


def committed_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    no_texts = (".mo", ".png", ".svg")
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith(no_texts)]
    return [(name, (ROOT / name).read_text("utf-8")) for name in names if (ROOT / name).is_file()]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_registry_address_and_no_path_of_a_machine_is_committed(pattern: str) -> None:
    found = [name for name, text in committed_texts() if name != "Makefile" and re.search(pattern, text)]
    assert found == []


def test_every_locked_dependency_has_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for requirement in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in requirement, requirement


def read(wheel: Path, name: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name).decode()


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").split()) <= MOST_WORDS_OF_THE_README


def test_a_wheel_holds_all_that_the_program_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    kept = {".py", ".tcss", ".sql", ".mo", ".typed", ".txt", ".html", ".css", ".svg", ".js"}
    package = ROOT / "factorypos_tui"
    wanted = {
        str(file.relative_to(ROOT))
        for file in package.rglob("*")
        if file.suffix in kept or file.name == "py.typed"
    }
    assert wanted <= held
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert read(wheel, "factorypos_tui/build.txt").startswith(f"g{commit.stdout.strip()}")
    assert not any(name.startswith("tests/") for name in held)
