"""Whether the server is well."""

from datetime import timedelta
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui import __version__
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.http.calls import ThisCloud
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.storage.migrating import schema_version

router = APIRouter(tags=["health"])


MAIL_IS_LATE = timedelta(minutes=5)


class Health(BaseModel):
    status: Literal["ok", "mail_late"]
    version: str
    time: str
    registration: Literal["open", "invite"]
    """Whether anybody may register, or accounts are made by the host."""
    contact: str | None
    """Whom to ask for an account."""
    letters_late: int
    """How many mails should have left five minutes ago and wait still."""


def letters_late(cloud: Cloud) -> int:
    """How many mails should have left five minutes ago; the caller has the database open."""
    return outbox.overdue(cloud.database, cloud.now(-MAIL_IS_LATE))


@router.get("/health")
def is_well(cloud: ThisCloud) -> Health:
    """Whether the server and its database answer, and whether its mails leave."""
    with cloud.database.connection_context():
        schema_version(cloud.database)
        late = letters_late(cloud)
    return Health(
        status="mail_late" if late else "ok",
        version=__version__,
        time=cloud.now(),
        registration="open" if cloud.is_open else "invite",
        contact=cloud.contact,
        letters_late=late,
    )
