"""The line that every screen has: link, what waits and since when, last Z, and which process sends."""

import os
from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from factorypos_tui.core.delivery.link import NOT_ASSIGNED, LinkState
from factorypos_tui.core.delivery.link_wording import drainer_words, trouble_words
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.judging import Limits, clock_is_off
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import clock_words, last_z_words, link_glance, sent_words

_MARKS = {LinkState.ONLINE: "*", LinkState.UNKNOWN: "?", NOT_ASSIGNED.reason: "-"}
_GAP = "   "


class StatusLine(Widget):
    """One line if it fits. Below it, where there is trouble with the link or with the kept files, what it is
    and what happens next."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._troubles: list[str] = []

    def show(self, snapshot: Snapshot) -> None:
        """Show a new state."""
        status, link = snapshot.status, snapshot.status.link
        in_trouble = link.reason not in (None, NOT_ASSIGNED.reason)
        self._parts = _parts(status)
        link_trouble = as_sentence(trouble_words(link)) if in_trouble else ""
        clock = clock_words(status.contact.offset_s or 0) if clock_is_off(status, Limits()) else ""
        self._troubles = list(filter(None, [link_trouble, clock, snapshot.trouble]))
        self.set_class(bool(self._troubles), "trouble")
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """As many lines as the text needs at this width."""
        return self._words(width).get_height({}, width)

    def render(self) -> Content:
        """The state, broken between its parts, never inside one."""
        return self._words(self.content_size.width or self.app.size.width)

    def _words(self, width: int) -> Content:
        return Content("\n".join(_lines(self._parts, width) + self._troubles))


def _parts(status: Status) -> list[str]:
    link = status.link
    return [
        f"{_MARKS.get(link.reason or link.state, '!')} {link_glance(status)}",
        sent_words(status),
        last_z_words(status),
        drainer_words(status.holder, os.getpid()),
    ]


def _lines(parts: Iterable[str], width: int) -> list[str]:
    lines = [""]
    for part in parts:
        longer = f"{lines[-1]}{_GAP}{part}" if lines[-1] else part
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines
