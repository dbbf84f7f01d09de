"""A trouble that stays is told ever more rarely, with how often it was met."""

import itertools
import logging

import pytest

from factorypos_tui.cli.journal_lines import WhatMatters
from factorypos_tui.core.status.repeats import Repeats

HOUR = 3600


def test_it_is_told_when_it_begins_then_after_growing_gaps_with_its_count() -> None:
    repeats = Repeats()
    told = {minute: repeats.again("offline", minute * 60) for minute in range(0, 60 * 24 * 5, 10)}
    spoken = [(minute // 60, count) for minute, count in told.items() if count is not None]
    assert spoken[:5] == [(0, 0), (1, 5), (3, 11), (7, 23), (15, 47)]
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(spoken)]
    assert gaps == sorted(gaps)
    assert max(gaps) == 24


def test_another_trouble_and_one_that_comes_back_are_told_at_once() -> None:
    repeats = Repeats()
    assert repeats.again("offline", 0) == 0
    assert repeats.again("held", 1) == 0
    assert repeats.again("offline", 2) is None
    repeats.forget()
    assert repeats.again("offline", 3) == 0


def test_it_does_not_grow_without_end() -> None:
    repeats = Repeats()
    for number in range(10_000):
        repeats.again(number, 0)
    assert repeats.again(9_999, 1) is None
    assert repeats.again(0, 1) == 0


def tell(handler: WhatMatters, event: str, level: int = logging.WARNING, **facts: object) -> None:
    record = logging.LogRecord("factorypos_tui.core", level, "", 0, event, None, None)
    record.facts = facts
    handler.handle(record)


def test_the_journal_gets_a_priority_and_what_changes_each_time_makes_no_new_trouble(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 0.0
    handler = WhatMatters(marks=True, now=lambda: now)
    for wait in (2, 4, 8):
        tell(handler, "try failed", reason="dns", error="No such host.", wait_s=wait)
    tell(handler, "try failed", reason="timeout", error="Too slow.", wait_s=9)
    now = HOUR
    tell(handler, "try failed", reason="dns", error="No such host.", wait_s=900)
    tell(handler, "online again", logging.INFO, failures=5)
    tell(handler, "try failed", reason="dns", error="No such host.", wait_s=1)
    tell(handler, "in trouble", logging.ERROR, error="The disk is full.\n<0>boom\x1b[2J")
    lines = capsys.readouterr().err.splitlines()
    assert [line[:3] for line in lines] == ["<4>", "<4>", "<4>", "<6>", "<4>", "<3>"]
    assert lines[0] == "<4>a try failed (No such host, next try after 2 s)"
    assert lines[2].endswith("(2 times more since)")
    assert lines[3] == "<6>FactoryCLOUD answers again (failed tries before: 5)"
    assert "\x1b" not in lines[5]
