"""A request of a terminal names the store that its reports were made for, at whatever cloud it is."""

from uuid import uuid4

import httpx
import pytest

from factorypos_tui.core.errors import CloudRefused, OfAnotherAccount
from factorypos_tui.core.models import Acknowledgement
from factorypos_tui.core.ports import Cloud
from tests.contract.documents import x_report, z_report
from tests.contract.shop import Shop, a_store_of_another_account, release


def test_a_report_lies_in_the_store_that_it_was_sent_for(
    cloud: Cloud, cloud_address: str, shop: Shop
) -> None:
    store, other = shop.store.id, another_store(cloud, shop)
    one, two, three = (z_report(shop.terminal.id, number) for number in (1, 2, 3))
    assert cloud.send(shop.token, one, store).store_id == store
    token = cloud.enrol(shop.user_token, other, shop.terminal, "test", move=True).terminal_token
    day = str(uuid4())
    first, second = (x_report(shop.terminal.id, revision, period_id=day) for revision in (1, 2))
    sent_for = [(two, store), (three, other), (first, store), (second, other)]
    for report, sent in sent_for:
        receipt = cloud.send(token, report, sent)
        assert (receipt.store_id, receipt.missing_z_numbers) == (store if report is second else sent, ())
    answers = cloud.send_batch(token, [one, three, z_report(shop.terminal.id, 4)], store)
    assert [lies_in(answer) for answer in answers] == [store, other, store]
    assert lies_in(cloud.send(token, z_report(shop.terminal.id, 5))) == other  # of the token, unless named
    assert [held.z_number for held in cloud.held_zs(token)] == [1, 2, 3, 4, 5]
    if cloud_address:
        assert listed(cloud_address, token, store) == [1, 2, 4]
        assert listed(cloud_address, token, other) == [3, 5]
        told = ask(cloud_address, token, "/terminals/current")
        assert {found["id"] for found in told.json()["stores"]} == {store, other}


def test_a_store_that_the_terminal_was_never_in_is_refused_and_nothing_is_kept(
    cloud: Cloud, cloud_address: str, shop: Shop
) -> None:
    never, report = another_store(cloud, shop), z_report(shop.terminal.id, 1)
    _stranger, theirs = a_store_of_another_account(cloud)
    for store in (never, theirs, str(uuid4()), "no id"):
        with pytest.raises(CloudRefused) as refused:
            cloud.send(shop.token, report, store)
        assert (refused.value.status, refused.value.code) == (403, "store_not_assigned")
        with pytest.raises(CloudRefused) as refused:
            cloud.send_batch(shop.token, [report], store)
        assert (refused.value.status, refused.value.code) == (403, "store_not_assigned")
        if cloud_address:
            assert ask(cloud_address, shop.token, "/reports?kind=Z", store).status_code == 403
    assert list(cloud.held_zs(shop.token)) == []


def test_a_terminal_that_changed_hands_sends_for_no_store_of_the_account_before(
    cloud: Cloud, cloud_address: str, shop: Shop
) -> None:
    stranger, theirs = a_store_of_another_account(cloud)
    cloud.send(shop.token, z_report(shop.terminal.id, 1))
    release(cloud, cloud_address, shop)
    token = cloud.enrol(stranger, theirs, shop.terminal, "test", move=False).terminal_token
    late = z_report(shop.terminal.id, 2)
    with pytest.raises(CloudRefused) as refused:
        cloud.send(token, late, shop.store.id)
    assert refused.value.code == "store_not_assigned"
    assert lies_in(cloud.send(token, z_report(shop.terminal.id, 3), theirs)) == theirs
    cloud.disconnect(token)
    with pytest.raises(OfAnotherAccount):
        cloud.enrol(shop.user_token, shop.store.id, shop.terminal, "test", move=True)


def another_store(cloud: Cloud, shop: Shop) -> str:
    return cloud.create_store(shop.user_token, shop.company_id, "Playa", "Europe/Madrid", None).id


def lies_in(answer: Acknowledgement | CloudRefused) -> str | None:
    assert isinstance(answer, Acknowledgement), answer
    return answer.store_id


def ask(address: str, token: str, path: str, store: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} | ({"FactoryPOS-Store": store} if store else {})
    return httpx.get(f"{address}/v1{path}", headers=headers, trust_env=False)


def listed(address: str, token: str, store: str) -> list[int]:
    answer = ask(address, token, "/reports?kind=Z", store)
    assert answer.status_code == 200, answer.text
    return [item["z_number"] for item in answer.json()["items"]]
