"""The Debian packages, built, judged by lintian, and lived with in a clean root. `walk` shows all of it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.installed import ROOT


@pytest.mark.long
@pytest.mark.timeout(1800)  # a base system is fetched and unpacked
def test_a_till_at_work_is_installed_upgraded_and_purged_and_nothing_is_lost(tmp_path: Path) -> None:
    missing = [tool for tool in ("dh", "lintian", "debootstrap") if shutil.which(tool) is None]
    if missing or os.geteuid():
        pytest.skip(f"needs root, and debhelper, lintian, debootstrap; not installed: {missing}")
    subprocess.run([ROOT / "packaging" / "deb" / "build", tmp_path], check=True)
    lintian = ["lintian", "--fail-on", "error,warning", "--allow-root", *map(str, tmp_path.glob("*.deb"))]
    judged = subprocess.run(lintian, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout
    walked = subprocess.run([ROOT / "packaging" / "deb" / "walk", tmp_path], capture_output=True, text=True)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert walked.stdout.endswith("== All is well\n")
