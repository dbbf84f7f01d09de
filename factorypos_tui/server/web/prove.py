"""The step before what cannot be taken back: who is logged in proves once more who it is."""

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import proofs
from factorypos_tui.server.domain.forms import Form, GivenPassword
from factorypos_tui.server.domain.second_factor import factors, passkeys
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import HASHES
from factorypos_tui.server.web import factor_forms
from factorypos_tui.server.web.factor_forms import Code
from factorypos_tui.server.web.passkey_site import ThisSite
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


class Password(Form):
    password: GivenPassword


@router.get("/prove")
def prove_page(visit: LoggedIn, site: ThisSite, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """`next` is the page that needs the proof."""
    return _page(visit, next, with_passkeys=site is not None)


def _page(
    visit: OwnersVisit, wanted: str, refused: Refused | None = None, *, with_passkeys: bool = False
) -> Response:
    with visit.database.connection_context():
        has_code = proofs.has_code(visit.cloud, visit.token_hash)
        has = factors.factors_of(visit.database, visit.account.id)
    if has.are_on:
        has_passkey = with_passkeys and bool(has.passkeys)
        return visit.page(
            "prove_by_factor.html", refused, next=wanted, has_app=has.app_since, has_passkey=has_passkey
        )
    by_mail = proofs.is_by_mail(visit.cloud, visit.account)
    return visit.page("prove.html", refused, next=wanted, by_mail=by_mail, has_code=has_code)


@router.post("/prove/code", dependencies=[HASHES])
def mail_code(visit: LoggedIn) -> Response:
    wanted = visit.form.get("next", "/")
    try:
        proofs.send_code(visit.cloud, visit.account, visit.token_hash, visit.address)
    except Refused as refused:
        return _page(visit, wanted, refused)
    return visit.go("/prove", told("A code is on its way to your e-mail."), next=wanted)


@router.post("/prove/passkey")
def ask_passkey(visit: LoggedIn, site: ThisSite) -> Response:
    """What a browser needs for it, as JSON."""
    here = factor_forms.needed(site)
    return factor_forms.options(passkeys.ask_to_sign(visit.cloud, here, visit.account.id, visit.token_hash))


@router.post("/prove", dependencies=[HASHES])
def prove(visit: LoggedIn, site: ThisSite) -> Response:
    wanted, who = visit.form.get("next", "/"), (visit.cloud, visit.account, visit.token_hash)
    with visit.database.connection_context():
        by_factor = factors.are_on(visit.database, visit.account.id)
    try:
        if by_factor:
            shown = factor_forms.shown(visit, site, visit.token_hash)
            proofs.prove_with_factor(*who, shown, visit.address)
        elif proofs.is_by_mail(visit.cloud, visit.account):
            proofs.prove_with_code(*who, visit.read(Code).code, visit.address)
        else:
            proofs.prove_with_password(*who, visit.read(Password).password, visit.address)
    except Refused as refused:
        return _page(visit, wanted, refused, with_passkeys=site is not None)
    return visit.go(wanted)
