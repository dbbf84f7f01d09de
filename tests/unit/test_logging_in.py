"""Logging in and out: no token lives on in FactoryCLOUD that nobody has here any more, or it is said so."""

from collections.abc import Callable

import pytest

from factorypos_tui.cloud.documents import session
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import assigned, terminal_token
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.errors import (
    CloudUnreachable,
    FactoryPosError,
    KeyringLocked,
    StorageError,
    TokenMissing,
    TokenRefused,
)
from factorypos_tui.core.operations.enrolment import disconnect
from factorypos_tui.core.operations.wording import logged_in_words
from tests.support.stations import EMAIL, PASSWORD, Shop

EVA = "eva@example.com"


def is_good(shop: Shop, token: str) -> bool:
    """Whether FactoryCLOUD still takes a user token."""
    try:
        shop.cloud.companies(token)
    except TokenRefused:
        return False
    return True


def raising(error: FactoryPosError) -> Callable[[str], str | None]:
    def get(_name: str) -> str | None:
        raise error

    return get


def absent(_name: str) -> str | None:
    return None


def test_who_logs_out_leaves_no_token(connected: Shop) -> None:
    token = accounts.user_token(connected.station)
    assert accounts.log_out(connected.station)
    assert not is_good(connected, token)
    assert (accounts.account(connected.station), USER in connected.credentials.tokens) == (None, False)
    assert accounts.log_out(connected.station)  # nobody is logged in: nothing is left to tell


@pytest.mark.parametrize("get", [raising(KeyringLocked("locked")), raising(TokenMissing("older")), absent])
def test_where_the_token_cannot_be_read_nobody_says_that_it_has_ended(
    connected: Shop, monkeypatch: pytest.MonkeyPatch, get: Callable[[str], str | None]
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(connected.credentials, "get", get)
        assert not accounts.log_out(connected.station)
    assert accounts.account(connected.station) is None
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    monkeypatch.setattr(connected.credentials, "get", get)
    assert not disconnect(connected.station)


def test_a_terminals_token_that_cannot_be_read_keeps_nobody_from_ending_the_log_in(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = accounts.user_token(connected.station)
    monkeypatch.setattr(connected.credentials, "get", lambda name: token if name == USER else locked())
    assert not disconnect(connected.station)
    assert not is_good(connected, token)


def locked() -> str:
    raise KeyringLocked("locked")


def test_logging_in_ends_the_log_in_of_before_and_not_the_terminal(connected: Shop) -> None:
    before = accounts.user_token(connected.station)
    connected.cloud.register(EVA, PASSWORD, "Eva", "en")
    done = accounts.log_in(connected.station, EVA, PASSWORD)
    assert logged_in_words(done) == "Logged in as eva@example.com."
    assert (is_good(connected, before), is_good(connected, accounts.user_token(connected.station))) == (
        False,
        True,
    )
    connected.cloud.end_sessions()  # as time does
    assert accounts.log_in(connected.station, EMAIL, PASSWORD).ended_before
    assert (
        connected.cloud.held_zs(terminal_token(connected.station, assigned(connected.station.database))) == []
    )


def test_who_has_not_confirmed_the_e_mail_is_told_at_each_log_in(connected: Shop) -> None:
    connected.cloud.asks_to_confirm = True
    done = accounts.log_in(connected.station, EMAIL, PASSWORD)
    assert logged_in_words(done).endswith("open it, and confirm your e-mail there.")


@pytest.mark.parametrize(
    ("user", "is_confirmed"),
    [({"confirmed_at": None}, False), ({"confirmed_at": "2026-03-02T12:00:00.000Z"}, True), ({}, True)],
)
def test_an_older_factorycloud_asks_nobody_to_confirm(
    user: dict[str, str | None], is_confirmed: bool
) -> None:
    answer = {"token": "t" * 32, "expires_at": "2026-03-02T12:00:00.000Z", "user": {"email": EMAIL, **user}}
    assert session(answer).is_confirmed == is_confirmed


def test_where_the_new_token_cannot_be_stored_the_log_in_of_before_goes_on(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_name: str, _token: str) -> None:
        raise StorageError("The disk is full.")

    before, ended = accounts.user_token(connected.station), list[str]()
    monkeypatch.setattr(connected.credentials, "set", full)
    monkeypatch.setattr(connected.cloud, "log_out", ended.append)
    with pytest.raises(StorageError):
        accounts.log_in(connected.station, EMAIL, PASSWORD)
    assert len(ended) == 1  # nobody has the new token
    assert before not in ended
    assert (accounts.user_token(connected.station), is_good(connected, before)) == (before, True)


def test_where_the_log_in_of_before_cannot_be_ended_it_is_said(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def log_out(_token: str) -> None:
        raise CloudUnreachable("no line", "timeout")

    monkeypatch.setattr(connected.cloud, "log_out", log_out)
    done = accounts.log_in(connected.station, EMAIL, PASSWORD)
    assert accounts.account(connected.station) == EMAIL
    assert logged_in_words(done).startswith("Logged in as ana@example.com. FactoryCLOUD could not be told")
