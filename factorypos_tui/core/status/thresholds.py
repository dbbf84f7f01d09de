"""The figures of a terminal for a monitor, and the ranges in which they may be, in the convention of
monitoring plug-ins. Pure.

A range is `[@][START:][END]`: `10` is 0 to 10, `10:` is 10 and more, `~:10` is 10 and less. A figure outside
is an alert; with `@` one that is inside."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from factorypos_tui.core.status.judging import Grade, Limits, Surroundings
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.wording import waiting_since

_RANGE = re.compile(r"(@)?(?:(~|-?\d+(?:\.\d+)?)?:)?(-?\d+(?:\.\d+)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """Where a figure is as it should be; with `is_alert_inside`, where it is not."""

    low: float
    high: float
    is_alert_inside: bool
    text: str
    """As it was typed."""

    def alerts(self, value: float) -> bool:
        """Whether a figure is an alert."""
        return (self.low <= value <= self.high) is self.is_alert_inside


def range_of(text: str) -> Range:
    """What a range says; raises ValueError where it is none."""
    found = _RANGE.fullmatch(text)
    if found is None or text in ("", "@", ":", "@:"):
        raise ValueError(f"{text} is no range")
    at, start, end = found.groups()
    low = -math.inf if start == "~" else float(start or 0)
    high = math.inf if end is None else float(end)
    if low > high:
        raise ValueError(f"{text} begins after its end")
    return Range(low, high, at is not None, text)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number for a monitor."""

    value: int | None
    """None where it is not known."""
    unit: str = ""
    """`s` or `MB`; empty for counts."""
    least: str = ""
    """The smallest number that it can be; empty where there is none."""


LABELS = ("waiting", "not_queued", "attention", "behind", "clock_offset", "disk_free")


def figures_of(status: Status, around: Surroundings) -> Mapping[str, Figure]:
    """Each figure by its label, in the order of `LABELS`."""
    since = waiting_since(status)
    behind = max(0, int((status.at - since).total_seconds())) if since else 0
    return {
        "waiting": Figure(status.waiting, least="0"),
        "not_queued": Figure(len(status.till_view.not_queued), least="0"),
        "attention": Figure(status.needing_a_person, least="0"),
        "behind": Figure(behind, "s", "0"),
        "clock_offset": Figure(status.contact.offset_s, "s"),
        "disk_free": Figure(around.free_mib, "MB"),
    }


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a person asked for beside, or in place of, the limits that a judgement has of itself."""

    warning: Mapping[str, Range] = field(default_factory=dict)
    critical: Mapping[str, Range] = field(default_factory=dict)

    def crossed(self, figures: Mapping[str, Figure]) -> Iterator[tuple[str, Range, Grade]]:
        """Each figure that is an alert, with its range; the worst first."""
        for grade, ranges in ((Grade.CRITICAL, self.critical), (Grade.WARNING, self.warning)):
            for label, span in ranges.items():
                value = figures[label].value
                if value is not None and span.alerts(value):
                    yield label, span, grade


NOTHING_ASKED = Thresholds()


def perfdata(figures: Mapping[str, Figure], limits: Limits, thresholds: Thresholds) -> str:
    """`label=value[unit];warning;critical;least`, in the order of the plug-in convention; U: not known."""
    clock = int(limits.clock.total_seconds())
    warning = {"clock_offset": f"-{clock}:{clock}", "disk_free": f"{limits.disk}:"}
    critical = {"attention": "0", "behind": str(int(limits.behind.total_seconds()))}
    warning |= {label: span.text for label, span in thresholds.warning.items()}
    critical |= {label: span.text for label, span in thresholds.critical.items()}
    return " ".join(
        _told(label, figure, (warning.get(label, ""), critical.get(label, "")))
        for label, figure in figures.items()
    )


def _told(label: str, figure: Figure, ranges: Sequence[str]) -> str:
    value = "U" if figure.value is None else f"{figure.value}{figure.unit}"
    return ";".join([f"{label}={value}", *ranges, figure.least]).rstrip(";")
