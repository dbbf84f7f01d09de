"""Moving a token from one place to another, and what is told of each place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from keyring.backends import fail

from factorypos_tui.core.credentials import Credentials, Held
from factorypos_tui.core.errors import KeyringLocked, StorageError, TokenMissing, TokenWithService, UsageError
from factorypos_tui.credentials import open_credentials
from factorypos_tui.credentials.file import FileCredentials
from factorypos_tui.credentials.os_keyring import KeyringCredentials
from tests.credentials.conftest import UseKeyring
from tests.credentials.keyrings import LockableKeyring, RealKeyring

TEXT = "store-1 1 s3cret"


class Killed(BaseException):
    """The process ends here; nothing of ours may catch it."""


def opened(home: Path, backend: str = "auto", **environment: str) -> Credentials:
    return open_credentials(home, home / "credentials.json", backend, environment)


def held(home: Path, backend: str = "auto") -> Mapping[str, Held]:
    return {rest.place: rest.held for rest in opened(home, backend).look("terminal")}


@pytest.fixture
def keyring(use_keyring: UseKeyring) -> RealKeyring:
    keyring = RealKeyring()
    use_keyring(keyring)
    return keyring


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """The folder with the service's credential."""
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


def test_a_token_is_in_its_new_place_and_nowhere_else(tmp_path: Path, keyring: RealKeyring) -> None:
    opened(tmp_path).set("terminal", TEXT)
    assert opened(tmp_path).place("terminal") == "keyring"
    assert opened(tmp_path).move("terminal", "file")
    assert not keyring.secrets
    assert (opened(tmp_path).get("terminal"), opened(tmp_path).place("terminal")) == (TEXT, "file")
    assert opened(tmp_path).move("terminal", "keyring")
    assert FileCredentials(tmp_path / "credentials.json").get("terminal") is None
    assert (opened(tmp_path).get("terminal"), opened(tmp_path).place("terminal")) == (TEXT, "keyring")


def test_there_is_nothing_to_move_before_there_is_a_token(tmp_path: Path, keyring: RealKeyring) -> None:
    assert not opened(tmp_path).move("terminal", "file")
    assert not opened(tmp_path).move("terminal", "systemd")
    assert opened(tmp_path).place("terminal") is None


def test_a_place_that_does_not_take_it_changes_nothing(tmp_path: Path, use_keyring: UseKeyring) -> None:
    locked = LockableKeyring()
    use_keyring(locked)
    opened(tmp_path).set("terminal", TEXT)
    with pytest.raises(KeyringLocked):
        opened(tmp_path).move("terminal", "keyring")
    use_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring gives it no types
    with pytest.raises(StorageError, match="There is no keyring here"):
        opened(tmp_path).move("terminal", "keyring")
    assert held(tmp_path) == {"systemd": Held.NOTHING, "keyring": Held.ABSENT, "file": Held.IN_USE}


def test_a_place_that_gives_something_else_back_gets_nothing(tmp_path: Path, use_keyring: UseKeyring) -> None:
    class Forgetful(RealKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password[:5])

    use_keyring(Forgetful())
    opened(tmp_path, "file").set("terminal", TEXT)
    with pytest.raises(StorageError, match="nothing was taken away"):
        opened(tmp_path).move("terminal", "keyring")
    assert opened(tmp_path).get("terminal") == TEXT


@pytest.mark.parametrize(
    ("backend", "place"), [("file", "keyring"), ("keyring", "file"), ("systemd", "keyring")]
)
def test_a_place_that_config_toml_leaves_out_is_refused(
    tmp_path: Path, keyring: RealKeyring, backend: str, place: str
) -> None:
    opened(tmp_path).set("terminal", TEXT)
    with pytest.raises(UsageError, match=f'backend = "{place}"'):
        opened(tmp_path, backend).move("terminal", place)
    assert opened(tmp_path).get("terminal") == TEXT


@pytest.mark.parametrize(("backend", "is_found"), [("file", False), ("keyring", True)])
def test_one_that_lies_where_config_toml_does_not_want_it_is_named_and_can_be_moved(
    tmp_path: Path, keyring: RealKeyring, backend: str, is_found: bool
) -> None:
    elsewhere = {"file": "keyring", "keyring": "file"}[backend]
    opened(tmp_path, elsewhere).set("terminal", TEXT)
    assert held(tmp_path, backend)[elsewhere] is Held.NOT_CHOSEN
    assert (opened(tmp_path, backend).get("terminal") is not None) == is_found
    assert opened(tmp_path, backend).move("terminal", backend)
    assert held(tmp_path, backend) == {
        "systemd": Held.NOTHING,
        backend: Held.IN_USE,
        elsewhere: Held.NOTHING,
    }


def test_an_older_token_is_named_and_goes_when_the_newer_one_is_moved(
    tmp_path: Path, use_keyring: UseKeyring
) -> None:
    keyring = LockableKeyring()
    use_keyring(keyring)
    keyring.locked = False
    opened(tmp_path).set("terminal", "store-1 1 first")
    keyring.locked = True
    opened(tmp_path).set("terminal", TEXT)
    assert held(tmp_path) == {"systemd": Held.NOTHING, "keyring": Held.LOCKED, "file": Held.IN_USE}
    keyring.locked = False
    assert held(tmp_path) == {"systemd": Held.NOTHING, "keyring": Held.OLDER, "file": Held.IN_USE}
    assert opened(tmp_path).move("terminal", "file")
    assert not keyring.secrets


