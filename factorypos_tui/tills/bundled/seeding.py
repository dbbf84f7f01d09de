"""The past days of a demo till, and the sales that it makes while a person watches."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.baskets import Dice, believable_receipt, part_of_day
from factorypos_tui.tills.bundled.catalogue import Catalogue, load_catalogue
from factorypos_tui.tills.bundled.demo_bar import open_demo_bar
from factorypos_tui.tills.bundled.generator import believable_day
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.recording import record_happenings, record_receipts
from factorypos_tui.tills.bundled.setup import Setup, read_setup, time_zone
from factorypos_tui.tills.bundled.till import SOFTWARE, BundledTill

_OPENS_AT = time(7)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What `seed_days` did: days closed and skipped, receipts sold, and the last Z number, if any."""

    days: int
    skipped: int
    receipts: int
    last_z_number: int | None


def seed_days(
    path: Path, *, days: int, seed: int, now: datetime, terminal_name: str, receipts: int | None = None
) -> Seeded:
    """Sell and close the `days` business days before today's, `receipts` a day (None: believable numbers).

    Sets the demo bar up where there is no till. Days that are not after the last closed one are skipped.
    Raises `TillError`, with nothing changed, where the open period has sold something already."""
    till = BundledTill(path)
    if not path.exists():
        open_demo_bar(path, now=now, name=terminal_name)
    database = till.database()
    with database.connection():
        setup, catalogue = read_setup(database), load_catalogue(database)
        today = setup.business_date(now)
        wanted = [today - timedelta(days=back) for back in range(days, 0, -1)]
        closed = database.value("SELECT MAX(business_date) FROM periods WHERE z_number IS NOT NULL") or ""
        missing = [day for day in wanted if day.isoformat() > closed]
        sold = 0
        if missing:
            _make_room(database, setup, missing[0], now)
        for day in missing:
            sold += _live_through(database, setup, catalogue, seed, day, now, receipts)
        last_z = database.value("SELECT MAX(z_number) FROM periods")
    return Seeded(len(missing), len(wanted) - len(missing), sold, last_z)


def sell_one(till: BundledTill, random: Random, now: datetime) -> Receipt:
    """Sell one believable receipt of this hour, now."""
    database = till.database()
    with database.transaction():
        setup, catalogue = read_setup(database), load_catalogue(database)
        local = now.astimezone(time_zone(setup.timezone))
        part = part_of_day(local.hour * 60 + local.minute)
        receipt = believable_receipt(Dice(random), catalogue, part, str(uuid.uuid4()), now)
        return record_receipts(database, catalogue, [receipt])[0]


def _make_room(database: Database, setup: Setup, first: date, now: datetime) -> None:
    """Move the opening of a till without a past to before its first day."""
    with database.transaction():
        if database.value(
            "SELECT COUNT(*) FROM receipts JOIN periods ON period_id = id WHERE z_number IS NULL"
        ):
            raise TillError(
                _(
                    "The running day has sales already: days before it cannot be added. Nothing was changed. "
                    "Close the day first, or seed a new till."
                )
            )
        opened = datetime.combine(first, _OPENS_AT, time_zone(setup.timezone)).astimezone(UTC)
        database.execute(
            "UPDATE periods SET opened_at = ? WHERE z_number IS NULL AND opened_at > ?"
            " AND NOT EXISTS (SELECT 1 FROM periods WHERE z_number IS NOT NULL)",
            rfc3339(min(opened, now)),
            rfc3339(opened),
        )


def _live_through(
    database: Database,
    setup: Setup,
    catalogue: Catalogue,
    seed: int,
    day: date,
    now: datetime,
    receipts: int | None,
) -> int:
    """Sell and close one day, in one transaction; returns its receipts."""
    lived = believable_day(seed, day, setup, catalogue, receipts)
    with database.transaction():
        sold = record_receipts(database, catalogue, lived.receipts)
        record_happenings(database, lived.movements, lived.events)
        close_period(database, now=min(lived.closed_at, now), software=SOFTWARE, counted=lived.counted)
    return len(sold)
