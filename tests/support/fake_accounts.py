"""What the fake FactoryCLOUD knows of people: their accounts, sessions, companies and stores."""
# ruff: noqa: ARG002 - the ports' signatures hold more than a fake needs

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from factorypos_tui.core.answers import Registration, Session
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FieldProblem, TokenRefused
from factorypos_tui.core.models import Company, Store

RESET_CODE = "BCDFGHJK"
"""What the fake cloud's mails hold."""


@dataclass
class Account:
    password: str
    code: str | None = None
    """That of a second factor, if it asks for one."""
    companies: dict[str, Company] = field(default_factory=dict)
    stores: dict[str, dict[str, Store]] = field(default_factory=dict)


class FakeAccounts:
    """A part of `FakeCloud`."""

    def __init__(self) -> None:
        self.recovered: list[str] = []
        self.tells_of_registration = Registration(is_open=True)
        self.hear: Callable[[], object] = lambda: None
        self.fail_with: CloudUnreachable | CloudRefused | None = None
        self.asks_to_confirm = False
        self._codes: dict[str, tuple[str, int, set[str]]] = {}
        self._accounts: dict[str, Account] = {}
        self._sessions: dict[str, Account] = {}

    def registration(self) -> Registration:
        self._fail()
        return self.tells_of_registration

    def register(self, email: str, password: str, name: str, language: str) -> None:
        self._fail()
        wrong = [
            field
            for field, fits in (("email", "@" in email), ("password", password), ("name", name))
            if not fits
        ]
        if wrong:
            raise refused(422, "invalid", *wrong)
        if email in self._accounts:
            raise refused(409, "email_taken")
        self._accounts[email] = Account(password)

    def log_in(
        self, email: str, password: str, terminal_id: str | None = None, code: str | None = None
    ) -> Session:
        self._fail()
        account = self._accounts.get(email)
        if account is None or account.password != password:
            raise refused(401, "invalid_credentials")
        if account.code not in (None, code):
            raise refused(401, "second_factor_required")
        token = uuid4().hex
        self._sessions[token] = account
        until = datetime.now(UTC) + timedelta(hours=1)
        return Session(token, until, email, is_confirmed=not self.asks_to_confirm)

    def ask_for_code(self, email: str, code: str) -> None:
        """Let the account have a second factor."""
        self._accounts[email].code = code

    def log_out(self, user_token: str) -> None:
        self._account(user_token)
        del self._sessions[user_token]

    def recover(self, email: str) -> None:
        self._fail()
        self.recovered.append(email)

    def choose_password(self, email: str, code: str, password: str) -> None:
        self._fail()
        if code != RESET_CODE or email not in self.recovered or email not in self._accounts:
            raise refused(400, "reset_token_invalid")
        self.recovered.remove(email)
        self._accounts[email].password = password
        self.end_sessions()

    def end_sessions(self) -> None:
        """Every user token from before is refused from now on."""
        self._sessions.clear()

    def companies(self, user_token: str) -> Sequence[Company]:
        return list(self._account(user_token).companies.values())

    def create_company(
        self, user_token: str, name: str, country: str, currency: str, tax_id: str | None
    ) -> Company:
        account = self._account(user_token)
        if not name:
            raise refused(422, "invalid", "name")
        company = Company(str(uuid4()), name)
        account.companies[company.id] = company
        account.stores[company.id] = {}
        return company

    def stores(self, user_token: str, company_id: str) -> Sequence[Store]:
        return list(self._stores(user_token, company_id).values())

    def create_store(
        self, user_token: str, company_id: str, name: str, timezone: str, address: str | None
    ) -> Store:
        stores = self._stores(user_token, company_id)
        if not name:
            raise refused(422, "invalid", "name")
        store = Store(str(uuid4()), name)
        stores[store.id] = store
        return store

    def make_code(self, store_id: str, uses: int = 1) -> str:
        """An enrolment code, as the owner of a store makes one."""
        code = uuid4().hex
        self._codes[code] = (store_id, uses, set())
        return code

    def store_of_code(self, code: str) -> str:
        if code not in self._codes:
            raise refused(400, "code_invalid")
        return self._codes[code][0]

    def use_code(self, code: str, terminal_id: str) -> None:
        """Count a terminal once."""
        _store, uses, came = self._codes[code]
        if len(came | {terminal_id}) > uses:
            raise refused(400, "code_invalid")
        came.add(terminal_id)

    def uses_of_code(self, code: str) -> int:
        """How many terminals came with it."""
        return len(self._codes[code][2])

    def _account(self, user_token: str) -> Account:
        self._fail()
        if user_token not in self._sessions:
            raise TokenRefused("unauthorized", 401, "unauthorized")
        return self._sessions[user_token]

    def _stores(self, user_token: str, company_id: str) -> dict[str, Store]:
        stores = self._account(user_token).stores
        if company_id not in stores:
            raise refused(404, "not_found")
        return stores[company_id]

    def _fail(self) -> None:
        """What every call does first: be heard, or fail as the test wants."""
        if isinstance(self.fail_with, CloudUnreachable):
            raise self.fail_with
        self.hear()
        if self.fail_with:
            raise self.fail_with


def refused(status: int, code: str, *fields: str) -> CloudRefused:
    return CloudRefused(
        f"Refused: {code}", status, code, tuple(FieldProblem(name, "invalid", f"{name}?") for name in fields)
    )
