"""What home answers first, over every state that a terminal can be in."""

from dataclasses import replace

from hypothesis import example, given

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import Code
from factorypos_tui.core.status.answer import Tone, answer
from factorypos_tui.core.status.judging import Matter, all_is_sent, nothing_waits
from tests.unit.test_judging import CASES, JUST_NOW, Case


@given(CASES)
@example(Case(unassigned=True))
@example(Case(unassigned=True, accepted=True))
def test_home_says_that_all_is_sent_only_where_it_is(case: Case) -> None:
    status, told = case.status(), answer(case.status())
    if told.words == "Everything is sent. You may switch off.":
        assert all_is_sent(status)
    if told.tone is Tone.SENT:
        assert nothing_waits(status)
    on_no_way = {Matter.NOBODY_SENDS, Matter.NO_STORE, Matter.ATTENTION, Matter.NO_TILL}
    if on_no_way & set(case.matters()):
        assert told.tone in (Tone.WRONG, Tone.STEP)
    assert answer(status, "The disk is full.").tone in (Tone.WRONG, Tone.STEP)


def test_a_day_whose_rows_have_to_be_mended_needs_a_person() -> None:
    status = Case(uncollected=JUST_NOW).status()
    held_up = replace(status.till_view, findings=(TillFinding(Code.UNKNOWN_ZONE, 15),))
    assert answer(status).tone is Tone.WAITING
    assert answer(replace(status, till_view=held_up)).tone is Tone.WRONG
