"""What every place that keeps tokens does (port `Credentials`)."""

from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from factorypos_tui.core.credentials import Credentials, Held
from factorypos_tui.credentials import open_credentials
from tests.credentials.conftest import UseKeyring
from tests.credentials.keyrings import AbsentKeyring, Chain, LockableKeyring, RealKeyring
from tests.support.memory_credentials import MemoryCredentials

# Name -> what config.toml says, the keyring of the machine, and where a token then goes.
PLACES: dict[str, tuple[str, type[KeyringBackend], str]] = {
    "file": ("file", RealKeyring, "file"),
    "keyring": ("keyring", RealKeyring, "keyring"),
    "auto with a keyring": ("auto", RealKeyring, "keyring"),
    "auto without a keyring": ("auto", fail.Keyring, "file"),
    "auto with a null keyring": ("auto", null.Keyring, "file"),
    "auto with an absent keyring": ("auto", AbsentKeyring, "file"),
    "auto with a locked keyring": ("auto", LockableKeyring, "file"),
    "auto with an empty chain": ("auto", Chain, "file"),
    "systemd": ("systemd", RealKeyring, "file"),
}


@pytest.fixture(params=["memory", *PLACES])
def credentials(request: pytest.FixtureRequest, tmp_path: Path, use_keyring: UseKeyring) -> Credentials:
    if request.param == "memory":
        return MemoryCredentials()
    backend, keyring, _place = PLACES[request.param]
    use_keyring(keyring())
    return open_credentials(tmp_path, tmp_path / "credentials.json", backend, {})


def test_there_is_no_token_before_one_is_kept(credentials: Credentials) -> None:
    assert credentials.get("user") is None
    credentials.delete("user")
    assert credentials.get("user") is None


def test_a_token_is_kept_replaced_and_forgotten(credentials: Credentials) -> None:
    credentials.set("user", "first")
    assert credentials.get("user") == "first"
    credentials.set("user", "second")
    assert credentials.get("user") == "second"
    credentials.delete("user")
    assert credentials.get("user") is None


def test_what_is_told_of_the_places_fits_what_they_give(credentials: Credentials) -> None:
    assert credentials.place("user") is None
    assert not any(rest.held is Held.IN_USE for rest in credentials.look("user"))
    credentials.set("user", "of Ana")
    place = credentials.place("user")
    assert place == credentials.backend
    assert [(r.place, r.is_encrypted) for r in credentials.look("user") if r.held is Held.IN_USE] == [
        (place, credentials.encrypted)
    ]
    assert credentials.move("user", place)
    assert not credentials.move("terminal", place)
    assert credentials.get("user") == "of Ana"
    credentials.delete("user")
    assert credentials.place("user") is None


def test_each_name_has_its_own_token(credentials: Credentials) -> None:
    credentials.set("user", "of Ana")
    credentials.set("terminal", "of the till")
    assert (credentials.get("user"), credentials.get("terminal")) == ("of Ana", "of the till")
    credentials.delete("user")
    assert (credentials.get("user"), credentials.get("terminal")) == (None, "of the till")


def test_it_says_where_a_new_token_goes(credentials: Credentials, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["credentials"]
    expected = "memory" if name == "memory" else PLACES[name][2]
    assert credentials.backend == expected
    assert credentials.encrypted is (expected != "file")


def test_another_opening_of_the_same_home_finds_the_token(tmp_path: Path, use_keyring: UseKeyring) -> None:
    use_keyring(RealKeyring())
    for backend in ("file", "keyring", "auto"):
        open_credentials(tmp_path, tmp_path / "c.json", backend, {}).set("user", backend)
        assert open_credentials(tmp_path, tmp_path / "c.json", backend, {}).get("user") == backend
