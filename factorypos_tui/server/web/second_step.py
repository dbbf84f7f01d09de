"""The second step of a log-in: a code of the app, a passkey, or a recovery code."""

from fastapi import APIRouter, Request, Response

from factorypos_tui.server.domain.second_factor import factors, passkeys, steps
from factorypos_tui.server.domain.second_factor.factors import Shown
from factorypos_tui.server.domain.second_factor.steps import StepOver
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import Device, cookie_name
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.web import cookies, factor_forms
from factorypos_tui.server.web.door import with_session
from factorypos_tui.server.web.passkey_site import ThisSite
from factorypos_tui.server.web.visits import Anybody, Visit

router = APIRouter(prefix="/login/second", include_in_schema=False)


def _holder(visit: Visit, request: Request) -> str:
    """The hash of what this browser has of the first step."""
    return token_hash(request.cookies.get(cookie_name(visit.cloud, cookies.SECOND_STEP), ""))


@router.get("")
def second_step(visit: Anybody, request: Request, site: ThisSite, next: str = "/") -> Response:  # noqa: A002
    """`next` is the page that somebody wanted who was not logged in."""
    if visit.account:
        return visit.go(next)
    try:
        return _page(visit, _holder(visit, request), next, with_passkeys=site is not None)
    except StepOver as over:
        return _again(visit, over)


@router.post("")
def show(visit: Anybody, request: Request, site: ThisSite, device: Device) -> Response:
    holder, wanted = _holder(visit, request), visit.form.get("next", "/")
    try:
        shown: Shown = factor_forms.shown(visit, site, holder)
        token = steps.finish(visit.cloud, holder, shown, visit.address, device)
    except StepOver as over:
        return _again(visit, over)
    except Refused as refused:
        try:
            return _page(visit, holder, wanted, refused, with_passkeys=site is not None)
        except StepOver as over:
            return _again(visit, over)
    response = with_session(visit.go(wanted), visit, token)
    cookies.end_cookie(response, visit.cloud, cookies.SECOND_STEP)
    return response


@router.post("/passkey")
def ask_passkey(visit: Anybody, request: Request, site: ThisSite) -> Response:
    """What a browser needs for it, as JSON."""
    holder = _holder(visit, request)
    account = steps.waiting(visit.cloud, holder)
    return factor_forms.options(
        passkeys.ask_to_sign(visit.cloud, factor_forms.needed(site), account.id, holder)
    )


def _page(
    visit: Visit, holder: str, wanted: str, refused: Refused | None = None, *, with_passkeys: bool
) -> Response:
    """Raises `StepOver`."""
    waits = steps.waiting(visit.cloud, holder)
    with visit.database.connection_context():
        has = factors.factors_of(visit.database, waits.id)
    has_passkey = with_passkeys and bool(has.passkeys)
    return visit.page(
        "second_step.html", refused, next=wanted, has_app=has.app_since, has_passkey=has_passkey
    )


def _again(visit: Visit, over: StepOver) -> Response:
    response = visit.go("/login", str(over))
    cookies.end_cookie(response, visit.cloud, cookies.SECOND_STEP)
    return response
