"""Who lacks an extra is told the command that adds it to the installation at hand."""

import json
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from factorypos_tui.core.language import installed
from factorypos_tui.core.language.installed import VENV_OF_DEBIAN, how_to_add


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wheel that the program was installed from, as installers note it."""
    wheel = tmp_path / "a b" / "factorypos_tui-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.touch()
    notes = tmp_path / "factorypos_tui-1.0.dist-info"
    notes.mkdir()
    (notes / "direct_url.json").write_text(json.dumps({"url": wheel.as_uri(), "archive_info": {}}))
    monkeypatch.setattr(installed, "distribution", lambda _name: PathDistribution(notes))
    return wheel


def test_pip_fetches_what_is_missing_by_the_name_that_it_has_installed(tmp_path: Path) -> None:
    assert how_to_add("server", tmp_path) == f"{tmp_path}/bin/python -m pip install 'factorypos-tui[server]'"
    assert how_to_add("server").startswith(f"{sys.prefix}/bin/python -m pip install ")


@pytest.mark.parametrize(
    ("mark", "told"),
    [("pipx_metadata.json", "pipx install --force"), ("uv-receipt.toml", "uv tool install --force")],
)
def test_pipx_and_uv_install_again_from_the_same_wheel_or_by_name_if_it_is_gone(
    mark: str, told: str, tmp_path: Path, wheel: Path
) -> None:
    (tmp_path / mark).touch()
    assert how_to_add("unicenta", tmp_path) == f"{told} '{wheel}[unicenta]'"
    wheel.unlink()
    assert how_to_add("unicenta", tmp_path) == f"{told} 'factorypos-tui[unicenta]'"


def test_a_package_of_debian_has_a_package_for_each_extra() -> None:
    unicenta, server = (f"./factorypos-tui-{extra}_*.deb" for extra in ("unicenta", "server"))
    assert how_to_add("unicenta", VENV_OF_DEBIAN) == f"sudo apt install {unicenta}"
    assert how_to_add("server", VENV_OF_DEBIAN) == f"sudo apt install {unicenta} {server}"
