"""Keyrings that are no good, and how the places of a token take turns."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from factorypos_tui.core.credentials import Credentials
from factorypos_tui.core.errors import KeyringLocked, StorageError
from factorypos_tui.credentials import open_credentials
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.memory import Memory
from factorypos_tui.credentials.os_keyring import KeyringCredentials
from factorypos_tui.credentials.places import Places
from factorypos_tui.credentials.rooms import Rooms
from factorypos_tui.credentials.systemd import SystemdCredentials
from tests.credentials.conftest import UseKeyring
from tests.credentials.keyrings import (
    Chain,
    EncryptedFileKeyring,
    HangingKeyring,
    LockableKeyring,
    PlaintextKeyring,
    RealKeyring,
)


def auto(home: Path, environment: dict[str, str] | None = None) -> Credentials:
    return open_credentials(home, home / "credentials.json", "auto", environment or {})


def all_places(home: Path) -> Places:
    """As `auto`, with a keyring that is not waited for for long."""
    file, memory = FileCredentials(home / "credentials.json"), Memory(FileCredentials(home / "newest.json"))
    return Places(Rooms(SystemdCredentials(None), KeyringCredentials(home, limit_s=0.05), file, memory))


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds; a keyring that does not answer yet is one more reason to wait."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(KeyringLocked):
            if holds():
                return
        time.sleep(0.01)
    pytest.fail("it never came to hold")


@pytest.mark.parametrize(
    "kinds",
    [
        [fail.Keyring],
        [null.Keyring],
        [PlaintextKeyring],
        [EncryptedFileKeyring],
        [],
        [PlaintextKeyring, null.Keyring],
    ],
)
def test_a_keyring_that_is_no_safe_place_gets_no_token(
    tmp_path: Path, use_keyring: UseKeyring, kinds: list[type[KeyringBackend]]
) -> None:
    chain = Chain(*kinds)
    use_keyring(chain.backends[0] if len(kinds) == 1 else chain)
    with pytest.raises(StorageError):
        KeyringCredentials(tmp_path).set("user", "token")
    auto(tmp_path).set("user", "token")
    assert FileCredentials(tmp_path / "credentials.json").get("user") == "token"
    assert not any(keyring.secrets for keyring in chain.backends if isinstance(keyring, RealKeyring))


def test_the_real_keyring_of_a_chain_is_taken(tmp_path: Path, use_keyring: UseKeyring) -> None:
    chain = Chain(PlaintextKeyring, RealKeyring)
    plaintext, real = chain.backends
    assert isinstance(plaintext, RealKeyring)
    assert isinstance(real, RealKeyring)
    use_keyring(chain)
    auto(tmp_path).set("user", "token")
    assert list(real.secrets) == [("factorypos-tui", f"user@{tmp_path}")]
    assert not plaintext.secrets
    assert not (tmp_path / "credentials.json").exists()


def test_two_homes_of_one_machine_keep_apart(tmp_path: Path, use_keyring: UseKeyring) -> None:
    use_keyring(RealKeyring())
    till_1, till_2 = auto(tmp_path / "1"), auto(tmp_path / "2")
    till_1.set("terminal", "of till 1")
    till_2.set("terminal", "of till 2")
    till_2.delete("terminal")
    assert (till_1.get("terminal"), till_2.get("terminal")) == ("of till 1", None)


def test_a_keyring_that_hangs_is_left_alone(tmp_path: Path, use_keyring: UseKeyring) -> None:
    hanging = HangingKeyring()
    use_keyring(hanging)
    places = all_places(tmp_path)
    places.set("user", "token")
    assert (places.get("user"), places.get("terminal")) == ("token", None)
    assert (places.backend, places.encrypted) == ("file", False)
    assert hanging.questions == 1
    hanging.released.set()


def test_a_keyring_that_hung_is_asked_again_once_it_has_answered(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    hanging = HangingKeyring()
    use_keyring(hanging)
    hanging.released.set()
    places = all_places(tmp_path)
    places.set("terminal", "token")
    hanging.released.clear()
    with pytest.raises(KeyringLocked):
        places.get("terminal")
    hanging.released.set()  # somebody has answered the prompt
    eventually(lambda: places.get("terminal") == "token")


@pytest.mark.parametrize("backend", ["auto", "keyring"])
def test_a_token_in_a_locked_keyring_is_not_missing(
    tmp_path: Path, use_keyring: UseKeyring, backend: str
) -> None:
    keyring = LockableKeyring()
    use_keyring(keyring)
    keyring.locked = False
    open_credentials(tmp_path, tmp_path / "credentials.json", backend, {}).set("terminal", "token")
    keyring.locked = True
    credentials = open_credentials(tmp_path, tmp_path / "credentials.json", backend, {})
    with pytest.raises(KeyringLocked, match="locked") as failure:
        credentials.get("terminal")
    assert failure.value.cause == "keyring_locked"
    keyring.locked = False
    assert credentials.get("terminal") == "token"


def test_a_token_that_was_never_kept_is_missing_also_behind_a_locked_keyring(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    use_keyring(LockableKeyring())
    assert auto(tmp_path).get("terminal") is None


def test_a_home_of_an_older_version_learns_which_token_is_the_newest(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    keyring = LockableKeyring()
    use_keyring(keyring)
    keyring.locked = False
    KeyringCredentials(tmp_path).set("terminal", "token")  # 0.1 kept no hash
    assert auto(tmp_path).get("terminal") == "token"
    keyring.locked = True
    with pytest.raises(KeyringLocked):
        auto(tmp_path).get("terminal")


def test_what_a_keyring_says_is_not_repeated(tmp_path: Path, use_keyring: UseKeyring) -> None:
    use_keyring(LockableKeyring())
    with pytest.raises(StorageError) as failure:
        KeyringCredentials(tmp_path).set("user", "s3cret")
    assert "s3cret" not in repr(failure.value) + repr(failure.value.__cause__)
    assert "KeyringLocked" in str(failure.value)


def test_a_token_kept_while_the_keyring_was_locked_is_the_newer_one(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    keyring = LockableKeyring()
    use_keyring(keyring)
    credentials = auto(tmp_path)
    keyring.locked = False
    credentials.set("terminal", "old")
    keyring.locked = True
    credentials.set("terminal", "newer")
    keyring.locked = False
    assert credentials.get("terminal") == "newer"
    credentials.set("terminal", "newest")
    assert credentials.get("terminal") == "newest"
    assert FileCredentials(tmp_path / "credentials.json").get("terminal") is None
    credentials.delete("terminal")
    assert credentials.get("terminal") is None
    assert not keyring.secrets


def test_a_token_that_was_forgotten_while_the_keyring_was_locked_does_not_come_back(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    keyring = LockableKeyring()
    use_keyring(keyring)
    keyring.locked = False
    auto(tmp_path).set("user", "token")
    keyring.locked = True
    auto(tmp_path).delete("user")
    keyring.locked = False
    assert auto(tmp_path).get("user") is None
    auto(tmp_path).set("user", "another")
    assert auto(tmp_path).get("user") == "another"


@pytest.mark.parametrize("backend", ["file", "keyring"])
def test_a_token_kept_in_a_place_of_ones_choice_is_the_newest_for_all_places_too(
    backend: str, tmp_path: Path, use_keyring: UseKeyring
) -> None:
    use_keyring(RealKeyring())
    auto(tmp_path).set("terminal", "store-1 1 first")
    open_credentials(tmp_path, tmp_path / "credentials.json", backend, {}).set("terminal", "store-1 1 second")
    assert auto(tmp_path).get("terminal") == "store-1 1 second"


def run(script: str, home: Path, **environment: str) -> str:
    """What `script` prints in a process of its own, on a desktop where no keyring answers."""
    result = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", **environment},
    )
    return result.stdout.strip()


OPEN = """
import sys
from pathlib import Path
from factorypos_tui.credentials import open_credentials
home = Path(sys.argv[1])
credentials = open_credentials(home, home / "credentials.json", "auto")
"""


def test_keyring_is_not_loaded_before_a_token_is_asked_for(tmp_path: Path) -> None:
    assert run(OPEN + "print('keyring' in sys.modules)", tmp_path) == "False"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a keyring is always there")
@pytest.mark.parametrize(
    ("sign", "is_asked"),
    [
        ({}, "False"),
        ({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}, "True"),
        ({"DISPLAY": ":0"}, "True"),
        ({"XDG_RUNTIME_DIR": "runtime"}, "True"),
        ({"XDG_CONFIG_HOME": "config"}, "True"),
    ],
)
def test_the_library_of_keyrings_is_loaded_only_where_one_may_be(
    tmp_path: Path, sign: dict[str, str], is_asked: str
) -> None:
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "bus").touch()
    (tmp_path / "config" / "python_keyring").mkdir(parents=True)
    (tmp_path / "config" / "python_keyring" / "keyringrc.cfg").touch()
    script = "print(credentials.get('user'), 'keyring' in sys.modules)"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **sign}
    result = subprocess.run(
        [sys.executable, "-c", OPEN + script, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "PYTHONPATH": str(Path.cwd())},
    )
    assert result.stdout.strip() == f"None {is_asked}"


@pytest.mark.parametrize("named", [{}, {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}])
def test_a_machine_without_any_keyring_keeps_tokens_in_the_file(
    tmp_path: Path, named: dict[str, str]
) -> None:
    script = "credentials.set('user', 'token'); print(credentials.backend, credentials.get('user'))"
    assert run(OPEN + script, tmp_path, **named) == "file token"
    assert FileCredentials(tmp_path / "credentials.json").get("user") == "token"


def test_a_hung_keyring_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    script = """
import keyring
from tests.credentials.keyrings import HangingKeyring
from factorypos_tui.credentials.memory import Memory
from factorypos_tui.credentials.os_keyring import KeyringCredentials
keyring.set_keyring(HangingKeyring())
print(KeyringCredentials(home, limit_s=0.05).usable())
"""
    assert run(OPEN + script, tmp_path) == "False"


def test_a_machine_without_a_keyring_fills_no_log_with_it(
    tmp_path: Path, use_keyring: UseKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    use_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring gives it no types
    with caplog.at_level("INFO"):
        assert auto(tmp_path).get("terminal") is None
    assert caplog.records == []
