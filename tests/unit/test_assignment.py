"""Log in, assign, assign again: what is kept, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import (
    History,
    Kept,
    kept_of,
    load_assignment,
    terminal_token,
)
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import (
    CloudRefused,
    CloudUnreachable,
    FactoryPosError,
    LogInFailed,
    NotConnected,
    TokenRefused,
    UsageError,
)
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.recovery import recall_assignment
from factorypos_tui.core.storage.lock import DrainLock
from tests.support.stations import EMAIL, PASSWORD, Shop


def test_registering_logs_in_and_keeps_no_password(shop: Shop) -> None:
    assert accounts.register(shop.station, EMAIL, PASSWORD, "Ana").account == EMAIL
    assert accounts.account(shop.station) == EMAIL
    kept = [
        *shop.credentials.tokens.values(),
        *(str(row) for row in shop.station.database.rows("SELECT * FROM setting")),
    ]
    assert all(PASSWORD not in value for value in kept)


def test_a_refused_log_in_changes_nothing(shop: Shop) -> None:
    accounts.register(shop.station, EMAIL, PASSWORD, "Ana")
    token = shop.credentials.get("user")
    with pytest.raises(CloudRefused):
        accounts.log_in(shop.station, EMAIL, "wrong")
    assert shop.credentials.get("user") == token


def test_a_store_of_another_company_is_refused(shop: Shop) -> None:
    accounts.register(shop.station, EMAIL, PASSWORD, "Ana")
    mine = accounts.create_company(shop.station, "One", "ES", "EUR")
    other = accounts.create_company(shop.station, "Two", "ES", "EUR")
    store = accounts.create_store(shop.station, other.id, "Elsewhere", "Europe/Madrid")
    with pytest.raises(UsageError):
        assign(shop.station, mine.id, store.id, History.ALL, move=False)
    assert load_assignment(shop.station.database) is None


def test_without_a_till_there_is_nothing_to_assign(shop: Shop) -> None:
    shop.till._path.unlink()
    accounts.register(shop.station, EMAIL, PASSWORD, "Ana")
    company = accounts.create_company(shop.station, "One", "ES", "EUR")
    store = accounts.create_store(shop.station, company.id, "Bar", "Europe/Madrid")
    with pytest.raises(FactoryPosError, match="till init"):
        assign(shop.station, company.id, store.id, History.ALL, move=False)


def test_disconnecting_ends_both_tokens_and_keeps_every_report(connected: Shop) -> None:
    before = load_assignment(connected.station.database)
    assert before
    token, user = terminal_token(connected.station, before), accounts.user_token(connected.station)
    connected.close_day()
    assert disconnect(connected.station)
    assert connected.credentials.tokens == {}
    assert (load_assignment(connected.station.database), accounts.account(connected.station)) == (None, None)
    assert [(s.z_number, s.state) for s in connected.queued()] == [(n, State.PENDING) for n in (1, 2, 3, 4)]
    for call in (lambda: connected.cloud.held_zs(token), lambda: connected.cloud.companies(user)):
        with pytest.raises(TokenRefused):
            call()
    assert not Worker(connected.station).step()


def test_disconnecting_without_a_line_says_that_the_cloud_was_not_told(connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    assert not disconnect(connected.station)
    assert connected.credentials.tokens == {}
    assert load_assignment(connected.station.database) is None


def test_a_store_is_not_recalled_after_disconnecting_where_the_token_cannot_be_taken_away(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a systemd credential, of which FactoryCLOUD was not told."""
    monkeypatch.setattr(connected.credentials, "delete", lambda _name: None)
    monkeypatch.setattr(connected.cloud, "disconnect", lambda _token: None)
    disconnect(connected.station)
    assert not recall_assignment(connected.station)
    assert load_assignment(connected.station.database) is None
    accounts.log_in(connected.station, "ana@example.com", PASSWORD)
    company = accounts.companies(connected.station)[0]
    second = accounts.create_store(connected.station, company.id, "Second bar", "Europe/Madrid")
    assign(connected.station, company.id, second.id, History.NONE, move=True)
    connected.station.database.execute("DELETE FROM assignment")  # as where `sync.db` is lost
    assert recall_assignment(connected.station)


