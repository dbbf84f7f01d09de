"""The units that we hand out, read by systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
UNITS = sorted(file.name for file in PACKAGING.iterdir() if file.suffix in (".service", ".timer"))


def analyze(*arguments: str) -> str:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (apt-get install systemd)")
    command = ["systemd-analyze", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_say(name: str) -> None:
    assert analyze("verify", str(PACKAGING / name)) == ""


def test_the_server_may_do_little() -> None:
    said = analyze("security", "--offline=true", str(PACKAGING / "factorycloud.service"))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert found, said
    assert float(found[1]) <= 2  # of 10
