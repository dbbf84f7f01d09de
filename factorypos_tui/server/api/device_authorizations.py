"""A terminal asks a person to assign it, and fetches its token once that person has (RFC 8628)."""

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui.server.api.companies import shown_company, shown_store
from factorypos_tui.server.api.terminals import Assigned
from factorypos_tui.server.domain import device_authorizations
from factorypos_tui.server.domain.device_authorizations import INTERVAL_S, LIFE, Asking, Fetching
from factorypos_tui.server.domain.numbers import last_z_number
from factorypos_tui.server.http.calls import Address, ThisCloud
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.security.tokens import in_groups

router = APIRouter(tags=["enrolment"])


class Asked(BaseModel):
    device_code: str
    """For the terminal alone: it fetches its token with this."""
    user_code: str
    """What the terminal shows."""
    verification_uri: str
    """Where a person types that."""
    verification_uri_complete: str
    """The same with the code in it."""
    expires_in: int
    """Seconds."""
    interval: int
    """Seconds between two questions."""


class Approved(Assigned):
    history: str
    """What of its closed days the terminal shall send: `all`, `missing` or `none`."""


@router.post("/device-authorizations")
def ask(form: Asking, cloud: ThisCloud, address: Address) -> Asked:
    """Ask that a person assigns this terminal to a store. Nobody has to be logged in at the terminal."""
    device_code, user_code = device_authorizations.ask(cloud, form, address)
    page = f"{cloud.address}/d"
    return Asked(
        device_code=device_code,
        user_code=in_groups(user_code),
        verification_uri=page,
        verification_uri_complete=f"{page}/{user_code}",
        expires_in=int(LIFE.total_seconds()),
        interval=INTERVAL_S,
    )


@router.post("/device-tokens", status_code=201, responses=refusals(403, 409))
def fetch(form: Fetching, cloud: ThisCloud, address: Address) -> Approved:
    """The token of a terminal that was approved: its own, and nothing of the person's. Until then 400 with
    `authorization_pending`, or `slow_down`, after which the terminal waits 5 seconds longer each time."""
    handed = device_authorizations.fetch(cloud, form.device_code, address)
    with cloud.database.connection_context():
        last = last_z_number(cloud.database, handed.terminal_id, handed.company.account_id)
    return Approved(
        terminal_token=handed.token,
        company=shown_company(handed.company),
        store=shown_store(handed.store),
        last_z_number=last,
        history=handed.history,
    )
