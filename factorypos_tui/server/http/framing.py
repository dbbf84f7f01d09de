"""What every answer has, whoever makes it."""

from starlette.datastructures import MutableHeaders

_NOTHING_MAY_RUN = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def frame(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Content-Security-Policy", _NOTHING_MAY_RUN)
