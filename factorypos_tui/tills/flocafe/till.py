"""FloCafe as core's `Till` port sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from factorypos_tui.core.errors import TillAbsent, TillError, Unreportable
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.models import Close, Terminal, TillFinding, TillStatus
from factorypos_tui.core.ports import Till
from factorypos_tui.core.reports.findings import Code, in_order
from factorypos_tui.core.reports.sales import Perpetual
from factorypos_tui.core.storage.unchanged import WhileUnchanged
from factorypos_tui.tills.flocafe.closures import DAY
from factorypos_tui.tills.flocafe.facts import Facts, facts_of, settings_of
from factorypos_tui.tills.flocafe.flo_database import FloDatabase, Snapshot
from factorypos_tui.tills.frozen import FrozenDays

if TYPE_CHECKING:
    from factorypos_tui.core.configuration.change import Sold
    from factorypos_tui.core.configuration.configuration import Configuration
    from factorypos_tui.core.reports.sales import Period, Receipt
    from factorypos_tui.tills.flocafe.days import ClosedDays
    from factorypos_tui.tills.flocafe.running import RunningDay


@dataclass(frozen=True, slots=True)
class Setup:
    """What `config.toml` says of the till. The facts count where FloCafe's settings lack them."""

    terminal_id: str
    """Written by `till connect`, and once; empty before that."""
    scope: str = DAY
    company: str = ""
    country: str = ""
    currency: str = ""
    timezone: str = ""
    day_starts_at: str = ""
    """`HH:MM`, before noon."""


