"""A new password for a forgotten one, by the link or the code of a mail.

To open the link uses nothing up: programs that read mails open it before people do."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from factorypos_tui.server.domain import resets
from factorypos_tui.server.domain.forms import Email, Form, LongText, NewPassword
from factorypos_tui.server.domain.strangers import hold_back
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import HASHES, cookie_name
from factorypos_tui.server.web import cookies
from factorypos_tui.server.web.visits import Anybody, Visit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)

EMAIL = "email"
"""The cookie that remembers for whom a code was asked, for the page on which it is typed."""
EMAIL_SECONDS = 600
Typed = Annotated[str, StringConstraints(max_length=200)]


class Forgotten(Form):
    email: Email


class ByLink(Form):
    token: Typed
    password: NewPassword


class ByCode(Form):
    email: LongText
    code: Typed
    password: NewPassword


@router.get("/recover")
def recover_page(visit: Anybody, token: str = "") -> Response:
    """Asks for the e-mail; with the token of a link, for the new password."""
    response = visit.page("recover_link.html", token=token) if token else visit.page("recover.html")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.post("/recover", dependencies=[HASHES])
def send_mail(visit: Anybody) -> Response:
    """Mail a link and a code, if there is such an account; the answer never tells."""
    try:
        form = visit.read(Forgotten)
        hold_back(visit.cloud, "password_reset", visit.cloud.limits.resets, form.email, visit.address)
        resets.send_reset(visit.cloud, form.email, visit.address)
    except Refused as refused:
        return visit.page("recover.html", refused)
    words = told("If there is an account with this e-mail, a code is on its way.")
    response = visit.go("/recover/code", words)
    if form.email.isascii():
        cookies.set_cookie(response, visit.cloud, EMAIL, form.email, EMAIL_SECONDS)
    return response


@router.get("/recover/code")
def code_page(visit: Anybody, request: Request) -> Response:
    remembered = request.cookies.get(cookie_name(visit.cloud, EMAIL), "")
    return visit.page("recover_code.html", email=remembered)


@router.post("/recover/code", dependencies=[HASHES])
def recover_by_code(visit: Anybody) -> Response:
    try:
        form = visit.read(ByCode)
        hold_back(visit.cloud, "code", visit.cloud.limits.codes, form.email, visit.address)
        reset = resets.reset_of_code(visit.cloud, form.email, form.code, visit.address)
        resets.reset_password(visit.cloud, reset, form.password, visit.address)
    except Refused as refused:
        return visit.page("recover_code.html", refused, email="")
    return _done(visit)


@router.get("/reset")
def link_of_before(visit: Anybody) -> Response:
    """Links of before have their token behind a `#`, which a script of ours puts into the form; without one
    it is typed."""
    return visit.page("recover_typed_link.html")


@router.post("/recover/link", dependencies=[HASHES])
def recover_by_link(visit: Anybody) -> Response:
    try:
        form = visit.read(ByLink)
        hold_back(visit.cloud, "code", visit.cloud.limits.codes, None, visit.address)
        reset = resets.reset_of_link(visit.cloud, form.token, visit.address)
        resets.reset_password(visit.cloud, reset, form.password, visit.address)
    except Refused as refused:
        token = visit.form.get("token", "")
        return visit.page("recover_link.html" if token else "recover_typed_link.html", refused, token=token)
    return _done(visit)


def _done(visit: Visit) -> Response:
    return visit.go("/login", told("Your new password is set, and every session was ended. Log in with it."))
