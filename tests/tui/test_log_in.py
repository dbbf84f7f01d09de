"""Logging in, as the person at the keyboard meets it."""

import asyncio
import threading
from dataclasses import dataclass, replace

import pytest
from textual.events import Key
from textual.widgets import Input

from factorypos_tui.core.account import accounts
from factorypos_tui.core.errors import CloudUnreachable, StorageError
from factorypos_tui.core.station import Station
from tests.support import scenes
from tests.support.fake_accounts import RESET_CODE
from tests.support.hesitant_cloud import hesitant, wait_on_purpose
from tests.support.memory_credentials import MemoryCredentials
from tests.support.operator import Operator, opened
from tests.support.stations import EMAIL, PASSWORD, Shop


async def log_in(operator: Operator, email: str = EMAIL, password: str = PASSWORD) -> None:
    """From the home screen: fill the form in and press Enter."""
    await operator.presses("1", at="email")
    await operator.enters(email)
    await operator.enters(password)


async def test_right_password_leads_to_the_next_step(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await operator.is_at("account")
        await log_in(operator)
        await operator.sees("1 Account", EMAIL)
        await operator.is_at("assign")


async def test_wrong_password_keeps_what_was_typed_and_can_be_typed_over(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await log_in(operator, password="wrong")
        await operator.sees("invalid_credentials", EMAIL)
        assert operator.focus == "password"
        await operator.types(PASSWORD)
        assert "invalid_credentials" not in operator.screen
        await operator.presses("enter", at="assign")


async def test_the_code_of_a_second_factor_is_asked_for_where_it_is_needed(shop: Shop) -> None:
    scenes.with_an_account(shop)
    shop.cloud.ask_for_code(EMAIL, "123456")
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        assert "second factor" not in operator.screen
        await operator.enters(EMAIL)
        await operator.enters(PASSWORD)
        await operator.sees("second_factor_required", "Code of the second factor")
        assert operator.focus == "code"
        await operator.enters("000000")
        await operator.sees("second_factor_required")
        await operator.scans("123456")
        await operator.is_at("assign")


async def test_who_is_logged_in_and_types_an_email_by_instinct_types_it_in_its_place(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("1", then="Logged in as", at="email")
        await operator.enters("ana@example.com", at="password")
        assert operator.app.screen.query_one("#email", Input).value == "ana@example.com"
        assert operator.app.screen.query_one("#password", Input).value == ""


async def test_a_letter_right_after_a_key_that_empties_the_field_stays(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("1", then="Logged in as", at="email")
        for key in (Key("ctrl+u", None), Key("b", "b")):
            operator.app.post_message(key)
        await asyncio.sleep(0)  # the app takes both, with nothing behind them
        await operator.types("ob@example.com")
        assert operator.app.screen.query_one("#email", Input).value == "bob@example.com"


@pytest.mark.parametrize("email", ["ana@example,com", "ana,b@example.com", "ana@example.com;", "<ana@x.com>"])
async def test_an_address_that_cannot_be_one_is_marked_while_it_is_typed(shop: Shop, email: str) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        await operator.types(email)
        await operator.sees("An address such as ana@example.com")
        await operator.presses("enter", then="! An address such as", at="email")


async def test_a_wait_says_how_long_it_takes_and_what_is_safe_above_the_button(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.tui.waiting.LONG_S", 0.01)
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await operator.presses("1", at="email")
            height = operator.app.screen.query_one("#dialog").size.height
            await operator.enters(EMAIL)
            await operator.enters(PASSWORD)
            await operator.sees("Logging in... ", " s so far. Esc stops waiting; reports are")
            problem, button = (operator.app.screen.query_one(name).region for name in ("#problem", "#accept"))
            assert problem.bottom < button.y
            assert operator.app.screen.query_one("#dialog").size.height == height + problem.height + 1
            slow.may_answer.set()
            await operator.no_longer_sees("so far")


async def test_the_password_is_never_on_the_screen(shop: Shop) -> None:
    async with opened(shop) as operator:
        await log_in(operator)
        await operator.sees("invalid_credentials")
        assert PASSWORD not in operator.screen


async def test_enter_says_what_is_still_missing(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", "enter", then="Type your e-mail address.")
        await operator.enters(EMAIL)
        assert operator.focus == "password"
        await operator.presses("enter", then="Type your password.")


async def test_enter_pressed_twice_asks_once(shop: Shop) -> None:
    scenes.with_an_account(shop)
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await log_in(operator)
            await operator.presses("enter", "enter", then="Logging in")
            slow.may_answer.set()
            await operator.is_at("assign")
    assert slow.calls.count("log_in") == 1


async def test_a_log_in_that_takes_forever_can_be_left_with_esc(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await log_in(operator)
            await operator.sees("Logging in")
            await operator.presses("escape", at="account")


async def test_a_log_in_that_succeeds_while_help_is_read_goes_on_when_help_is_closed(shop: Shop) -> None:
    scenes.with_an_account(shop)
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await log_in(operator)
            await operator.presses("f1", then="─ Help ─")
            slow.may_answer.set()
            await operator.until(lambda: bool(operator.app.snapshot.status.account), "the log-in")
            await operator.sees("─ Help ─")
            await operator.presses("escape", at="assign")


async def test_a_log_in_that_takes_forever_can_be_quit_with_f10(shop: Shop) -> None:
    with hesitant(shop) as slow:
        async with opened(slow.shop) as operator:
            await log_in(operator)
            await operator.sees("Logging in")
            await operator.presses("f10")
            assert operator.app.return_code == 0


async def test_digits_and_function_keys_of_the_menu_stay_text_in_a_field(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses("1", at="email")
        await operator.types("123 q")
        assert operator.app.screen.query_one("#email", Input).value == "123 q"


async def test_a_pasted_address_with_blanks_around_it_is_good(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        await log_in(operator, email=f"  {EMAIL} ")
        await operator.is_at("assign")


async def test_no_network_says_so_and_enter_tries_again(shop: Shop) -> None:
    scenes.with_an_account(shop)
    shop.cloud.fail_with = CloudUnreachable("FactoryCLOUD cannot be reached.", "connection")
    async with opened(shop) as operator:
        await log_in(operator)
        await operator.sees("FactoryCLOUD cannot be reached.")
        shop.cloud.fail_with = None
        await operator.presses("enter", at="assign")


async def test_a_disk_that_keeps_no_token_says_so_and_loses_nothing_typed(shop: Shop) -> None:
    scenes.with_an_account(shop)
    full = replace(shop, station=replace(shop.station, credentials=FullDisk))
    async with opened(full) as operator:
        await log_in(operator)
        await operator.sees("The disk is full.", EMAIL)
        assert operator.focus == "password"


@dataclass
class FullDisk(MemoryCredentials):
    """No place for a token."""

    def set(self, name: str, token: str) -> None:  # noqa: ARG002 - the port has them
        raise StorageError("The disk is full.")


async def test_who_is_logged_in_is_said_and_logs_out_while_reports_go_on(busy: Shop) -> None:
    tokens = busy.credentials.tokens
    async with opened(busy) as operator:
        await operator.presses("1", then=("Logged in as ana@example.com. F4 logs out.", "change the user"))
        await operator.presses("f4", then=("Logged out. Reports go on being sent.", "  Log in ││"))
        assert list(tokens) == ["terminal"]
        busy.close_day()
        await operator.until(lambda: len(busy.cloud.reports) == 6, "the day to arrive")
        await operator.presses("1", then="No user yet?")
        assert "F4" not in operator.screen


async def test_without_a_line_the_log_in_ends_here_and_that_is_said(busy: Shop) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    async with opened(busy, running=False) as operator:
        await operator.presses("1", "f4", then="Logged out here, but FactoryCLOUD could not be told.")
    assert "user" not in busy.credentials.tokens


async def test_a_log_out_goes_on_whatever_is_pressed_meanwhile_and_is_told(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop, running=False) as operator:
            await operator.presses("1", at="email")
            await operator.presses_meanwhile("f4")
            await operator.sees("Logging out...")
            await operator.presses_meanwhile("f6", "f8", "enter", "f4")
            await operator.sees("Logging out...", "Log in to FactoryCLOUD")
            await operator.presses_meanwhile("escape")
            await operator.is_at("account")
            slow.may_answer.set()
            await operator.sees("Logged out.")
    assert slow.calls.count("log_out") == 1


async def test_a_log_out_that_fails_says_so_also_to_who_has_left(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_fail = threading.Event()

    def fail(_station: Station) -> None:
        wait_on_purpose(may_fail.is_set)
        raise StorageError("The disk is full.")

    monkeypatch.setattr(accounts, "log_out", fail)
    async with opened(busy, running=False) as operator:
        await operator.presses("1", at="email")
        await operator.presses_meanwhile("f4", "escape")
        await operator.is_at("account")
        may_fail.set()
        await operator.sees("The disk is full.")


@pytest.mark.parametrize("way", ["register", "recover"])
async def test_who_comes_by_find_is_told_at_the_end_too(shop: Shop, way: str) -> None:
    if way == "recover":
        scenes.with_an_account(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.enters(way, at="email")
        await operator.enters(EMAIL)
        if way == "register":
            await operator.enters("Ana", at="password")
        else:
            await operator.is_at("code")
            await operator.enters(RESET_CODE, at="password")
        await operator.enters("a long enough secret", at="again")
        await operator.enters("a long enough secret", then="Logged in as ana@example.com.")
