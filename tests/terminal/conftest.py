"""A connected bar, with a FactoryCLOUD as a real process, for the tests of one worker."""

from collections.abc import Iterator

import pytest

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.storage.facts import keep_fact
from factorypos_tui.tills.bundled.seeding import seed_days
from tests.support.terminals import PASSWORD, Terminal, serve_cloud


@pytest.fixture(scope="session")
def bar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal with a till, assigned to a store, whose days have been delivered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANG", "C.UTF-8")
        with serve_cloud(tmp_path_factory.mktemp("cloud")) as address:
            patch.setenv("FACTORYPOS_CLOUD_URL", address)
            bar = Terminal(tmp_path_factory.mktemp("bar"), address)
            _open(Home(bar.home))
            bar.run("worker", "--once")
            yield bar


def _open(home: Home) -> None:
    seed_days(home.till_db, days=20, seed=1, now=utc_now(), terminal_name="Terminal 01")
    with open_station(home) as station:
        accounts.register(station, "ana@example.com", PASSWORD, "Ana")
        company = accounts.create_company(station, "Maritim SL", "ES", "EUR")
        store = accounts.create_store(station, company.id, "Bar Maritim", "Europe/Madrid")
        assign(station, company.id, store.id, History.ALL, move=False)
        keep_fact(station.database, "welcomed", "yes")
