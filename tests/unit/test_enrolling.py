"""A terminal that enrols with a code ends as one that a person assigned, without an account."""

import pytest

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, load_assignment, terminal_token
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable
from factorypos_tui.core.operations.choosing import enrolled_already
from factorypos_tui.core.operations.enrolment import disconnect, enrol
from tests.support.stations import EMAIL, PASSWORD, Shop


@pytest.fixture
def stores(shop: Shop) -> tuple[str, str]:
    """Two stores of an owner who is logged in elsewhere."""
    session = shop.station.cloud()
    session.register(EMAIL, PASSWORD, "Ana", "en")
    token = session.log_in(EMAIL, PASSWORD).token
    company = session.create_company(token, "Maritim SL", "ES", "EUR", None)
    first, second = (
        session.create_store(token, company.id, name, "Europe/Madrid", None) for name in ("Bar", "Kiosk")
    )
    return first.id, second.id


def test_a_code_binds_the_terminal_and_its_closed_days_go_up(shop: Shop, stores: tuple[str, str]) -> None:
    shop.close_day()
    code = shop.cloud.make_code(stores[0])
    assignment = enrol(shop.station, code, History.MISSING)
    assert (assignment.store.id, assignment.assigned_by) == (stores[0], None)
    assert load_assignment(shop.station.database) == assignment
    assert accounts.account(shop.station) is None
    assert list(shop.credentials.tokens) == ["terminal"]
    drain_once(shop.station)
    assert set(shop.cloud.stores_of_reports.values()) == {stores[0]}
    assert [report.z_number for report in shop.cloud.reports.values()] == [1]


def test_the_code_is_kept_nowhere_and_is_known_again_without_being_used(
    shop: Shop, stores: tuple[str, str]
) -> None:
    code = shop.cloud.make_code(stores[0], uses=2)
    token = terminal_token(shop.station, enrol(shop.station, code, History.MISSING))
    kept = [shop.credentials.tokens, *shop.station.database.rows("SELECT * FROM setting")]
    assert code not in str(kept)
    again = enrolled_already(shop.station, f" {code.lower()[:4]}-{code.upper()[4:]}")
    assert again == load_assignment(shop.station.database)
    shop.close_day()
    assert terminal_token(shop.station, enrol(shop.station, code, History.NONE)) == token
    assert shop.cloud.uses_of_code(code) == 1
    assert enrolled_already(shop.station, shop.cloud.make_code(stores[0])) is None
    shop.cloud.fail_with = CloudUnreachable("No line.", "connection")
    with pytest.raises(CloudUnreachable):
        enrolled_already(shop.station, code)


def test_a_terminal_that_was_revoked_uses_its_code_again(shop: Shop, stores: tuple[str, str]) -> None:
    code = shop.cloud.make_code(stores[0])
    before = enrol(shop.station, code, History.MISSING)
    shop.cloud.revoke(before.terminal.id)
    assert enrolled_already(shop.station, code) is None
    again = enrol(shop.station, code, History.MISSING)
    assert shop.station.cloud().binding(terminal_token(shop.station, again)).store.id == stores[0]


def test_a_refused_code_changes_nothing(shop: Shop, stores: tuple[str, str]) -> None:
    used = shop.cloud.make_code(stores[0], uses=0)
    for code in ("unknown", used):
        with pytest.raises(CloudRefused) as refused:
            enrol(shop.station, code, History.ALL)
        assert refused.value.code == "code_invalid"
    assert load_assignment(shop.station.database) is None
    enrol(shop.station, shop.cloud.make_code(stores[0]), History.ALL)
    before, token = load_assignment(shop.station.database), shop.credentials.get("terminal")
    with pytest.raises(CloudRefused) as refused:
        enrol(shop.station, shop.cloud.make_code(stores[1]), History.ALL)
    assert refused.value.code == "terminal_elsewhere"
    assert (load_assignment(shop.station.database), shop.credentials.get("terminal")) == (before, token)


def test_days_of_the_store_before_go_to_that_store(shop: Shop, stores: tuple[str, str]) -> None:
    enrol(shop.station, shop.cloud.make_code(stores[0]), History.ALL)
    shop.close_day()
    drain_once(shop.station)
    shop.close_day()
    disconnect(shop.station)
    shop.close_day()
    enrol(shop.station, shop.cloud.make_code(stores[1]), History.ALL)
    drain_once(shop.station)
    sent = {r.z_number: shop.cloud.stores_of_reports[r.id] for r in shop.cloud.reports.values()}
    assert sent == {1: stores[0], 2: stores[0], 3: stores[1]}
