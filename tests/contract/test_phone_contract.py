"""What every implementation of the port `Cloud` does for a terminal that a person approves with a phone."""

from time import sleep
from uuid import uuid4

import pytest

from factorypos_tui.core.answers import PhoneCode
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import z_report
from tests.contract.shop import Shop, decide


def ask(cloud: Cloud) -> tuple[Terminal, PhoneCode]:
    terminal = Terminal(str(uuid4()), "Till 2")
    return terminal, cloud.ask_approval(terminal, "test")


def refusal(cloud: Cloud, code: PhoneCode) -> str:
    with pytest.raises(CloudRefused) as refused:
        cloud.fetch_approved(code.device_code)
    assert refused.value.status == 400
    return refused.value.code


def test_a_terminal_that_is_approved_gets_a_token_once(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    terminal, code = ask(cloud)
    assert code.direct == f"{code.address}/{code.user_code.replace('-', '')}"
    assert refusal(cloud, code) == "authorization_pending"
    decide(cloud, cloud_address, shop, code, history="none")
    sleep(code.interval_s)
    approved = cloud.fetch_approved(code.device_code)
    assert (approved.enrolment.store, approved.history) == (shop.store, "none")
    token = approved.enrolment.terminal_token
    assert cloud.send(token, z_report(terminal.id, 1)).store_id == shop.store.id
    assert refusal(cloud, code) in ("expired_token", "slow_down")


def test_a_terminal_that_is_denied_gets_nothing(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    _terminal, code = ask(cloud)
    decide(cloud, cloud_address, shop, code, approves=False)
    assert refusal(cloud, code) == "access_denied"


def test_what_was_never_asked_for_has_ended(cloud: Cloud) -> None:
    unknown = PhoneCode("not-one-of-ours", "BCDF-GHJK", "https://a.b/d", "https://a.b/d/BCDFGHJK", 600, 5)
    assert refusal(cloud, unknown) == "expired_token"
