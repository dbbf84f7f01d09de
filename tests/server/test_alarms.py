"""Alarms begin and end by themselves, and who wants it is told once."""

from datetime import UTC, datetime

import pytest

from factorypos_tui.server.api.alarms import StoreAlarm
from factorypos_tui.server.domain.alarms import rounds
from factorypos_tui.server.domain.alarms.rounds import make_round
from factorypos_tui.server.domain.alarms.settings import WatchForm, set_watch
from factorypos_tui.server.domain.alarms.shown import COLUMNS
from factorypos_tui.server.domain.alarms.turns import Kind
from factorypos_tui.server.storage.tables import Store, Terminal
from tests.server.shop import Owner, Shop, Till
from tests.server.test_checking import chained, sent
from tests.server.watch import alarms, kinds, letters, watch


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


def test_a_till_that_is_well_has_no_alarm(shop: Shop, till: Till) -> None:
    sent(till, chained(till, range(1, 5)))
    watch(shop, 120)
    assert kinds(shop, till.id, is_open=None) == []


def test_a_missing_number_is_an_alarm_once_it_is_not_just_on_its_way(
    shop: Shop, owner: Owner, till: Till
) -> None:
    reports = chained(till, range(1, 6))
    sent(till, [reports[0], reports[2], reports[4]])
    watch(shop, 9)
    assert kinds(shop, till.id) == []
    watch(shop, 3)
    ((kind, facts),) = alarms(shop, till.id)
    assert (kind, facts.numbers, facts.count) == (Kind.MISSING, (2, 4), 2)
    letter = owner.next_letter()
    assert letter["Subject"] == "Alarm: Till 1, Centro"
    assert "Z 2, 4 have not arrived." in letter.get_content()
    sent(till, [reports[1]])
    watch(shop, 60)
    ((_, facts),) = alarms(shop, till.id)
    assert facts.numbers == (4,), "the same turn goes on"
    assert not owner.has_letters()
    sent(till, [reports[3]])
    watch(shop, 1)
    assert kinds(shop, till.id) == []
    letter = owner.next_letter()
    assert letter["Subject"] == "All clear: Till 1, Centro"
    assert "It is over after 1 h." in letter.get_content()


def impatient(shop: Shop, till: Till) -> None:
    """Let an hour of silence be an alarm."""
    database = shop.cloud.database
    with database.connection_context(), database.atomic():
        terminal = Terminal.select().where(Terminal.id == till.id).get(database)
        set_watch(database, shop.cloud.now(), "a test", terminal, WatchForm(period_hours=1, grace_hours=0))


def test_silence_is_told_once_and_its_length_at_its_end(shop: Shop, owner: Owner, till: Till) -> None:
    sent(till, [till.z(1)])
    impatient(shop, till)
    watch(shop, 59)
    assert kinds(shop, till.id) == []
    watch(shop, 1)
    assert kinds(shop, till.id) == [Kind.SILENT]
    assert "Not heard of since Mon 2 Mar 2026 13:00." in owner.next_letter().get_content()
    watch(shop, 60)
    sent(till, [till.x(1, "00000000-0000-4000-8000-000000000007")])
    watch(shop)
    assert kinds(shop, till.id) == []
    assert "It is over after 2 h." in owner.next_letter().get_content()
    assert len(letters(shop, owner)) == 2


def test_the_silence_of_a_server_that_was_away_is_no_silence_of_a_till(shop: Shop, till: Till) -> None:
    impatient(shop, till)
    watch(shop)
    shop.clock.advance(3600)
    watch(shop)
    assert kinds(shop, till.id) == []
    watch(shop, 60)
    assert kinds(shop, till.id) == [Kind.SILENT]
    shop.clock.advance(3600)
    watch(shop)
    assert kinds(shop, till.id) == [Kind.SILENT], "and it ends none"


def test_money_in_no_z_is_an_alarm_until_the_till_does_not_say_so_any_more(
    shop: Shop, owner: Owner, till: Till
) -> None:
    def tell(*findings: dict[str, object]) -> None:
        shop.clock.advance(16 * 60)
        answer = till.call("PUT", "/terminals/current/state", json={"findings": findings})
        assert answer.status_code == 204
        watch(shop)

    late = {"code": "in_no_z", "z_number": 4, "receipts": [str(number) for number in range(17, 24)]}
    tell({"code": "late_sale", "z_number": 3, "receipts": ["9"]}, late)
    ((kind, facts),) = alarms(shop, till.id)
    assert (kind, facts.numbers, facts.count) == (Kind.RECORDS, (4,), 7)
    letter = owner.next_letter().get_content()
    assert "the day of Z 4 after its report was made: receipts 17, 18, 19, 20, 21." in letter
    tell(late, {"code": "changed_since", "z_number": 2})
    assert kinds(shop, till.id) == [Kind.RECORDS] * 2
    assert "Records of Z 2 were changed or deleted" in owner.next_letter().get_content()
    tell(late, {"code": "changed_since", "z_number": 2})
    assert not owner.has_letters(), "it is told once"
    assert till.call("PUT", "/terminals/current/state", json={"last_z_number": 4}).status_code == 204
    watch(shop, 16)
    assert kinds(shop, till.id) == [Kind.RECORDS] * 2, "a till that is off has not said that it is over"
    tell()
    assert kinds(shop, till.id) == []


