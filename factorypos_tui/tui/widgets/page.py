"""Lines of text to scroll through; the frame shows the place."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.keys import bind


class Lines(Static):
    """A text in a page."""

    def on_resize(self) -> None:
        """Tell the page, which can count its lines once they are laid out."""
        self.query_ancestor(Page).say_where()


class Page(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Text that may be longer than the screen. It shows no scroll bar: consoles have no glyphs for one."""

    BINDINGS = [
        bind("up", "scroll(-1)", N_("Up"), N_("A line up."), is_shown=False),
        bind("down", "scroll(1)", N_("Down"), N_("A line down."), is_shown=False),
        bind("pageup", "page(-1)", N_("Up"), N_("A page up."), is_shown=False),
        bind("pagedown", "page(1)", N_("Down"), N_("A page down."), is_shown=False),
        bind("home", "top", N_("First"), N_("The first line."), is_shown=False),
        bind("end", "bottom", N_("Last"), N_("The last line."), is_shown=False),
    ]

    def __init__(self, title: str, page_id: str) -> None:
        super().__init__(id=page_id)
        self.border_title = title
        self._content = Content()

    def compose(self) -> ComposeResult:
        """The text."""
        yield Lines("", markup=False)

    @property
    def help_words(self) -> str:
        """What F1 says of it."""
        return _("The arrows, PgUp, PgDn, Home and End scroll; the frame says where you are.")

    def show(self, lines: Sequence[Content]) -> None:
        """Show other lines, at the same place."""
        content = Content("\n").join(lines)
        if not content.is_same(self._content):
            self._content = content
            self.query_one(Lines).update(content)

    @property
    def text(self) -> str:
        """What it shows, as plain text."""
        return self._content.plain

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Show the new place."""
        super().watch_scroll_y(old_value, new_value)
        self.say_where()

    def on_resize(self) -> None:
        """Show how many lines fit now."""
        self.call_after_refresh(self.say_where)

    def action_scroll(self, lines: int) -> None:
        """Up or down."""
        self.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Up or down by what is in view."""
        self.action_scroll(pages * max(1, self.scrollable_content_region.height - 1))

    def action_top(self) -> None:
        """The first line."""
        self.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """The last line."""
        self.scroll_end(animate=False)

    def say_where(self) -> None:
        """Tell on the frame which lines are in view, where not all are."""
        in_view = self.scrollable_content_region.height
        self.border_subtitle = lines_in_view(self.scroll_y, in_view, self.virtual_size.height)


def lines_in_view(scrolled: float, in_view: int, every: int) -> str:
    """Which lines are in view after so many were scrolled away: `2-20 of 99`; empty where all are."""
    first = round(scrolled)
    words = _("{first}-{last} of {n}").format(first=first + 1, last=min(every, first + in_view), n=every)
    return words if every > in_view else ""
