"""An account with a store and a till, at whatever cloud is under test."""

from dataclasses import dataclass
from uuid import uuid4

from factorypos_tui.core.answers import Enrolment
from factorypos_tui.core.models import Store, Terminal
from factorypos_tui.core.ports import Cloud

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
