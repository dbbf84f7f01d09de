"""What damages or loses a shop's `sync.db`, and the next start that mends it."""

import os
from pathlib import Path

from factorypos_tui.core.errors import DamagedError
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.opening import open_or_mend
from factorypos_tui.core.recovery.recovery import (
    check,
    mend,
)
from tests.support.stations import Shop, body_of


def path(shop: Shop) -> Path:
    return shop.station.database.path


def bodies(shop: Shop) -> list[bytes]:
    return sorted(body_of(shop.station.database, row.id) for row in shop.queued())


def no_header(file: Path) -> None:
    with file.open("r+b") as damaged:
        damaged.write(os.urandom(100))


def zeroed_pages(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.seek(size // 2)
        damaged.write(bytes(size - size // 2))


def truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def flip_the_state_of_one(shop: Shop, state: State) -> int:
    """One bit of the row, so that an index still says otherwise; returns its Z number."""
    one = next(row for row in shop.queued() if row.state is state)
    shop.station.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.station.database.close()
    whole = path(shop).read_bytes()
    at = whole.index(state.encode(), whole.index(one.report_id.encode()))
    path(shop).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    return one.z_number or 0


def lose_the_queue(shop: Shop) -> None:
    shop.station.database.close()
    path(shop).unlink()


def reopen(shop: Shop) -> None:
    """As the next start would."""
    open_or_mend(path(shop), shop.station.worker_lock, shop.clock.now()).close()
    mend_if_damaged(shop)


def mend_if_damaged(shop: Shop) -> None:
    try:
        check(shop.station.database)
    except DamagedError as error:
        mend(shop.station, error)
