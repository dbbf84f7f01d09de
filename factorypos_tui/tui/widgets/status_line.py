"""The line that is always there: link, what waits and since when, last Z, who sends."""

import os
from datetime import datetime

from textual.widgets import Static

from factorypos_tui.core.engine import Snapshot
from factorypos_tui.core.link import NOT_ASSIGNED, LinkState
from factorypos_tui.core.shipments import State
from factorypos_tui.core.wording import drainer_words, last_z_words, link_name, link_words, waiting_words

_MARKS = {LinkState.ONLINE: "*", NOT_ASSIGNED.reason: "-"}


class StatusLine(Static):
    """One line, or two where the link is in trouble: the second says why and when the next try is."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, snapshot: Snapshot, now: datetime) -> None:
        """Show a new state."""
        status = snapshot.status
        link = status.link
        parts = [
            f"{_MARKS.get(link.reason or link.state, '!')} {link_name(link)}",
            waiting_words(status.waiting, status.oldest_waiting_s, status.counts[State.ATTENTION]),
            last_z_words(status.last_z, now),
            drainer_words(status.holder, os.getpid()),
        ]
        in_trouble = link.state is not LinkState.ONLINE and link != NOT_ASSIGNED
        trouble = snapshot.trouble or (link_words(link) if in_trouble else None)
        self.update("   ".join(parts) + (f"\n{trouble}" if trouble else ""))
        self.set_class(trouble is not None, "trouble")
