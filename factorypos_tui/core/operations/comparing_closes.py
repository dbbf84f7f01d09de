"""This terminal's own closes, to be compared with what its till exported by itself."""

from collections.abc import Iterator

from factorypos_tui.core.account.stores import known_store
from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.rebuilding import report_bytes
from factorypos_tui.core.reports.reports import thaw
from factorypos_tui.core.station import Station

_OF_TERMINAL = (
    "SELECT id, z_number, store_id FROM shipment WHERE kind = 'Z' AND terminal_id = ?"
    " ORDER BY z_number, state = ? DESC, id DESC"
)


def terminal_meant(station: Station, wanted: str | None) -> str:
    """The id of the terminal whose closes are here; raises `UsageError` where several are and none of
    them was said."""
    here = [
        str(it) for (it,) in station.database.rows("SELECT DISTINCT terminal_id FROM shipment ORDER BY 1")
    ]
    if wanted in here or (wanted is None and len(here) == 1):
        return wanted or here[0]
    listed = ", ".join(here) or _("none")
    raise UsageError(
        _("Say with --terminal whose closes to compare. Here are those of: {terminals}").format(
            terminals=listed
        )
    )


def own_zs(station: Station, terminal_id: str) -> Iterator[tuple[bytes, str]]:
    """The frozen bytes of each Z of a terminal, and the name of the store that it was made for, by number;
    those that are damaged are passed over."""
    told: set[int] = set()
    for row_id, z_number, store_id in station.database.rows(_OF_TERMINAL, terminal_id, State.DELIVERED):
        body = None if z_number in told else report_bytes(station, row_id)
        if body is not None and thaw(body) is not None:
            told.add(z_number)
            yield body, known_store(station.database, store_id).name
