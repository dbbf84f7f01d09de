"""What the tiny FactoryCLOUD knows of configurations: one a store, replaced only by who has seen it."""

import uuid

from tests.support.misbehaving_http import Call, Json, Problem, Versioned
from tests.support.tiny_closings import TinyClosings


class TinyConfigurations(TinyClosings):
    """A part of `TinyCloud`; `configurations`: store id -> configuration."""

    def __init__(self, page_size: int) -> None:
        super().__init__(page_size)
        self.configurations: dict[str, Versioned] = {}
        self.states: dict[str, Json] = {}
        self._terminals: dict[str, Json] = {}
        self._uploaders: set[str] = set()
        self._placed: dict[str, list[str]] = {}

    def current_terminal(self, call: Call) -> tuple[int, Json]:
        terminal, store = self._bound(call)
        held = self.configurations.get(store)
        may = {"upload_allowed": not held or terminal in self._uploaders}
        name = self._terminals[terminal]["name"]
        bound: Json = {"store": self.stores[store], "terminal": {"id": terminal, "name": name}}
        company = {"id": self.stores[store]["company"], "name": "Its company"}
        bound |= {"stores": [self.stores[found] for found in self._stores_of(terminal)]}
        return 200, bound | {"company": company, "configuration_etag": held.etag if held else None} | may

    def put_state(self, call: Call) -> tuple[int, Json]:
        terminal, _store = self._bound(call)
        told = ("queue", "last_z_number", "clock_offset_s", "software", "sender")
        self.states[terminal] = {name: call.document.get(name) for name in told}
        return 204, {}

    def allow_upload(self, call: Call, terminal: str) -> tuple[int, Json]:
        store = self._terminals.get(terminal, {}).get("store", "")
        self._own(call, self.stores, store)
        (self._uploaders.add if call.document["upload_allowed"] else self._uploaders.discard)(terminal)
        return 200, {"id": terminal}

    def get_configuration(self, call: Call) -> tuple[int, Json]:
        _terminal, store = self._bound(call)
        if store not in self.configurations:
            raise Problem(404, "no_configuration")
        return 200, self.configurations[store]

    def put_configuration(self, call: Call) -> tuple[int, Json]:
        terminal, store = self._bound(call)
        held = self.configurations.get(store)
        if held and terminal not in self._uploaders:
            raise Problem(403, "upload_not_allowed")
        if "items" not in call.document:
            raise Problem(422, "invalid", "items")
        conditions = call.headers.get("if-match"), call.headers.get("if-none-match")
        if conditions != ((held.etag, None) if held else (None, "*")):
            raise Problem(412, "configuration_changed")
        etag = f'"{uuid.uuid4().hex}"'
        self.configurations[store] = Versioned(call.body, etag)
        self._uploaders.add(terminal)
        return (200 if held else 201), Versioned(b"", etag)

    def _bound(self, call: Call) -> tuple[str, str]:
        """The terminal that calls, and its store."""
        for terminal, bound in self._terminals.items():
            if bound["token"] == call.token:
                return terminal, bound["store"]
        raise Problem(401, "terminal_revoked")

    def _stores_of(self, terminal: str) -> list[str]:
        """Where the terminal was and is, as far as it is its owner's."""
        owner = self.stores[self._terminals[terminal]["store"]]["owner"]
        return [store for store in self._placed[terminal] if self.stores[store]["owner"] == owner]

    def _named_store(self, call: Call) -> str:
        """The store that a terminal's call is about."""
        terminal, store = self._bound(call)
        named = call.headers.get("factorypos-store", store)
        if named not in self._stores_of(terminal):
            raise Problem(403, "store_not_assigned")
        return named

    def _terminal(self, call: Call) -> str:
        return self._bound(call)[0]
