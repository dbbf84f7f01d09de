"""What systemd and sudo are told of us, read by these."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
SYSTEMD = PACKAGING / "systemd"
UNITS = sorted(file for kind in ("system", "user") for file in (SYSTEMD / kind).iterdir())
SERVICES = [file for file in UNITS if file.suffix == ".service" and file.parent.name == "system"]
_MOST_EXPOSURE = 1.5  # of 10; what is left is the network


def said_by(program: str, package: str, *arguments: str, **environment: str) -> str:
    """What a program of the system says of our files; nothing if it has nothing to say."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (apt-get install {package})")
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: f"{unit.parent.name}/{unit.name}")
def test_systemd_finds_nothing_to_say(unit: Path, tmp_path: Path) -> None:
    options = ("verify", "--man=no", f"--{unit.parent.name}", str(unit))
    assert said_by("systemd-analyze", "systemd", *options, XDG_RUNTIME_DIR=str(tmp_path)) == ""


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(unit: Path) -> None:
    said = said_by("systemd-analyze", "systemd", "security", "--offline=true", str(unit))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert found, said
    assert float(found[1]) <= _MOST_EXPOSURE


def test_each_user_of_a_service_is_one_that_is_made(tmp_path: Path) -> None:
    made = [str(file) for file in sorted((SYSTEMD / "sysusers.d").iterdir())]
    said = said_by("systemd-sysusers", "systemd", "--dry-run", f"--root={tmp_path}", *made)
    users = {name for unit in SERVICES for name in re.findall(r"^User=(.+)$", unit.read_text(), re.MULTILINE)}
    assert users == set(re.findall(r"user '?(\w+)'?", said)), said


def test_sudo_reads_its_rule() -> None:
    rule = str(PACKAGING / "sudoers.d" / "factorypos-tui")
    assert said_by("visudo", "sudo", "-cf", rule) == f"{rule}: parsed OK\n"


def test_a_shell_reads_the_launcher() -> None:
    assert said_by("sh", "dash", "-n", str(PACKAGING / "factorypos-till")) == ""
