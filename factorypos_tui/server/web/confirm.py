"""The page behind the link that confirms an e-mail. Programs that read mails open links before people do, so
only its button confirms."""

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import confirmations
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.web.visits import Anybody, LoggedIn
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


@router.get("/confirm")
def confirm_page(visit: Anybody, token: str = "") -> Response:
    """Asks whether to confirm; nothing is used up."""
    return visit.page("confirm.html", token=token)


@router.post("/confirm")
def confirm(visit: Anybody) -> Response:
    try:
        confirmations.confirm(visit.cloud, visit.form.get("token", ""), visit.address)
    except Refused as refused:
        return visit.page("confirm.html", refused, token="")
    return visit.go("/" if visit.account else "/login", told("The e-mail is confirmed."))


@router.post("/confirm/mail")
def send_again(visit: LoggedIn) -> Response:
    """Mail one more link to who is logged in."""
    confirmations.send_confirmation(visit.cloud, visit.account, visit.address)
    return visit.go("/account", told("A mail with a link is on its way."))
