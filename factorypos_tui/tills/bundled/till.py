"""The bundled till: `till.db` as core's `Till` port sees it.

Everything but its status is imported when it is asked for, since the app's first frame does not need it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from factorypos_tui import __version__
from factorypos_tui.core.capabilities import Capabilities
from factorypos_tui.core.errors import StorageError, TillAbsent
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import instant_or_none_there_is, utc_now
from factorypos_tui.core.models import Close, Terminal, TillFinding, TillStatus
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.findings import in_order
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.storage_trouble import explain
from factorypos_tui.core.storage.unchanged import WhileUnchanged
from factorypos_tui.tills.bundled.dating import began_at
from factorypos_tui.tills.bundled.setup import read_setup, time_zone
from factorypos_tui.tills.bundled.till_database import RECEIPTS_SOLD, TillDatabase

if TYPE_CHECKING:
    from factorypos_tui.core.configuration.change import Applied, Backup, Change, Sold, Watch
    from factorypos_tui.core.configuration.configuration import Configuration
    from factorypos_tui.core.configuration.new_till import NewTill
    from factorypos_tui.core.reports.closing import Closing, DayToClose
    from factorypos_tui.core.reports.sales import Period, Receipt

SOFTWARE = f"factorypos-tui {__version__}"

_REVISION = (
    "SELECT (SELECT data_version FROM pragma_data_version), total_changes(),"
    " (SELECT MAX(seq) FROM receipts), (SELECT MAX(z_number) FROM periods)"
)


class BundledTill(Till):
    """`till.db`. Reading a till that does not exist never creates it."""

    kind = "bundled"
    can = Capabilities(take_configuration=True, close_the_day=True, be_made=True)

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        """`path`: `till.db`; opened when it is first asked for something."""
        self._path = path
        self._now = now
        self._opening = threading.Lock()
        self._sound: set[str] = set()
        self._database: TillDatabase | None = None
        self._revision = WhileUnchanged(path, lambda: self.database().row(_REVISION))

    def database(self) -> TillDatabase:
        """The till's database; raises `TillAbsent` where there is none, and leaves an empty file empty."""
        with self._opening:
            if not (size := self._size()):
                message = (
                    _(
                        "There is no till at {file}. If there was one, bring that file back; "
                        "{command} makes a new one."
                    )
                    if size is None
                    else _(
                        "There is no till in {file}: it is empty. If there was one, bring that file back; "
                        "{command} makes a new one."
                    )
                )
                raise TillAbsent(message.format(file=self._path, command=command("till init")))
            if self._database is None:
                self._database = TillDatabase(self._path)
            return self._database

    def _size(self) -> int | None:
        """The size of its file in bytes; None where there is no file. Raises `StorageError` where we may not
        read the folder."""
        try:
            return self._path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(explain(error, self._path)) from error

    def is_there(self) -> bool:
        """Whether a till was set up in its file."""
        try:
            read_setup(self.database())
        except TillAbsent:
            return False
        return True

    def make(self, new: NewTill) -> None:
        """Make the file, and open its first day now."""
        from factorypos_tui.tills.bundled.making import make_till

        make_till(self._path, new, self._now())

    def close(self) -> None:
        """Close the calling thread's connection."""
        if self._database:
            self._database.close()

    def terminal(self) -> Terminal:
        """The till as FactoryCLOUD knows it."""
        setup = read_setup(self.database())
        return Terminal(setup.id, setup.name)

    def time_zone(self) -> ZoneInfo:
        """The time zone in which it closes its days."""
        return time_zone(read_setup(self.database()).timezone)

    def status(self) -> TillStatus:
        """The running day in short; hours are those of the till's time zone."""
        database = self.database()
        setup = read_setup(database)
        period_id = database.value("SELECT id FROM periods WHERE z_number IS NULL")
        began = began_at(database, period_id, self._now()) if period_id else None
        by_hour = _net_by_hour(database, period_id, time_zone(setup.timezone))
        return TillStatus(
            kind=self.kind,
            terminal=Terminal(setup.id, setup.name),
            currency=setup.currency,
            wizard_finished=setup.wizard_finished,
            last_z_number=database.value("SELECT MAX(z_number) FROM periods"),
            open_period_since=instant_or_none_there_is(began) if began else None,
            receipts=database.value(RECEIPTS_SOLD, period_id),
            net=sum(by_hour.values()),
            net_by_hour=sorted(by_hour.items()),
            payments=_payments(database, period_id),
            day_starts_at=setup.day_starts_at,
            upload_licensed=setup.upload_licensed,
        )

    def revision(self) -> object:
        """The other connections' commits (data_version) and this connection's (total_changes). Both belong to
        the calling thread's connection, so the newest sale and close are added."""
        return self._revision.answer()

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending."""
        from factorypos_tui.tills.bundled.recorded import read_closed_periods

        return read_closed_periods(self.database(), after, limit)

    def closes(self, after: int) -> Sequence[Close]:
        """Every closed period with a Z number above `after`, ascending, in short."""
        rows = self.database().rows(
            "SELECT z_number, id, closed_at FROM periods WHERE z_number > ? ORDER BY z_number", after
        )
        return [Close(*row) for row in rows]

    def findings(self) -> Sequence[TillFinding]:
        """What a person should know of its rows."""
        from factorypos_tui.tills.bundled.findings import find

        return in_order(find(self.database(), self._now(), self._sound))

    def open_period(self) -> Period | None:
        """The period in which receipts are recorded; its date is today's until something is sold."""
        from factorypos_tui.tills.bundled.recorded import read_open_period

        return read_open_period(self.database(), self._now(), SOFTWARE)

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        """The receipts of a period in the order in which the till recorded them."""
        from factorypos_tui.tills.bundled.recorded import read_receipts

        return read_receipts(self.database(), period_id)

    def configuration(self) -> Configuration:
        """Its whole configuration."""
        from factorypos_tui.tills.bundled import configuration

        return configuration.read_configuration(self.database())

    def sold(self) -> Sold:
        """What sales have fixed in the configuration."""
        from factorypos_tui.tills.bundled import configuration

        return configuration.sold(self.database())

    def apply_configuration(self, change: Change, watch: Watch) -> Applied:
        """Take a configuration, all of it or nothing, after a backup."""
        from factorypos_tui.tills.bundled.configuring import apply_change

        return apply_change(self.database(), change, self._now(), watch)

    def configuration_backups(self) -> Sequence[Backup]:
        """The configurations that can be brought back, the newest first."""
        from factorypos_tui.tills.bundled import configuration

        return configuration.backups(self.database())

    def configuration_of_backup(self, backup_id: int) -> Configuration:
        """The configuration of a backup."""
        from factorypos_tui.tills.bundled import configuration

        return configuration.read_backup(self.database(), backup_id)

    def day_to_close(self) -> DayToClose:
        """The running day before its close."""
        from factorypos_tui.tills.bundled.running_day import read_day_to_close

        return read_day_to_close(self.database(), self._now(), SOFTWARE)

    def close_day(self, seen: DayToClose, counted: int | None = None) -> Closing:
        """Close the running day if it is still the one that was `seen`: it is read again in the same
        transaction."""
        from factorypos_tui.core.reports.closing import refuse_another_day
        from factorypos_tui.tills.bundled.periods import close_period
        from factorypos_tui.tills.bundled.running_day import read_day_to_close

        database, now = self.database(), self._now()
        with database.transaction():
            refuse_another_day(seen, read_day_to_close(database, now, SOFTWARE))
            return close_period(database, now=now, software=SOFTWARE, counted=counted)


def _payments(database: Database, period_id: str | None) -> Sequence[tuple[str, int]]:
    rows = database.rows(
        "SELECT name, SUM(amount + tip) FROM receipts JOIN receipt_payments ON receipt = seq"
        " WHERE period_id = ? GROUP BY code ORDER BY 2 DESC, code",
        period_id,
    )
    return [(name, amount) for name, amount in rows]


def _net_by_hour(database: Database, period_id: str | None, timezone: ZoneInfo) -> dict[int, int]:
    by_hour: dict[int, int] = {}
    for minute, net in database.rows(
        "SELECT substr(sold_at, 1, 16) || ':00Z', SUM((gross - discount) * (1 - 2 * is_refund))"
        " FROM receipts JOIN receipt_lines ON receipt = seq WHERE period_id = ? GROUP BY 1",
        period_id,
    ):
        try:
            hour = instant_or_none_there_is(minute).astimezone(timezone).hour
        except OverflowError:  # a finding tells it
            hour = 0
        by_hour[hour] = by_hour.get(hour, 0) + net
    return by_hour
