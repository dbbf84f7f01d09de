"""The page behind the link of an invitation: it says who invites to what, and asks. Programs that read mails
open links before people do, so only its buttons do something."""

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import accounts, invitations
from factorypos_tui.server.domain.accounts import Registration
from factorypos_tui.server.domain.forms import Form, Language, Name, NewPassword
from factorypos_tui.server.domain.invitations import Invited
from factorypos_tui.server.domain.members import NAMES
from factorypos_tui.server.domain.strangers import hold_back_network
from factorypos_tui.server.errors import Refused, Unreadable
from factorypos_tui.server.http.calls import HASHES, Device
from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.web.door import with_session
from factorypos_tui.server.web.visits import Anybody, LoggedIn, Visit
from factorypos_tui.server.words import spoken, told

router = APIRouter(prefix="/invitation", include_in_schema=False)


class Newcomer(Form):
    """A person who makes an account with the e-mail that was invited."""

    name: Name
    password: NewPassword
    language: Language = "en"


@router.get("")
def invitation_page(visit: Anybody, token: str = "") -> Response:
    """Nothing is used up."""
    return _page(visit, token)


@router.post("")
def accept(visit: LoggedIn) -> Response:
    """Join with the account that is logged in."""
    token = visit.form.get("token", "")
    also_other = visit.form.get("also_other") == "yes"
    try:
        hold_back_network(visit.cloud, "code", visit.cloud.limits.codes.of_network, visit.address)
        with visit.database.connection_context(), visit.database.atomic():
            seen = invitations.accept(visit.cloud, visit.account, token, visit.address, also_other=also_other)
    except Refused as refused:
        return _page(visit, token, refused)
    visit.cloud.postman.call()
    return visit.go("/", _welcome(seen))


@router.post("/register", dependencies=[HASHES])
def register(visit: Anybody, device: Device) -> Response:
    """Make the account of who was invited, let it join, and log its person in."""
    token, cloud, database = visit.form.get("token", ""), visit.cloud, visit.database
    try:
        form = visit.read(Newcomer)
        hold_back_network(cloud, "registration", cloud.limits.registrations, visit.address)
        with database.connection_context():
            seen = invitations.invited(cloud, token, visit.address)
        password_hash = passwords.hash_password(form.password)
        whole = Registration(email=seen.invitation.email, **form.model_dump())
        with database.connection_context(), database.atomic():
            invitations.register_invited(cloud, whole, password_hash, token, visit.address)
    except Refused as refused:
        return _page(visit, token, refused)
    cloud.postman.call()
    place = accounts.Place(visit.address, device, on_page=True)
    session, _until, _who = accounts.log_in(cloud, whole.email, form.password, place)
    return with_session(visit.go("/", _welcome(seen)), visit, session)


def _welcome(seen: Invited) -> str:
    words = told("You are a member of {company} now: {role}.")
    return words.format(company=seen.company.name, role=told(NAMES[seen.access.role]))


def _page(visit: Visit, token: str, refused: Refused | None = None) -> Response:
    seen: Invited | None = None
    stores: list[str] = []
    missing = ""
    with visit.database.connection_context():
        try:
            seen = invitations.invited(visit.cloud, token, visit.address)
            named = Store.select().where(Store.id.in_(list(seen.access.stores or ())))
            stores = sorted(store.name for store in named.bind(visit.database))
        except Unreadable as gone:
            missing = "" if token else str(gone)  # an address without a token is no refused try
            refused = refused or (gone if token else None)
    response = visit.page(
        "invitation.html",
        refused,
        seen=seen,
        missing=missing,
        token=token,
        stores=stores,
        role=told(NAMES[seen.access.role]) if seen else "",
        is_mine=seen is not None and visit.account is not None and seen.is_meant_for(visit.account.email),
        language=spoken(),
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
