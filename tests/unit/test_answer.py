"""What home answers first, over every state that a terminal can be in."""

from dataclasses import replace

import pytest
from hypothesis import example, given

from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import Code
from factorypos_tui.core.status.answer import Tone, answer
from factorypos_tui.core.status.judging import Matter, all_is_sent, nothing_waits
from factorypos_tui.core.status.till_view import TillState
from tests.unit.test_judging import CASES, JUST_NOW, LONG_AGO, Case


@given(CASES)
@example(Case(unassigned=True))
@example(Case(unassigned=True, accepted=True))
@example(Case(till=TillState.ABSENT, has_token=False))
@example(Case(till=TillState.ABSENT, has_token=False, z_waits=JUST_NOW))
def test_home_says_that_all_is_sent_only_where_it_is(case: Case) -> None:
    status, told = case.status(), answer(case.status())
    if told.words == "Everything is sent. You may switch off.":
        assert all_is_sent(status)
    if told.tone is Tone.SENT:
        assert nothing_waits(status)
    on_no_way = {Matter.NOBODY_SENDS, Matter.NO_STORE, Matter.ATTENTION, Matter.NO_TILL}
    if on_no_way & set(case.matters()):
        assert told.tone in (Tone.WRONG, Tone.STEP)
    if case.till in (TillState.UNREADABLE, TillState.DAMAGED):
        assert told.tone is Tone.WRONG
    assert answer(status, "The disk is full.").tone is Tone.WRONG


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (Case(z_waits=LONG_AGO), "1 report waits here, safe."),
        (
            Case(z_waits=LONG_AGO, unassigned=True),
            "1 closed day waits at the till for a store. 1 report waits here, safe.",
        ),
        (Case(), "Everything is sent."),
        (Case(left_out=True), "Everything is sent but 2 left out."),
    ],
)
def test_after_a_disconnect_home_says_what_was_sent_and_what_waits(case: Case, words: str) -> None:
    status = replace(case, has_store=False).status()
    told = answer(replace(status, first_delivered_z=1))
    assert (told.tone, told.words) == (Tone.STEP, f"{words} Log in first.")
    if case.z_waits is None:
        assert answer(status).words == "Nothing is sent yet. Log in first."


@pytest.mark.parametrize("state", [state for state in TillState if state is not TillState.OK])
def test_a_till_that_was_there_and_cannot_be_read_comes_first(state: TillState) -> None:
    status = Case(has_store=False, till=state).status()
    assert answer(replace(status, first_delivered_z=1)).words.startswith("The till cannot be read.")
    assert (answer(status).tone is Tone.STEP) == (state is TillState.ABSENT)


def test_a_day_whose_rows_have_to_be_mended_needs_a_person() -> None:
    status = Case(uncollected=JUST_NOW).status()
    held_up = replace(status.till_view, findings=(TillFinding(Code.UNKNOWN_ZONE, 15),))
    assert answer(status).tone is Tone.WAITING
    assert answer(replace(status, till_view=held_up)).tone is Tone.WRONG


def test_before_the_first_close_nothing_is_called_sent() -> None:
    told = answer(replace(Case().status(), last_z=None))
    assert told.words == "No day has been closed yet: nothing waits. You may switch off."
