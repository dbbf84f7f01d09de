"""The mails about alarms and about a store's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from factorypos_tui.server.mail.letters import Letter, harmless, written
from factorypos_tui.server.words import marked, told_in

MOST_LINES = 10
"""Of what began, and of what is over, in one letter."""


@dataclass(frozen=True, slots=True)
class News:
    """One alarm, as a letter tells it."""

    terminal: str
    store: str
    words: str
    """A sentence in the language of the letter, without names from outside."""

    @property
    def line(self) -> str:
        return f"- {harmless(self.terminal)}, {harmless(self.store)}: {self.words}"


_BEGAN = marked("New:")
_OVER = marked("Over:")
_MORE = marked("- and $number more")
_LOOK = marked("What to do about each of them stands here:\n\n$link\n\n")
_ALARM = marked("Alarm: $terminal, $store")
_ALL_CLEAR = marked("All clear: $terminal, $store")
_ALARMS = marked("Alarms of your tills")
_ALL_CLEARS = marked("All clear at your tills")
_TEXT = marked(
    "Hello $name,\n\n$parts\n\n${look}Whether such mails come you choose on the page of your account."
)


def alarms(
    to: str, name: str, language: str, began: Sequence[News], over: Sequence[News], link: str | None
) -> Letter:
    """Of alarms that began and of alarms that are over; `link` leads to the page of alarms."""
    parts = [
        f"{told_in(language, title)}\n{_lines(language, news)}"
        for title, news in ((_BEGAN, began), (_OVER, over))
        if news
    ]
    first, several = (_ALARM, _ALARMS) if began else (_ALL_CLEAR, _ALL_CLEARS)
    news = [*began, *over]
    look = Template(told_in(language, _LOOK)).substitute(link=link) if link else ""
    values = {
        "name": harmless(name),
        "terminal": harmless(news[0].terminal),
        "store": harmless(news[0].store),
        "parts": "\n\n".join(parts),
        "look": look,
    }
    return written("alarms", to, language, (first if len(news) == 1 else several, _TEXT), values)


def _lines(language: str, news: Sequence[News]) -> str:
    lines = [it.line for it in news[:MOST_LINES]]
    if news[MOST_LINES:]:
        lines.append(Template(told_in(language, _MORE)).substitute(number=len(news[MOST_LINES:])))
    return "\n".join(lines)


_DAY = (
    marked("$store, $day: $short"),
    marked("Hello $name,\n\n$store, $company, $day:\n\n$lines\n\n${all}"),
)
_ALL_OF_IT = marked("The whole day: $link\n\n")
_CHOOSE = marked("When such mails come you choose on the page of your account.")


@dataclass(frozen=True, slots=True)
class Day:
    """A store's day, as a letter tells it in the language of its reader."""

    store: str
    company: str
    day: str
    short: str
    """In a few words, for the subject."""
    lines: Sequence[str]
    """Names from outside are harmless in them."""


def day(to: str, name: str, language: str, told: Day, link: str | None) -> Letter:
    """`link` leads to the page of the day."""
    whole = Template(told_in(language, _ALL_OF_IT)).substitute(link=link) if link else ""
    values = {
        "name": harmless(name),
        "store": harmless(told.store),
        "company": harmless(told.company),
        "day": told.day,
        "short": told.short,
        "lines": "\n".join(told.lines),
        "all": whole + told_in(language, _CHOOSE),
    }
    return written("day", to, language, _DAY, values)
