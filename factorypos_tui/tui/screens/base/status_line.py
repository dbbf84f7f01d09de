"""The line that every screen has: link, what waits and since when, last Z, and which process sends. Above it,
while there is trouble, what it is."""

import os
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.delivery.link import NOT_ASSIGNED, LinkState
from factorypos_tui.core.delivery.link_wording import drainer_words, link_name, trouble_words
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.judging import Limits, clock_is_off
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import clock_words, last_z_words, link_glance, sent_words

_MARKS = {LinkState.ONLINE: "●", LinkState.UNKNOWN: "?", NOT_ASSIGNED.reason: "○"}
_GAP = "   "


class TroubleLines(Static):
    """What is wrong with the link, the clock or the kept files, and what happens next; no line where nothing
    is."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, snapshot: Snapshot) -> None:
        """Show a new state."""
        status, link = snapshot.status, snapshot.status.link
        in_trouble = link.reason not in (None, NOT_ASSIGNED.reason)
        link_trouble = as_sentence(trouble_words(link)) if in_trouble else ""
        clock = clock_words(status.contact.offset_s or 0) if clock_is_off(status, Limits()) else ""
        words = "\n".join(filter(None, [link_trouble, clock, snapshot.trouble]))
        if words != self.content:
            self.update(words)
        self.display = bool(words)


class StatusLine(Widget):
    """One line, always. Where it has no room for all, it leaves out the last Z first, then when FactoryCLOUD
    answered last, then which process sends; never what waits."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str] = []

    def show(self, snapshot: Snapshot) -> None:
        """Show a new state."""
        self._texts = list(_from_long_to_short(snapshot.status))
        self.refresh()

    def render(self) -> Content:
        """The longest text that fits."""
        return Content(_longest(self._texts, self.content_size.width or self.app.size.width))


def _from_long_to_short(status: Status) -> Iterator[str]:
    link = status.link
    mark = _MARKS.get(link.reason or link.state, "▲")
    glance, name = f"{mark} {link_glance(status)}", f"{mark} {link_name(link)}"
    sent, sender = sent_words(status), drainer_words(status.holder, os.getpid())
    yield _GAP.join([glance, sent, last_z_words(status), sender])
    yield _GAP.join([glance, sent, sender])
    yield _GAP.join([name, sent, sender])
    yield _GAP.join([name, sent])


def _longest(texts: Sequence[str], width: int) -> str:
    return next((text for text in texts if cell_len(text) <= width), texts[-1])
