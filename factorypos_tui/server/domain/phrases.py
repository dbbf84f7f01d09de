"""Days, instants and changes in words, in the language of the call: on pages as in mails. Pure."""

from datetime import date

from factorypos_tui.server.domain.clocks import wall_of
from factorypos_tui.server.domain.takings import Compared
from factorypos_tui.server.words import told

_MINUS = "\u2212"


def day(value: date) -> str:
    """`Mon 2 Mar 2026`."""
    weekday = told("Mon Tue Wed Thu Fri Sat Sun").split()[value.weekday()]
    return f"{weekday} {value.day} {_month(value.month)} {value.year}"


def period(name: str) -> str:
    """The month `2026-03` as `Mar 2026`, the year `2026` as it is."""
    year, _, month = name.partition("-")
    return f"{_month(int(month))} {year}" if month else year


def _month(number: int) -> str:
    return told("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[number - 1]


def moment(instant: str, timezone: str) -> str:
    """`Mon 2 Mar 2026 13:20` on the wall of a place."""
    wall = wall_of(instant, timezone)
    return f"{day(wall.date())} {wall:%H:%M}"


def per_cent(compared: Compared) -> str:
    """A change that has a base, with its sign: `+12 %`, `−5 %`."""
    return f"{compared.per_cent:+} %".replace("-", _MINUS)
