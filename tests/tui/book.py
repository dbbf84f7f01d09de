"""What `screens.md` says of keys: tables from the bindings of the running screens, and each key it names."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.tui.keys import key_name, keys_of
from factorypos_tui.tui.screens.guide.welcome import show_welcome
from factorypos_tui.tui.screens.queue.attention import AttentionScreen
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.test_bindings import bindings

BOOK = Path(__file__).parents[2] / "screens.md"
# A key in a sentence, by its screen and action: `<!-- key QueueScreen.compare -->V<!-- / -->`.
_NAMED = re.compile(r"(<!-- key ([\w.]+) -->).*?(<!-- / -->)")
_KEY = re.compile(r"\b(?:F\d\d?|Esc|Enter|PgUp|PgDn)\b|`[A-Z/?:]`|\b[A-Z] (?:in|on) the\b")
_TABLE = re.compile(r"(<!-- keys of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


async def key_tables(shop: Shop) -> dict[str, str]:
    """Screen -> its keys as a Markdown table, as an operator reaches it; those of its last lines are seen
    there."""
    scenes.at_lunch(shop)
    tables = {}
    for name, go_there in WAYS.items():
        async with opened(shop, running=False) as operator:
            await go_there(operator, shop)
            await operator.sees(*(f"{hint.name} {hint.does}" for hint in keys_of(operator.app.screen)))
            rows = [
                f"| {hint.name} | {hint.does} | {hint.explained} |"
                for hint in keys_of(operator.app.screen, every=True)
            ]
        shop.cloud.fail_with = None
        tables[name] = "\n".join(["", "| Key | Does | |", "|---|---|---|", *rows, "", ""])
    return tables


def with_tables(book: str, tables: dict[str, str]) -> str:
    """The book with every table and key as it is now; raises KeyError for one that there is not."""
    names = {
        f"{screen}.{binding.action}": key_name(binding.key.split(",")[0]) for screen, binding in bindings()
    }
    book = _NAMED.sub(lambda place: place[1] + names[place[2]] + place[3], book)
    return _TABLE.sub(lambda place: place[1] + tables[place[2]] + place[3], book)


def keys_by_hand(book: str) -> list[str]:
    """The keys that the book names without saying which binding it means."""
    return _KEY.findall(_NAMED.sub("", _TABLE.sub("", book)))


def screens_in(book: str) -> set[str]:
    """The screens that the book has a key table of."""
    return {place[2] for place in _TABLE.finditer(book)}


async def _to_home(operator: Operator, _shop: Shop) -> None:
    await operator.is_at("queue")


async def _to_the_log_in(operator: Operator, _shop: Shop) -> None:
    await operator.presses("1")
    await operator.sees("Password")


async def _to_the_welcome(operator: Operator, _shop: Shop) -> None:
    operator.app.run_worker(show_welcome(operator.app))
    await operator.sees("Have a look around first")


async def _to_the_registration(operator: Operator, shop: Shop) -> None:
    await _to_the_log_in(operator, shop)
    await operator.presses("f6")
    await operator.sees("New password again")


async def _to_the_recovery(operator: Operator, shop: Shop) -> None:
    await _to_the_log_in(operator, shop)
    await operator.presses("f8")
    await operator.sees("Send instructions")


async def _to_the_new_password(operator: Operator, shop: Shop) -> None:
    await _to_the_recovery(operator, shop)
    await operator.presses("enter")
    await operator.sees("Code from the mail")


async def _to_the_companies(operator: Operator, _shop: Shop) -> None:
    await operator.presses("2")
    await operator.sees("1 of 1")


async def _to_the_end_of_the_log_in(operator: Operator, shop: Shop) -> None:
    shop.cloud.fail_with = TokenRefused("ended", 401, "unauthorized")
    await operator.presses("2")
    await operator.sees("F3 logs in.")


async def _to_a_new_company(operator: Operator, shop: Shop) -> None:
    await _to_the_companies(operator, shop)
    await operator.presses("f6")
    await operator.sees("Company name")


async def _to_a_new_store(operator: Operator, shop: Shop) -> None:
    await _to_the_companies(operator, shop)
    await operator.presses("enter")
    await operator.sees("business: store", "1 of 1")
    await operator.presses("f6")
    await operator.sees("Store name")


async def _to_the_history(operator: Operator, _shop: Shop) -> None:
    await operator.presses("2")
    for step in ("business: company", "business: store"):
        await operator.sees(step, "1 of 1")
        await operator.presses("enter")
    await operator.sees("closed Z reports")


async def _to_the_confirmation(operator: Operator, shop: Shop) -> None:
    await _to_the_history(operator, shop)
    shop.cloud.fail_with = CloudRefused("elsewhere", 409, "terminal_elsewhere")
    await operator.presses("1")
    await operator.sees("Move it here")


async def _to_the_queue(operator: Operator, _shop: Shop) -> None:
    await operator.presses("4")
    await operator.sees("Z 5, ")


async def _to_the_report(operator: Operator, shop: Shop) -> None:
    await _to_the_queue(operator, shop)
    await operator.presses("enter")
    await operator.sees("Z REPORT 5")


async def _to_saving(operator: Operator, shop: Shop) -> None:
    await _to_the_queue(operator, shop)
    await operator.presses("e")
    await operator.is_at("file")


async def _to_the_attention(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(AttentionScreen())
    await operator.sees("No report needs attention.")


async def _to_the_settings(operator: Operator, _shop: Shop) -> None:
    await operator.presses("3")
    await operator.sees("What it does")


async def _to_the_resending(operator: Operator, _shop: Shop) -> None:
    await operator.presses("5")
    await operator.sees("5 Z reports go to")


async def _to_the_comparison(operator: Operator, _shop: Shop) -> None:
    await operator.presses("4", "v")
    await operator.sees("All 5 Z reports")


async def _to_the_data(operator: Operator, _shop: Shop) -> None:
    await operator.presses("6")
    await operator.sees("has no configuration yet")


async def _to_the_changes(operator: Operator, shop: Shop) -> None:
    await _to_the_data(operator, shop)
    await operator.presses("2")
    await operator.sees("changes in FactoryCLOUD.")


async def _to_accept(operator: Operator, shop: Shop) -> None:
    await _to_the_changes(operator, shop)
    await operator.presses("enter")
    await operator.sees("Leave it as it is")


async def _to_find(operator: Operator, _shop: Shop) -> None:
    await operator.presses("f9")
    await operator.sees("─ Find ─")


async def _to_the_help(operator: Operator, _shop: Shop) -> None:
    await operator.presses("f1")
    await operator.sees("─ Help ─")


WAYS: dict[str, Callable[[Operator, Shop], Awaitable[None]]] = {
    "home": _to_home,
    "welcome": _to_the_welcome,
    "log_in": _to_the_log_in,
    "register": _to_the_registration,
    "recover": _to_the_recovery,
    "new_password": _to_the_new_password,
    "pick": _to_the_companies,
    "log_in_again": _to_the_end_of_the_log_in,
    "new_company": _to_a_new_company,
    "new_store": _to_a_new_store,
    "history": _to_the_history,
    "confirm": _to_the_confirmation,
    "configuration": _to_the_settings,
    "queue": _to_the_queue,
    "report": _to_the_report,
    "attention": _to_the_attention,
    "save": _to_saving,
    "resend": _to_the_resending,
    "verify": _to_the_comparison,
    "data": _to_the_data,
    "changes": _to_the_changes,
    "accept": _to_accept,
    "find": _to_find,
    "help": _to_the_help,
}
