"""The second factor of an account: set up, listed, removed. Whoever changes it proves first who it is."""

from typing import Annotated

import segno
from fastapi import APIRouter, Response
from markupsafe import Markup
from pydantic import StringConstraints

from factorypos_tui.server.domain.forms import Form, Name
from factorypos_tui.server.domain.second_factor import changing, codes, factors, passkeys
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.web import factor_forms
from factorypos_tui.server.web.passkey_site import ThisSite
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit, Proved
from factorypos_tui.server.words import told

PATH = "/account/second-factor"
router = APIRouter(prefix=PATH, include_in_schema=False)


class AppForm(Form):
    secret: Annotated[str, StringConstraints(max_length=64)]
    code: Annotated[str, StringConstraints(max_length=200)]


class PasskeyForm(Form):
    name: Name


@router.get("")
def overview(visit: LoggedIn, site: ThisSite, new: bool = False) -> Response:
    """`new`: the notice is the recovery codes that were just made."""
    return _overview(visit, has_passkeys=site is not None, made=visit.notice.split() if new else ())


@router.post("")
def change(visit: Proved, site: ThisSite) -> Response:
    """Remove what the button names, or make new recovery codes."""
    which = visit.form.get("remove")
    try:
        if which is None:
            made = changing.make_codes(visit.cloud, visit.account, visit.address)
            return visit.go(PATH, " ".join(made), new="true")
        is_left = changing.remove(visit.cloud, visit.account, which, visit.address)
    except Refused as refused:
        return _overview(visit, refused, has_passkeys=site is not None)
    words = (
        told("It is removed.") if is_left else told("It is removed. A log-in needs the password alone now.")
    )
    return visit.go(PATH, words)


def _overview(
    visit: OwnersVisit, refused: Refused | None = None, *, has_passkeys: bool, made: object = ()
) -> Response:
    with visit.database.connection_context():
        has = factors.factors_of(visit.database, visit.account.id)
    return visit.page("second_factor.html", refused, has=has, has_passkeys=has_passkeys, made=made)


@router.get("/app")
def new_app(visit: Proved) -> Response:
    """A new secret each time; it is kept once its first code was typed."""
    return _app_page(visit, codes.new_secret())


@router.post("/app")
def add_app(visit: Proved) -> Response:
    secret = visit.form.get("secret", "")
    try:
        form = visit.read(AppForm)
        given = (form.secret, form.code, visit.token_hash, visit.address)
        made = changing.add_app(visit.cloud, visit.account, *given)
    except Refused as refused:
        return _app_page(visit, secret if codes.is_secret(secret) else codes.new_secret(), refused)
    return _added(visit, made, told("The authenticator app is set up."))


def _app_page(visit: OwnersVisit, secret: str, refused: Refused | None = None) -> Response:
    address = codes.app_address(secret, visit.account.email)
    drawn = segno.make(address, micro=False).svg_inline(
        scale=4, light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    picture = Markup(drawn)  # noqa: S704 - of squares alone
    return visit.page("authenticator_app.html", refused, secret=secret, groups=groups, picture=picture)


@router.get("/passkey")
def new_passkey(visit: Proved, site: ThisSite) -> Response:
    return visit.page("passkey.html", has_passkeys=site is not None)


@router.post("/passkey")
def add_passkey(visit: Proved, site: ThisSite) -> Response:
    try:
        name, signed = visit.read(PasskeyForm).name, factor_forms.signed(visit, site, visit.token_hash)
        made = changing.add_passkey(visit.cloud, visit.account, name, signed, visit.address)
    except Refused as refused:
        return visit.page("passkey.html", refused, has_passkeys=site is not None)
    return _added(visit, made, told("The passkey {name} is added.").format(name=name))


@router.post("/passkey/options")
def ask_passkey(visit: Proved, site: ThisSite) -> Response:
    """What a browser needs to make one, as JSON."""
    asked = passkeys.ask_to_add(visit.cloud, factor_forms.needed(site), visit.account, visit.token_hash)
    return factor_forms.options(asked)


def _added(visit: OwnersVisit, made: list[str], words: str) -> Response:
    """The recovery codes come by a cookie, once: so a page that is loaded again makes no others."""
    return visit.go(PATH, " ".join(made), new="true") if made else visit.go(PATH, words)
