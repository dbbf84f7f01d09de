"""What the fake FactoryCLOUD knows of terminals that a person approves with a phone."""
# ruff: noqa: ARG002 - the port's signatures hold more than a fake needs

from dataclasses import dataclass
from uuid import uuid4

from factorypos_tui.core.answers import PhoneCode
from factorypos_tui.core.models import Terminal
from tests.support.fake_accounts import FakeAccounts, refused

CLOUD = "https://cloud.example.com"
FIRST_CODE = "WDJB-MJHT"


@dataclass
class Asked:
    """A terminal that waits."""

    terminal: Terminal
    user_code: str
    decision: str = "authorization_pending"
    store_id: str = ""
    history: str = "missing"


class FakePhone(FakeAccounts):
    """A part of `FakeCloud`. `interval_s`: the pause that it asks terminals for."""

    def __init__(self) -> None:
        super().__init__()
        self.interval_s = 0.02
        self._asked: dict[str, Asked] = {}

    def ask_approval(self, terminal: Terminal, software: str) -> PhoneCode:
        self._fail()
        user_code = FIRST_CODE if not self._asked else f"WDJB-MJ{len(self._asked):02}"
        device_code = uuid4().hex
        self._asked[device_code] = Asked(terminal, user_code)
        page = f"{CLOUD}/d"
        direct = f"{page}/{user_code.replace('-', '')}"
        return PhoneCode(device_code, user_code, page, direct, 600, self.interval_s)

    def decide(self, user_code: str, decision: str, store_id: str = "", history: str = "missing") -> None:
        """What a person does with a phone: `approved` or `denied`; or a code has ended (`expired_token`)."""
        (asked,) = (it for it in self._asked.values() if it.user_code == user_code)
        asked.decision, asked.store_id, asked.history = decision, store_id, history

    def approved(self, device_code: str) -> Asked:
        """What was approved; raises the refusal of everything else."""
        self._fail()
        asked = self._asked.get(device_code)
        if asked is None or asked.decision != "approved":
            raise refused(400, asked.decision if asked else "expired_token")
        asked.decision = "expired_token"
        return asked
