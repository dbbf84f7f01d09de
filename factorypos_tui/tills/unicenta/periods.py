"""A period of the till's database as core's facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.sales import Cash, CloseReason, Control, Period, Receipt
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.figuring import Figured, business_date, figure
from factorypos_tui.tills.unicenta.rows import PeriodRows

_NOTHING = Figured((), Cash(), Control(), ())


@dataclass(frozen=True, slots=True)
class Told:
    """A period with what its rows come to."""

    rows: PeriodRows
    period: Period
    """Its perpetual totals are not known here."""
    figured: Figured
    """Empty where its rows cannot be told."""
    trouble: Unreportable | None = None
    """Why not."""

    @property
    def receipts(self) -> Sequence[Receipt]:
        """Its receipts; raises `Unreportable`."""
        if self.trouble:
            raise self.trouble
        return self.figured.receipts

    @property
    def findings(self) -> Sequence[TillFinding]:
        """What a person should know of its rows."""
        if self.trouble:
            return [TillFinding(self.trouble.code, self.period.z_number, self.trouble.receipts)]
        return self.figured.findings


def tell(rows: PeriodRows, codes: Codes, facts: Facts, software: str, now: datetime) -> Told:
    """What the rows of a period come to. `now`: on the till's clock, naive."""
    cash = rows.cash
    z_number = cash.sequence if cash.closed else None
    figured, trouble = _NOTHING, None
    try:
        figured = figure(rows, codes, facts.digits, facts.zone, z_number)
    except Unreportable as error:
        trouble = error
    day = business_date(rows, facts.day_start, now)
    closed_at = facts.instant(cash.closed) if cash.closed else None
    is_late = cash.closed is not None and facts.day_of(cash.closed) > day
    reason = CloseReason.LATE if is_late else CloseReason.MANUAL
    period = Period(
        id=facts.period_id(cash.money),
        terminal=facts.terminal,
        business_date=day,
        timezone=facts.timezone,
        currency=facts.currency,
        software=software,
        opened_at=facts.instant(cash.opened),
        cash=figured.cash,
        control=figured.control,
        z_number=z_number,
        closed_at=closed_at,
        close_reason=reason if closed_at else None,
    )
    return Told(rows, period, figured, trouble)
