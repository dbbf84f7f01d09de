"""Owners and tills as the server meets them: over HTTP, with reports made by code of their own."""

import hashlib
import itertools
import json
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from queue import Empty, Queue
from typing import Any, ClassVar, cast

import httpx

from factorypos_tui.server.domain.accounts import account_of
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.members import Membership, Role, add_member
from tests.support.fakes import FrozenClock

PASSWORD = "a long walk by the sea"
_number = itertools.count(1)

Json = dict[str, Any]


def canonical(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sealed(document: Json) -> Json:
    """The document with the right `content_hash`."""
    rest = {name: value for name, value in document.items() if name != "content_hash"}
    return {**rest, "content_hash": hashlib.sha256(canonical(rest)).hexdigest()}


@dataclass
class Shop:
    """A running server, the mail that it sent, and its users."""

    http: httpx.Client
    cloud: Cloud
    mail: "Queue[EmailMessage]"
    clock: FrozenClock

    @classmethod
    def of_another_process(cls, http: httpx.Client) -> "Shop":
        """A server that can only be called."""
        return cls(http, cast(Cloud, None), Queue(), FrozenClock(datetime.now(UTC)))

    def owner(self, language: str = "en") -> "Owner":
        """A new account, logged in."""
        email = f"owner{next(_number)}-{uuid.uuid4().hex[:8]}@example.com"
        form = {"email": email, "password": PASSWORD, "name": "Ana", "language": language}
        assert self.http.post("/v1/users", json=form).status_code == 201
        return self.log_in(email)

    def log_in(self, email: str) -> "Owner":
        """A new session of an account."""
        opened = self.http.post("/v1/sessions", json={"email": email, "password": PASSWORD})
        assert opened.status_code == 201
        return Owner(self, email, opened.json()["token"])


@dataclass
class Owner:
    shop: Shop
    email: str
    token: str
    kind: ClassVar = "owner"

    def next_letter(self) -> EmailMessage:
        """The next mail to this owner. Those to others are left out: what an earlier test set off may leave
        now that the clock goes on."""
        while (letter := self.shop.mail.get(timeout=30))["To"] != self.email:
            pass
        return letter

    def has_letters(self) -> bool:
        """Whether one more mail to this owner has left."""
        with suppress(Empty):
            while self.shop.mail.get_nowait()["To"] != self.email:
                pass
            return True
        return False

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return self.shop.http.request(method, f"/v1{path}", headers=headers, **kwargs)

    def company(self, **changes: Any) -> str:
        form = {"name": "Bar Ana", "country": "ES", "currency": "EUR", **changes}
        answer = self.call("POST", "/companies", json=form)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def store(self, company: str | None = None, **changes: Any) -> str:
        form = {"name": "Centro", "timezone": "Europe/Madrid", **changes}
        answer = self.call("POST", f"/companies/{company or self.company()}/stores", json=form)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def assign(self, store: str, terminal: str | None = None, **changes: Any) -> "Till":
        terminal = terminal or str(uuid.uuid4())
        answer = self.ask_to_assign(store, terminal, **changes)
        assert answer.status_code in (200, 201), answer.text
        return Till(self.shop, terminal, store, answer.json()["terminal_token"])

    def ask_to_assign(self, store: str, terminal: str, **changes: Any) -> httpx.Response:
        form = {"name": "Till 1", "software": "factorypos-tui 0.1.0", **changes}
        return self.call("PUT", f"/stores/{store}/terminals/{terminal}", json=form)

    def admit(self, other: "Owner", company: str, role: Role, *stores: str) -> "Owner":
        """Make another account a member of a company of this one: of all its stores, or of these."""
        cloud = self.shop.cloud
        with cloud.database.connection_context(), cloud.database.atomic():
            account = account_of(cloud.database, other.email)
            assert account is not None
            seen = frozenset(stores) if stores else None
            add_member(cloud.database, cloud.now(), company, account.id, Membership(role, seen))
        return other


@dataclass
class Till:
    shop: Shop
    id: str
    store: str
    token: str
    kind: ClassVar = "till"

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return self.shop.http.request(method, f"/v1{path}", headers=headers, **kwargs)

    def send(self, report: Json) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self.call("PUT", f"/reports/{report['report_id']}", content=canonical(report), headers=headers)

    def send_all(self, reports: list[Any], store: str | None = None) -> httpx.Response:
        """`store`: the one that they were made for, where the call is to name it."""
        headers = {"FactoryPOS-Store": store} if store else {}
        return self.call("POST", "/reports/batch", json={"reports": reports}, headers=headers)

    def z(self, number: int = 1, period: str | None = None, net: int = 1210, **changes: Any) -> Json:
        """A Z report of one sale."""
        document = self._report("Z", period or str(uuid.uuid4()), net)
        closing = {"z_number": number, "closed_at": "2026-03-02T22:00:00Z", "close_reason": "manual"}
        return sealed({**document, **closing, **changes})

    def x(self, revision: int, period: str, net: int = 1210, **changes: Any) -> Json:
        """An X report of a running period."""
        document = self._report("X", period, net)
        return sealed({**document, "revision": revision, "taken_at": "2026-03-02T12:00:00Z", **changes})

    def _report(self, kind: str, period: str, net: int) -> Json:
        return {
            "schema_version": 1,
            "report_id": str(uuid.uuid5(uuid.UUID(self.id), f"{kind}:{period}")),
            "kind": kind,
            "revision": 0,
            "terminal_id": self.id,
            "terminal_name": "Till 1",
            "z_number": None,
            "period_id": period,
            "business_date": "2026-03-02",
            "timezone": "Europe/Madrid",
            "currency": "EUR",
            "opened_at": "2026-03-02T07:00:00Z",
            "close_reason": None,
            "software": "factorypos-tui 0.1.0",
            "receipts": {"count": 1, "first": "A1", "last": "A1"},
            **_money(net),
            **_breakdowns(net),
            "perpetual": {"sales": net + 40, "refunds": 40, "net": net},
            "previous_hash": None,
        }


def _money(net: int) -> Json:
    """Discounts of 60, refunds of 40, tips of 50, paid in cash with 21 % tax."""
    tax = net - net * 100 // 121
    totals = {"gross": net + 100, "discounts": 60, "refunds": 40, "net": net, "tax": tax}
    sales = {"sales_count": 1, "sales_amount": net + 40, "refund_count": 1, "refund_amount": 40}
    cash = {"opening_float": 10000, "paid_in": 0, "paid_out": 0, "expected": 10000 + net}
    return {
        "totals": {**totals, "rounding": 0, "tips": 50},
        "taxes": [{"code": "21", "name": "IVA", "rate": "21", "base": net - tax, "tax": tax, "gross": net}],
        "payments": [
            {"code": "cash", "name": "Cash", "type": "cash", **sales, "tips": 50, "amount": net + 50}
        ],
        "cash": {**cash, "counted": None, "over_short": None},
    }


def _breakdowns(net: int) -> Json:
    row = {"code": "1", "name": "Café con leche", "quantity": "2.5", "amount": net}
    none = {"count": 0, "amount": 0}
    return {
        "departments": [row],
        "items": [row],
        "users": [row],
        "hours": [{"hour": 9, "receipts": 1, "amount": net}],
        "control": {
            "voided_lines": none,
            "cancelled_receipts": none,
            "comps": none,
            "open_tickets": none,
            "no_sale_opens": {"count": 0},
            "reprints": {"count": 0},
        },
    }


def assert_problem(answer: httpx.Response, status: int, code: str) -> Json:
    """The answer is a whole problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    assert answer.headers["date"]
    problem: Json = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    return problem


def fields_of(problem: Json) -> dict[str, str]:
    return {fault["field"]: fault["code"] for fault in problem["fields"]}
