"""A release is signed, and who downloads it notices what was changed on the way."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.installed import ROOT

UPGRADING = (ROOT / "docs" / "upgrading.md").read_text("utf-8")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release signed with a throw-away key, in the place of the maintainers', as somebody downloaded it."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed (apt-get install openssh-client)")
    key, folder = tmp_path / "key", tmp_path / "release"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    folder.mkdir()
    for name in ("factorypos_tui-1.0-py3-none-any.whl", "factorypos-tui_1.0+deb12_amd64.deb"):
        (folder / name).write_text(name)
    subprocess.run([ROOT / "packaging" / "checksums", folder, key], check=True)
    public = key.with_suffix(".pub").read_text()
    (folder / "factorypos-tui.signers").write_text(f'factorypos-tui namespaces="factorypos-tui" {public}')
    return folder


def verified(folder: Path) -> "subprocess.CompletedProcess[str]":
    """What the commands say that docs/upgrading.md tells to type."""
    told = re.search(r"^    (ssh-keygen -Y verify.*?)\n\n", UPGRADING, re.MULTILINE | re.DOTALL)
    assert told
    return subprocess.run(
        ["sh", "-ec", told[1]],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )


def test_what_was_downloaded_whole_is_verified(release: Path) -> None:
    said = verified(release)
    assert said.returncode == 0, said.stderr
    assert 'Good "factorypos-tui" signature' in said.stdout
    assert "factorypos_tui-1.0-py3-none-any.whl: OK" in said.stdout


def test_a_file_that_was_exchanged_is_noticed(release: Path) -> None:
    (release / "factorypos_tui-1.0-py3-none-any.whl").write_text("another program")
    assert "factorypos_tui-1.0-py3-none-any.whl: FAILED" in verified(release).stdout


def test_sums_that_were_exchanged_along_are_noticed(release: Path) -> None:
    (release / "factorypos_tui-1.0-py3-none-any.whl").write_text("another program")
    sums = subprocess.run("sha256sum *.whl", shell=True, cwd=release, capture_output=True, check=True)  # noqa: S602
    (release / "SHA256SUMS").write_bytes(sums.stdout)
    assert verified(release).returncode != 0
