"""The caller behind a proxy. Anybody can send X-Forwarded-For; only a trusted proxy is believed."""

import logging

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from factorypos_tui.server.security.throttle import Networks, first_untrusted, is_among

logger = logging.getLogger(__name__)


class Proxies:
    """Puts the caller in the place of the trusted proxies through which it came."""

    def __init__(self, app: ASGIApp, trusted: Networks) -> None:
        self.app = app
        self._trusted = trusted
        self._has_told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["client"] is not None:
            peer, port = scope["client"]
            forwarded = Headers(scope=scope).getlist("x-forwarded-for")
            hosts = [host for line in forwarded for host in line.split(",")]
            scope = {**scope, "client": (first_untrusted(peer, hosts, self._trusted), port)}
            if forwarded and not self._has_told and not is_among(self._trusted, peer):
                self._has_told = True
                logger.warning(
                    "forwarded addresses are ignored: if this peer is your proxy, name it with "
                    "--trusted-proxies; else all its callers count as one",
                    extra={"address": peer},
                )
        await self.app(scope, receive, send)
