"""In-memory stand-ins for the outer rooms, each held to the contract tests of its port."""
# ruff: noqa: ARG002 - the ports' signatures hold more than a fake needs

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from uuid import uuid4

from factorypos_tui.core.account.another_account import of_another_account
from factorypos_tui.core.answers import (
    Binding,
    CurrentTerminal,
    Enrolment,
    HeldZ,
    KnownTerminal,
    Session,
    StoredConfiguration,
)
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FieldProblem, TokenRefused
from factorypos_tui.core.models import Acknowledgement, Company, Kind, Report, Store, Terminal
from tests.support.conflicts import Conflicts


class FrozenClock:
    """A clock that shows one instant until a test moves it."""

    def __init__(self, now: datetime = datetime(2026, 11, 22, 22, 1, tzinfo=UTC)) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass, as both clocks see it."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, now: datetime) -> None:
        """Set the wall clock, as an operator or NTP does."""
        self._now = now


@dataclass
class MemoryCredentials:
    """Tokens that end with the process."""

    tokens: dict[str, str] = field(default_factory=dict)
    backend: str = "memory"
    encrypted: bool = True

    def get(self, name: str) -> str | None:
        return self.tokens.get(name)

    def set(self, name: str, token: str) -> None:
        self.tokens[name] = token

    def delete(self, name: str) -> None:
        self.tokens.pop(name, None)


RESET_CODE = "BCDFGHJK"
"""What the fake cloud's mails hold."""


@dataclass
class _Account:
    password: str
    companies: dict[str, Company] = field(default_factory=dict)
    stores: dict[str, dict[str, Store]] = field(default_factory=dict)


