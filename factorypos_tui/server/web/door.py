"""The door: log in and log out."""

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import accounts
from factorypos_tui.server.domain.forms import Form, GivenPassword, LongText
from factorypos_tui.server.domain.second_factor import steps
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import HASHES, SESSION_COOKIE, Device
from factorypos_tui.server.web import cookies
from factorypos_tui.server.web.visits import Anybody, LoggedIn, Visit

router = APIRouter(include_in_schema=False)


class LogInForm(Form):
    email: LongText
    password: GivenPassword


def with_session(response: Response, visit: Visit, token: str) -> Response:
    """The answer to a log-in: the browser keeps the session as long as the server does."""
    seconds = int(accounts.SESSION.total_seconds())
    cookies.set_cookie(response, visit.cloud, SESSION_COOKIE, token, seconds)
    return response


@router.get("/login")
def log_in_page(visit: Anybody, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """`next` is the page that somebody wanted who was not logged in."""
    return visit.go(next) if visit.account else visit.page("login.html", next=next)


@router.post("/login", dependencies=[HASHES])
def log_in(visit: Anybody, device: Device) -> Response:
    wanted = visit.form.get("next", "/")
    try:
        form = visit.read(LogInForm)
        token, is_in = steps.begin(visit.cloud, form.email, form.password, visit.address, device)
    except Refused as refused:
        return visit.page("login.html", refused, next=wanted)
    if not is_in:
        response, seconds = visit.go("/login/second", next=wanted), int(steps.LIFE.total_seconds())
        cookies.set_cookie(response, visit.cloud, cookies.SECOND_STEP, token, seconds)
        return response
    return with_session(visit.go(wanted), visit, token)


@router.post("/logout")
def log_out(visit: LoggedIn) -> Response:
    with visit.database.connection_context():
        accounts.log_out(visit.cloud, visit.account, visit.token_hash)
    response = visit.go("/login")
    cookies.end_cookie(response, visit.cloud, SESSION_COOKIE)
    return response
