"""A till that changes hands: whose it is, and what becomes of the days of the account before."""

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.delivery.reconciling import requeue_missing
from factorypos_tui.core.errors import OfAnotherAccount
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.operations.enrolment import assign, disconnect
from factorypos_tui.core.operations.outlook import look_ahead
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.operations.verification_wording import finding_words
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.states import State
from tests.support.stations import PASSWORD, Shop


@pytest.fixture
def sold(connected: Shop) -> Shop:
    """Ana has delivered Z 1 to 3 and disconnected; Eva, who has the till now, has logged in."""
    drain_once(connected.station)
    disconnect(connected.station)
    accounts.register(connected.station, "eva@example.com", PASSWORD, "Eva")
    return connected


def a_store_of_evas(shop: Shop) -> tuple[str, str]:
    company = accounts.create_company(shop.station, "Eva SL", "ES", "EUR")
    return company.id, accounts.create_store(shop.station, company.id, "Eva's bar", "Europe/Madrid").id


@pytest.mark.parametrize("move", [False, True])
def test_a_terminal_of_another_account_is_said_to_be_that_and_what_helps(sold: Shop, move: bool) -> None:
    company, store = a_store_of_evas(sold)
    with pytest.raises(OfAnotherAccount) as refused:
        assign(sold.station, company, store, History.MISSING, move=move)
    words = str(refused.value)
    assert "--move" not in words
    assert f"cloud terminal release {sold.till.terminal().id}" in words
    assert "ask the owner of that account" in words
    with pytest.raises(OfAnotherAccount):
        look_ahead(sold.station, store)
    assert load_assignment(sold.station.database) is None


def test_the_days_of_the_account_before_stay_there_and_hold_up_nothing(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold.cloud.release(sold.till.terminal().id)
    company, store = a_store_of_evas(sold)
    assign(sold.station, company, store, History.MISSING, move=False)
    sent: list[int] = []
    send = sold.cloud.send

    def noted(token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        sent.append(report.z_number or 0)
        return send(token, report, store_id)

    monkeypatch.setattr(sold.cloud, "send", noted)
    sold.close_day()
    assert drain_once(sold.station).attention == 0
    assert sent == [4]
    sold.close_day()
    for _day in range(3):
        sold.clock.advance(25 * 3600)
        drain_once(sold.station)
        assert load_link(sold.station.database).state is LinkState.ONLINE
        assert {state for state, n in counts(sold.station.database).items() if n} == {State.DELIVERED}
    assert sent == [4, 5]
    found = verify(sold.station)
    assert (found.holds, [z.z_number for z in found.of_another_account]) == (True, [1, 2, 3])
    assert finding_words(found) == [
        "Kept there for the account that this terminal belonged to before: Z 1-3. This account does not see"
        " them. Nothing needs to be done."
    ]
    assert resend_all(sold.station) == 2
    drain_once(sold.station)
    assert counts(sold.station.database)[State.ATTENTION] == 0


def test_what_a_new_queue_sends_and_the_account_before_has_is_no_reason_to_hold_the_link(sold: Shop) -> None:
    sold.cloud.release(sold.till.terminal().id)
    sold.lose_the_queue()
    company, store = a_store_of_evas(sold)
    assign(sold.station, company, store, History.MISSING, move=False)
    sold.station.database.execute("UPDATE link SET batch_limit = 1")
    drain_once(sold.station)
    assert load_link(sold.station.database).state is LinkState.ONLINE
    assert [(row.state, row.result) for row in sold.queued()] == [(State.DELIVERED, "elsewhere")] * 3
    assignment = load_assignment(sold.station.database)
    assert assignment
    assert requeue_missing(sold.station.database, assignment, (1, 2, 3), sold.clock.now()) == 0
    assert {row.state for row in sold.queued()} == {State.DELIVERED}


def test_back_with_the_account_before_everything_is_there_as_ever(sold: Shop) -> None:
    terminal = sold.till.terminal().id
    sold.cloud.release(terminal)
    company, store = a_store_of_evas(sold)
    assign(sold.station, company, store, History.MISSING, move=False)
    drain_once(sold.station)
    sold.cloud.release(terminal)
    disconnect(sold.station)
    accounts.log_in(sold.station, "ana@example.com", PASSWORD)
    company = accounts.companies(sold.station)[0].id
    store = accounts.stores(sold.station, company)[0].id
    assign(sold.station, company, store, History.MISSING, move=False)
    drain_once(sold.station)
    assert verify(sold.station).holds
