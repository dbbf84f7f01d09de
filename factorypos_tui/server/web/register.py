"""Registering: by invitation, unless this FactoryCLOUD is open to all."""

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import accounts, confirmations
from factorypos_tui.server.domain.accounts import Registration
from factorypos_tui.server.domain.strangers import hold_back_network
from factorypos_tui.server.errors import NotAllowed, Refused
from factorypos_tui.server.http.calls import HASHES, Device
from factorypos_tui.server.security import passwords
from factorypos_tui.server.web.door import with_session
from factorypos_tui.server.web.visits import Anybody
from factorypos_tui.server.words import spoken, told

router = APIRouter(include_in_schema=False)


@router.get("/register")
def register_page(visit: Anybody) -> Response:
    """The form, or whom to ask."""
    if visit.account:
        return visit.go("/")
    try:
        accounts.require_open(visit.cloud)
    except NotAllowed as closed:
        return visit.page("register_closed.html", words=str(closed))
    return visit.page("register.html", language=spoken())


@router.post("/register", dependencies=[HASHES])
def register(visit: Anybody, device: Device) -> Response:
    """Make the account, and log its person in."""
    cloud, database = visit.cloud, visit.database
    try:
        accounts.require_open(cloud)
        form = visit.read(Registration)
        hold_back_network(cloud, "registration", cloud.limits.registrations, visit.address)
        password_hash = passwords.hash_password(form.password)
        with database.connection_context(), database.atomic():
            confirmations.register(cloud, form, password_hash)
    except Refused as refused:
        return visit.page("register.html", refused, language=spoken())
    cloud.postman.call()
    place = accounts.Place(visit.address, device, on_page=True)
    token, _until, account = accounts.log_in(cloud, form.email, form.password, place)
    words = told("Your account is there.")
    if account.confirmed_at is None:
        words = told("Your account is there. A mail with a link is on its way: it confirms your e-mail.")
    return with_session(visit.go("/", words), visit, token)
