"""What `doctor` finds on the machine itself."""

from pathlib import Path

import pytest

from factorypos_tui.cli import examining_here
from factorypos_tui.cli.home import Home
from factorypos_tui.core.doctor.findings import Verdict


def test_a_terminal_beside_that_of_the_service_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines, own = tmp_path / "machines", tmp_path / "own"
    machines.mkdir(mode=0o700)
    own.mkdir(mode=0o700)
    monkeypatch.setattr(examining_here, "MACHINES_HOME", machines)
    found = examining_here.look_at_folder(Home(own))
    assert (found.verdict, found.facts["beside_the_machines"]) == (Verdict.PARTIAL, True)
    assert f"works on {machines}, and this is {own}: two terminals" in found.words
    assert found.remedy == f"sudo factorypos-tui --home {machines} doctor"
    found = examining_here.look_at_folder(Home(machines))
    assert (found.verdict, found.facts["beside_the_machines"]) == (Verdict.FINE, False)
