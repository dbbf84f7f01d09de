"""The channel to FactoryCLOUD: requests out, checked answers in, or an error that says what happened.

An answer counts only if it is a JSON object that says it is one, is not too long, and came in time; so
neither a captive portal's page nor an endless trickle is ever taken for FactoryCLOUD."""

import gzip
import logging
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from socket import gaierror
from typing import TypeVar

import httpcore
import httpx

from factorypos_tui import __version__
from factorypos_tui.cloud.address import base_address, proxy_to, tls_context
from factorypos_tui.cloud.documents import Document, is_token, parse
from factorypos_tui.cloud.headers import http_date, retry_after_s
from factorypos_tui.cloud.problems import (
    Unusable,
    is_problem,
    network_failure,
    refusal,
    unreachable,
)
from factorypos_tui.cloud.transport import REDIRECTED_TO, Deadline, DeadlineTransport, deadline
from factorypos_tui.core.errors import Cause, CloudRefused, FactoryPosError, TokenRefused
from factorypos_tui.core.language import _, current_language

T = TypeVar("T")
Hear = Callable[[datetime | None], object]
"""The channel calls this after each answer of FactoryCLOUD's, with the answer's `Date`; None without one."""

MIB = 1 << 20
_COMPRESS_ABOVE = 1024
_JSON = ("application/json", "application/problem+json")
# Every FactoryCLOUD has these calls: a server that answers 404 to one of them is no FactoryCLOUD.
_ALWAYS_THERE = re.compile(
    "/(health|users|sessions|sessions/current|password-resets|password-resets/confirm|companies|terminals/current"
    "|reports|reports/batch|configuration)"
)
_A_REPORT = re.compile("/reports/[^/]+")
_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
_NETWORK = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError)
_log = logging.getLogger(__name__)

# httpx logs each request at INFO and httpcore each header at DEBUG. The worker logs what matters.
for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to FactoryCLOUD."""

    method: str
    path: str
    token: str | None = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)
    repeatable: bool = True
    """Whether sending it twice does no more than sending it once."""
    idempotency_key: str | None = None
    replaces: str | None = None
    """ETag of the version that this PUT replaces; empty where it must be the first."""
    longest_answer: int = MIB
    """The most bytes that its answer may have, packed or unpacked."""
    store: str | None = None
    """Id of the store that the reports were made for; None for the one that the token is bound to."""

    @property
    def by_terminal(self) -> bool:
        """Whether this terminal asks with its own token, and not a person."""
        return self.path.startswith(("/terminals/current", "/reports", "/configuration"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: httpx.Headers
    body: bytes
    longest: int
    """The most bytes that it may have, packed or unpacked."""
    target: str = ""
    """Where a redirect points to, as the server sent it; empty for other answers."""


class Channel:
    """One connection pool to one FactoryCLOUD; may be used from several threads."""

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: str | None,
        proxy: str | None,
        connect_timeout_s: float,
        deadline_s: float,
        hear: Hear,
    ) -> None:
        """Raises `UsageError` for an address or a CA file that cannot be used. Nothing is connected yet."""
        self.url = base_address(base_url)
        self.deadline_s = deadline_s
        self._hear = hear
        self._timeout = httpx.Timeout(deadline_s, connect=connect_timeout_s)
        through = proxy_to(self.url, proxy)
        tls = tls_context(ca_file) if self.url.scheme == "https" else None
        self._proxy = through.url.netloc.decode() if through else ""
        self._client = httpx.Client(
            transport=DeadlineTransport(tls, through),
            trust_env=False,
            follow_redirects=False,
            headers={
                "User-Agent": f"factorypos-tui/{__version__}",
                "Accept": ", ".join(_JSON),
                "Accept-Encoding": "gzip",
            },
        )

    def call(self, request: Request, read: Callable[[Document], T]) -> T:
        """Send `request`; `read` makes the result from the answer's document.

        Raises `CloudUnreachable`, `CloudRefused` or `TokenRefused`."""
        with deadline(self.deadline_s) as within:
            return self.exchange(request, read, within)

    def exchange(self, request: Request, read: Callable[[Document], T], within: Deadline) -> T:
        """Do as `call` does, for one of several requests that share a deadline."""
        return self._ask(request, lambda answer: read(_document(answer)), within)

    def call_raw(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Do as `call` does, where the result is made of the bytes or of headers."""
        with deadline(self.deadline_s) as within:
            return self._ask(request, read, within)

    def _ask(self, request: Request, read: Callable[[Answer], T], within: Deadline) -> T:
        outgoing = self._outgoing(request)
        try:
            while True:
                try:
                    answer = self._send(outgoing, request.longest_answer)
                    break
                except _STALE:
                    # A server may close an idle connection in the moment in which it is used again.
                    if within.fresh_connection or within.answer_began or not request.repeatable:
                        raise
            facts = {"method": request.method, "path": request.path, "status": answer.status}
            _log.debug("asked", extra={"facts": facts})
            return self._understand(request, answer, read)
        except (*_NETWORK, gaierror) as error:
            raise network_failure(self.url, error, self._proxy if within.at_proxy else None) from error
        except Unusable as error:
            raise unreachable(self.url, error.reason, str(error), cause=error.cause) from None

    def _understand(self, request: Request, answer: Answer, read: Callable[[Answer], T]) -> T:
        """The result, or the refusal raised: both show that FactoryCLOUD answered."""
        said_at = http_date(answer.headers.get("date", ""))
        try:
            self._refuse_failure(request, answer)
            result = read(answer)
        except CloudRefused:
            self._hear(said_at)
            raise
        self._hear(said_at)
        return result

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _outgoing(self, request: Request) -> httpx.Request:
        headers, body = {"Accept-Language": current_language()}, request.body
        if request.token is not None:
            if not is_token(request.token):
                message = (
                    _("The stored token is damaged. Reports stay in the queue. Assign the store again.")
                    if request.by_terminal
                    else _("The stored token is damaged. Reports stay in the queue. Log in again.")
                )
                raise TokenRefused(message, 401, "unauthorized")
            headers["Authorization"] = f"Bearer {request.token}"
        if request.store:
            headers["FactoryPOS-Store"] = request.store
        if request.idempotency_key:
            headers["Idempotency-Key"] = request.idempotency_key
        if request.replaces is not None:
            headers.update({"If-Match": request.replaces} if request.replaces else {"If-None-Match": "*"})
        if body:
            headers["Content-Type"] = "application/json"
        if len(body) > _COMPRESS_ABOVE:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, compresslevel=6, mtime=0)
        address = f"{self.url}/v1{request.path}"
        return self._client.build_request(
            request.method, address, content=body or None, headers=headers, timeout=self._timeout
        )

    def _send(self, outgoing: httpx.Request, longest: int) -> Answer:
        answer = self._client.send(outgoing, stream=True)
        try:
            body = bytearray()
            for piece in answer.iter_raw():
                body += piece
                if len(body) > longest:
                    raise Unusable("not_factorycloud", _("its answer is too long"))
            target = answer.extensions.get(REDIRECTED_TO, b"").decode(errors="replace")
            return Answer(answer.status_code, answer.headers, bytes(body), longest, target)
        finally:
            answer.close()

    def _refuse_failure(self, request: Request, answer: Answer) -> None:
        """Raise an error unless the answer says success."""
        if 200 <= answer.status < 300:
            return
        if not 400 <= answer.status < 600:
            raise _redirected(answer)
        raise self._failure(request, answer)

    def _failure(self, request: Request, answer: Answer) -> FactoryPosError:
        status, wait = answer.status, retry_after_s(answer.headers)
        if status >= 500:
            return unreachable(self.url, "server_error", str(status), retry_after_s=wait)
        if status == 408:
            return unreachable(self.url, "timeout", retry_after_s=wait)
        if status in (425, 429):
            words = None if request.token else "too_many_attempts"  # a person who logs in or registers
            return unreachable(self.url, "overloaded", words_for=words, retry_after_s=wait)
        if status == 413:  # often said by the web server in front of FactoryCLOUD, in HTML
            return refusal(status, {"code": "too_large"})
        problem = _json(answer)
        if not is_problem(problem):
            raise Unusable("not_factorycloud", _("it answers {status}").format(status=status))
        if status == 404 and problem["code"] == "not_found" and _is_always_there(request):
            place = f"/v1{request.path.partition('?')[0]}"
            return unreachable(self.url, "not_factorycloud", place, words_for="wrong_path")
        by_terminal, token_sent = request.by_terminal, request.token is not None
        return refusal(status, problem, token_sent=token_sent, by_terminal=by_terminal)


