"""FactoryCLOUD's calls about the configuration of a store, as `core.ports.Cloud` has them."""

from urllib.parse import quote

from factorypos_tui.cloud import documents
from factorypos_tui.cloud.channel import MIB, Answer, Channel, Request, json_bytes
from factorypos_tui.core.answers import CurrentTerminal, StoredConfiguration
from factorypos_tui.core.errors import CloudRefused


class ConfigurationCalls:
    """The calls about configurations. The class that extends it has the channel. The bytes of a configuration
    are not read here."""

    _channel: Channel

    def current_terminal(self, terminal_token: str) -> CurrentTerminal:
        """What the cloud holds of this terminal's store."""
        request = Request("GET", "/terminals/current", terminal_token)
        return self._channel.call(request, documents.current_terminal)

    def allow_upload(self, user_token: str, terminal_id: str) -> None:
        """Let a terminal of the user's replace the configuration of its store."""
        path = f"/terminals/{quote(terminal_id, safe='')}"
        request = Request("PATCH", path, user_token, b'{"upload_allowed":true}')
        self._channel.call(request, lambda _nothing: None)

    def configuration(self, terminal_token: str) -> StoredConfiguration | None:
        """The configuration of the terminal's store; None where there is none yet."""
        request = Request("GET", "/configuration", terminal_token, longest_answer=8 * MIB)
        try:
            return self._channel.call_raw(request, _stored)
        except CloudRefused as refusal:
            if refusal.code != "no_configuration":
                raise
            return None

    def put_configuration(self, terminal_token: str, document: bytes, etag: str | None) -> str:
        """Replace the version `etag` (None: upload the first one); returns the new version."""
        request = Request("PUT", "/configuration", terminal_token, document, replaces=etag or "")
        return self._channel.call_raw(request, _new_version)


def _stored(answer: Answer) -> StoredConfiguration:
    return StoredConfiguration(documents.etag(answer.headers.get("etag")), json_bytes(answer))


def _new_version(answer: Answer) -> str:
    """The version in the answer's ETag. A login page can have an ETag, too, so a body must be JSON."""
    if answer.body:
        json_bytes(answer)
    return documents.etag(answer.headers.get("etag"))
