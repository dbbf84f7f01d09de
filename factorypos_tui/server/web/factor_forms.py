"""What a person shows as a second factor: a typed code, or the answer of a passkey."""

from typing import Annotated

from fastapi import Response
from pydantic import StringConstraints

from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.second_factor.factors import Shown, Typed
from factorypos_tui.server.domain.second_factor.passkeys import Signed, Site
from factorypos_tui.server.errors import Unreadable
from factorypos_tui.server.web.visits import Visit
from factorypos_tui.server.words import told

MOST_LETTERS = 8_000
"""Of what a browser sends of a passkey."""


class Code(Form):
    code: Annotated[str, StringConstraints(max_length=200)]


class Credential(Form):
    credential: Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


def shown(visit: Visit, site: Site | None, holder: str) -> Shown:
    """What was typed, or what a passkey signed for `holder`. Raises `Invalid` or `Unreadable`."""
    if "credential" in visit.form:
        return signed(visit, site, holder)
    return Typed(visit.read(Code).code)


def signed(visit: Visit, site: Site | None, holder: str) -> Signed:
    """What a passkey sent back. Raises `Invalid` or `Unreadable`."""
    return Signed(needed(site), holder, visit.read(Credential).credential)


def needed(site: Site | None) -> Site:
    """Raises `Unreadable` where browsers make no passkeys."""
    if site is None:
        words = told("Passkeys need the address of this FactoryCLOUD: open it by that. Nothing was changed.")
        raise Unreadable(words, "no_passkeys_here")
    return site


def options(answer: str) -> Response:
    """What a script of ours hands to the browser."""
    return Response(answer, media_type="application/json")
