"""A second, tiny FactoryCLOUD: API v1 from its description alone, in memory, and it can misbehave.

    with TinyCloud() as cloud:
        cloud.misbehave("drop_answer", times=1)

It imports nothing of the program, so that one misreading cannot hide on both sides. The end of the block
fails where a call had no route here, or could not be answered because of a fault here.
"""

import hashlib
import json
import re
import ssl
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.support.misbehaving_http import MISBEHAVIOURS, Call, Json, Problem, Server
from tests.support.signatures import fake_keys, signature_of
from tests.support.tiny_accounts import page_of
from tests.support.tiny_configurations import TinyConfigurations
from tests.support.tiny_figures import days_of
from tests.support.tiny_settlements import TinySettlements

REQUIRED = re.findall(
    r"\w+",
    "schema_version report_id kind revision terminal_id terminal_name z_number period_id business_date "
    "timezone currency opened_at close_reason software receipts totals taxes payments cash departments "
    "items users hours control perpetual previous_hash content_hash",
)


class TinyCloud(TinyConfigurations, TinySettlements):
    """Serves on `address` inside of a `with` block; `reports` shows what it holds, `stores_of_reports` where,
    `calls` what arrived, `codes` what it mailed to whom."""

    def __init__(self, *, page_size: int = 200, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(page_size)
        TinySettlements.__init__(self)
        self.calls: list[Call] = []
        self._owners: dict[str, str] = {}
        self._report_owners: dict[str, str] = {}
        self.stores_of_reports: dict[str, str] = {}
        self._lock = threading.RLock()
        self._server = Server(self.answer, tls)
        host, port = self._server.server_address[:2]
        self.address = f"http{'s' if tls else ''}://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        if self._server.faults and not error:
            raise ExceptionGroup("this tiny cloud could not answer", self._server.faults)

    def misbehave(self, how: str, *, times: int | None = None, value: object = None) -> None:
        """Answer the next `times` requests (None: all) the wrong way that `how` names."""
        assert how in MISBEHAVIOURS, how
        if times is None:
            self._server.for_ever = (how, value)
        else:
            self._server.soon += [(how, value)] * times

    def behave(self) -> None:
        """Answer properly again."""
        self._server.for_ever = ("", None)
        self._server.soon.clear()

    def forget_terminals(self) -> None:
        """End the tokens of all terminals."""
        self._terminals.clear()

    def hang_up(self) -> None:
        """Close every connection that is open now."""
        self._server.hang_up()

    def answer(self, call: Call) -> tuple[int, Json]:
        """Do what `call` asks for."""
        url = urlsplit(call.path)
        with self._lock:
            self.calls.append(call)
            for method, pattern, act in _ROUTES:
                match = re.fullmatch(pattern, url.path.removeprefix("/v1"))
                if match and method == call.method and url.path.startswith("/v1/"):
                    try:
                        return act(self, call, *match.groups())
                    except Problem as problem:
                        return problem.status, problem.document
        if url.path.startswith("/v1/"):  # else a test asks with a wrong address
            self._server.faults.append(LookupError(f"no route for {call.method} {call.path}"))
        return 404, Problem(404, "not_found").document

    def enrol(self, call: Call, store: str, terminal: str) -> tuple[int, Json]:
        record = self._own(call, self.stores, store)
        self._refuse_elsewhere(terminal, record, bool(call.document.get("move")))
        return (200 if terminal in self._terminals else 201), self._bind(
            terminal, record, call.document["name"]
        )

    def enrol_with_code(self, call: Call) -> tuple[int, Json]:
        form = call.document
        assert set(form) == {"code", "terminal_id", "name", "software"}
        record = self._store_of_code(form["code"])
        self._refuse_elsewhere(form["terminal_id"], record, move=False)
        self._use_code(form["code"], form["terminal_id"])
        return 201, self._bind(form["terminal_id"], record, form["name"])

    def hand_over(self, call: Call) -> tuple[int, Json]:
        asked = self._approved(call.document["device_code"])
        bound = self._bind(asked["terminal_id"], self.stores[asked["store"]], asked["name"])
        return 201, bound | {"history": asked["history"]}

    def _refuse_elsewhere(self, terminal: str, record: Json, move: bool) -> None:
        bound, owner, store = self._terminals.get(terminal), record["owner"], record["id"]
        if self._owners.get(terminal, owner) != owner:
            if not self._is_free(terminal):
                raise Problem(409, "terminal_elsewhere", same_account=False)
        elif bound and bound["store"] != store and not move:
            raise Problem(409, "terminal_elsewhere", same_account=True)

    def _bind(self, terminal: str, record: Json, name: str) -> Json:
        store, owner = record["id"], record["owner"]
        self._owners[terminal] = owner
        self._terminals[terminal] = {"store": store, "token": uuid.uuid4().hex, "name": name}
        self._placed.setdefault(terminal, []).append(store)
        company = self.companies[record["company"]]
        token, last = self._terminals[terminal]["token"], max(self._numbers(terminal, owner), default=None)
        return {"terminal_token": token, "company": company, "store": record, "last_z_number": last}

    def known_terminal(self, call: Call, store: str, terminal: str) -> tuple[int, Json]:
        self._own(call, self.stores, store)
        user, owner = self._user(call), self._owners.get(terminal)
        numbers, is_free = self._numbers(terminal, user), self._is_free(terminal)
        if owner != user and is_free and not numbers:
            raise Problem(404, "not_found")
        bound = self._terminals.get(terminal) if owner == user else None
        return 200, {
            "store": self.stores[bound["store"]] if bound else None,
            "last_z_number": max(numbers, default=None),
            "missing_z_numbers": _gaps(numbers),
            "same_account": owner == user or is_free,
        }

    def figures(self, call: Call, store: str) -> tuple[int, Json]:
        self._own(call, self.stores, store)
        asked = parse_qs(urlsplit(call.path).query)
        sent = [report for name, report in self.reports.items() if self.stores_of_reports[name] == store]
        return page_of(call, days_of(sent, asked["from"][0], asked["to"][0]), self._page_size)

    def revoke(self, call: Call, terminal: str) -> tuple[int, Json]:
        if self._owners.get(terminal) != self._user(call):
            raise Problem(404, "not_found")
        self._terminals.pop(terminal, None)
        if parse_qs(urlsplit(call.path).query).get("release") == ["true"]:
            del self._owners[terminal]
        return 204, {}

    def disconnect(self, call: Call) -> tuple[int, Json]:
        del self._terminals[self._terminal(call)]
        return 204, {}

    def list_reports(self, call: Call) -> tuple[int, Json]:
        terminal = self._terminal(call)
        assert parse_qs(urlsplit(call.path).query)["kind"] == ["Z"]
        named = "factorypos-store" in call.headers
        wanted = [self._named_store(call)] if named else self._stores_of(terminal)
        held = self._sent_by(terminal, self._owners[terminal])
        received = {"received_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        names = ("report_id", "z_number", "content_hash")
        lines = [
            {name: report[name] for name in names}
            | received
            | {"conflict": self.conflicts.state(report["report_id"])}
            for report in held
            if report["kind"] == "Z" and self.stores_of_reports[report["report_id"]] in wanted
        ]
        return page_of(call, lines, self._page_size)

    def get_report(self, call: Call, report_id: str) -> tuple[int, Json]:
        held = self.reports.get(report_id)
        terminal = self._terminal(call)
        if held is None or held not in self._sent_by(terminal, self._owners[terminal]):
            raise Problem(404, "not_found")
        return 200, held

    def put_report(self, call: Call, report_id: str) -> tuple[int, Json]:
        receipt = self._keep(self._terminal(call), self._named_store(call), call.document)
        if report_id != receipt["report_id"]:
            raise Problem(422, "invalid", "report_id")
        return (201 if receipt["result"] == "created" else 200), receipt

    def put_batch(self, call: Call) -> tuple[int, Json]:
        terminal, store, results = self._terminal(call), self._named_store(call), []
        if len(call.document["reports"]) > 500:
            raise Problem(413, "too_large")
        for report in call.document["reports"]:
            try:
                results.append(self._keep(terminal, store, report))
            except Problem as problem:
                results.append(problem.document)
        return 200, {"results": results}

    def _keep(self, terminal: str, store: str, report: Json) -> Json:
        missing = [name for name in REQUIRED if name not in report]
        hashed = {name: value for name, value in report.items() if name != "content_hash"}
        canonical = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(canonical).hexdigest()
        if missing or digest != report["content_hash"] or report["terminal_id"] != terminal:
            raise Problem(422, "invalid", *missing or ["content_hash"])
        name = f"{report['kind']}:{report['period_id']}"
        if report["report_id"] != str(uuid.uuid5(uuid.UUID(terminal), name)):
            raise Problem(422, "invalid", "report_id")
        lies_in = self.stores_of_reports.setdefault(report["report_id"], store)
        result = self._compare(report)
        if result in ("created", "replaced"):
            self.reports[report["report_id"]] = report
            self._report_owners[report["report_id"]] = self._owners[terminal]
        gaps = set(_gaps(self._numbers(terminal, self._owners[terminal]))) - self._numbers(terminal)
        receipt = {"report_id": report["report_id"], "content_hash": digest, "result": result}
        receipt |= {"store_id": lies_in, "received_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        return receipt | {"signature": signature_of(receipt), "missing_z_numbers": sorted(gaps)}

    def _compare(self, report: Json) -> str:
        held = self.reports.get(report["report_id"])
        if held and self._report_owners[report["report_id"]] != self._owners[report["terminal_id"]]:
            raise Problem(403, "report_elsewhere")
        if held and held["content_hash"] == report["content_hash"]:
            return "unchanged"
        if held and report["kind"] == "X" and held["revision"] != report["revision"]:
            return "replaced" if report["revision"] > held["revision"] else "stale"
        if held or (report["kind"] == "Z" and report["z_number"] in self._numbers(report["terminal_id"])):
            self._meet(report)
            self._report_owners.setdefault(report["report_id"], self._owners[report["terminal_id"]])
            raise Problem(409, "report_conflict")
        return "created"

    def _numbers(self, terminal: str, owner: str | None = None) -> set[int]:
        return {held["z_number"] for held in self._sent_by(terminal, owner) if held["kind"] == "Z"}

    def _sent_by(self, terminal: str, owner: str | None) -> list[Json]:
        mine = [held for held in self.reports.values() if held["terminal_id"] == terminal]
        return [held for held in mine if owner in (None, self._report_owners[held["report_id"]])]

    def _is_free(self, terminal: str) -> bool:
        owner = self._owners.get(terminal)
        return owner is None or not (terminal in self._terminals or self._sent_by(terminal, owner))


def _gaps(numbers: set[int]) -> list[int]:
    return sorted(set(range(min(numbers, default=0), max(numbers, default=0))) - numbers)


_ROUTES: list[tuple[str, str, Callable[..., tuple[int, Json]]]] = [
    ("GET", "/health", TinyCloud.health),
    ("GET", "/keys", lambda _cloud, call: fake_keys(call)),
    ("POST", "/users", TinyCloud.register),
    ("POST", "/sessions", TinyCloud.log_in),
    ("DELETE", "/sessions/current", TinyCloud.log_out),
    ("POST", "/password-resets", TinyCloud.recover),
    ("POST", "/password-resets/confirm", TinyCloud.choose_password),
    ("GET", "/companies", TinyCloud.list_companies),
    ("POST", "/companies", TinyCloud.create_company),
    ("GET", "/companies/([^/]+)/stores", TinyCloud.list_stores),
    ("POST", "/companies/([^/]+)/stores", TinyCloud.create_store),
    ("GET", "/stores/([^/]+)/figures", TinyCloud.figures),
    ("GET", "/stores/([^/]+)/closings", TinyCloud.closings),
    ("PUT", "/stores/([^/]+)/terminals/([^/]+)", TinyCloud.enrol),
    ("GET", "/stores/([^/]+)/terminals/([^/]+)", TinyCloud.known_terminal),
    ("POST", "/stores/([^/]+)/enrolment-codes", TinyCloud.make_code),
    ("POST", "/enrolments", TinyCloud.enrol_with_code),
    ("POST", "/device-authorizations", TinyCloud.ask_approval),
    ("POST", "/approvals", TinyCloud.decide),  # in place of a page
    ("POST", "/device-tokens", TinyCloud.hand_over),
    ("DELETE", "/terminals/current", TinyCloud.disconnect),
    ("DELETE", "/terminals/([^/]+)", TinyCloud.revoke),
    ("GET", "/terminals/current", TinyCloud.current_terminal),
    ("PUT", "/terminals/current/state", TinyCloud.put_state),
    ("PATCH", "/terminals/([^/]+)", TinyCloud.allow_upload),
    ("GET", "/configuration", TinyCloud.get_configuration),
    ("PUT", "/configuration", TinyCloud.put_configuration),
    ("GET", "/reports", TinyCloud.list_reports),
    ("GET", "/reports/([^/]+)", TinyCloud.get_report),
    ("PUT", "/reports/([^/]+)", TinyCloud.put_report),
    ("POST", "/reports/batch", TinyCloud.put_batch),
    ("PUT", "/reports/([^/]+)/settlement", TinyCloud.settle),
    ("DELETE", "/reports/([^/]+)/settlement", TinyCloud.reopen),
]
