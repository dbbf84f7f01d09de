"""What every implementation of the port `Cloud` does with an enrolment code."""

from uuid import uuid4

import pytest

from factorypos_tui.core.errors import CloudRefused, OfAnotherAccount, TokenRefused
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import z_report
from tests.contract.shop import Shop, make_code, open_shop
from tests.support.fakes import FakeCloud


def new_terminal() -> Terminal:
    return Terminal(str(uuid4()), "Till 2")


def test_a_code_binds_so_many_terminals_to_its_store(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    code = make_code(cloud, cloud_address, shop, uses=2)
    for _ in range(2):
        terminal = new_terminal()
        enrolment = cloud.enrol_with_code(code, terminal, "test")
        assert (enrolment.store, enrolment.company.id) == (shop.store, shop.company_id)
        assert enrolment.last_z_number is None
        assert cloud.send(enrolment.terminal_token, z_report(terminal.id, 1)).store_id == shop.store.id
    with pytest.raises(CloudRefused) as refused:
        cloud.enrol_with_code(code, new_terminal(), "test")
    assert (refused.value.status, refused.value.code) == (400, "code_invalid")
    with pytest.raises(CloudRefused) as unknown:
        cloud.enrol_with_code("BCDF-GHJK", new_terminal(), "test")
    assert (unknown.value.code, str(unknown.value)) == ("code_invalid", str(refused.value))


def test_a_terminal_that_asks_again_counts_once(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    code, terminal = make_code(cloud, cloud_address, shop), new_terminal()
    first = cloud.enrol_with_code(code, terminal, "test")
    again = cloud.enrol_with_code(code, terminal, "test")
    assert cloud.binding(again.terminal_token).store == shop.store
    with pytest.raises(TokenRefused):
        cloud.binding(first.terminal_token)


def test_a_code_moves_no_terminal(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    other = cloud.create_store(shop.user_token, shop.company_id, "Playa", "Europe/Madrid", None)
    cloud.enrol(shop.user_token, other.id, shop.terminal, "test", move=True)
    code = make_code(cloud, cloud_address, shop)
    with pytest.raises(CloudRefused) as refused:
        cloud.enrol_with_code(code, shop.terminal, "test")
    assert (refused.value.status, refused.value.code) == (409, "terminal_elsewhere")
    if not isinstance(cloud, FakeCloud):
        assert "a code moves no terminal" in str(refused.value)
    theirs = open_shop(cloud)
    with pytest.raises(OfAnotherAccount, match=f"release {theirs.terminal.id}"):
        cloud.enrol_with_code(code, theirs.terminal, "test")
    assert cloud.binding(theirs.token).store == theirs.store
    assert cloud.enrol_with_code(code, new_terminal(), "test").store == shop.store
