"""A terminal and a FactoryCLOUD of 0.3.0 are upgraded by pip with work under way."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.packaging.installed import ROOT, Installed, build

RELEASE_0_3_0 = "5db7ebc^"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The source of 0.3.0."""
    source = tmp_path / "older"
    source.mkdir()
    packed = subprocess.run(["git", "archive", RELEASE_0_3_0], cwd=ROOT, capture_output=True)
    if packed.returncode:
        pytest.skip("this checkout lacks the history of 0.3.0")
    subprocess.run(["tar", "-x", "-C", str(source)], input=packed.stdout, check=True)
    return source


def install(environment: Path, wheel: Path) -> None:
    """By pip, as `pip install --upgrade` does; the libraries are those of the tests, so no index is asked."""
    python = str(environment / "bin" / "python")
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--upgrade")
    subprocess.run([python, "-m", "pip", "install", *options, str(wheel)], check=True)


@pytest.mark.timeout(600)  # two installations and a dozen commands, from cold files
def test_what_0_3_0_closed_and_sent_and_what_waited_is_there_after_an_upgrade(
    tmp_path: Path, older: Path
) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    (site,) = environment.glob("lib/python3*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    till, host = Installed(environment, tmp_path / "till"), Installed(environment, tmp_path / "cloud")

    install(environment, build(older, "wheel", tmp_path / "0.3.0"))
    assert "0.3.0" in till.run("--version")
    with host.serve() as cloud:
        till.run("till", "init", "--catalogue", "demo")
        till.connect(cloud)
        till.close_a_day()
        till.run("worker", "--once", cloud=cloud)
    till.close_a_day()
    assert till.json("status", cloud=cloud)["queue"]["delivered"] == 1

    install(environment, build(ROOT, "wheel", tmp_path / "new"))
    assert "0.3.0" not in till.run("--version")
    with host.serve(port=int(cloud.rpartition(":")[2])):
        till.run("worker", "--once", cloud=cloud)
        assert till.json("status", cloud=cloud)["queue"]["delivered"] == 2
        assert "All 2 Z reports" in till.run("verify", cloud=cloud)
