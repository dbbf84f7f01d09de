"""An account with a store and a till, at whatever cloud is under test."""

from dataclasses import dataclass
from uuid import uuid4

import httpx

from factorypos_tui.core.answers import Enrolment, PhoneCode
from factorypos_tui.core.models import Store, Terminal
from factorypos_tui.core.ports import Cloud
from tests.support.fakes import FakeCloud
from tests.support.phone_page import decide_on_page

PASSWORD = "a long enough secret of Ana's"


@dataclass(frozen=True)
class Shop:
    """A fresh account with one store, and a terminal bound to it."""

    email: str
    user_token: str
    company_id: str
    store: Store
    terminal: Terminal
    enrolment: Enrolment

    @property
    def token(self) -> str:
        return self.enrolment.terminal_token


def new_user(cloud: Cloud) -> tuple[str, str]:
    """(e-mail, user token) of a fresh account."""
    email = f"ana.{uuid4().hex}@example.com"
    cloud.register(email, PASSWORD, "Ana Núñez", "es")
    return email, cloud.log_in(email, PASSWORD).token


def open_shop(cloud: Cloud) -> Shop:
    """A new account's first store, and its first till."""
    email, user_token = new_user(cloud)
    company = cloud.create_company(user_token, "Café Ñandú, S.L.", "ES", "EUR", None)
    store = cloud.create_store(user_token, company.id, "Calle Mayor", "Europe/Madrid", "Calle Mayor 1")
    terminal = Terminal(str(uuid4()), "Till 1")
    enrolment = cloud.enrol(user_token, store.id, terminal, "factorypos-tui test", move=False)
    return Shop(email, user_token, company.id, store, terminal, enrolment)


def a_store_of_another_account(cloud: Cloud) -> tuple[str, str]:
    """(user token, id of the store)."""
    _email, stranger = new_user(cloud)
    company = cloud.create_company(stranger, "Otro", "ES", "EUR", None)
    return stranger, cloud.create_store(stranger, company.id, "Otro", "Europe/Madrid", None).id


def release(cloud: Cloud, cloud_address: str, shop: Shop) -> None:
    """Its account gives the terminal up."""
    if isinstance(cloud, FakeCloud):
        cloud.release(shop.terminal.id)
        return
    token = {"Authorization": f"Bearer {shop.user_token}"}
    address = f"{cloud_address}/v1/terminals/{shop.terminal.id}?release=true"
    assert httpx.delete(address, headers=token, trust_env=False).status_code == 204


def make_code(cloud: Cloud, cloud_address: str, shop: Shop, uses: int = 1) -> str:
    """An enrolment code of the shop's store."""
    if isinstance(cloud, FakeCloud):
        return cloud.make_code(shop.store.id, uses)
    token = {"Authorization": f"Bearer {shop.user_token}"}
    address = f"{cloud_address}/v1/stores/{shop.store.id}/enrolment-codes"
    made = httpx.post(address, json={"uses": uses}, headers=token, trust_env=False).raise_for_status()
    return str(made.json()["code"])


def decide(
    cloud: Cloud,
    cloud_address: str,
    shop: Shop,
    code: PhoneCode,
    *,
    approves: bool = True,
    history: str = "missing",
) -> None:
    """What the owner of the shop does with a phone."""
    if isinstance(cloud, FakeCloud):
        cloud.decide(code.user_code, "approved" if approves else "access_denied", shop.store.id, history)
        return
    if cloud_address not in code.address:  # the tiny one has no pages
        form = {"user_code": code.user_code, "store": shop.store.id if approves else None, "history": history}
        httpx.post(f"{cloud_address}/v1/approvals", json=form, trust_env=False).raise_for_status()
        return
    store = shop.store.id if approves else ""
    decide_on_page(cloud_address, shop.email, PASSWORD, code.user_code, store=store, history=history)
