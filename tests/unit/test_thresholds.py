"""Ranges and figures as the guidelines of monitoring plug-ins have them."""

import pytest

from factorypos_tui.core.status.judging import Grade, Limits
from factorypos_tui.core.status.thresholds import Figure, Thresholds, perfdata, range_of


@pytest.mark.parametrize(
    ("text", "well", "alerts"),
    [  # the table of the guidelines
        ("10", (0, 10), (-1, 11)),
        ("10:", (10, 99), (9, -1)),
        ("~:10", (10, -99), (11, 99)),
        ("10:20", (10, 15, 20), (9, 21)),
        ("@10:20", (9, 21), (10, 15, 20)),
        (":10", (0, 10), (-1, 11)),
        ("-5:5", (-5, 5), (-6, 6)),
        ("0", (0,), (1, -1)),
        ("0.5:1.5", (1,), (0, 2)),
        ("~:", (-99, 99), ()),
    ],
)
def test_a_range_is_read_as_the_guidelines_say(
    text: str, well: tuple[int, ...], alerts: tuple[int, ...]
) -> None:
    span = range_of(text)
    assert [value for value in (*well, *alerts) if span.alerts(value)] == [*alerts]


@pytest.mark.parametrize("text", ["", ":", "@", "@:", "~", "20:10", "ten", "1:2:3", "10 ", "1e3", "٣"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no range|begins after its end"):
        range_of(text)


def test_a_figure_that_is_not_known_alerts_nobody_and_is_told_as_u() -> None:
    figures = {"clock_offset": Figure(None, "s"), "waiting": Figure(7, least="0")}
    asked = Thresholds({"clock_offset": range_of("0")}, {"waiting": range_of("5")})
    assert [(label, grade) for label, _span, grade in asked.crossed(figures)] == [("waiting", Grade.CRITICAL)]
    assert perfdata(figures, Limits(), asked) == "clock_offset=U;0 waiting=7;;5;0"
