"""What `screens.md` says of keys: tables from the bindings of the running screens, and each key it names."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from factorypos_tui.core.account.place import Place
from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.tui.keys import key_name, keys_of
from factorypos_tui.tui.screens.guide.welcome import show_welcome
from factorypos_tui.tui.screens.queue.attention import AttentionScreen
from factorypos_tui.tui.screens.till.connect_till import PapersScreen
from factorypos_tui.tui.screens.till.new_till import NewTillScreen
from factorypos_tui.tui.screens.till.where_it_is import Reached, WhereItIsScreen
from factorypos_tui.tui.screens.till.whose_it_is import Look, WhoseItIsScreen
from factorypos_tui.tui.widgets.key_bar import those_that_fit
from tests.support import scenes
from tests.support.connectors import CAJA_1, CAJA_2, CLOSES, FACTS, GRANTS, PASSWORD
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.camera import story
from tests.tui.test_bindings import bindings

BOOK = Path(__file__).parents[2] / "screens.md"
# A key in a sentence, by its screen and action: `<!-- key QueueScreen.compare -->V<!-- / -->`.
_NAMED = re.compile(r"(<!-- key ([\w.]+) -->).*?(<!-- / -->)")
_KEY = re.compile(r"\b(?:F\d\d?|Esc|Enter|PgUp|PgDn)\b|`[A-Z/?:]`|\b[A-Z] (?:in|on) the\b")
_TABLE = re.compile(r"(<!-- keys of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


async def key_tables(shop: Shop) -> dict[str, str]:
    """Screen -> its keys as a Markdown table, as an operator reaches it; those that fit are seen
    in its last line."""
    scenes.at_lunch(shop)
    tables = {}
    for name, go_there in WAYS.items():
        async with opened(shop, running=False) as operator:
            await go_there(operator, shop)
            shown = those_that_fit(keys_of(operator.app.screen), operator.app.size.width - 1)
            await operator.sees(*(f"{hint.name} {hint.does}" for hint in shown))
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


Way = Callable[[Operator, Shop], Awaitable[None]]
MADRID = Place("ES", "EUR", "Europe/Madrid")
REACHED = Reached(Access("unicenta", FACTS.address, PASSWORD), (CAJA_1, CAJA_2), {})
_LOG_IN, _COMPANIES, _QUEUE = ("1", "Password"), ("2", "1 of 1"), ("4", "Z 5, ")
_RECOVERY = (_LOG_IN, ("f8", "Send instructions"))
_DATA = ("6", "has no configuration yet")
_CHANGES = (_DATA, ("2", "changes in FactoryCLOUD."))


def _by(*steps: tuple[str, ...]) -> Way:
    """From home by these keys."""

    async def way(operator: Operator, _shop: Shop) -> None:
        await story(*steps)(operator)

    return way


async def _to_home(operator: Operator, _shop: Shop) -> None:
    await operator.is_at("queue")


async def _to_the_welcome(operator: Operator, _shop: Shop) -> None:
    operator.app.run_worker(show_welcome(operator.app))
    await operator.sees("Have a look around first")


async def _to_the_end_of_the_log_in(operator: Operator, shop: Shop) -> None:
    shop.cloud.fail_with = TokenRefused("ended", 401, "unauthorized")
    await operator.presses("2", then="F3 logs in.")


async def _to_a_new_store(operator: Operator, shop: Shop) -> None:
    await _by(_COMPANIES)(operator, shop)
    await operator.presses("enter", then=("business: store", "1 of 1"))
    await operator.presses("f6", then="Store name")


async def _to_the_history(operator: Operator, _shop: Shop) -> None:
    await operator.presses("2")
    for step in ("business: company", "business: store"):
        await operator.sees(step, "1 of 1")
        await operator.presses("enter")
    await operator.sees("closed Z reports")


async def _to_the_confirmation(operator: Operator, shop: Shop) -> None:
    await _to_the_history(operator, shop)
    shop.cloud.fail_with = CloudRefused("elsewhere", 409, "terminal_elsewhere")
    await operator.presses("1", then="Move it here")


async def _to_saving(operator: Operator, shop: Shop) -> None:
    await _by(_QUEUE)(operator, shop)
    await operator.presses("e", at="file")


async def _to_the_attention(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(AttentionScreen())
    await operator.sees("No report needs attention.")


async def _to_a_new_till(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(NewTillScreen(MADRID))
    await operator.is_at("shop")


async def _to_where_a_till_is(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(WhereItIsScreen({}))
    await operator.is_at("server")


async def _to_whose_a_till_is(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(WhoseItIsScreen(REACHED, MADRID, None, {}))
    await operator.is_at("host")


async def _to_the_papers(operator: Operator, _shop: Shop) -> None:
    await operator.app.push_screen(PapersScreen(operator.app, REACHED, Look(FACTS, CLOSES, GRANTS, {})))
    await operator.is_at("leave")


async def _to_a_choice(operator: Operator, shop: Shop) -> None:
    await _to_a_new_till(operator, shop)
    await operator.presses("down", "f4", then=("248 of 248", "Spain (ES)"))


WAYS: dict[str, Way] = {
    "home": _to_home,
    "where_it_is": _to_where_a_till_is,
    "whose_it_is": _to_whose_a_till_is,
    "papers": _to_the_papers,
    "new_till": _to_a_new_till,
    "choose": _to_a_choice,
    "close_day": _by(("f4", "Cash counted")),
    "welcome": _to_the_welcome,
    "log_in": _by(_LOG_IN),
    "code": _by(_LOG_IN, ("f3", "Enrolment code")),
    "phone": _by(_LOG_IN, ("f12", "W D J B - M J H T")),
    "register": _by(_LOG_IN, ("f6", "New password again")),
    "recover": _by(*_RECOVERY),
    "new_password": _by(*_RECOVERY, ("enter", "Code from the mail")),
    "pick": _by(_COMPANIES),
    "log_in_again": _to_the_end_of_the_log_in,
    "new_company": _by(_COMPANIES, ("f6", "Company name")),
    "new_store": _to_a_new_store,
    "history": _to_the_history,
    "confirm": _to_the_confirmation,
    "configuration": _by(("3", "What it does")),
    "queue": _by(_QUEUE),
    "report": _by(_QUEUE, ("enter", "Z REPORT 5")),
    "attention": _to_the_attention,
    "save": _to_saving,
    "resend": _by(("5", "5 Z reports go to")),
    "verify": _by(("4", "v", "All 5 Z reports")),
    "data": _by(_DATA),
    "changes": _by(*_CHANGES),
    "accept": _by(*_CHANGES, ("enter", "Leave it as it is")),
    "figures": _by(("f", "all its tills")),
    "closings": _by(("f", "all its tills"), ("c", "none is closed yet")),
    "find": _by(("f9", "─ Find ─")),
    "help": _by(("f1", "─ Help ─")),
}