class FloCafeTill(Till):
    """FloCafe's `flo.db`. It is never written; what was told of closed days is kept in a file of ours."""

    kind = "flocafe"
    leaves_out_numbers = True
    """Days and sessions share one counter, and only one of them is told."""

    def __init__(self, path: Path, setup: Setup, kept: Path, now: Callable[[], datetime] = utc_now) -> None:
        """`path`: `flo.db`; `kept`: the file of ours."""
        self._file, self._kept, self._setup, self._now = FloDatabase(path), FrozenDays(kept), setup, now
        self._configured: Mapping[str, str] = asdict(setup)
        self._days: ClosedDays | None = None
        self._revision = WhileUnchanged(path, self._ask_for_the_revision)

    def close(self) -> None:
        """Close the calling thread's connections."""
        self._file.close()
        self._kept.close()

    def terminal(self) -> Terminal:
        """The till as FactoryCLOUD knows it: it has the name of the shop."""
        return Terminal(self._terminal_id(), self._facts().company)

    def time_zone(self) -> ZoneInfo:
        """The time zone in which it closes its days."""
        return self._facts().zone()

    def status(self) -> TillStatus:
        """The running day in short; hours are those of the till's time zone."""
        from factorypos_tui.tills.flocafe.running import payments_of

        terminal, facts, running = self.terminal(), self._facts(), self._running_or_none()
        receipts = running.receipts if running else ()
        by_hour: dict[int, int] = {}
        for receipt in receipts:
            hour = _hour_of(receipt.sold_at, facts.zone())
            by_hour[hour] = by_hour.get(hour, 0) + sum(line.net for line in receipt.lines)
        return TillStatus(
            kind=self.kind,
            terminal=terminal,
            currency=facts.currency,
            wizard_finished=True,
            last_z_number=self._file.read(self._last_z_number),
            open_period_since=running.running.opened_at if running and running.running else None,
            receipts=len(receipts),
            net=sum(by_hour.values()),
            net_by_hour=sorted(by_hour.items()),
            payments=payments_of(receipts),
            day_starts_at=facts.day_starts_at.hour,
        )

    def revision(self) -> object:
        """It differs after each commit of FloCafe, and on another day, since a day begins by itself."""
        facts, revision = self._revision.answer()
        return revision, self._today(facts)

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending."""
        return self._closed().periods(after, limit)

    def closes(self, after: int) -> Sequence[Close]:
        """Every closed period with a Z number above `after`, ascending, in short."""
        terminal_id = self._terminal_id()
        return [closure.close(terminal_id) for closure in self._closed().closures(after)]

    def findings(self) -> Sequence[TillFinding]:
        """What a person should know of its rows."""
        from factorypos_tui.tills.flocafe.findings import (
            forgotten,
            of_the_closes,
            of_the_running_day,
            unreportable_day,
        )

        found = [
            *of_the_closes(self._file, self._closed()),
            *forgotten(self._file, self._setup.scope, self._now()),
        ]
        try:
            found += of_the_running_day(self._running())
        except Unreportable as error:
            found.append(unreportable_day(error))
        except TillError:
            self._file.read(self._last_z_number)  # it is the zone, and not the file
            found.append(TillFinding(Code.UNKNOWN_ZONE, None))
        return in_order(found)

    def open_period(self) -> Period | None:
        """The period in which receipts are recorded; None from the close of a day to its end."""
        try:
            running = self._running()
        except Unreportable:  # its receipts say so
            running = self._without_receipts()
        last = self._file.read(self._last_z_number)
        before = self._closed().totals_until(last) if last and running.running else Perpetual()
        return running.period(self.terminal(), before)

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        """The receipts of a period in the order in which they were paid."""
        without = self._without_receipts()
        if without.running and without.running.id == period_id:
            return iter(self._running().receipts)
        return iter(self._closed().receipts(period_id))

    def configuration(self) -> Configuration:
        """Its whole configuration."""
        from factorypos_tui.tills.flocafe.configuration import configuration_of, fetch_configuration

        self._terminal_id()
        return configuration_of(self._file.read(fetch_configuration), self._configured)

    def sold(self) -> Sold:
        """What sales have fixed in the configuration."""
        from factorypos_tui.tills.flocafe.configuration import sold_of

        running = self._running_or_none()
        ever = self._file.read(lambda it: it.value("SELECT 1 FROM bills WHERE paid_at IS NOT NULL LIMIT 1"))
        return sold_of(running.receipts if running else (), ever=bool(ever))

    def _terminal_id(self) -> str:
        if not self._setup.terminal_id:
            raise TillAbsent(
                _("FloCafe is not connected yet: {command} does that.").format(
                    command=command("till connect")
                )
            )
        return self._setup.terminal_id

    def _facts(self) -> Facts:
        return facts_of(self._file.read(settings_of), self._configured)

    def _closed(self) -> ClosedDays:
        from factorypos_tui.tills.flocafe.days import ClosedDays

        self._days = self._days or ClosedDays(
            self._file, self._kept, self._terminal_id(), self._setup.scope, self._facts
        )
        return self._days

    def _running(self) -> RunningDay:
        from factorypos_tui.tills.flocafe.running import read_running_day

        place = self._configured, self._setup.scope, self._terminal_id()
        return read_running_day(self._file, *place, self._now())

    def _without_receipts(self) -> RunningDay:
        """The running day as if nothing had been sold in it."""
        from factorypos_tui.tills.flocafe.running import read_running_day

        place = self._configured, self._setup.scope, self._terminal_id()
        return read_running_day(self._file, *place, self._now(), with_sales=False)

    def _running_or_none(self) -> RunningDay | None:
        """The running day; None where no report can carry it, which its findings tell."""
        try:
            return self._running()
        except Unreportable:
            return None

    def _last_z_number(self, snapshot: Snapshot) -> int | None:
        found: int | None = snapshot.value(
            "SELECT MAX(z_number) FROM cash_closures WHERE scope = ? AND typeof(z_number) = 'integer'",
            self._setup.scope,
        )
        return found

    def _ask_for_the_revision(self) -> tuple[Facts, object]:
        """A connection's own counter, and what another thread's connection sees as well."""
        self._terminal_id()
        version = self._file.data_version()
        newest = self._file.read(
            lambda it: it.rows(
                "SELECT (SELECT MAX(id) FROM bills), (SELECT MAX(z_number) FROM cash_closures)"
            )
        )
        return self._facts(), (version, newest)

    def _today(self, facts: Facts) -> date | None:
        try:
            return facts.business_date(self._now())
        except TillError:
            return None


def _hour_of(instant: datetime, zone: ZoneInfo) -> int:
    try:
        return instant.astimezone(zone).hour
    except OverflowError:  # a finding tells it
        return 0
