"""What becomes of the queue, the assignment and the tokens of a machine that was copied, as its till gets an
identity of its own."""

import logging
from collections.abc import Set
from pathlib import Path

from factorypos_tui.core.account.assignment import DISCONNECTED, TERMINAL
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.queue.shipments import delivered_z_numbers
from factorypos_tui.core.settings import SETTINGS
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.damage import alone_in, moved_away
from factorypos_tui.core.storage.facts import fact, keep_fact

NONE = 0
"""What a person says who knows of no day that this machine alone has closed."""
_log = logging.getLogger(__name__)


def own_days(station: Station, said: int | None) -> frozenset[int]:
    """The Z numbers of the days that go with the new identity. `said`: the first Z that this machine has
    closed for itself, as a person says, or `NONE`. Raises as `decide`."""
    till = station.till.terminal()
    closed = {close.z_number for close in station.till.closes(0)}
    settled = delivered_z_numbers(station.database, till.id) | days_left_out(station.database, till.id)
    return decide(closed, closed - settled, said)


def decide(closed: Set[int], in_doubt: Set[int], said: int | None) -> frozenset[int]:
    """Which days go with the new identity; `in_doubt`: those that FactoryCLOUD does not have from here. Pure.

    A day that has arrived stays the original's: it would count twice. A day that has not arrived is in no
    figure if it stays behind and was closed here alone. So a person has to say. Raises `FactoryPosError`
    where that was not said, `UsageError` for a day that was never closed."""
    if said is None and in_doubt:
        raise FactoryPosError(
            _(
                "Not in FactoryCLOUD as it is here: Z {numbers}. Nothing was changed. If this machine closed"
                " it after it was copied: {own}. If the original sends it: {none}"
            ).format(
                numbers=format_numbers(sorted(in_doubt)),
                own=command(f"till identity new --own-since {min(in_doubt)}"),
                none=command("till identity new --own-since none"),
            )
        )
    if said and said not in closed:
        raise UsageError(_("This till has not closed Z {n}. Nothing was changed.").format(n=said))
    return frozenset(number for number in in_doubt if said and number >= said)


def leave_the_original(station: Station, folder: Path) -> None:
    """Forget store and tokens here, and keep queue and log of delivery in `folder`; the settings stay.

    FactoryCLOUD is told nothing: the original goes on with the same token. Raises `StorageError`."""
    database = station.database
    kept = {name: value for name in SETTINGS if (value := fact(database, name)) is not None}
    for name in (TERMINAL, USER):
        station.credentials().delete(name)
    database.close()
    with alone_in(database.path.parent):
        moved_away(database.path, folder / database.path.name)
    with database.transaction():
        for name, value in kept.items():
            keep_fact(database, name, value)
        keep_fact(database, DISCONNECTED, "yes")  # a systemd credential may still hold the original's token
    _log.warning("identity of its own", extra={"facts": {"file": folder.name}})
