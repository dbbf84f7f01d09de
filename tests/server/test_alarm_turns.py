"""Alarms, decided: each turn is told once and over once, in whatever order things happen."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from factorypos_tui.server.domain.alarms.silence import USUAL_GRACE, habit, silent_at
from factorypos_tui.server.domain.alarms.turns import (
    CLOCK_OFF,
    CLOCK_RIGHT,
    Count,
    Facts,
    Found,
    Gap,
    Kind,
    Turn,
    cash,
    change,
    clock,
    missing,
)
from factorypos_tui.server.storage.alarm_tables import Alarm, AlarmNotice
from factorypos_tui.server.storage.tables import Account
from tests.server.shop import Owner, Shop
from tests.server.test_alarms import impatient
from tests.server.test_checking import chained, found
from tests.server.watch import alarms, letters, watch

PLACES = some.tuples(some.sampled_from(Kind), some.sampled_from("ab"))


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


def at_work(turns: list[Turn], wrong: list[Found], number: int) -> list[Turn]:
    """The open alarms after one look."""
    decided = change(turns, wrong)
    ended = {it.id for it in decided.end}
    news = {turn.id: facts for turn, facts in decided.go_on}
    kept = [Turn(it.id, it.kind, it.subject, news.get(it.id, it.facts)) for it in turns if it.id not in ended]
    begun = [
        Turn(f"{number} {it.kind} {it.subject}", it.kind, it.subject, it.facts)
        for it in decided.begin
        if not it.is_over
    ]
    return kept + begun


@given(some.lists(some.lists(PLACES, unique=True), max_size=12))
def test_what_is_wrong_is_open_once_and_nothing_else_is(looks: list[list[tuple[Kind, str]]]) -> None:
    turns: list[Turn] = []
    for number, places in enumerate(looks):
        wrong = [Found(kind, subject, Facts(count=number)) for kind, subject in places]
        before = {(it.kind, it.subject): it.id for it in turns}
        turns = at_work(turns, wrong, number)
        assert Counter((it.kind, it.subject) for it in turns) == Counter(places)
        assert all(it.facts.count == number for it in turns)
        assert all(before.get((it.kind, it.subject), it.id) == it.id for it in turns), "a turn goes on"


@given(some.lists(some.sets(some.integers(1, 12)), min_size=1, max_size=8))
def test_each_missing_number_belongs_to_one_open_alarm(looks: list[set[int]]) -> None:
    turns: list[Turn] = []
    for number, absent in enumerate(looks):
        gaps: list[Gap] = []
        for it in sorted(absent):
            if gaps and gaps[-1].last == it - 1:
                gaps[-1] = Gap(gaps[-1].first, it)
            else:
                gaps.append(Gap(it, it))
        turns = at_work(turns, missing(gaps, turns), number)
        told = Counter(it for turn in turns for it in turn.facts.numbers)
        assert told == Counter(absent)
        assert sum(turn.facts.count for turn in turns) == len(absent)


def test_numbers_that_may_be_on_their_way_begin_no_alarm_and_keep_none_from_going_on() -> None:
    fresh = Gap(5, 6, is_settled=False)
    assert missing([fresh], []) == []
    turn = Turn("1", Kind.MISSING, "5", Facts((5, 6), 2, first=5, last=6))
    assert [it.facts.count for it in missing([fresh], [turn])] == [2]


def test_a_million_missing_numbers_are_counted_and_not_written_out() -> None:
    (it,) = missing([Gap(2, 1_000_001)], [])
    assert (it.facts.count, it.facts.numbers[:2], len(it.facts.numbers)) == (1_000_000, (2, 3), 20)


def test_of_what_could_not_be_looked_at_nothing_ends() -> None:
    turn = Turn("1", Kind.CONFLICT, "a", Facts())
    assert change([turn], [], {Kind.CONFLICT}).end == ()
    assert change([turn], [], {Kind.MISSING}).end == (turn,)


@given(some.lists(some.integers(-1_000, 1_000)))
def test_a_clock_that_wanders_between_the_limits_changes_nothing(offsets: list[int]) -> None:
    turns: list[Turn] = []
    for number, seconds in enumerate(offsets):
        was_off = bool(turns)
        turns = at_work(turns, clock(seconds, turns[0] if turns else None), number)
        if CLOCK_RIGHT < abs(seconds) <= CLOCK_OFF:
            assert bool(turns) is was_off
        else:
            assert bool(turns) is (abs(seconds) > CLOCK_OFF)


@given(some.permutations(range(1, 7)), some.lists(some.integers(-20, 20), min_size=6, max_size=6))
def test_each_count_beyond_the_limit_is_one_alarm_in_whatever_order_it_arrives(
    order: list[int], differences: list[int]
) -> None:
    counts = {n: Count(n, over, "EUR", "2026-03-02") for n, over in enumerate(differences, 1)}
    turns: list[Turn] = []
    begun: list[str] = []
    arrived: set[int] = set()
    for number in order:
        arrived.add(number)
        wrong = cash([counts[number]], 10, max(arrived), turns, set(begun))
        begun += [it.subject for it in change(turns, wrong).begin]
        turns = at_work(turns, wrong, number)
        assert all(int(turn.subject) == max(arrived) for turn in turns)
    assert Counter(begun) == Counter(str(n) for n, it in counts.items() if abs(it.over_short) > 10)


def test_days_off_do_not_count_as_silence_and_clocks_that_change_do_not_matter() -> None:
    saturday = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)  # 22:00 in Madrid; clocks go on in the night
    allowed = timedelta(hours=3)
    assert silent_at(saturday, allowed, "Europe/Madrid", ()) == saturday + allowed
    at = silent_at(saturday, allowed, "Europe/Madrid", {7})
    assert at == datetime(2026, 3, 29, 23, 0, tzinfo=UTC), "an hour into Monday"
    assert silent_at(saturday, allowed, "Europe/Madrid", range(1, 8)) is None
    assert silent_at(saturday, timedelta(days=30), "Nowhere/At_all", {7}) is not None


def test_a_habit_is_the_longest_pause_of_open_days() -> None:
    monday = date(2026, 3, 2)
    days = [monday + timedelta(days=n) for n in range(14) if (monday + timedelta(days=n)).isoweekday() != 7]
    sundays_off, open_daily = habit(days, {7}), habit(days, ())
    assert sundays_off
    assert open_daily
    assert (sundays_off.period, open_daily.period) == (24, 48)
    assert open_daily.grace == USUAL_GRACE
    assert habit(days[:5], ()) is None


@pytest.mark.parametrize("seed", range(3))
def test_no_turn_is_told_twice_and_no_end_before_its_beginning(shop: Shop, owner: Owner, seed: int) -> None:
    """Reports arrive in any order, twice, late and contradicting each other; the till falls silent and comes
    back. What `cloud check` finds is open; letters and notices fit."""
    chance = random.Random(seed)  # noqa: S311  # it draws an order, no secret
    till = owner.assign(owner.store())
    impatient(shop, till)
    reports = chained(till, range(1, 9))
    reports += [till.z(4, net=2420), reports[6], till.z(9)]
    chance.shuffle(reports)
    for report in reports:
        watch(shop, chance.choice([0, 8, 16, 72]))
        assert till.send(report).status_code in (200, 201, 409)
    watch(shop, 16)
    wrong = {code: numbers for code, (numbers, _count) in found(till).items()}
    told = [(kind, facts.numbers) for kind, facts in alarms(shop, till.id)]
    assert {kind for kind, _numbers in told} - {"silent"} == {
        {"open_conflict": "conflict"}.get(code, code) for code in wrong if not code.startswith("dated")
    }
    for code in ("missing_z", "broken_chain"):
        assert sorted(it for kind, numbers in told if kind == code for it in numbers) == wrong.get(code, [])
    assert_letters_fit(shop, owner, till.id)


def assert_letters_fit(shop: Shop, owner: Owner, terminal: str) -> None:
    database = shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)
        rows = list(Alarm.select().where(Alarm.terminal_id == terminal).bind(database))
        mine = AlarmNotice.select().where(AlarmNotice.account_id == account.id)
        notices = {it.alarm_id: it for it in mine.bind(database)}
    written = len(
        {it.noticed_at for it in notices.values()} | {it.cleared_at for it in notices.values()} - {None}
    )
    assert len(letters(shop, owner)) == written
    for row in rows:
        notice = notices.get(row.id)
        if notice is not None and notice.cleared_at:
            assert row.ended_at
            assert row.ended_at <= notice.cleared_at
            assert notice.noticed_at < notice.cleared_at
        assert notice is not None or row.ended_at or row.kind == Kind.CONFLICT
