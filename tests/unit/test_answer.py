"""What home answers first, over every state that a terminal can be in."""

from hypothesis import example, given

from factorypos_tui.core.status.answer import Tone, answer
from factorypos_tui.core.status.judging import Matter, all_is_sent, nothing_waits
from tests.unit.test_judging import CASES, Case


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
