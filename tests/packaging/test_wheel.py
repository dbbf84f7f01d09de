"""Wheel and source archive: what is built is what is installed, and it does the main job from there."""

import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.installed import ROOT, Installed, build

PYTHONS = ("3.11", *(pytest.param(newer, marks=pytest.mark.long) for newer in ("3.12", "3.13", "3.14")))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the source archive of this checkout."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(ROOT, "sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    return build(source, "wheel", folder)


def contents(wheel: Path) -> dict[str, bytes]:
    """Each file, but the list of them, whose order may be another."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def test_the_source_archive_makes_the_same_wheel_as_the_checkout(wheel: Path, tmp_path: Path) -> None:
    assert contents(wheel) == contents(build(ROOT, "wheel", tmp_path))


def interpreter(version: str) -> str:
    """A Python of this version, in the path or where pyenv puts them; the test is skipped without one."""
    found = shutil.which(f"python{version}")
    pyenv = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(f"versions/{version}.*"))
    for candidate in (*([found] if found else []), *(str(it / "bin" / "python") for it in pyenv)):
        ask = [candidate, "-c", "import ensurepip, ssl, sqlite3, sys; print(sys.version_info[:2])"]
        asked = subprocess.run(ask, capture_output=True, text=True)
        if asked.returncode == 0:  # a stand-in of pyenv answers that it is not the one in use
            return candidate
    pytest.skip(f"no Python {version} on this machine")


@pytest.mark.timeout(600)  # installing takes its time on a busy machine
@pytest.mark.parametrize("version", PYTHONS)
def test_installed_into_a_clean_environment_it_does_the_main_job(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    environment = tmp_path / "environment"
    subprocess.run([interpreter(version), "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    outcome = subprocess.run(
        [*pip, "install", "--no-compile", "--only-binary", ":all:", f"{wheel}[server,unicenta]"],
        capture_output=True,
        text=True,
    )
    if outcome.returncode:
        asked = subprocess.run([*pip, "index", "versions", "click"], capture_output=True, text=True)
        if asked.returncode:
            pytest.skip("no package index can be reached")
    assert outcome.returncode == 0, outcome.stderr
    subprocess.run([*pip, "check"], check=True, capture_output=True)

    till = Installed(environment, tmp_path / "till")
    with Installed(environment, tmp_path / "cloud").serve("--registration", "open") as cloud:
        till.run("till", "init", "--catalogue", "demo")
        till.connect(cloud)
        till.close_a_day()
        till.run("worker", "--once", cloud=cloud)
        assert till.json("status", cloud=cloud)["queue"]["delivered"] == 1
        assert "identical" in till.run("verify", cloud=cloud)
