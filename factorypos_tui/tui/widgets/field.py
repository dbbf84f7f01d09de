"""A field to type in."""

from textual.widgets import Input


class Field(Input):
    """An input whose cursor stands still: a blinking one costs a slow line 1.5 KB a second."""

    cursor_blink = False