def test_disconnecting_twice_is_as_good_as_once(connected: Shop) -> None:
    assert disconnect(connected.station)
    assert disconnect(connected.station)


def test_an_enrolment_that_fails_leaves_the_old_store_and_its_token(connected: Shop) -> None:
    before = load_assignment(connected.station.database), connected.credentials.get("terminal")
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    with pytest.raises(CloudUnreachable):
        connected.assign_new_store("Second bar")
    assert (load_assignment(connected.station.database), connected.credentials.get("terminal")) == before


def test_a_crash_between_token_and_assignment_never_sends_to_the_wrong_store(connected: Shop) -> None:
    connected.credentials.set("terminal", "the-new-store new-token")
    assignment = load_assignment(connected.station.database)
    assert assignment
    with pytest.raises(NotConnected):
        terminal_token(connected.station, assignment)


def test_the_administrators_name_of_the_terminal_wins(shop: Shop) -> None:
    named = replace(shop.station, terminal_name="Front bar")
    replace(shop, station=named).connect()
    assignment = load_assignment(shop.station.database)
    assert assignment
    assert assignment.terminal.name == "Front bar"


@pytest.mark.parametrize("deletes", [True, False])
def test_an_assignment_that_fails_leaves_a_disconnected_terminal_disconnected(
    connected: Shop, monkeypatch: pytest.MonkeyPatch, deletes: bool
) -> None:
    """Also where only an administrator can take the token away: it is asked whose it is when `sync.db` is
    lost."""
    if not deletes:
        monkeypatch.setattr(connected.credentials, "delete", lambda _name: None)
    disconnect(connected.station)
    accounts.log_in(connected.station, EMAIL, PASSWORD)
    refused = CloudRefused("elsewhere", 409, "terminal_elsewhere")
    monkeypatch.setattr(connected.cloud, "enrol", fail_with(refused))
    with pytest.raises(CloudRefused):
        connected.assign_new_store("Second bar")
    assert load_assignment(connected.station.database) is None
    assert (connected.credentials.get("terminal") is None) is deletes
    assert not recall_assignment(connected.station)


def fail_with(error: CloudRefused) -> Callable[..., NoReturn]:
    def fail(*_arguments: object, **_more: object) -> NoReturn:
        raise error

    return fail


def test_two_changes_of_the_store_at_once_are_refused(connected: Shop) -> None:
    lock = DrainLock(connected.station.worker_lock.with_name("assign.lock"))
    assert lock.acquire("assign", connected.clock.now())
    for change in (lambda: connected.assign_new_store("Second bar"), lambda: disconnect(connected.station)):
        with pytest.raises(FactoryPosError, match="still under way"):
            change()
    lock.release()
    connected.assign_new_store("Second bar")


def test_a_user_that_was_created_is_not_lost_with_the_log_in_that_failed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise CloudUnreachable("No answer in time.", "timeout")

    monkeypatch.setattr(shop.cloud, "log_in", fail)
    with pytest.raises(LogInFailed, match=r"The user was created, but .*No answer in time\. Go back"):
        accounts.register(shop.station, EMAIL, PASSWORD, "Ana")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token", Kept("token")),
        ("store token", Kept("token", "store")),
        ("store 12 token", Kept("token", "store", 12)),
        ("", None),
        (None, None),
        ("one 2 too many", None),
    ],
)
def test_what_is_kept_of_a_terminal_is_read_in_every_form_it_ever_had(
    text: str | None, kept: Kept | None
) -> None:
    assert kept_of(text) == kept


def test_what_is_kept_of_a_terminal_is_read_as_it_was_written_and_never_shows_its_token() -> None:
    kept = Kept("secret", "store", 12)
    assert kept_of(kept.text()) == kept
    assert "secret" not in repr(kept)
