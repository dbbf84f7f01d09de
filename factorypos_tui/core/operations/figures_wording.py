"""The figures of a store in words: for the screen and the command alike."""

from collections.abc import Iterator

from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.store_figures import StoreFigures

_LONGEST_NAME = 60


def source_words(figures: StoreFigures) -> str:
    """Whose figures they are."""
    if figures.store:
        name = plain(figures.store.name, _LONGEST_NAME)
        return _("Figures of the store {store}, all its tills, from FactoryCLOUD.").format(store=name)
    words = _("Figures of this till alone. Those of the store cannot be shown: {why}")
    return words.format(why=figures.why_not_cloud)


def warnings(figures: StoreFigures) -> Iterator[str]:
    """What the figures lack."""
    if figures.missing:
        yield counted(
            "{n} closed day of this till is not in them: it is not queued.",
            "{n} closed days of this till are not in them: they are not queued.",
            figures.missing,
        )
    if figures.why_no_running_day:
        words = _("The running day is not in them, and closed days may be missing: {why}")
        yield words.format(why=figures.why_no_running_day)
