"""A connected bar, as real processes, for the tests of one worker."""

from collections.abc import Iterator

import pytest

from factorypos_tui.core.settings import keep_fact
from factorypos_tui.core.sync_db import open_sync_db
from tests.e2e.terminal import Terminal, serve_cloud


@pytest.fixture(scope="session")
def bar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal with a till, assigned to a store, whose days have been delivered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("LANG", "C.UTF-8")
        with serve_cloud(tmp_path_factory.mktemp("cloud")) as address:
            bar = Terminal(tmp_path_factory.mktemp("bar"), address)
            bar.run("till", "init")
            bar.run("till", "seed", "--receipts", "9", "--days", "9")
            bar.connect()
            bar.run("worker", "--once")
            database = open_sync_db(bar.home / "sync.db")
            keep_fact(database, "welcomed", "yes")
            database.close()
            yield bar
