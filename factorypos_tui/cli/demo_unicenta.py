"""`demo --till unicenta`: a bar in a database of its own, connected as the till of another program."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from factorypos_tui.cli.connecting import HomeConnector
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.till_password import till_password
from factorypos_tui.core.connecting.asking import facts_of
from factorypos_tui.core.connecting.facts import DAY_STARTS_AT, IN_A_DATABASE
from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.connecting.identity import terminal_id_of
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.tills.unicenta.demo_bar import DemoBar, database_for_a_bar

_AT_HAND = ("mysql://root@127.0.0.1/information_schema", "postgresql://postgres@127.0.0.1/postgres")
"""Databases that every server of the kind has."""
_SHOP = {
    "company": "Maritim SL",
    "country": "ES",
    "currency": "EUR",
    "timezone": "Europe/Madrid",
    "day_starts_at": DAY_STARTS_AT,
}


@contextmanager
def bar_in_a_database(
    home: Home, server: str | None, days: int, sales_a_day: int
) -> Iterator[Callable[[], None]]:
    """A bar with closed days behind it, which `config.toml` names as the till during the block; then its
    database is deleted. Gives what serves a customer, and closes the day after enough of them.

    `server`: as `--till-server`; None: what answers on this machine. Raises `TillError`, `UsageError`."""
    password = till_password(home.path, "")
    with _database(server, password) as url:
        bar, random = DemoBar(url, password), Random()  # noqa: S311 - a demo's customers
        try:
            now = _wall_clock()
            bar.make((now - timedelta(days=days)).date())
            bar.live_through(days, now, random)
            _name(home, url)

            def serve() -> None:
                bar.sell(_wall_clock(), random)
                if bar.sold_today() >= sales_a_day:
                    bar.close(_wall_clock())

            yield serve
        finally:
            bar.leave()


@contextmanager
def _database(server: str | None, password: str | None) -> Iterator[str]:
    with ExitStack() as made:
        if server is not None:
            yield made.enter_context(database_for_a_bar(server, password))
            return
        refusals = []
        for at_hand in _AT_HAND:
            try:
                url = made.enter_context(database_for_a_bar(at_hand, password))
            except TillError as error:
                refusals.append(f"{at_hand}: {error}")
                continue
            yield url
            return
        raise TillError(
            _(
                "No MariaDB, MySQL or PostgreSQL on this machine lets the demo make a database. Name one with"
                " --till-server mysql://USER@SERVER/DATABASE or postgresql://USER@SERVER/DATABASE; its"
                " password is read from FACTORYPOS_TILL_PASSWORD."
            )
            + "\n"
            + "\n".join(refusals)
        )


def _name(home: Home, url: str) -> None:
    """Name the bar in `config.toml`, as `till connect` does."""
    connector, access = HomeConnector(home), Access(IN_A_DATABASE, url)
    (till,) = connector.hosts(access)
    connector.name(facts_of(access, till, _SHOP, terminal_id_of(till), "", ""), None)


def _wall_clock() -> datetime:
    """The time on the wall of the bar: naive, in whole seconds."""
    return utc_now().astimezone(ZoneInfo(_SHOP["timezone"])).replace(tzinfo=None, microsecond=0)