def test_numbers_that_a_tills_program_leaves_out_are_no_alarm_while_it_says_so(
    shop: Shop, till: Till
) -> None:
    def tell(**said: bool) -> None:
        assert till.call("PUT", "/terminals/current/state", json=said).status_code == 204
        watch(shop, 16)

    for number in (1, 3):
        assert till.send(till.z(number)).status_code == 201
    watch(shop, 16)
    assert kinds(shop, till.id) == [Kind.MISSING]
    tell(leaves_out_numbers=True)
    assert kinds(shop, till.id) == []
    assert till.send(till.z(5)).status_code == 201
    watch(shop, 16)
    assert kinds(shop, till.id) == []
    tell()
    assert till.send(till.z(7)).status_code == 201
    watch(shop, 16)
    assert set(kinds(shop, till.id)) == {Kind.MISSING}


def test_a_clock_that_is_off_is_an_alarm_until_it_is_right(shop: Shop, owner: Owner, till: Till) -> None:
    def tell(seconds: int) -> None:
        shop.clock.advance(60)
        answer = till.call("PUT", "/terminals/current/state", json={"clock_offset_s": seconds})
        assert answer.status_code == 204
        watch(shop)

    tell(299)
    assert kinds(shop, till.id) == []
    tell(-3_900)
    assert kinds(shop, till.id) == [Kind.CLOCK]
    assert "Its clock is 1 h 5 min behind." in owner.next_letter().get_content()
    tell(200)
    assert kinds(shop, till.id) == [Kind.CLOCK], "between the two nothing ends"
    tell(100)
    assert kinds(shop, till.id) == []


def test_cash_that_is_short_is_told_even_if_the_next_count_came_with_it(
    shop: Shop, owner: Owner, till: Till
) -> None:
    def counted(number: int, over_short: int) -> dict[str, int | None]:
        return {**till.z(number)["cash"], "counted": 11_210 + over_short, "over_short": over_short}

    sent(till, [till.z(1, cash=counted(1, -5_000)), till.z(2, cash=counted(2, 1_000))])
    watch(shop)
    assert kinds(shop, till.id, is_open=True) == [Kind.CHAIN]
    assert "50.00 EUR short in Z 1 of Mon 2 Mar 2026." in owner.next_letter().get_content()
    sent(till, [till.z(3, cash=counted(3, 1_001))])
    watch(shop, 20)
    assert Kind.CASH in kinds(shop, till.id)
    assert "10.01 EUR over in Z 3" in owner.next_letter().get_content()


def test_a_revoked_terminal_has_no_alarm(shop: Shop, owner: Owner, till: Till) -> None:
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 11)
    assert kinds(shop, till.id) == [Kind.MISSING]
    assert owner.call("DELETE", f"/terminals/{till.id}").status_code == 204
    watch(shop)
    assert kinds(shop, till.id) == []


def test_what_is_open_ends_when_another_account_has_the_terminal(
    shop: Shop, owner: Owner, till: Till
) -> None:
    sent(till, [till.z(1), till.z(3)])
    watch(shop, 11)
    assert kinds(shop, till.id) == [Kind.MISSING]
    assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204
    stranger = shop.owner()
    stranger.assign(stranger.store(), till.id)
    watch(shop)
    assert kinds(shop, till.id) == []
    assert letters(shop, stranger) == []


def test_a_conflict_is_an_alarm_until_it_is_settled_and_again_once_that_is_taken_back(
    shop: Shop, owner: Owner, till: Till
) -> None:
    report, other = till.z(1), till.z(1, net=2420)
    assert till.send(report).status_code == 201
    assert till.send(other).status_code == 409
    watch(shop)
    ((kind, facts),) = alarms(shop, till.id)
    assert (kind, facts.count, facts.report_id) == (Kind.CONFLICT, 2, report["report_id"])
    path = f"/reports/{report['report_id']}/settlement"
    assert owner.call("PUT", path, json={"content_hash": report["content_hash"]}).status_code == 200
    watch(shop)
    assert kinds(shop, till.id) == []
    assert owner.call("DELETE", path).status_code == 200
    watch(shop, 61)
    assert kinds(shop, till.id) == [Kind.CONFLICT]
    assert letters(shop, owner) == [], "the letter about conflicts has told it"


@pytest.mark.parametrize("closed", ["", "1"])
def test_closed_days_are_no_silence(shop: Shop, till: Till, closed: str) -> None:
    assert shop.clock.now().isoweekday() == 1
    database = shop.cloud.database
    with database.connection_context():
        Store.update(closed_weekdays=closed).where(Store.id == till.store).execute(database)
    impatient(shop, till)
    watch(shop, 64)
    assert kinds(shop, till.id) == ([] if closed else [Kind.SILENT])
    shop.clock.jump(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    watch(shop, 64)
    assert kinds(shop, till.id) == [Kind.SILENT], "it is Tuesday in Madrid"


@pytest.mark.parametrize("stops", [False, True])
def test_a_round_rests_after_each_look_and_ends_where_the_server_stops(
    shop: Shop, owner: Owner, till: Till, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 1)
    for one in (till, owner.assign(till.store)):
        sent(one, [one.z(1)])
    rested: list[float] = []

    def rest(seconds: float) -> bool:
        rested.append(seconds)
        return stops

    make_round(shop.cloud, rest)
    assert (len(rested) == 1) == stops
    assert all(rested)


def test_a_table_of_alarms_has_the_columns_of_the_api() -> None:
    assert tuple(StoreAlarm.model_fields) == COLUMNS
