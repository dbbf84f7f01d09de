"""FactoryCLOUD's calls for a terminal that a person approves with a phone, as `core.ports.Cloud` has them."""

import json
from typing import NoReturn
from urllib.parse import urlsplit

from factorypos_tui.cloud import documents
from factorypos_tui.cloud.channel import Channel, Request
from factorypos_tui.cloud.documents import Document, is_token
from factorypos_tui.cloud.problems import Unusable
from factorypos_tui.core.answers import Approved, PhoneCode
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Terminal

_HISTORY = ("all", "missing", "none")
_LONGEST_CODE, _LONGEST_ADDRESS = 20, 300
_LONGEST_PAUSE_S, _LONGEST_LIFE_S = 60, 3600
_REFUSED = {
    "authorization_pending": N_("Nobody has approved this terminal yet."),
    "slow_down": N_("Nobody has approved this terminal yet."),
    "access_denied": N_(
        "This terminal was not approved. Nothing was changed. If that was a mistake, ask for a new code."
    ),
    "expired_token": N_("The code has ended. Nothing was changed. Ask for a new one."),
    "terminal_elsewhere": N_(
        "This terminal was assigned elsewhere meanwhile. Nothing was changed here. Ask for a new code."
    ),
    "not_found": N_(
        "This FactoryCLOUD knows no log-in with a phone. Nothing was changed. Log in here, or use a code of "
        "the store's owner."
    ),
}


class PhoneCalls:
    """The calls about an approval. The class that extends it has the channel."""

    _channel: Channel

    def ask_approval(self, terminal: Terminal, software: str) -> PhoneCode:
        """Ask that a person binds `terminal` to a store."""
        form = {"terminal_id": terminal.id, "name": terminal.name, "software": software}
        request = Request("POST", "/device-authorizations", body=_json(form))
        try:
            return self._channel.call(request, _phone_code)
        except CloudRefused as refusal:
            raise _in_words(refusal) from None

    def fetch_approved(self, device_code: str) -> Approved:
        """The token of a terminal that was approved. Two questions at once are one too many, so it is not
        asked again by itself."""
        body = _json({"device_code": device_code})
        try:
            request = Request("POST", "/device-tokens", body=body, repeatable=False)
            return self._channel.call(request, _approved)
        except CloudRefused as refusal:
            raise _in_words(refusal) from None


def _in_words(refused: CloudRefused) -> CloudRefused:
    """The refusal of a terminal that waits for a person, in words for whoever looks at it."""
    text = _REFUSED.get(refused.code)
    return CloudRefused(_(text), refused.status, refused.code) if text else refused


def _json(form: dict[str, str]) -> bytes:
    return json.dumps(form).encode()


def _phone_code(document: Document) -> PhoneCode:
    device_code = document.get("device_code")
    if not (isinstance(device_code, str) and is_token(device_code)):
        _misfit("device_code")
    return PhoneCode(
        device_code,
        _text(document, "user_code", _LONGEST_CODE),
        _address(document, "verification_uri"),
        _address(document, "verification_uri_complete"),
        _seconds(document, "expires_in", _LONGEST_LIFE_S),
        _seconds(document, "interval", _LONGEST_PAUSE_S),
    )


def _approved(document: Document) -> Approved:
    history = document.get("history")
    if history not in _HISTORY:
        _misfit("history")
    return Approved(documents.enrolment(document), str(history))


def _text(document: Document, name: str, longest: int) -> str:
    """A short text that is shown; nothing in it is left out, since people compare it."""
    text = document.get(name)
    if isinstance(text, str) and 0 < len(text) <= longest and text == plain(text):
        return text
    return _misfit(name)


def _address(document: Document, name: str) -> str:
    """The address of a page, as a browser takes it."""
    address = _text(document, name, _LONGEST_ADDRESS)
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username
    except ValueError:
        fits = False
    return address if fits and address.isascii() and " " not in address else _misfit(name)


def _seconds(document: Document, name: str, most: int) -> float:
    seconds = document.get(name)
    if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0:
        return float(min(seconds, most))
    return _misfit(name)


def _misfit(name: str) -> NoReturn:
    raise Unusable("not_factorycloud", _("its answer has no proper {name}").format(name=name))
