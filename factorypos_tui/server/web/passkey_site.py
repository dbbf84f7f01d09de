"""For which site a browser may use passkeys here."""

from typing import Annotated

from fastapi import Depends, Request

from factorypos_tui.server.domain.second_factor.passkeys import LOCALHOST, Site, site_of
from factorypos_tui.server.http.calls import cloud_of


async def _site(request: Request) -> Site | None:
    """That of the public address of https; without one this machine, where the browser calls it `localhost`.
    The port is that on which this server listens, and not what the caller says."""
    cloud = await cloud_of(request)
    _host, port = request.scope["server"]
    if cloud.is_https:
        return site_of(cloud.public_url, LOCALHOST, port)
    return site_of(None, LOCALHOST, port) if request.url.hostname == LOCALHOST else None


ThisSite = Annotated[Site | None, Depends(_site)]
"""None where browsers make no passkeys."""
