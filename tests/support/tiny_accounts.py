"""What the tiny FactoryCLOUD knows of people: their log-ins, companies and stores."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.support.misbehaving_http import Call, Json, Problem

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class TinyAccounts:
    """A part of `TinyCloud`; `codes` shows what it mailed to whom."""

    def __init__(self, page_size: int) -> None:
        self.companies: dict[str, Json] = {}
        self.stores: dict[str, Json] = {}
        self.codes: dict[str, str] = {}
        self._users: dict[str, str] = {}
        self._sessions: dict[str, str] = {}
        self._created: dict[tuple[str, str], Json] = {}
        self._enrolment_codes: dict[str, tuple[str, int, set[str]]] = {}
        self._asked: dict[str, Json] = {}
        self._page_size = page_size

    def health(self, _call: Call) -> tuple[int, Json]:
        return 200, {"status": "ok", "registration": "open", "contact": None}

    def register(self, call: Call) -> tuple[int, Json]:
        form = call.document
        wrong = [name for name in ("email", "password", "name") if not form.get(name)]
        if "@" not in str(form.get("email")):
            wrong.append("email")
        if wrong:
            raise Problem(422, "invalid", *wrong)
        if form["email"] in self._users:
            raise Problem(409, "email_taken")
        self._users[form["email"]] = form["password"]
        return 201, {"id": str(uuid.uuid4()), "email": form["email"], "name": form["name"]}

    def log_in(self, call: Call) -> tuple[int, Json]:
        form = call.document
        if self._users.get(form["email"]) != form["password"]:
            raise Problem(401, "invalid_credentials")
        token = uuid.uuid4().hex
        self._sessions[token] = form["email"]
        expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        return 201, {"token": token, "expires_at": expires, "user": {"email": form["email"]}}

    def log_out(self, call: Call) -> tuple[int, Json]:
        self._user(call)
        del self._sessions[call.token]
        return 204, {}

    def recover(self, call: Call) -> tuple[int, Json]:
        assert set(call.document) == {"email"}
        if call.document["email"] in self._users:
            self.codes[call.document["email"]] = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
        return 202, {}

    def choose_password(self, call: Call) -> tuple[int, Json]:
        form = call.document
        assert set(form) == {"email", "code", "password"}
        if self.codes.get(form["email"]) != form["code"]:
            raise Problem(400, "reset_token_invalid")
        del self.codes[form["email"]]
        self._users[form["email"]] = form["password"]
        ended = [token for token, email in self._sessions.items() if email == form["email"]]
        for token in ended:
            del self._sessions[token]
        return 204, {}

    def list_companies(self, call: Call) -> tuple[int, Json]:
        owner = self._user(call)
        return page_of(
            call, [found for found in self.companies.values() if found["owner"] == owner], self._page_size
        )

    def create_company(self, call: Call) -> tuple[int, Json]:
        return self._create(call, self.companies, ("name", "country", "currency"))

    def list_stores(self, call: Call, company: str) -> tuple[int, Json]:
        self._own(call, self.companies, company)
        return page_of(
            call, [found for found in self.stores.values() if found["company"] == company], self._page_size
        )

    def create_store(self, call: Call, company: str) -> tuple[int, Json]:
        self._own(call, self.companies, company)
        return self._create(call, self.stores, ("name", "timezone"), company=company)

    def make_code(self, call: Call, store: str) -> tuple[int, Json]:
        self._own(call, self.stores, store)
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(20))
        self._enrolment_codes[code] = (store, call.document.get("uses", 1), set())
        return 201, {"id": str(uuid.uuid4()), "code": code}

    def _store_of_code(self, code: str) -> Json:
        if code not in self._enrolment_codes:
            raise Problem(400, "code_invalid")
        return self.stores[self._enrolment_codes[code][0]]

    def _use_code(self, code: str, terminal: str) -> None:
        _store, uses, came = self._enrolment_codes[code]
        if len(came | {terminal}) > uses:
            raise Problem(400, "code_invalid")
        came.add(terminal)

    def ask_approval(self, call: Call) -> tuple[int, Json]:
        assert set(call.document) == {"terminal_id", "name", "software"}
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
        device_code = uuid.uuid4().hex
        self._asked[device_code] = {**call.document, "user_code": code, "history": None, "store": ""}
        page = "https://tiny.example.com/d"
        return 200, {
            "device_code": device_code,
            "user_code": f"{code[:4]}-{code[4:]}",
            "verification_uri": page,
            "verification_uri_complete": f"{page}/{code}",
            "expires_in": 600,
            "interval": 1,
        }

    def decide(self, call: Call) -> tuple[int, Json]:
        typed = call.document["user_code"].replace("-", "")
        (asked,) = (it for it in self._asked.values() if it["user_code"] == typed)
        asked |= {"history": call.document["history"], "store": call.document["store"]}
        return 204, {}

    def _approved(self, device_code: str) -> Json:
        asked = self._asked.get(device_code)
        if asked is None:
            raise Problem(400, "expired_token")
        if asked["history"] is None:
            raise Problem(400, "authorization_pending")
        if asked["store"] is None:
            raise Problem(400, "access_denied")
        return self._asked.pop(device_code)

    def _user(self, call: Call) -> str:
        if (email := self._sessions.get(call.token)) is None:
            raise Problem(401, "unauthorized")
        return email

    def _own(self, call: Call, table: dict[str, Json], key: str) -> Json:
        found = table.get(key)
        if self._user(call) != (found or {}).get("owner") or not found:
            raise Problem(404, "not_found")
        return found

    def _create(
        self, call: Call, table: dict[str, Json], needed: tuple[str, ...], **more: str
    ) -> tuple[int, Json]:
        owner, key = self._user(call), call.headers["idempotency-key"]
        if (owner, key) not in self._created:
            if wrong := [name for name in needed if not call.document.get(name)]:
                raise Problem(422, "invalid", *wrong)
            made = call.document | {"id": str(uuid.uuid4()), "owner": owner} | more
            table[made["id"]] = self._created[owner, key] = made
        return 201, self._created[owner, key]


def page_of(call: Call, items: list[Json], most: int) -> tuple[int, Json]:
    """One page of a list, of `most` items at most."""
    query = parse_qs(urlsplit(call.path).query)
    start = int(query.get("cursor", ["0"])[0])
    size = min(most, int(query.get("limit", ["50"])[0]))
    more = str(start + size) if len(items) > start + size else None
    return 200, {"items": items[start : start + size], "next_cursor": more}