class FakeCloud:
    """FactoryCLOUD as a script for tests of the screens and the engine.

    `fail_with` is raised by every call while it is set, `fail_sending_with` by those that send; `reports`
    are those it holds, in order of arrival, `stores_of_reports` where each lies; `recovered` are the
    addresses that asked for a new password; `configurations` stand by the store's id; `assigned_at` is what
    it says of every terminal; `hear` is called whenever it answers.
    """

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.conflicts = Conflicts[Report](attrgetter("id"), attrgetter("content_hash"))
        self.recovered: list[str] = []
        self.configurations: dict[str, StoredConfiguration] = {}
        self.assigned_at: datetime | None = None
        self.hear: Callable[[], object] = lambda: None
        self._may_upload: set[str] = set()
        self.fail_with: CloudUnreachable | CloudRefused | None = None
        self.fail_sending_with: CloudUnreachable | CloudRefused | None = None
        self._accounts: dict[str, _Account] = {}
        self._sessions: dict[str, _Account] = {}
        self._terminals: dict[str, tuple[str, str]] = {}
        self._owners: dict[str, _Account] = {}
        self._report_owners: dict[str, _Account] = {}
        self._placed: dict[str, set[str]] = {}
        self.stores_of_reports: dict[str, str] = {}

    def register(self, email: str, password: str, name: str, language: str) -> None:
        self._fail()
        wrong = [
            field
            for field, fits in (("email", "@" in email), ("password", password), ("name", name))
            if not fits
        ]
        if wrong:
            raise _refused(422, "invalid", *wrong)
        if email in self._accounts:
            raise _refused(409, "email_taken")
        self._accounts[email] = _Account(password)

    def log_in(self, email: str, password: str) -> Session:
        self._fail()
        account = self._accounts.get(email)
        if account is None or account.password != password:
            raise _refused(401, "invalid_credentials")
        token = uuid4().hex
        self._sessions[token] = account
        return Session(token, datetime.now(UTC) + timedelta(hours=1), email)

    def log_out(self, user_token: str) -> None:
        self._account(user_token)
        del self._sessions[user_token]

    def recover(self, email: str) -> None:
        self._fail()
        self.recovered.append(email)

    def choose_password(self, email: str, code: str, password: str) -> None:
        self._fail()
        if code != RESET_CODE or email not in self.recovered or email not in self._accounts:
            raise _refused(400, "reset_token_invalid")
        self.recovered.remove(email)
        self._accounts[email].password = password
        self.end_sessions()

    def end_sessions(self) -> None:
        """Every user token from before is refused from now on."""
        self._sessions.clear()

    def revoke(self, terminal_id: str) -> None:
        """The terminal's token is refused from now on."""
        self._terminals.pop(terminal_id, None)

    def release(self, terminal_id: str) -> None:
        """Its account gives the terminal up."""
        self.revoke(terminal_id)
        self._owners.pop(terminal_id, None)

    def companies(self, user_token: str) -> Sequence[Company]:
        return list(self._account(user_token).companies.values())

    def create_company(
        self, user_token: str, name: str, country: str, currency: str, tax_id: str | None
    ) -> Company:
        account = self._account(user_token)
        if not name:
            raise _refused(422, "invalid", "name")
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
            raise _refused(422, "invalid", "name")
        store = Store(str(uuid4()), name)
        stores[store.id] = store
        return store

    def known_terminal(self, user_token: str, store_id: str, terminal_id: str) -> KnownTerminal:
        account = self._account(user_token)
        if not any(store_id in stores for stores in account.stores.values()):
            raise _refused(404, "not_found")
        numbers, owner = self._numbers(terminal_id, account), self._owners.get(terminal_id)
        if owner not in (None, account) and not self._is_free(terminal_id):
            return KnownTerminal(None, max(numbers, default=None), _gaps(numbers), same_account=False)
        if owner is not account and not numbers:
            raise _refused(404, "not_found")
        bound = self._terminals.get(terminal_id, ("", ""))[1]
        store = next((stores[bound] for stores in account.stores.values() if bound in stores), None)
        return KnownTerminal(store, max(numbers, default=None), _gaps(numbers), same_account=True)

    def enrol(
        self, user_token: str, store_id: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        account = self._account(user_token)
        for company_id, stores in account.stores.items():
            if store_id in stores:
                bound = self._terminals.get(terminal.id)
                if self._owners.get(terminal.id, account) is not account:
                    if not self._is_free(terminal.id):
                        raise of_another_account(terminal.id)
                elif bound and bound[1] != store_id and not move:
                    raise _refused(409, "terminal_elsewhere")
                self._owners[terminal.id] = account
                token = uuid4().hex
                self._terminals[terminal.id] = (token, store_id)
                self._placed.setdefault(terminal.id, set()).add(store_id)
                last = max(self._numbers(terminal.id, account), default=None)
                return Enrolment(token, account.companies[company_id], stores[store_id], last)
        raise _refused(404, "not_found")

    def binding(self, terminal_token: str) -> Binding:
        terminal_id = self._terminal(terminal_token)
        _token, store_id = self._terminals[terminal_id]
        return next(
            Binding(
                account.companies[company],
                stores[store_id],
                Terminal(terminal_id, "Terminal 01"),
                self.assigned_at,
                tuple(
                    store
                    for all_stores in account.stores.values()
                    for store in all_stores.values()
                    if store.id in self._placed[terminal_id]
                ),
            )
            for account in self._accounts.values()
            for company, stores in account.stores.items()
            if store_id in stores
        )

    def disconnect(self, terminal_token: str) -> None:
        self.revoke(self._terminal(terminal_token))

    def held_zs(
        self, terminal_token: str, progress: Callable[[int], object] = lambda _read: None
    ) -> Sequence[HeldZ]:
        terminal_id = self._terminal(terminal_token)
        held = [
            HeldZ(
                report.id,
                report.z_number,
                report.content_hash,
                datetime.now(UTC),
                self.conflicts.state(report.id),
            )
            for report in self._sent_by(terminal_id, self._owners[terminal_id])
            if report.z_number is not None
        ]
        progress(len(held))
        return held

    def report(self, terminal_token: str, report_id: str) -> Mapping[str, object]:
        terminal_id = self._terminal(terminal_token)
        held = self.reports.get(report_id)
        if held is None or held not in self._sent_by(terminal_id, self._owners[terminal_id]):
            raise _refused(404, "not_found")
        document: Mapping[str, object] = json.loads(held.body)
        return document

    def send(self, terminal_token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        terminal_id = self._terminal(terminal_token)
        if self.fail_sending_with:
            raise self.fail_sending_with
        owner, store_id = self._owners[terminal_id], store_id or self._terminals[terminal_id][1]
        ours = {store for stores in owner.stores.values() for store in stores}
        if store_id not in self._placed[terminal_id] & ours:
            raise _refused(403, "store_not_assigned")
        result = self._keep(report)
        if result == "created":
            self.stores_of_reports[report.id] = store_id
        lies_in = self.stores_of_reports.get(report.id, store_id)
        missing = set(_gaps(self._numbers(report.terminal_id, owner))) - self._numbers(report.terminal_id)
        return Acknowledgement(
            report.id, report.content_hash, result, datetime.now(UTC), tuple(sorted(missing)), lies_in
        )

    def send_batch(
        self, terminal_token: str, reports: Sequence[Report], store_id: str | None = None
    ) -> Sequence[Acknowledgement | CloudRefused]:
        answers: list[Acknowledgement | CloudRefused] = []
        for report in reports:
            try:
                answers.append(self.send(terminal_token, report, store_id))
            except TokenRefused:
                raise
            except CloudRefused as refused:
                if refused.code == "store_not_assigned":
                    raise
                answers.append(refused)
        return answers

    def settle(self, terminal_token: str, report_id: str, content_hash: str) -> None:
        place = self._place_of_conflict(terminal_token, report_id)
        if not self.conflicts.settle(self.reports, place, content_hash):
            raise _refused(404, "not_found")

    def reopen(self, terminal_token: str, report_id: str) -> None:
        self.conflicts.reopen(self.reports, self._place_of_conflict(terminal_token, report_id))

    def _place_of_conflict(self, terminal_token: str, report_id: str) -> str:
        terminal_id, place = self._terminal(terminal_token), self.conflicts.place_of(report_id)
        if place is None or self.reports[place].terminal_id != terminal_id:
            raise _refused(404, "not_found")
        return place

    def current_terminal(self, terminal_token: str) -> CurrentTerminal:
        terminal_id = self._terminal(terminal_token)
        stored = self.configurations.get(self._terminals[terminal_id][1])
        return CurrentTerminal(
            stored.etag if stored else None, stored is None or terminal_id in self._may_upload
        )

    def allow_upload(self, user_token: str, terminal_id: str) -> None:
        account = self._account(user_token)
        _token, store_id = self._terminals.get(terminal_id, ("", ""))
        if not any(store_id in stores for stores in account.stores.values()):
            raise _refused(404, "not_found")
        self._may_upload.add(terminal_id)

    def configuration(self, terminal_token: str) -> StoredConfiguration | None:
        return self.configurations.get(self._terminals[self._terminal(terminal_token)][1])

    def put_configuration(self, terminal_token: str, document: bytes, etag: str | None) -> str:
        if not self.current_terminal(terminal_token).upload_allowed:
            raise _refused(403, "upload_not_allowed")
        if "items" not in json.loads(document):
            raise _refused(422, "invalid", "items")
        stored = self.configuration(terminal_token)
        if etag != (stored and stored.etag):
            raise _refused(412, "configuration_changed")
        terminal_id = self._terminal(terminal_token)
        self._may_upload.add(terminal_id)
        return self.store_configuration(self._terminals[terminal_id][1], document)

    def store_configuration(self, store_id: str, document: bytes) -> str:
        """Upload as another person, without asking whether that is allowed."""
        etag = f'"{hashlib.sha256(document).hexdigest()}"'
        self.configurations[store_id] = StoredConfiguration(etag, document)
        return etag

    def _keep(self, report: Report) -> str:
        if "totals" not in json.loads(report.body):
            raise _refused(422, "invalid", "totals")
        held, owner = self.reports.get(report.id), self._owners[report.terminal_id]
        if held and self._report_owners.get(report.id, owner) is not owner:
            raise _refused(403, "report_elsewhere")
        if held and held.content_hash == report.content_hash:
            return "unchanged"
        if held and report.kind is Kind.X and report.revision < held.revision:
            return "stale"
        newer = held is not None and report.kind is Kind.X and report.revision > held.revision
        if not newer and (held or report.z_number in self._numbers(report.terminal_id)):
            self.conflicts.meet(self._place_taken(report), report)
            raise _refused(409, "report_conflict")
        self.reports[report.id] = report
        self._report_owners[report.id] = owner
        return "replaced" if newer else "created"

    def _place_taken(self, report: Report) -> str:
        if report.id in self.reports:
            return report.id
        ours = (report.terminal_id, report.z_number)
        return next(
            place for place, held in self.reports.items() if (held.terminal_id, held.z_number) == ours
        )

    def _sent_by(self, terminal_id: str, owner: _Account | None = None) -> list[Report]:
        """What a terminal sent, for all accounts or for one; what tests put in by hand is everybody's."""
        return [
            report
            for report in self.reports.values()
            if report.terminal_id == terminal_id
            and (owner is None or self._report_owners.get(report.id, owner) is owner)
        ]

    def _numbers(self, terminal_id: str, owner: _Account | None = None) -> set[int]:
        return {
            report.z_number for report in self._sent_by(terminal_id, owner) if report.z_number is not None
        }

    def _is_free(self, terminal_id: str) -> bool:
        owner = self._owners.get(terminal_id)
        return owner is None or not (terminal_id in self._terminals or self._sent_by(terminal_id, owner))

    def _terminal(self, terminal_token: str) -> str:
        self._fail()
        for terminal_id, (token, _store) in self._terminals.items():
            if token == terminal_token:
                return terminal_id
        raise TokenRefused("terminal_revoked", 401, "terminal_revoked")

    def _account(self, user_token: str) -> _Account:
        self._fail()
        if user_token not in self._sessions:
            raise TokenRefused("unauthorized", 401, "unauthorized")
        return self._sessions[user_token]

    def _stores(self, user_token: str, company_id: str) -> dict[str, Store]:
        stores = self._account(user_token).stores
        if company_id not in stores:
            raise _refused(404, "not_found")
        return stores[company_id]

    def _fail(self) -> None:
        """What every call does first: be heard, or fail as the test wants."""
        if isinstance(self.fail_with, CloudUnreachable):
            raise self.fail_with
        self.hear()
        if self.fail_with:
            raise self.fail_with


def _gaps(numbers: set[int]) -> tuple[int, ...]:
    return tuple(sorted(set(range(min(numbers, default=0), max(numbers, default=0))) - numbers))


def _refused(status: int, code: str, *fields: str) -> CloudRefused:
    return CloudRefused(
        f"Refused: {code}", status, code, tuple(FieldProblem(name, "invalid", f"{name}?") for name in fields)
    )
