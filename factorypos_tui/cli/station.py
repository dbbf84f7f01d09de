"""The composition root: builds the rooms that a command needs, joins them, and closes them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from factorypos_tui import __version__
from factorypos_tui.cli.config import Config
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.logs import write_logs_to
from factorypos_tui.core.account.till_time import tell_time_as_the_till
from factorypos_tui.core.delivery.contact import note_contact
from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import SystemClock, utc_now
from factorypos_tui.core.ports import Cloud, Connector
from factorypos_tui.core.recovery.opening import open_or_mend
from factorypos_tui.core.settings import speak_the_language_set
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:
    from factorypos_tui.core.credentials import Credentials

SOFTWARE = f"factorypos-tui {__version__}"


@contextmanager
def open_station(home: Home) -> Iterator[Station]:
    """Open this terminal during the block: its log is written, texts are in the operator's language, times in
    the till's zone."""
    config = home.config()
    with ExitStack() as rooms:
        rooms.enter_context(write_logs_to(home.logs, config.log_level))
        database = open_or_mend(home.sync_db, home.worker_lock, utc_now())
        rooms.callback(database.close)
        speak_the_language_set(database)

        @cache
        def cloud() -> Cloud:
            return rooms.enter_context(_open_cloud(home, config, database))

        @cache
        def credentials() -> Credentials:
            from factorypos_tui.credentials import open_credentials

            return open_credentials(home.path, home.credentials_file, config.credentials.backend)

        till = config.till.open(home.path)
        rooms.callback(till.close)  # what this thread holds: a till's server counts connections
        station = Station(
            database=database,
            till=till,
            cloud=cloud,
            credentials=credentials,
            connector=lambda: _connector(home),
            clock=SystemClock(),
            worker_lock=home.worker_lock,
            cloud_url=config.cloud_url,
            x_interval=timedelta(minutes=config.x_interval_minutes),
            terminal_name=config.terminal_name,
            software=SOFTWARE,
            version=__version__,
        )
        tell_time_as_the_till(station)
        yield station


def _connector(home: Home) -> Connector:
    from factorypos_tui.cli.connecting import HomeConnector

    return HomeConnector(home)


@contextmanager
def _open_cloud(home: Home, config: Config, database: Database) -> Iterator[Cloud]:
    # httpx loads longer than most commands run, so only commands that talk to the cloud load it.
    from factorypos_tui.cloud.client import FactoryCloud

    if config.cloud_url is None:
        raise UsageError(
            _(
                "No address of FactoryCLOUD is set. Write cloud_url into {file}, or set FACTORYPOS_CLOUD_URL;"
                " then start this again."
            ).format(file=home.path.absolute() / "config.toml")
        )

    def hear(said_at: datetime | None) -> None:
        with suppress(StorageError):  # the answer counts even so; other code reports the disk's trouble
            note_contact(database, utc_now(), said_at)

    cloud = FactoryCloud(config.cloud_url, ca_file=config.ca_file, proxy=config.proxy, hear=hear)
    try:
        yield cloud
    finally:
        cloud.close()
