"""The list of changes, a line for each field."""

from collections.abc import Sequence

from factorypos_tui.tui.screens.configuration_data.change_rows import Row, Rows, heading, row_words
from factorypos_tui.tui.widgets.long_list import LongList


class ChangeList(LongList):
    """Each line is made when it comes into view: a catalogue has more lines than anybody reads."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(())
        self._currency = ""

    def show(self, rows: Rows, currency: str, nothing: str) -> None:
        """Show other rows, prices in `currency`; without rows show the text `nothing`."""
        self._rows, self._currency, self.nothing = rows, currency, nothing
        self.show_the_first()

    @property
    def highlighted(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if len(self._rows) else None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def heading(self, columns: int) -> str:
        """The line above the rows."""
        return heading(columns)

    def line(self, number: int, columns: int) -> Sequence[tuple[str, str]]:
        """A row."""
        return [("line", row_words(self._rows[number], self._currency, columns))]
