"""Cookies: out of reach of scripts and of other sites, for this host alone."""

from fastapi import Response

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.http.calls import cookie_name

VISITOR = "visitor"
"""Holds what binds a form to a browser in which nobody is logged in."""
SECOND_STEP = "second_step"
"""Holds what a browser has of a log-in that waits for its second step."""
NOTICE = "notice"
"""Holds what the next page says of what was just done."""


def set_cookie(response: Response, cloud: Cloud, name: str, value: str, seconds: int | None = None) -> None:
    """Without `seconds` it ends with the browser's session."""
    response.set_cookie(
        cookie_name(cloud, name), value, seconds, secure=cloud.is_https, httponly=True, samesite="lax"
    )


def end_cookie(response: Response, cloud: Cloud, name: str) -> None:
    set_cookie(response, cloud, name, "", 0)
