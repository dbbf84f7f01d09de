"""FactoryCLOUD, API v1, as the port `core.ports.Cloud`."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

from factorypos_tui.cloud import documents
from factorypos_tui.cloud.channel import MIB, Channel, Hear, Request
from factorypos_tui.cloud.closings import ClosingCalls
from factorypos_tui.cloud.configurations import ConfigurationCalls
from factorypos_tui.cloud.documents import Document
from factorypos_tui.cloud.keys import KeyCalls
from factorypos_tui.cloud.phone import PhoneCalls
from factorypos_tui.cloud.problems import not_with_a_code, unreachable
from factorypos_tui.cloud.transport import deadline
from factorypos_tui.core.account.another_account import of_another_account
from factorypos_tui.core.answers import Binding, Enrolment, HeldZ, KnownTerminal, Registration, Session
from factorypos_tui.core.errors import CloudRefused, OfAnotherAccount
from factorypos_tui.core.language import _
from factorypos_tui.core.models import Acknowledgement, Company, OwnState, Report, Store, Terminal
from factorypos_tui.core.reports.takings import Takings

T = TypeVar("T")

_STATE_DEADLINE_S = 10.0
_MOST_RECEIPTS, _LONGEST_NUMBER = 20, 40  # of a finding, as the cloud takes them


class FactoryCloud(ClosingCalls, ConfigurationCalls, KeyCalls, PhoneCalls):
    """The cloud at `base_url`; one per process, closable, usable from several threads.

    Every method raises what the port says, in plain words, and never repeats a token or a password."""

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        connect_timeout_s: float = 10,
        deadline_s: float = 60,
        hear: Hear = lambda _said_at: None,
    ) -> None:
        """`ca_file`: PEM of a private CA. `proxy`: HTTP proxy, never used for this very machine.

        `deadline_s`: the most seconds that one call may take; `hear` is called after each answer. Raises
        `UsageError` for text that is no address, or an address that would send tokens unprotected. Nothing
        is sent yet."""
        self._channel = Channel(
            base_url,
            ca_file=ca_file,
            proxy=proxy,
            connect_timeout_s=connect_timeout_s,
            deadline_s=deadline_s,
            hear=hear,
        )
        self._unfinished: dict[int, str] = {}

    def __repr__(self) -> str:
        return f"FactoryCloud({str(self._channel.url)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._channel.close()

    def registration(self) -> Registration:
        """Who may create an account; anybody, where an older FactoryCLOUD does not say."""
        return self._channel.call(Request("GET", "/health"), documents.registration)

    def register(self, email: str, password: str, name: str, language: str) -> None:
        """Create an account."""
        form = {"email": email, "password": password, "name": name, "language": language}
        self._create("/users", None, form, lambda _user: None)

    def log_in(
        self, email: str, password: str, terminal_id: str | None = None, code: str | None = None
    ) -> Session:
        """Trade e-mail and password for a user token, which ends when the terminal is revoked on which the
        person logs in. `code` is that of the second factor: an account that has one is refused
        `second_factor_required` without it, and with one that is not right."""
        given = {"email": email, "password": password, "terminal_id": terminal_id}
        body = _json(given if code is None else {**given, "code": code})
        request = Request("POST", "/sessions", body=body, repeatable=False)
        return self._channel.call(request, documents.session)

    def log_out(self, user_token: str) -> None:
        """End the user token."""
        self._channel.call(Request("DELETE", "/sessions/current", user_token), _nothing)

    def recover(self, email: str) -> None:
        """Have instructions for a new password sent. The cloud does not tell whether the account exists."""
        body = _json({"email": email})
        self._channel.call(Request("POST", "/password-resets", body=body, repeatable=False), _nothing)

    def choose_password(self, email: str, code: str, password: str) -> None:
        """Set a new password with the code of the instructions; ends every session of the account."""
        body = _json({"email": email, "code": code, "password": password})
        request = Request("POST", "/password-resets/confirm", body=body, repeatable=False)
        self._channel.call(request, _nothing)

    def companies(self, user_token: str) -> Sequence[Company]:
        """All companies of the user, in the cloud's order."""
        return self._list("/companies", user_token, documents.company)

    def create_company(
        self, user_token: str, name: str, country: str, currency: str, tax_id: str | None
    ) -> Company:
        """Create a company. A form that is sent again because no answer came makes no second one."""
        form = {"name": name, "country": country, "currency": currency, "tax_id": tax_id}
        return self._create("/companies", user_token, form, documents.company)

    def stores(self, user_token: str, company_id: str) -> Sequence[Store]:
        """All stores of a company."""
        return self._list(f"/companies/{_part(company_id)}/stores", user_token, documents.store)

    def create_store(
        self, user_token: str, company_id: str, name: str, timezone: str, address: str | None
    ) -> Store:
        """Create a store. A form that is sent again because no answer came makes no second one."""
        form = {"name": name, "timezone": timezone, "address": address}
        return self._create(f"/companies/{_part(company_id)}/stores", user_token, form, documents.store)

    def known_terminal(self, user_token: str, store_id: str, terminal_id: str) -> KnownTerminal:
        """What the account knows of a terminal. FactoryCLOUD refuses where it knows nothing; so does an older
        FactoryCLOUD."""
        path = f"/stores/{_part(store_id)}/terminals/{_part(terminal_id)}"
        return self._channel.call(Request("GET", path, user_token), documents.known_terminal)

    def figures(self, user_token: str, store_id: str, first: date, last: date) -> Sequence[Takings]:
        """What was taken in a store on each business date from `first` to `last`, both included."""
        asked = {"from": first.isoformat(), "to": last.isoformat()}
        read = documents.takings_between(first, last)
        days = self._list(f"/stores/{_part(store_id)}/figures", user_token, read, filters=asked)
        if len({(day.first, day.currency) for day in days}) != len(days):
            raise unreachable(self._channel.url, "not_factorycloud", _("it tells a day twice"))
        return sorted(days, key=lambda day: (day.first, day.currency))

    def enrol(
        self, user_token: str, store_id: str, terminal: Terminal, software: str, *, move: bool
    ) -> Enrolment:
        """Bind `terminal` to a store; `move` takes it away from the store it was bound to."""
        path = f"/stores/{_part(store_id)}/terminals/{_part(terminal.id)}"
        form = {"name": terminal.name, "software": software, "move": move or None}
        try:
            return self._channel.call(Request("PUT", path, user_token, _json(form)), documents.enrolment)
        except CloudRefused as refusal:
            # An older cloud does not say whose terminal it is. A move that it refuses is another account's.
            if refusal.code == "terminal_elsewhere" and (move or isinstance(refusal, OfAnotherAccount)):
                raise of_another_account(terminal.id) from refusal
            raise

    def enrol_with_code(self, code: str, terminal: Terminal, software: str) -> Enrolment:
        """Bind `terminal` to the store that an owner made the code for. An older FactoryCLOUD has no
        codes."""
        form = {"code": code, "terminal_id": terminal.id, "name": terminal.name, "software": software}
        try:
            return self._channel.call(Request("POST", "/enrolments", body=_json(form)), documents.enrolment)
        except OfAnotherAccount as refusal:
            raise of_another_account(terminal.id) from refusal
        except CloudRefused as refusal:
            raise not_with_a_code(refusal) from None

    def binding(self, terminal_token: str) -> Binding:
        """Which store, company and terminal the token is for."""
        return self._channel.call(Request("GET", "/terminals/current", terminal_token), documents.binding)

    def tell_state(self, terminal_token: str, state: OwnState) -> None:
        """Tell the cloud how this terminal is; it takes a few seconds at most. An older cloud refuses it."""
        form: dict[str, object] = {
            "queue": {**state.queue, "oldest_pending_s": state.oldest_pending_s},
            "last_z_number": state.last_z_number,
            "clock_offset_s": state.clock_offset_s,
            "software": state.software,
            "sender": state.sender,
            "leaves_out_numbers": state.leaves_out_numbers,
        }
        if state.findings is not None:
            form["findings"] = [
                {
                    "code": finding.code,
                    "z_number": finding.z_number,
                    "receipts": [number[:_LONGEST_NUMBER] for number in finding.receipts[:_MOST_RECEIPTS]],
                }
                for finding in state.findings
            ]
        request = Request("PUT", "/terminals/current/state", terminal_token, _json(form))
        with deadline(_STATE_DEADLINE_S) as within:
            self._channel.exchange(request, _nothing, within)

    def disconnect(self, terminal_token: str) -> None:
        """End the terminal token; what was sent stays."""
        self._channel.call(Request("DELETE", "/terminals/current", terminal_token), _nothing)

    def held_zs(
        self, terminal_token: str, progress: Callable[[int], object] = lambda _read: None
    ) -> Sequence[HeldZ]:
        """Every Z report that the cloud holds of this terminal; `progress` is told how many were read."""
        return self._list("/reports", terminal_token, documents.held_z, progress, {"kind": "Z"})

    def report(self, terminal_token: str, report_id: str) -> Mapping[str, object]:
        """A report that the cloud holds, as the document it received; nothing in it has been checked."""
        path = f"/reports/{_part(report_id)}"
        return self._channel.call(
            Request("GET", path, terminal_token, longest_answer=8 * MIB), lambda document: document
        )

    def settle(self, terminal_token: str, report_id: str, content_hash: str) -> None:
        """Settle a conflict: the report with this hash counts; the cloud keeps the other one."""
        body = _json({"content_hash": content_hash})
        path = f"/reports/{_part(report_id)}/settlement"
        self._channel.call(Request("PUT", path, terminal_token, body), _nothing)

    def reopen(self, terminal_token: str, report_id: str) -> None:
        """Open a settled conflict again."""
        path = f"/reports/{_part(report_id)}/settlement"
        self._channel.call(Request("DELETE", path, terminal_token), _nothing)

    def send(self, terminal_token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        """Send the frozen bytes of one report for a store, None for the one that the token is bound to.
        Returns a receipt only if it echoes the report's id and hash."""
        path = f"/reports/{_part(report.id)}"
        request = Request("PUT", path, terminal_token, report.body, store=store_id)
        return self._channel.call(request, documents.receipt(report))

    def send_batch(
        self, terminal_token: str, reports: Sequence[Report], store_id: str | None = None
    ) -> Sequence[Acknowledgement | CloudRefused]:
        """Send at most 500 reports of one store in one request; the answers are in their order."""
        body = b'{"reports":[' + b",".join(report.body for report in reports) + b"]}"
        path, longest = "/reports/batch", 8 * MIB
        request = Request("POST", path, terminal_token, body, longest_answer=longest, store=store_id)
        return self._channel.call(request, documents.receipts(reports))

    def _create(
        self, path: str, token: str | None, form: Mapping[str, object], read: Callable[[Document], T]
    ) -> T:
        """POST a form. Its key is kept until an answer comes: then the next such form is a new one."""
        body = _json(form)
        action = hash((path, token, body))
        key = self._unfinished.setdefault(action, str(uuid4()))
        try:
            created = self._channel.call(Request("POST", path, token, body, idempotency_key=key), read)
        except CloudRefused:
            self._unfinished.pop(action, None)
            raise
        self._unfinished.pop(action, None)
        return created


def _nothing(_document: Document) -> None:
    """Read nothing: the answer only says yes."""


def _json(form: Mapping[str, object]) -> bytes:
    """A form as JSON, without the fields that were left empty."""
    return json.dumps({name: value for name, value in form.items() if value is not None}).encode()


def _part(text: str) -> str:
    """One part of a path, with every special character quoted."""
    return quote(text, safe="")
