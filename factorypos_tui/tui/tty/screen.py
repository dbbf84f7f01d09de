"""The screen of one terminal: what is wanted on it, what it shows, and the bytes from one to the other."""

from factorypos_tui.tui.tty.cells import BLANK, Row
from factorypos_tui.tui.tty.painting import Painter
from factorypos_tui.tui.tty.pencil import Pencil
from factorypos_tui.tui.tty.policy import Policy
from factorypos_tui.tui.tty.reading import Paper
from factorypos_tui.tui.tty.sending import changes

_ANEW = "\x1b[m\x1b[H\x1b[2J"


class Screen:
    """Takes what Textual writes at any time; gives what has changed when the line is free."""

    def __init__(self, columns: int, lines: int, policy: Policy) -> None:
        self.policy = policy
        self._painter = Painter(policy)
        self._paper = Paper(columns, lines)
        self.resize(columns, lines)

    def resize(self, columns: int, lines: int) -> None:
        """Send everything again, on a screen of this size: it is not known what the terminal shows."""
        if (columns, lines) != (self._paper.columns, self._paper.lines):
            self._paper = Paper(columns, lines)
        self._sent: list[Row] = [[BLANK] * self._paper.columns for _ in range(self._paper.lines)]
        self._pencil = Pencil(erases_in_colour=self.policy.erases_in_colour)
        self._cursor = (0, 0)
        self._is_known = False
        self._paper.touched.update(range(self._paper.lines))

    def follow(self, policy: Policy) -> None:
        """Show everything by another policy."""
        self.policy = policy
        self._painter = Painter(policy)
        self._paper.touched.update(range(self._paper.lines))

    def write(self, data: str) -> None:
        """Take in what Textual wrote."""
        self._paper.write(data)

    def take(self) -> bytes:
        """The bytes after which the terminal shows what is wanted; empty where nothing has changed."""
        paper, paint = self._paper, self._painter.__getitem__
        wanted = list(self._sent)
        for line in paper.touched:
            wanted[line] = list(map(paint, paper.rows[line]))
        start = "" if self._is_known else _ANEW
        commands = start + changes(self._pencil, self._sent, wanted, paper.touched)
        self._is_known, self._sent = True, wanted
        paper.touched.clear()
        signals = paper.signals
        if not self.policy.takes_commands:
            signals.pop("clipboard", None)
        commands += "".join(signals.values())
        signals.clear()
        at = (min(paper.column, paper.columns - 1), paper.line)
        if at != self._cursor:  # a braille display follows the cursor into a field; elsewhere it may stay
            self._pencil.move(*at)
            self._cursor = at
        return (commands + self._pencil.said()).encode(self.policy.encoding, "replace")
