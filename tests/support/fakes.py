"""In-memory stand-ins for the outer rooms, each held to the contract tests of its port."""
# ruff: noqa: ARG002 - the ports' signatures hold more than a fake needs

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from uuid import uuid4

from factorypos_tui.core.account.another_account import of_another_account
from factorypos_tui.core.answers import Approved, Binding, Enrolment, HeldZ, KnownTerminal, PublicKey
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, TokenRefused
from factorypos_tui.core.models import Acknowledgement, Kind, Report, Terminal
from factorypos_tui.core.reports.takings import Takings
from tests.support.conflicts import Conflicts
from tests.support.fake_accounts import Account, refused
from tests.support.fake_configurations import FakeConfigurations
from tests.support.fake_phone import FakePhone
from tests.support.signatures import FAKE_KEY, signed_by_fake
from tests.support.tiny_figures import days_of


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


class FakeCloud(FakeConfigurations, FakePhone):
    """FactoryCLOUD as a script for tests of the screens and the engine.

    `signs`: whether it does; `fail_with` is raised by every call while it is set, `fail_sending_with` by
    those that send; `reports` are those it holds, in order of arrival, `stores_of_reports` where each lies;
    `recovered` are the addresses that asked for a new password; `configurations` are by the store's id;
    `assigned_at` is what it says of every terminal; `hear` is called whenever it answers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reports: dict[str, Report] = {}
        self.conflicts = Conflicts[Report](attrgetter("id"), attrgetter("content_hash"))
        self.assigned_at: datetime | None = None
        self.signs = True
        self.fail_sending_with: CloudUnreachable | CloudRefused | None = None
        self._owners: dict[str, Account] = {}
        self._report_owners: dict[str, Account] = {}
        self._placed: dict[str, set[str]] = {}
        self.stores_of_reports: dict[str, str] = {}

    def revoke(self, terminal_id: str) -> None:
        """The terminal's token is refused from now on."""
        self._terminals.pop(terminal_id, None)

    def release(self, terminal_id: str) -> None:
        """Its account gives the terminal up."""
        self.revoke(terminal_id)
        self._owners.pop(terminal_id, None)

    def known_terminal(self, user_token: str, store_id: str, terminal_id: str) -> KnownTerminal:
        account = self._account(user_token)
        if not any(store_id in stores for stores in account.stores.values()):
            raise refused(404, "not_found")
        numbers, owner = self._numbers(terminal_id, account), self._owners.get(terminal_id)
        if owner not in (None, account) and not self._is_free(terminal_id):
            return KnownTerminal(None, max(numbers, default=None), _gaps(numbers), same_account=False)
        if owner is not account and not numbers:
            raise refused(404, "not_found")
        bound = self._terminals.get(terminal_id, ("", ""))[1]
        store = next((stores[bound] for stores in account.stores.values() if bound in stores), None)
        return KnownTerminal(store, max(numbers, default=None), _gaps(numbers), same_account=True)

    def figures(self, user_token: str, store_id: str, first: date, last: date) -> Sequence[Takings]:
        if not any(store_id in stores for stores in self._account(user_token).stores.values()):
            raise refused(404, "not_found")
        sent = [json.loads(r.body) for r in self.reports.values() if self.stores_of_reports[r.id] == store_id]
        return [
            Takings(
                date.fromisoformat(day["date"]),
                date.fromisoformat(day["date"]),
                day["currency"],
                day["provisional"],
                day["z_reports"],
                day["receipts"],
                **day["totals"],
            )
            for day in days_of(sent, first.isoformat(), last.isoformat())
        ]

    def enrol(
        self, user_token: str, store_id: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        account = self._account(user_token)
        if not any(store_id in stores for stores in account.stores.values()):
            raise refused(404, "not_found")
        self._refuse_elsewhere(account, store_id, terminal.id, move)
        return self._bind(account, store_id, terminal)

    def enrol_with_code(self, code: str, terminal: Terminal, software: str) -> Enrolment:
        self._fail()
        store_id = self.store_of_code(code)
        owner = next(a for a in self._accounts.values() if any(store_id in s for s in a.stores.values()))
        self._refuse_elsewhere(owner, store_id, terminal.id, move=False)
        self.use_code(code, terminal.id)
        return self._bind(owner, store_id, terminal)

    def fetch_approved(self, device_code: str) -> Approved:
        asked = self.approved(device_code)
        owner = next(
            it for it in self._accounts.values() if any(asked.store_id in s for s in it.stores.values())
        )
        return Approved(self._bind(owner, asked.store_id, asked.terminal), asked.history)

    def _refuse_elsewhere(self, account: Account, store_id: str, terminal_id: str, move: bool) -> None:
        if self._owners.get(terminal_id, account) is not account:
            if not self._is_free(terminal_id):
                raise of_another_account(terminal_id)
        elif self._terminals.get(terminal_id, ("", store_id))[1] != store_id and not move:
            raise refused(409, "terminal_elsewhere")

    def _bind(self, account: Account, store_id: str, terminal: Terminal) -> Enrolment:
        self._owners[terminal.id] = account
        token = uuid4().hex
        self._terminals[terminal.id] = (token, store_id)
        self._placed.setdefault(terminal.id, set()).add(store_id)
        last = max(self._numbers(terminal.id, account), default=None)
        company_id = next(company for company, stores in account.stores.items() if store_id in stores)
        return Enrolment(token, account.companies[company_id], account.stores[company_id][store_id], last)

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
                self.configurations[store_id].etag if store_id in self.configurations else None,
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
            raise refused(404, "not_found")
        document: Mapping[str, object] = json.loads(held.body)
        return document

    def send(self, terminal_token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        terminal_id = self._terminal(terminal_token)
        if self.fail_sending_with:
            raise self.fail_sending_with
        owner, store_id = self._owners[terminal_id], store_id or self._terminals[terminal_id][1]
        ours = {store for stores in owner.stores.values() for store in stores}
        if store_id not in self._placed[terminal_id] & ours:
            raise refused(403, "store_not_assigned")
        result = self._keep(report)
        if result == "created":
            self.stores_of_reports[report.id] = store_id
        lies_in = self.stores_of_reports.get(report.id, store_id)
        missing = set(_gaps(self._numbers(report.terminal_id, owner))) - self._numbers(report.terminal_id)
        answer = Acknowledgement(
            report.id, report.content_hash, result, datetime.now(UTC), tuple(sorted(missing)), lies_in
        )
        return replace(answer, signed=signed_by_fake(answer)) if self.signs else answer

    def public_keys(self) -> Sequence[PublicKey]:
        if not self.signs:
            raise refused(404, "not_found")
        return [FAKE_KEY]

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
            raise refused(404, "not_found")

    def reopen(self, terminal_token: str, report_id: str) -> None:
        self.conflicts.reopen(self.reports, self._place_of_conflict(terminal_token, report_id))

    def _place_of_conflict(self, terminal_token: str, report_id: str) -> str:
        terminal_id, place = self._terminal(terminal_token), self.conflicts.place_of(report_id)
        if place is None or self.reports[place].terminal_id != terminal_id:
            raise refused(404, "not_found")
        return place

    def _keep(self, report: Report) -> str:
        if "totals" not in json.loads(report.body):
            raise refused(422, "invalid", "totals")
        held, owner = self.reports.get(report.id), self._owners[report.terminal_id]
        if held and self._report_owners.get(report.id, owner) is not owner:
            raise refused(403, "report_elsewhere")
        if held and held.content_hash == report.content_hash:
            return "unchanged"
        if held and report.kind is Kind.X and report.revision < held.revision:
            return "stale"
        newer = held is not None and report.kind is Kind.X and report.revision > held.revision
        if not newer and (held or report.z_number in self._numbers(report.terminal_id)):
            self.conflicts.meet(self._place_taken(report), report)
            raise refused(409, "report_conflict")
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

    def _sent_by(self, terminal_id: str, owner: Account | None = None) -> list[Report]:
        """What a terminal sent, for all accounts or for one; what tests put in by hand is everybody's."""
        return [
            report
            for report in self.reports.values()
            if report.terminal_id == terminal_id
            and (owner is None or self._report_owners.get(report.id, owner) is owner)
        ]

    def _numbers(self, terminal_id: str, owner: Account | None = None) -> set[int]:
        return {
            report.z_number for report in self._sent_by(terminal_id, owner) if report.z_number is not None
        }

    def _is_free(self, terminal_id: str) -> bool:
        owner = self._owners.get(terminal_id)
        return owner is None or not (terminal_id in self._terminals or self._sent_by(terminal_id, owner))


def _gaps(numbers: set[int]) -> tuple[int, ...]:
    return tuple(sorted(set(range(min(numbers, default=0), max(numbers, default=0))) - numbers))