def _redirected(answer: Answer) -> Unusable:
    """The error for a redirect. It names the target's address only: a portal often puts a secret behind
    it."""
    if not answer.target:
        return Unusable("not_factorycloud", _("it answers {status}").format(status=answer.status))
    return Unusable("not_factorycloud", answer.target.partition("?")[0], Cause.REDIRECT)


def _is_always_there(request: Request) -> bool:
    """Whether every FactoryCLOUD answers this, whatever it holds."""
    path = request.path.partition("?")[0]
    made_by_us = request.method == "PUT" and _A_REPORT.fullmatch(path)
    return bool(made_by_us or _ALWAYS_THERE.fullmatch(path))


def json_bytes(answer: Answer) -> bytes:
    """The body, unpacked, of an answer that says it is JSON; raises `Unusable`."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise Unusable("not_factorycloud", _("its answer is not JSON"))
    encoding = answer.headers.get("content-encoding", "identity")
    return answer.body if encoding == "identity" else _unpacked(answer, encoding)


def _unpacked(answer: Answer, encoding: str) -> bytes:
    """The body unpacked. A small body that unpacks to more bytes than the answer may have is refused."""
    gzipped = zlib.decompressobj(wbits=31)
    try:
        body = gzipped.decompress(answer.body, answer.longest + 1) if encoding == "gzip" else b""
    except zlib.error:
        body = b""
    if len(body) > answer.longest:
        raise Unusable("not_factorycloud", _("its answer is too long"))
    if not gzipped.eof or gzipped.unused_data:
        raise Unusable("not_factorycloud", _("its answer is not JSON"))
    return body


def _document(answer: Answer) -> Document:
    if answer.status in (202, 204) and not answer.body:
        return {}
    return _json(answer)


def _json(answer: Answer) -> Document:
    return parse(json_bytes(answer))
