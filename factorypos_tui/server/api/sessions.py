"""A person's sessions, and a new password while logged in."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import BaseModel

from factorypos_tui.server.domain import sessions
from factorypos_tui.server.domain.sessions import PasswordChange
from factorypos_tui.server.http.calls import HASHES, Address, Listing, Paging, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.storage.tables import Session

router = APIRouter(tags=["accounts"])


class ShownSession(BaseModel):
    id: str
    created_at: str
    expires_at: str
    network: str
    """Where the person logged in: an IPv4 address, or the /64 of an IPv6 address."""
    device: str
    """What the program that logged in called itself (`User-Agent`); empty where it did not say."""
    current: bool
    """Whether it is the one of this call."""


@router.get("/sessions")
def list_sessions(call: UserCall, page: Paging) -> Listing[ShownSession]:
    """Where you are logged in, the oldest first."""
    with call.as_user() as account:
        mine = sessions.sessions_of(account, call.cloud.now())
        rows, cursor = page.rows(call.database, mine, Session.created_at, Session.token_hash)
    shown = [
        ShownSession(
            id=sessions.session_id(row),
            created_at=row.created_at,
            expires_at=row.expires_at,
            network=row.network,
            device=row.device,
            current=row.token_hash == call.token_hash,
        )
        for row in rows
    ]
    return Listing(items=shown, next_cursor=cursor)


@router.delete("/sessions", status_code=204)
def end_sessions(call: UserCall) -> None:
    """End every session of yours, this one too."""
    with call.as_user() as account:
        sessions.end_sessions(call.cloud, account)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: Annotated[str, InPath(max_length=64)], call: UserCall) -> None:
    """End one session of yours."""
    with call.as_user() as account:
        sessions.end_session(call.cloud, account, session_id)


@router.put("/users/current/password", status_code=204, responses=refusals(403), dependencies=[HASHES])
def change_password(form: PasswordChange, call: UserCall, address: Address) -> None:
    """Set a new password with the present one, and end every other session."""
    with call.as_user() as account:
        pass  # no connection is held while a password is hashed
    sessions.change_password(
        call.cloud, account, form.current_password, form.password, call.token_hash, address
    )
