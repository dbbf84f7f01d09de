"""Every test runs in a sealed world: its own home, no operator's environment, no keyring of this machine."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from factorypos_tui.core.language import use_language

settings.register_profile("thorough", deadline=None, derandomize=True)
settings.load_profile("thorough")

_UNSEALED = (
    "FACTORYPOS_CA_FILE",
    "FACTORYPOS_CLOUD_URL",
    "CREDENTIALS_DIRECTORY",
    "NO_COLOR",
    "TEXTUAL_THEME",
    "LC_ALL",
    "LC_MESSAGES",
    "LANGUAGE",
)


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the developer's shell changes what a test sees."""
    for name in _UNSEALED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FACTORYPOS_HOME", str(tmp_path / "factorypos"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Madrid")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    os.umask(0o022)
    use_language("en")
