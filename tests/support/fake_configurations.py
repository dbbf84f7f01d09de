"""What the fake FactoryCLOUD knows of terminals' tokens and of configurations: one a store."""

import hashlib
import json

from factorypos_tui.core.answers import CurrentTerminal, StoredConfiguration
from factorypos_tui.core.errors import TokenRefused
from factorypos_tui.core.models import OwnState
from tests.support.fake_accounts import refused
from tests.support.fake_closings import FakeClosings


class FakeConfigurations(FakeClosings):
    """A part of `FakeCloud`; `configurations`: store id -> configuration."""

    def __init__(self) -> None:
        super().__init__()
        self.configurations: dict[str, StoredConfiguration] = {}
        self.states: dict[str, OwnState] = {}
        self._may_upload: set[str] = set()
        self._terminals: dict[str, tuple[str, str]] = {}

    def current_terminal(self, terminal_token: str) -> CurrentTerminal:
        terminal_id = self._terminal(terminal_token)
        stored = self.configurations.get(self._terminals[terminal_id][1])
        return CurrentTerminal(
            stored.etag if stored else None, stored is None or terminal_id in self._may_upload
        )

    def tell_state(self, terminal_token: str, state: OwnState) -> None:
        self.states[self._terminal(terminal_token)] = state

    def allow_upload(self, user_token: str, terminal_id: str) -> None:
        account = self._account(user_token)
        _token, store_id = self._terminals.get(terminal_id, ("", ""))
        if not any(store_id in stores for stores in account.stores.values()):
            raise refused(404, "not_found")
        self._may_upload.add(terminal_id)

    def configuration(self, terminal_token: str) -> StoredConfiguration | None:
        return self.configurations.get(self._terminals[self._terminal(terminal_token)][1])

    def put_configuration(self, terminal_token: str, document: bytes, etag: str | None) -> str:
        if not self.current_terminal(terminal_token).upload_allowed:
            raise refused(403, "upload_not_allowed")
        if "items" not in json.loads(document):
            raise refused(422, "invalid", "items")
        stored = self.configuration(terminal_token)
        if etag != (stored and stored.etag):
            raise refused(412, "configuration_changed")
        terminal_id = self._terminal(terminal_token)
        self._may_upload.add(terminal_id)
        return self.store_configuration(self._terminals[terminal_id][1], document)

    def store_configuration(self, store_id: str, document: bytes) -> str:
        """Upload as another person, without asking whether that is allowed."""
        etag = f'"{hashlib.sha256(document).hexdigest()}"'
        self.configurations[store_id] = StoredConfiguration(etag, document)
        return etag

    def _terminal(self, terminal_token: str) -> str:
        self._fail()
        for terminal_id, (token, _store) in self._terminals.items():
            if token == terminal_token:
                return terminal_id
        raise TokenRefused("terminal_revoked", 401, "terminal_revoked")