def test_a_chosen_place_with_an_older_token_alone_does_not_use_it(
    tmp_path: Path, keyring: RealKeyring
) -> None:
    opened(tmp_path, "file").set("terminal", "store-1 1 first")
    opened(tmp_path, "keyring").set("terminal", TEXT)
    FileCredentials(tmp_path / "credentials.json").set("terminal", "store-1 1 first")  # of a backup
    with pytest.raises(TokenMissing, match="older"):
        opened(tmp_path, "file").get("terminal")


@pytest.mark.parametrize(("start", "end"), [("file", "keyring"), ("keyring", "file")])
def test_killed_at_any_moment_it_leaves_a_token_that_is_used(
    tmp_path: Path, use_keyring: UseKeyring, monkeypatch: pytest.MonkeyPatch, start: str, end: str
) -> None:
    for moment in range(100):
        home = tmp_path / str(moment)
        use_keyring(RealKeyring())
        opened(home, start).set("terminal", TEXT)
        with monkeypatch.context() as patch:
            left = iter(range(moment))
            for place, verb in [
                (FileCredentials, "change"),
                (KeyringCredentials, "set"),
                (KeyringCredentials, "delete"),
            ]:
                patch.setattr(place, verb, mortal(getattr(place, verb), left))
            with suppress(Killed):
                opened(home).move("terminal", end)
                break
        assert opened(home).get("terminal") == TEXT
        assert opened(home).move("terminal", end)
        assert opened(home).place("terminal") == end
    assert moment > 3


def mortal(verb: Callable[..., None], left: Iterator[int]) -> Callable[..., None]:
    """The same verb in a process that is killed before or after it, once no step is left."""

    def carry_out(*arguments: object, **more: object) -> None:
        if next(left, None) is None:
            raise Killed
        verb(*arguments, **more)
        if next(left, None) is None:
            raise Killed

    return carry_out


def test_the_service_tells_the_others_that_it_has_the_token(
    tmp_path: Path, keyring: RealKeyring, given: Path
) -> None:
    opened(tmp_path).set("terminal", TEXT)
    opened(tmp_path).set("user", "of Ana")
    assert not opened(tmp_path).move("terminal", "systemd")
    (given / "factorypos-terminal-token").write_text(f"{TEXT}\n")
    service = opened(tmp_path, CREDENTIALS_DIRECTORY=str(given))
    assert service.get("terminal") == TEXT
    assert opened(tmp_path).place("terminal") == "systemd"
    assert held(tmp_path)["systemd"] is Held.IN_USE
    assert held(tmp_path)["keyring"] is Held.COPY
    assert opened(tmp_path).move("terminal", "systemd")
    assert list(keyring.secrets) == [("factorypos-tui", f"user@{tmp_path}")]
    with pytest.raises(TokenWithService, match="only the service"):
        opened(tmp_path).get("terminal")
    assert service.get("terminal") == TEXT


def test_a_credential_that_was_taken_out_of_the_service_is_not_told_any_more(
    tmp_path: Path, keyring: RealKeyring, given: Path
) -> None:
    (given / "factorypos-terminal-token").write_text("s3cret")
    assert opened(tmp_path, CREDENTIALS_DIRECTORY=str(given)).get("terminal") == "s3cret"
    assert opened(tmp_path).place("terminal") == "systemd"
    assert opened(tmp_path, NOTIFY_SOCKET="/nowhere").get("terminal") is None
    assert opened(tmp_path).place("terminal") is None


def test_a_newer_token_goes_before_the_service_s_own(
    tmp_path: Path, keyring: RealKeyring, given: Path
) -> None:
    (given / "factorypos-terminal-token").write_text("first")
    service = opened(tmp_path, "systemd", CREDENTIALS_DIRECTORY=str(given))
    assert service.get("terminal") == "first"
    opened(tmp_path, "systemd").set("terminal", TEXT)  # assigned again
    assert (service.get("terminal"), opened(tmp_path, "systemd").place("terminal")) == (TEXT, "file")
    assert held(tmp_path, "systemd") == {
        "systemd": Held.OLDER,
        "keyring": Held.NOTHING,
        "file": Held.IN_USE,
    }


def test_with_systemd_chosen_a_log_in_rests_in_the_file(tmp_path: Path, keyring: RealKeyring) -> None:
    chosen = opened(tmp_path, "systemd")
    chosen.set("user", "of Ana")
    assert (chosen.get("user"), chosen.backend, chosen.encrypted) == ("of Ana", "file", False)
    assert not keyring.secrets
    chosen.delete("user")
    assert chosen.get("user") is None


def test_a_token_in_a_keyring_that_is_out_of_reach_is_not_missing(
    tmp_path: Path, use_keyring: UseKeyring, keyring: RealKeyring
) -> None:
    opened(tmp_path).set("terminal", TEXT)
    use_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring gives it no types
    with pytest.raises(KeyringLocked, match="credentials move file") as failure:
        opened(tmp_path).get("terminal")
    assert "s3cret" not in str(failure.value)
